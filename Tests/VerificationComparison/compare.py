"""Our f_C beside other face networks, on the same LFW pairs.

Every picture is aligned once (least squares on the eyes and the corners of the mouth, 128x128) and
written as a PNG; each network then reads the same files: ours through `facewarden embed --aligned`,
an ONNX network (112x112, RGB 0...255, as InsightFace's MobileFaceNet) through onnxruntime, and dlib's
ResNet (chips of 150x150). Those two take the part of our frame that their own alignment would give a
mean face. Accuracy is the mean over the ten folds, the threshold of each from the others; FNMR is at
fixed FMR over all pairs. Times are of whole runs, files in and embeddings out, on two threads: one
run of many pictures less one of few, by the difference in number.

    python Tests/VerificationComparison/compare.py --lfw lfw --onnx mobilefacenet.onnx

dlib takes a quarter of an hour for all pictures: `--keep DIR` keeps embeddings, and a second run with it measures
times alone, for which the machine should have nothing else to do.

Needs numpy and pillow; onnxruntime for --onnx; dlib-bin and face-recognition-models for --dlib.
"""

import argparse
import csv
import hashlib
import importlib.util
import io
import json
import os
import subprocess
import sys
import tarfile
import tempfile
import time

import numpy
from PIL import Image

FRAME = numpy.array([[44.5, 52.0], [83.5, 52.0], [47.5, 92.5], [80.5, 92.5]])
# From places of the networks' frames to ours: the mean over faces of both alignments.
ARCFACE_SCALE, ARCFACE_TURN, ARCFACE_SHIFT = 0.9637, -0.0054, (-5.99, 2.29)
# dlib's mean shape has the eyes 52.6 pixels apart, at (47.7, 47.1), in a chip of 150.
DLIB_SCALE, DLIB_EYE = 52.6 / 39, (47.7, 47.1)
THREADS = 2


def similarity(points, onto):
    """The least-squares rotation, scale and shift of `points` onto `onto`, 2x3."""
    a, b = points.mean(0), onto.mean(0)
    s, d = points - a, onto - b
    n = (s ** 2).sum()
    c, t = (s * d).sum() / n, (s[:, 0] * d[:, 1] - s[:, 1] * d[:, 0]).sum() / n
    r = numpy.array([[c, -t], [t, c]])
    return numpy.hstack([r, (b - r @ a)[:, None]])


def warped(picture, matrix, side):
    """`picture` through `matrix`, 2x3, from its pixels to the result's; its edge repeats."""
    pad = 200
    inverse = numpy.linalg.inv(numpy.vstack([matrix, [0, 0, 1]]))
    inverse[:2, 2] += pad
    padded = Image.fromarray(
        numpy.pad(numpy.asarray(picture), ((pad, pad), (pad, pad), (0, 0)), mode="edge"))
    return padded.transform((side, side), Image.AFFINE, tuple(inverse[:2].ravel()), Image.BICUBIC)


def protocol(path):
    """The pairs of LFW's View 2: (fold, first, second, same)."""
    with open(path, encoding="utf-8") as file:
        lines = [line.split() for line in file.read().splitlines()]
    folds, size = int(lines[0][0]), int(lines[0][1])
    pairs = []
    for index, line in enumerate(lines[1:]):
        fold = index // (2 * size)
        name = lambda person, number: f"{person}/{person}_{int(number):04d}"
        if len(line) == 3:
            pairs.append((fold, name(line[0], line[1]), name(line[0], line[2]), True))
        else:
            pairs.append((fold, name(line[0], line[1]), name(line[2], line[3]), False))
    assert len(pairs) == 2 * folds * size, f"{len(pairs)} pairs"
    return pairs


