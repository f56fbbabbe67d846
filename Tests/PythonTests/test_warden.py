"""Tests of facewarden.Warden on the samples."""

import concurrent.futures
import dataclasses
import gc
import json
import multiprocessing
import os
import pathlib
import pickle
import subprocess
import sys

import numpy as np
import pytest

import facewarden
from facewarden import (
    EnrolmentError, FacewardenError, LibraryError, ModelsError, PictureError, RequestError, Template,
    Warden, decode)

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
MODELS = os.path.join(ROOT, "models")


def pair(sample, name):
    return sample(f"{name}-probe.png"), sample(f"{name}-reference.png")


@pytest.mark.parametrize("name, decision, verdict", [
    ("genuine", "accept", "bona_fide"), ("impostor", "deny", "bona_fide"),
    ("adversarial", "deny", "adversarial")])
def test_pairs_are_judged(warden, sample, name, decision, verdict):
    found = warden.verify(*pair(sample, name), aligned=True, id=name, timings=True)
    assert (found.decision, found.verdict, found.id) == (decision, verdict, name)
    assert bool(found) == found.accepted == (decision == "accept")
    assert found.raw["decision"] == decision and found.raw["score"] == found.score
    assert found.verification.match == (found.verification.distance < found.verification.threshold)
    assert found.verification.threshold == warden.verification_point.threshold
    assert found.operating_point == warden.pair_point
    assert {model.name for model in found.models} == {model.name for model in warden.models}
    assert set(found.timings_ms) == {"decode", "examine"}
    assert found.probe.format == "png" and found.probe.aligned and found.probe.width == 128


def test_path_bytes_and_array_are_one_picture(warden, sample):
    probe, reference = pair(sample, "genuine")
    content = pathlib.Path(probe).read_bytes()
    pixels = decode(probe)
    whole = np.zeros((200, 300, 3), np.uint8)
    whole[10:138, 20:148] = pixels
    # A view into a larger array, one whose rows run backwards in memory, and one in columns.
    views = [whole[10:138, 20:148], np.ascontiguousarray(pixels[::-1])[::-1],
             np.asfortranarray(pixels)]
    expected = warden.verify(probe, reference, aligned=True)
    for picture in [pathlib.Path(probe), content, bytearray(content), memoryview(content), pixels,
                    *views]:
        found = warden.verify(picture, reference, aligned=True)
        assert (found.score, found.verification) == (expected.score, expected.verification)
    assert warden.embed(pixels, aligned=True).picture.format == "rgb"


def test_answers_are_frozen(warden, sample):
    found = warden.verify(*pair(sample, "impostor"), aligned=True)
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.decision = "accept"
    with pytest.raises(TypeError):
        found.raw["decision"] = "accept"
    with pytest.raises(TypeError):
        found.subscores["claim"] = 0
    assert len({found, warden.verify(*pair(sample, "impostor"), aligned=True)}) == 1


def test_a_threshold_of_one_pair(warden, sample):
    found = warden.verify(*pair(sample, "genuine"), aligned=True, threshold=0)
    assert not found.accepted and found.verification.threshold == 0
    assert found.verification.operating_point == "given"
    assert warden.verify(*pair(sample, "genuine"), aligned=True).accepted


def test_pictures_are_screened(warden, sample):
    found = warden.screen(sample("adversarial-probe.png"), aligned=True)
    assert found.adversarial and found.score > found.threshold
    assert not warden.screen(sample("whole/person-00008/000.jpg")).adversarial
    with pytest.raises(TypeError, match="adversarial"):
        bool(found)


def test_faces_are_found_and_aligned(warden, sample):
    path = sample("whole/person-00008/000.jpg")
    face, = warden.find(path)
    assert 0.9 < face.score <= 1 and len(face.landmarks) == 5 and face.box.width > 100
    by_points = warden.align(path, landmarks=face.landmarks)
    assert by_points.pixels.shape == (128, 128, 3) and by_points.pixels.dtype == np.uint8
    found = warden.align(path)
    assert np.array_equal(found.pixels, by_points.pixels) and found.picture.box == face.box
    assert warden.find(path, minimum_face=300) == ()
    assert warden.align(path, landmarks=np.array(face.landmarks)).picture.box is None


