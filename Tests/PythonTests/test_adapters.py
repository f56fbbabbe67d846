"""Tests of what facewarden.adapters computes, without the libraries that it is for.

`Tests/AttackComparison/check_adapters.py` runs these.
"""

import numpy as np
import pytest

from facewarden import decode
from facewarden.adapters import PairDecisions


@pytest.fixture(scope="module")
def faces(sample):
    names = ["impostor-probe.png", "impostor-reference.png"]
    return np.stack([decode(sample(name)) for name in names]).astype(np.float32) / 255


def test_a_picture_is_taken_for_the_reference_below_theta(warden, sample, faces):
    goal = warden.embed(sample("impostor-reference.png"), aligned=True).vector
    decisions = PairDecisions(warden, goal)
    assert decisions.theta == warden.verification_point.threshold
    logits = decisions.logits(faces)
    assert logits.argmax(1).tolist() == [0, 1] and logits[:, 0].tolist() == [0, 0]
    expected = decisions.theta - warden.distances((255 * faces).round(), goal)
    assert logits[:, 1] == pytest.approx(expected, abs=1e-6)
    assert decisions.forwards == 2 and decisions.backwards == 0


def test_slopes_are_those_of_values_from_0_to_1(warden, sample, faces):
    goal = warden.embed(sample("impostor-reference.png"), aligned=True).vector
    decisions = PairDecisions(warden, goal, theta=0.4)
    logits, slopes = decisions.logits_and_slopes(faces[:1])
    direction = slopes[0] / np.linalg.norm(slopes[0])
    found = [decisions.logits(faces[:1] + step * direction)[0, 1] for step in (-0.01, 0.01)]
    assert (found[1] - found[0]) / 0.02 == pytest.approx(float((slopes[0] * direction).sum()), rel=0.05)
    assert found[1] > logits[0, 1] and decisions.backwards == 1


def test_batches_hold_whole_rounds_of_references(warden, sample, faces):
    goals = np.stack([warden.embed(sample(name), aligned=True).vector
                      for name in ["impostor-reference.png", "impostor-probe.png"]])
    decisions = PairDecisions(warden, goals)
    logits = decisions.logits(np.concatenate([faces, faces[::-1]]))
    assert logits.argmax(1).tolist() == [0, 0, 1, 1]
    assert decisions.logits(faces[:0]).shape == (0, 2)
    for wrong in [faces[:1], faces.transpose(0, 3, 1, 2), np.concatenate([faces, faces[:1]])]:
        with pytest.raises(ValueError, match="a multiple of 2"):
            decisions.logits(wrong)