def aligned(lfw, wanted, folder):
    """Writes the aligned pictures and returns their paths by name."""
    with open(os.path.join(lfw, "landmarks.csv"), encoding="utf-8") as file:
        rows = {os.path.splitext(row["image"])[0].split("/")[-1]: row for row in csv.DictReader(file)}
    points = {
        stem: numpy.array([[float(row[f"{part}_{axis}"]) for axis in "xy"]
                           for part in ("left_eye", "right_eye", "mouth_left", "mouth_right")])
        for stem, row in rows.items()}
    paths = {}
    archives = [tarfile.open(os.path.join(lfw, name)) for name in ("view1.tar", "view2.tar")]
    for archive in archives:
        for entry in archive:
            stem = os.path.splitext(os.path.basename(entry.name))[0]
            name = f"{stem[:-5]}/{stem}"
            if not entry.isfile() or name not in wanted or name in paths:
                continue
            picture = Image.open(io.BytesIO(archive.extractfile(entry).read())).convert("RGB")
            face = warped(picture, similarity(points[stem], FRAME), 128)
            paths[name] = os.path.join(folder, f"{stem}.png")
            face.save(paths[name], compress_level=1)
    missing = wanted - paths.keys()
    if missing:
        sys.exit(f"{len(missing)} pictures are not in the archives, {sorted(missing)[0]} is the first")
    return paths


class Ours:
    """An embedder of the project, through the tool."""

    def __init__(self, tool, models, model):
        self.command = [tool, "embed", "--models", models, "--model", model, "--aligned"]
        self.name = f"facewarden {model}"
        with open(os.path.join(models, "manifest.json"), encoding="utf-8") as file:
            sums = {entry["name"]: entry["sha256"] for entry in json.load(file)["models"]}
        self.key = f"{model} {sums[model]}"

    def embed(self, paths):
        output = subprocess.run(
            self.command + paths, check=True, stdout=subprocess.PIPE, text=True).stdout
        return numpy.array([json.loads(line)["embedding"] for line in output.splitlines()])


class OnnxNetwork:
    """A network of 112x112 pixels."""

    def __init__(self, path):
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = THREADS
        self.session = onnxruntime.InferenceSession(
            path, options, providers=["CPUExecutionProvider"])
        self.input = self.session.get_inputs()[0].name
        self.name = f"{os.path.basename(path)} (onnxruntime)"
        with open(path, "rb") as file:
            self.key = hashlib.sha256(file.read()).hexdigest()
        cos, sin = numpy.cos(ARCFACE_TURN), numpy.sin(ARCFACE_TURN)
        self.matrix = numpy.array([
            [ARCFACE_SCALE * cos, -ARCFACE_SCALE * sin, ARCFACE_SHIFT[0]],
            [ARCFACE_SCALE * sin, ARCFACE_SCALE * cos, ARCFACE_SHIFT[1]]])

    def embed(self, paths):
        rows = []
        for path in paths:
            face = warped(Image.open(path).convert("RGB"), self.matrix, 112)
            values = numpy.asarray(face, numpy.float32).transpose(2, 0, 1)[None]
            rows.append(self.session.run(None, {self.input: numpy.ascontiguousarray(values)})[0][0])
        return numpy.array(rows)


class Dlib:
    """dlib's ResNet; it runs on one thread."""

    name = key = "dlib ResNet"

    def __init__(self):
        import dlib

        # The package cannot be imported where setuptools has no pkg_resources any more; its files can
        # be found.
        found = importlib.util.find_spec("face_recognition_models")
        if found is None:
            sys.exit("dlib needs the package face-recognition-models")
        self.network = dlib.face_recognition_model_v1(os.path.join(
            found.submodule_search_locations[0], "models",
            "dlib_face_recognition_resnet_model_v1.dat"))
        self.matrix = numpy.array([
            [DLIB_SCALE, 0, DLIB_EYE[0] - DLIB_SCALE * FRAME[0, 0]],
            [0, DLIB_SCALE, DLIB_EYE[1] - DLIB_SCALE * FRAME[0, 1]]])

    def embed(self, paths):
        rows = []
        for path in paths:
            chip = warped(Image.open(path).convert("RGB"), self.matrix, 150)
            rows.append(numpy.array(self.network.compute_face_descriptor(numpy.asarray(chip))))
        return numpy.array(rows)


def best_threshold(distances, same):
    """The distance that tells most pairs rightly, halfway between two pairs."""
    order = numpy.argsort(distances)
    right = numpy.concatenate([[0], numpy.cumsum(numpy.where(same[order], 1, -1))])
    place = int(right.argmax())
    ordered = numpy.concatenate([[0], distances[order], [distances.max() + 1]])
    return (ordered[place] + ordered[place + 1]) / 2