def test_reconstructions_and_embeddings(warden, sample):
    probe, reference = (warden.embed(path, aligned=True) for path in pair(sample, "genuine"))
    assert probe.vector.dtype == np.float32 and probe.vector.shape == (128,)
    assert np.linalg.norm(probe.vector) == pytest.approx(1, abs=1e-5)
    verdict = warden.verify(*pair(sample, "genuine"), aligned=True)
    assert probe.distance(reference) == pytest.approx(verdict.verification.networks["f_c"], abs=1e-6)
    with pytest.raises(ValueError, match="two models"):
        probe.distance(dataclasses.replace(reference, sha256="0"))
    made = warden.reconstruct(sample("genuine-probe.png"), aligned=True)
    difference = made.pixels.astype(int) - decode(sample("genuine-probe.png"))
    assert made.pixels.shape == (128, 128, 3) and 1 < np.abs(difference).mean() < 40


def test_attacks_measure_the_file(warden, sample):
    probe, target = pair(sample, "impostor")
    found = warden.attack(probe, target, aligned=True, iterations=4)
    assert found.success and found.distance_after < 0.4 < found.distance_before
    goal = warden.embed(target, aligned=True).vector
    assert warden.distances(found.pixels, goal)[0] == pytest.approx(found.distance_after, abs=1e-5)
    change = found.pixels.astype(float) - decode(probe)
    assert found.l2 == pytest.approx(np.linalg.norm(change)) and found.gradients > 0
    assert not warden.attack(probe, target, aligned=True, attack="jpeg-50").success
    again = warden.attack(probe, target, aligned=True, attack="pgd-linf", iterations=2, seed=3)
    assert again.seed == 3 and again.attack == "pgd-linf"


def test_gradients_are_those_of_the_distances(warden, sample):
    face = decode(sample("impostor-probe.png")).astype(np.float32)
    goal = warden.embed(sample("impostor-reference.png"), aligned=True).vector
    distances, slopes = warden.distances_and_gradients(np.stack([face, face[:, ::-1]]), goal)
    assert distances.shape == (2,) and slopes.shape == (2, 128, 128, 3)
    alone, slope = warden.distances_and_gradients(face, goal)
    assert alone[0] == distances[0] and np.array_equal(slope[0], slopes[0])
    assert warden.distances(face, goal)[0] == pytest.approx(alone[0], abs=1e-6)
    direction = slope[0] / np.linalg.norm(slope[0])
    found = [warden.distances(face + step * direction, goal)[0] for step in (-2.0, 2.0)]
    assert (found[1] - found[0]) / 4 == pytest.approx(float((slope[0] * direction).sum()), rel=0.05)
    each = warden.distances(np.stack([face, face]), np.stack([goal, -goal]))
    assert each[0] + each[1] == pytest.approx(4, abs=1e-5)


@pytest.mark.parametrize("array", [
    np.zeros((128, 128), np.uint8), np.zeros((128, 128, 4), np.uint8),
    np.zeros((128, 128, 3), np.float32), np.zeros((1, 128, 128, 3), np.uint8),
    np.zeros((0, 128, 3), np.uint8), np.zeros((3, 128, 128), np.uint8), np.array(None)])
def test_other_arrays_are_refused(warden, array):
    with pytest.raises(ValueError, match=r"expected \(height, width, 3\) and uint8"):
        warden.screen(array, aligned=True)


@pytest.mark.parametrize("faces, embeddings", [
    (np.zeros((128, 128), np.float32), np.zeros(256)), (np.zeros((0, 128, 128, 3)), np.zeros(256)),
    (np.zeros((2, 3, 128, 128)), np.zeros(256)), (np.zeros((2, 128, 128, 3)), np.zeros((3, 256)))])
def test_other_faces_are_refused(warden, faces, embeddings):
    with pytest.raises(ValueError, match="expected"):
        warden.distances(faces, embeddings)


