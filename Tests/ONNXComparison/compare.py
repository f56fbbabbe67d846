#!/usr/bin/env python3
"""Imported networks beside onnxruntime: the same embeddings of the samples?

    compare.py --tool .build/release/facewarden [FILE.onnx …]

Exports networks as PyTorch, MXNet and tf2onnx write them (networks.py), imports each with `facewarden
import`, and compares `facewarden embed` with onnxruntime on the same pixels. Exit status 1 if a cosine is
below .99999. Needs torch, onnx, onnxruntime, numpy and pillow.
"""

import argparse
import glob
import json
import os
import struct
import subprocess
import sys
import tempfile

import numpy as np
import onnxruntime
from PIL import Image

import networks

onnxruntime.set_default_logger_severity(3)

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
LEAST_COSINE = 0.99999


def cubic(places, length):
    """For each place the four around it, kept inside, and their weights (Keys, a = -1/2)."""
    first = np.floor(places)
    offsets = np.arange(-1, 3)
    distance = np.abs(places[..., None] - (first[..., None] + offsets))
    weights = np.where(
        distance < 1, (1.5 * distance - 2.5) * distance**2 + 1,
        ((-0.5 * distance + 2.5) * distance - 4) * distance + 2)
    return np.clip(first[..., None] + offsets, 0, length - 1).astype(int), weights


def pictures(faces, about):
    """What a network gets of aligned faces, (n, side, side, 3): as the tool's header says."""
    x, y = np.meshgrid(np.arange(about["side"]), np.arange(about["side"]))
    u, v = x - about["shiftX"], y - about["shiftY"]
    a, b = about["a"], about["b"]
    columns, across = cubic((a * u + b * v) / (a * a + b * b), faces.shape[2])
    rows, down = cubic((a * v - b * u) / (a * a + b * b), faces.shape[1])
    taps = faces[:, rows[..., :, None], columns[..., None, :]].astype(np.float64)
    moved = np.einsum("nxyijc,xyi,xyj->nxyc", taps, down, across)
    if about["isBlueFirst"]:
        moved = moved[..., ::-1]
    return ((moved - about["mean"]) * about["scale"]).astype(np.float32)


def header(path):
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        return json.loads(file.read(length))["__metadata__"]


def unit(rows):
    rows = rows.reshape(len(rows), -1).astype(np.float64)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def cosines(tool, path, folder, samples):
    """The cosine of both embeddings of each sample."""
    done = subprocess.run([tool, "import", path, "--name", "taken", "--models", folder],
                          capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{path}: {done.stderr.strip()}")
    lines = subprocess.run([tool, "embed", "--aligned", "--models", folder, "--model", "taken", *samples],
                           capture_output=True, text=True, check=True).stdout.splitlines()
    ours = np.array([json.loads(line)["embedding"] for line in lines])
    faces = np.stack([np.asarray(Image.open(sample).convert("RGB")) for sample in samples])
    about = json.loads(header(os.path.join(folder, "taken.safetensors"))["faces"])
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    network = session.get_inputs()[0]
    inputs = pictures(faces, about)
    if network.shape[1] == 3:
        inputs = inputs.transpose(0, 3, 1, 2)
    size = network.shape[0] if isinstance(network.shape[0], int) else len(inputs)
    theirs = np.concatenate([
        session.run(None, {network.name: np.ascontiguousarray(inputs[first:first + size])})[0]
        for first in range(0, len(inputs), size)])
    return (unit(ours) * unit(theirs)).sum(axis=1)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tool", default=os.path.join(ROOT, ".build/release/facewarden"))
    parser.add_argument("--only", help="the exports whose names begin like this")
    parser.add_argument("files", nargs="*")
    options = parser.parse_args()
    samples = sorted(glob.glob(os.path.join(ROOT, "samples", "*.png")))
    samples = [sample for sample in samples if Image.open(sample).size == (128, 128)]
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        cases = [(os.path.basename(path), path) for path in options.files]
        for name, make in networks.EXPORTS.items():
            if options.files or (options.only and not name.startswith(options.only)):
                continue
            path = os.path.join(folder, name + ".onnx")
            try:
                make(path)
            except ModuleNotFoundError as error:
                print(f"{name:24} left out: no {error.name}, which PyTorch's new exporter needs")
                continue
            cases.append((name, path))
        for name, path in cases:
            least = cosines(options.tool, path, folder, samples).min()
            failed |= not least >= LEAST_COSINE
            print(f"{name:24} least cosine of {len(samples)} samples {least:.8f}", flush=True)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