def measured(distances, same, folds):
    """Accuracy with its standard error, and FNMR at FMR 1 % and .1 %."""
    rates = []
    for fold in sorted(set(folds)):
        own = folds == fold
        threshold = best_threshold(distances[~own], same[~own])
        rates.append(((distances[own] < threshold) == same[own]).mean())
    strangers = numpy.sort(distances[~same])
    missed = []
    for rate in (0.01, 0.001):
        threshold = strangers[int(rate * len(strangers))]
        missed.append((distances[same] >= threshold).mean())
    return numpy.mean(rates), numpy.std(rates, ddof=1) / len(rates) ** 0.5, missed


def embeddings(contestant, files, folder):
    """Of all pictures, a row each; read from `folder` where an earlier run has kept them there."""
    kept = folder and os.path.join(folder, "".join(
        letter if letter.isalnum() else "-" for letter in contestant.key) + ".npy")
    if kept and os.path.exists(kept):
        rows = numpy.load(kept)
        if len(rows) != len(files):
            sys.exit(f"{kept} has {len(rows)} embeddings, expected {len(files)}: it is of other pairs")
        return rows
    rows = numpy.concatenate(
        [contestant.embed(files[first:first + 1000]) for first in range(0, len(files), 1000)])
    if kept:
        os.makedirs(folder, exist_ok=True)
        with open(kept + ".part", "wb") as file:
            numpy.save(file, rows)
        os.replace(kept + ".part", kept)
    return rows


def milliseconds(contestant, paths):
    """The time of one picture: a run of many less a run of few."""
    few, many = paths[:20], paths[:220]
    contestant.embed(few)
    times = []
    for part in (few, many):
        start = time.perf_counter()
        contestant.embed(part)
        times.append(time.perf_counter() - start)
    return (times[1] - times[0]) / (len(many) - len(few)) * 1000


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lfw", required=True, help="pairs.txt, landmarks.csv, view1.tar, view2.tar")
    parser.add_argument("--tool", default=".build/release/facewarden")
    parser.add_argument("--models", default="models")
    parser.add_argument("--model", action="append", help="one of ours; f_c if not given")
    parser.add_argument("--onnx", help="a network of 112x112 pixels")
    parser.add_argument("--dlib", action="store_true")
    parser.add_argument("--keep", metavar="DIR", help="embeddings are kept there, and read from there")
    parser.add_argument("--json", help="writes the table to this file")
    options = parser.parse_args()
    pairs = protocol(os.path.join(options.lfw, "pairs.txt"))
    names = sorted({name for _, first, second, _ in pairs for name in (first, second)})
    places = {name: place for place, name in enumerate(names)}
    same = numpy.array([pair[3] for pair in pairs])
    folds = numpy.array([pair[0] for pair in pairs])
    contestants = [
        Ours(options.tool, options.models, model) for model in options.model or ["f_c"]]
    if options.onnx:
        contestants.append(OnnxNetwork(options.onnx))
    if options.dlib:
        contestants.append(Dlib())
    table = []
    with tempfile.TemporaryDirectory() as folder:
        paths = aligned(options.lfw, set(names), folder)
        files = [paths[name] for name in names]
        for contestant in contestants:
            rows = embeddings(contestant, files, options.keep)
            # dlib's embeddings are meant as they are; their distances tell as well as others'.
            if not isinstance(contestant, Dlib):
                rows = rows / numpy.linalg.norm(rows, axis=1, keepdims=True)
            distances = numpy.array([
                ((rows[places[first]] - rows[places[second]]) ** 2).sum()
                for _, first, second, _ in pairs])
            accuracy, error, missed = measured(distances, same, folds)
            table.append({
                "network": contestant.name, "accuracy": accuracy, "standard_error": error,
                "fnmr_at_fmr_1e-2": missed[0], "fnmr_at_fmr_1e-3": missed[1],
                "milliseconds": milliseconds(contestant, files)})
            row = table[-1]
            print(
                f"{row['network']:32} {100 * accuracy:6.2f} % ± {100 * error:.2f}   "
                f"FNMR {100 * missed[0]:5.2f} % at FMR 1 %, {100 * missed[1]:5.2f} % at .1 %   "
                f"{row['milliseconds']:6.1f} ms a face, file to embedding", flush=True)
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(table, file, indent=2)


if __name__ == "__main__":
    main()