@pytest.mark.parametrize("picture, kind, code", [
    (b"", RequestError, "malformed"), (b"nonsense", PictureError, "unsupported_type"),
    ("/nonexistent.png", RequestError, "malformed"), ("/dev/zero", RequestError, "malformed"),
    ("", RequestError, "malformed"), (b"\x89PNG\r\n\x1a\n", PictureError, "picture_damaged"),
    (np.zeros((8, 8, 3), np.uint8), PictureError, "picture_too_small"),
    (np.zeros((300, 300, 3), np.uint8), PictureError, "no_face"),
    (bytes(20_000_001), PictureError, "picture_too_large")])
def test_pictures_that_cannot_be_used_have_a_code(warden, sample, picture, kind, code):
    for ask in [lambda: warden.verify(picture, sample("genuine-reference.png")),
                lambda: warden.verify(sample("whole/person-00008/000.jpg"), picture),
                lambda: warden.screen(picture), lambda: warden.embed(picture)]:
        with pytest.raises(kind) as caught:
            ask()
        assert caught.value.code == code and caught.value.reason
        assert caught.value.raw.get("decision") in (None, "deny")


def test_requests_that_cannot_be(warden, sample):
    path = sample("genuine-probe.png")
    for ask in [lambda: warden.verify(path, path, threshold=5, aligned=True),
                lambda: warden.screen(path, landmarks=[[1, 2]]),
                lambda: warden.screen(path, id="x" * 257, aligned=True),
                lambda: warden.attack(path, path, attack="none"),
                lambda: warden.distances(np.zeros((128, 128, 3)), np.ones(256, np.float32)),
                lambda: warden.distances(np.full((128, 128, 3), np.nan), np.eye(256)[0])]:
        with pytest.raises(RequestError) as caught:
            ask()
        assert caught.value.code == "malformed"
    with pytest.raises(ValueError, match="NUL"):
        warden.screen(path + "\0.png")
    with pytest.raises(ValueError):
        warden.verify(path, path, threshold=float("nan"))
    with pytest.raises(TypeError, match="path, bytes or a NumPy array"):
        warden.screen(7)


def test_models_that_cannot_be_used(tmp_path):
    with pytest.raises(ModelsError) as caught:
        Warden(tmp_path)
    assert caught.value.code == "no_models"
    for options in [{"threads": 0}, {"face": "any"}, {"fmr": 0.01, "threshold": 1}]:
        with pytest.raises(RequestError):
            Warden(MODELS, **options)


def test_a_closed_warden_is_refused(sample):
    with Warden(MODELS, threshold=0.1) as opened:
        assert not opened.verify(*pair(sample, "genuine"), aligned=True).accepted
    for _ in range(2):
        opened.close()
        with pytest.raises(ModelsError) as caught:
            opened.screen(sample("genuine-probe.png"), aligned=True)
        assert caught.value.code == "not_open"


def test_a_forgotten_warden_is_closed(sample):
    closing = Warden(MODELS)._close
    gc.collect()
    assert not closing.alive


KEY = "5a" * 32


@pytest.mark.parametrize("key", [None, KEY])
def test_people_are_enrolled_and_identified(warden, sample, tmp_path, key):
    gallery = []
    for name, picture in [("Ada", "genuine"), ("Bob", "impostor")]:
        template = warden.enrol(
            name, [decode(pair(sample, picture)[1])], aligned=True, key=key)
        assert ("sealed" in json.loads(template.text)) == (key is not None)
        assert (f'"{name}"' in template.text) == (key is None)
        template.write(tmp_path / name)
        assert (tmp_path / name).read_bytes() == template.text.encode() + b"\n"
        assert Template.read(tmp_path / name) == template
        gallery.append(template)
    assert sorted(os.listdir(tmp_path)) == ["Ada", "Bob"]
    probe = sample("genuine-probe.png")
    found = warden.identify(probe, iter(gallery), aligned=True, key=key, id="7")
    assert found.accepted and found and found.name == "Ada" and found.id == "7"
    assert found.gallery == 2 and found.fpir_bound == 2 * found.verification.fmr
    assert [one.name for one in found.candidates] == ["Ada", "Bob"]
    assert found.candidates[0].distance == found.verification.distance
    nobody = warden.identify(probe, gallery[1:], aligned=True, key=key)
    assert not nobody.accepted and nobody.name is None and nobody.verdict == "bona_fide"
    tampered = warden.identify(sample("adversarial-probe.png"), gallery, aligned=True, key=key)
    assert not tampered.accepted and tampered.name is None and tampered.verdict == "adversarial"
    for templates, wrong in [([], key), (gallery[:1] * 2, key), (gallery, None if key else KEY),
                             ([Template("{}")], key)]:
        with pytest.raises(FacewardenError) as raised:
            warden.identify(probe, templates, aligned=True, key=wrong)
        assert raised.value.code == ("bad_gallery" if templates else "malformed")


