"""Tests of facewarden.AttackSet, on sets made by hand: good ones and hostile ones."""

import json
import os
import shutil

import numpy as np
import pytest

from facewarden import AttackSet, AttackSetError, decode

SETTINGS = {"version": 2, "attacks": [{"name": "minimum-norm", "settings": {"iterations": "12"}}],
            "thetas": [0.4, 1.0], "seed": 1, "embedder": "sum"}


def line(pair="a", theta=0.4, **members):
    entry = {
        "pair": {"id": pair, "source": pair + ".png", "target": "t.png"}, "attack": "minimum-norm",
        "settings": {}, "seed": 1, "theta": theta, "distance2_before": 1.6, "distance2_float": 0.3,
        "distance2_after": 0.39, "l2": 100, "rms_grey_levels": 0.5, "linf": 9, "gradients": 12,
        "queries": 0, "success": True, "file": f"minimum-norm/theta-{theta:.2f}/{pair}.png",
        "source_file": f"sources/{pair}.png", "target_file": f"targets/{pair}.png",
        "embedder": "sum", "knowledge": "f_c"}
    entry.update(members)
    return {name: value for name, value in entry.items() if value is not ...}


@pytest.fixture
def folder(tmp_path, sample):
    """A set of two pairs at two thresholds, one of them a failure."""
    lines = [line("b"), line("b", 1.0), line("a"),
             line("a", 1.0, success=False, failure="already_below_theta", file=None)]
    for entry in lines:
        for member, name in [("file", "adversarial-probe.png"), ("source_file", "impostor-probe.png"),
                             ("target_file", "impostor-reference.png")]:
            if entry[member] is not None:
                path = tmp_path / entry[member]
                path.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(sample(name), path)
    write(tmp_path, lines)
    return tmp_path


def write(folder, lines, settings=SETTINGS, manifest="manifest.jsonl"):
    (folder / "settings.json").write_text(
        settings if isinstance(settings, str) else json.dumps(settings))
    text = "".join((entry if isinstance(entry, str) else json.dumps(entry)) + "\n" for entry in lines)
    (folder / manifest).write_text(text)


def refused(folder, words):
    with pytest.raises(AttackSetError, match=words) as caught:
        AttackSet(folder)
    assert caught.value.code == "attack_set"


def test_a_set_is_read(folder, sample):
    found = AttackSet(folder)
    assert [(entry.pair.id, entry.theta) for entry in found] == [
        ("a", 0.4), ("a", 1.0), ("b", 0.4), ("b", 1.0)]
    assert len(found) == 4 and found.attacks == ("minimum-norm",) and found.thetas == (0.4, 1.0)
    assert found.labels.tolist() == [True, False, True, True]
    assert [pair.id for pair in found.pairs] == ["a", "b"]
    assert found.embedder == "sum" and found[0].raw["knowledge"] == "f_c"
    assert np.array_equal(found[0].picture(), decode(sample("adversarial-probe.png")))
    assert np.array_equal(found[0].source(), decode(sample("impostor-probe.png")))
    assert np.array_equal(found[0].target(), decode(sample("impostor-reference.png")))
    assert found[1].picture() is None and found[1].failure == "already_below_theta"
    assert found[0].enrolled() is None and found[0].l2 == 100.0


def test_parts_are_sets(folder):
    found = AttackSet(folder)
    part = found.select(theta=np.float32(0.4), success=True)
    assert [entry.pair.id for entry in part] == ["a", "b"]
    assert len(found.select(attack="noise")) == 0 and len(found.select(success=False)) == 1
    assert len(found[1:3]) == 2 and found[-1].pair.id == "b"


def test_examples_are_read_one_by_one(folder):
    assert [label for _, label in AttackSet(folder).examples()] == [0, 1, 0, 1, 1]
    os.remove(folder / "minimum-norm/theta-1.00/b.png")
    examples = AttackSet(folder).examples()
    assert [next(examples)[1] for _ in range(4)] == [0, 1, 0, 1]
    with pytest.raises(AttackSetError, match="cannot be opened"):
        next(examples)


