"""How far results are apart."""

import torch


def error(result, reference):
    """The largest difference, relative to the largest value."""
    difference = (result.double() - reference.double()).abs().max()
    return float(difference / reference.double().abs().max())


def typical_error(result, reference):
    """The error of the median picture.

    Where two numbers differ by less than rounding, a rectifier or a pooling may send one picture's
    gradient another way in the two libraries; that is no mistake of either.
    """
    errors = [error(*pair) for pair in zip(result, reference)]
    return sorted(errors)[len(errors) // 2]


def typical_distance(result, reference):
    """The length of the difference, relative to the reference's, of the median picture."""
    distances = [float((a.double() - b.double()).norm() / b.double().norm())
                 for a, b in zip(result, reference)]
    return sorted(distances)[len(distances) // 2]


def step_errors(results, outputs):
    """The largest relative difference of any loss: in the first step, and in the later ones."""
    theirs, ours = (torch.cat([value.reshape(-1, value.shape[-1]).double() for value in values])
                    for values in (results, [output["losses"] for output in outputs]))
    differences = (theirs - ours).abs() / ours.abs().clamp(min=1e-6)
    return float(differences[0].max()), float(differences[1:].max())