def test_what_no_template_is_made_of(warden, sample):
    for pictures, code in [(["adversarial-probe.png"], "enrolment_tampered"),
                           (["genuine-reference.png", "impostor-reference.png"],
                            "enrolment_mismatch")]:
        with pytest.raises(EnrolmentError) as raised:
            warden.enrol("Eve", map(sample, pictures), aligned=True)
        assert raised.value.code == code
    picture = sample("genuine-probe.png")
    for name, pictures, key in [("", [picture], None), ("a" * 257, [picture], None), ("Eve", [], None),
                                ("Eve", [picture] * 17, None), ("Eve", [picture], "5a")]:
        with pytest.raises(RequestError):
            warden.enrol(name, pictures, aligned=True, key=key)
    with pytest.raises(ValueError):
        warden.enrol("E\0ve", [picture], aligned=True)


def test_a_template_that_cannot_be_written_leaves_nothing(tmp_path):
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError):
        Template("{}").write(tmp_path / "folder")
    assert os.listdir(tmp_path) == ["folder"]


def test_errors_travel():
    error = PictureError("no_face", "nobody", {"code": "no_face"})
    found = pickle.loads(pickle.dumps(error))
    assert type(found) is PictureError and found.code == "no_face" and str(found) == "nobody"
    assert found.raw == {"code": "no_face"}


def test_threads_share_a_warden(warden, sample):
    names = ["genuine", "impostor", "adversarial"] * 3
    expected = {name: warden.verify(*pair(sample, name), aligned=True) for name in set(names)}
    with concurrent.futures.ThreadPoolExecutor(5) as pool:
        found = list(pool.map(
            lambda name: warden.verify(*pair(sample, name), aligned=True), names))
    assert found == [expected[name] for name in names]


def _ask_in_child(path, results):
    try:
        Warden(MODELS)
        results.put("opened")
    except FacewardenError as error:
        results.put(error.code)


def test_a_forked_process_is_refused(warden, sample):
    context = multiprocessing.get_context("fork")
    results = context.Queue()
    child = context.Process(target=_ask_in_child, args=(sample("genuine-probe.png"), results))
    child.start()
    assert results.get(timeout=60) == "other_process"
    child.join(60)
    assert child.exitcode == 0


def test_the_library_is_named_where_it_is_missing(tmp_path):
    for name, content in [("none.so", None), ("text.so", b"nonsense")]:
        path = tmp_path / name
        if content is not None:
            path.write_bytes(content)
        done = subprocess.run(
            [sys.executable, "-c", "import facewarden\n"
             "try: facewarden.decode(b'')\n"
             "except facewarden.LibraryError as error: print(error.code, error)"],
            env={**os.environ, "FACEWARDEN_LIBRARY": str(path),
                 "PYTHONPATH": os.path.join(ROOT, "python")}, capture_output=True, text=True)
        assert done.stdout.startswith(f"no_library '{path}' "), done.stderr
    assert issubclass(LibraryError, ImportError)


def test_versions_are_one():
    import tomllib

    with open(os.path.join(ROOT, "python", "pyproject.toml"), "rb") as file:
        project = tomllib.load(file)["project"]
    assert facewarden.__version__ == project["version"] == facewarden.library_version()


def test_json_is_what_the_header_promises(warden, sample):
    found = warden.verify(*pair(sample, "genuine"), aligned=True)
    assert json.loads(json.dumps(dict(found.raw)))["models"] == found.raw["models"]