def test_shards_and_torn_lines(folder):
    lines = (folder / "manifest.jsonl").read_text().splitlines()
    write(folder, lines[:2], manifest="manifest-1-of-2.jsonl")
    os.remove(folder / "manifest.jsonl")
    (folder / "manifest-2-of-2.jsonl").write_text("\n".join(lines[2:]))
    assert [(entry.pair.id, entry.theta) for entry in AttackSet(folder)] == [
        ("a", 0.4), ("b", 0.4), ("b", 1.0)]


def test_the_first_format_is_read(folder):
    first = line("a", attack=..., settings=..., seed=..., target_file=..., embedder=...,
                 knowledge=..., distance2_float=...)
    write(folder, [first], {"attack": "minimum-norm", "iterations": 12, "thetas": [0.4],
                            "embedder": "sum"})
    entry, = AttackSet(folder)
    assert entry.attack == "minimum-norm" and entry.target() is None


@pytest.mark.parametrize("name", [
    "../secret.png", "/etc/passwd", "sources/../../secret.png", "", ".", "a//b.png", "a\0.png",
    "sources", "link/secret.png", "secret-link.png", "nothing.png"])
def test_files_outside_are_never_read(folder, name):
    outside = folder.parent / "secret.png"
    shutil.copy(folder / "sources/a.png", outside)
    os.symlink(folder.parent, folder / "link")
    os.symlink(outside, folder / "secret-link.png")
    write(folder, [line("a", source_file=name)])
    entry, = AttackSet(folder)
    with pytest.raises(AttackSetError):
        entry.source()


def test_pipes_are_not_waited_for(folder):
    os.mkfifo(folder / "pipe.png")
    write(folder, [line("a", file="pipe.png")])
    with pytest.raises(AttackSetError, match="regular"):
        AttackSet(folder)[0].picture()
    os.remove(folder / "settings.json")
    os.mkfifo(folder / "settings.json")
    refused(folder, "regular")


@pytest.mark.parametrize("text", [
    "nonsense", "[]", "{", "[" * 100_000, '{"pair":1}', "{}", "\ufeff{}", "NaN",
    json.dumps(line("a"))[:-1] + ',"theta":0.4}', json.dumps(line("a", theta=True)),
    json.dumps(line("a", theta=0)), json.dumps(line("a", l2=10**400)),
    json.dumps(line("a")).replace("0.39", "NaN"), json.dumps(line("a")).replace("0.39", "1e999"),
    json.dumps(line("a", success=1)), json.dumps(line("a", linf=1.5)),
    json.dumps(line("a", file=7)), json.dumps(line("a", source_file=None)),
    json.dumps(line("a", file=None)), json.dumps(line("a", failure="not_found")),
    json.dumps(line("a") | {"pair": {"id": 1, "source": "a", "target": "b"}}),
    json.dumps(line("a", padding="x" * (1 << 20)))])
def test_hostile_lines_are_refused(folder, text):
    write(folder, [line("b"), text])
    refused(folder, "line 2 of 'manifest.jsonl'|'theta' of line 2")


@pytest.mark.parametrize("settings", [
    "", "[]", "{", '{"version":3}', '{"version":"2"}', '{"thetas":[0.4],"thetas":[1],"embedder":"e"}',
    '{"thetas":["0.4"],"embedder":"e"}', '{"thetas":[0.4]}', '{"embedder":"e"}',
    '{"x":"' + "y" * (1 << 20) + '"}'])
def test_hostile_settings_are_refused(folder, settings):
    write(folder, [line("a")], settings)
    refused(folder, "settings.json|version 3")


def test_what_is_no_set(folder, tmp_path):
    refused(tmp_path / "nothing", "no folder")
    write(folder, [])
    refused(folder, "no attack set")
    (folder / "manifest.jsonl").write_bytes(b"\xff\xfe{}\n")
    refused(folder, "line 1")
    refused("a\0b", "no folder")
