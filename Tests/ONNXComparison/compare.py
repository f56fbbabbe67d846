#!/usr/bin/env python3
"""Imported networks beside onnxruntime: the same embeddings of the samples?

    compare.py --tool .build/release/facewarden [FILE.onnx …]
    compare.py --exports [--models DIR]
    compare.py --gradients --benchmarks .build/release/Benchmarks

Exports networks as PyTorch, MXNet and tf2onnx write them (networks.py), imports each with `facewarden
import`, and compares `facewarden embed` with onnxruntime on the same pixels: cosines of .99999 at least.

--exports: what `facewarden export` writes of each embedder and of the IP-GAN of a folder, run by onnxruntime
on the samples, against `embed` and `reconstruct`: within 1e-4 of unit-length embeddings, and of pictures in
-1…1 as far as 8 bits tell it.

--gradients: ∂(sum of the unit-length embedding)/∂pixels of sixteen pictures, by our engine (`Benchmarks
--onnx`) and by PyTorch, of networks that PyTorch exported: a relative error (L2) of 1e-3 at most.

Exit status 1 if anything differs by more. Needs torch, onnx, onnxruntime, numpy and pillow.
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


def runs(tool, *words):
    return subprocess.run([tool, *words], capture_output=True, text=True, check=True).stdout


def session(path):
    return onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])


def exports(tool, models, folder, samples):
    """The largest difference of each exported network; names with differences and limits."""
    with open(os.path.join(models, "manifest.json")) as file:
        manifest = json.load(file)["models"]
    entries = {entry["name"]: entry["architecture"] for entry in manifest}
    faces = np.stack([np.asarray(Image.open(sample).convert("RGB")) for sample in samples])
    planes = np.ascontiguousarray((faces.astype(np.float32) / 127.5 - 1).transpose(0, 3, 1, 2))
    networks = {}
    for name, architecture in entries.items():
        if not {"widths", "kind"} & set(architecture) or "parts" in architecture:
            continue
        path = os.path.join(folder, name + ".onnx")
        try:
            runs(tool, "export", name, "--models", models, "-o", path)
        except subprocess.CalledProcessError:
            continue
        if architecture.get("kind") == "imported":
            continue
        networks[name] = session(path)
        theirs = networks[name].run(["embedding"], {"picture": planes})[0]
        lines = runs(tool, "embed", "--aligned", "--models", models, "--model", name, *samples)
        ours = np.array([json.loads(line)["embedding"] for line in lines.splitlines()])
        if architecture.get("averagesMirrorImages"):
            theirs = theirs + networks[name].run(["embedding"], {"picture": planes[..., ::-1].copy()})[0]
        yield name, np.abs(unit(theirs) - ours).max(), 1e-4
    if "ip_gan" not in entries or "f_c" not in networks:
        return
    parts = {}
    for part in ("encoder", "generator"):
        path = os.path.join(folder, part + ".onnx")
        runs(tool, "export", "ip_gan", "--part", part, "--models", models, "-o", path)
        parts[part] = session(path)
    attributes = parts["encoder"].run(["attributes"], {"picture": planes})[0]
    # f_I or f_C, as G is told.
    told = next(part.name for part in parts["generator"].get_inputs() if part.name != "attributes")
    known = networks["f_c"].run([told], {"picture": planes})[0]
    made = parts["generator"].run(["picture"], {told: known, "attributes": attributes})[0]
    largest = 0
    for index, sample in enumerate(samples):
        path = os.path.join(folder, "rebuilt.png")
        runs(tool, "reconstruct", "--aligned", "--models", models, sample, "-o", path)
        levels = np.asarray(Image.open(path).convert("RGB")).astype(np.float64)
        exact = (made[index].transpose(1, 2, 0).astype(np.float64) + 1) * 127.5
        # What rounding to 8 bits explains is half a level.
        beyond = np.maximum(np.abs(np.clip(exact, 0, 255) - levels) - 0.5, 0).max() / 127.5
        largest = max(largest, beyond)
    yield "ip_gan (A and G)", largest, 1e-4


def tensors(path):
    """The float arrays of a safetensors file."""
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        head, rest = json.loads(file.read(length)), file.read()
    return {name: np.frombuffer(rest[slice(*about["data_offsets"])], "<f4").reshape(about["shape"])
            for name, about in head.items() if name != "__metadata__"}


def gradients(benchmarks, folder):
    """The relative error of each network's gradient for the pixels, against PyTorch in 64 bits."""
    import torch

    for name, network in networks.trainable().items():
        path = os.path.join(folder, name + ".onnx")
        networks.export(network, path, 11, 112)
        subprocess.run([benchmarks, "--onnx", path, "--filter", "network/imported-gradient",
                        "--export", folder], check=True, capture_output=True)
        found = tensors(os.path.join(folder, "network/imported-gradient/b16.safetensors"))
        pixels = next(array for key, array in found.items() if array.ndim == 4 and key.endswith("x"))
        ours = next(array for key, array in found.items() if key.endswith("y"))
        def theirs(kind):
            x = torch.from_numpy(pixels.transpose(0, 3, 1, 2).astype(kind)).requires_grad_()
            rows = torch.nn.functional.normalize(network.to(x.dtype)(x))
            (slopes,) = torch.autograd.grad(rows.sum(), x)
            return slopes.numpy().transpose(0, 2, 3, 1)

        exact, rounded = theirs("float64"), theirs("float32")
        error = lambda slopes: np.linalg.norm(slopes.reshape(exact.shape) - exact) / np.linalg.norm(exact)
        # Where a sum lies next to the kink of an activation, rounding takes the other slope: PyTorch's own
        # numbers of 32 bits miss those of 64 by .001 and more; folded normalisations round yet otherwise.
        yield name, error(ours), max(1e-3, 5 * error(rounded))


def report(found):
    failed = False
    for name, difference, limit in found:
        failed |= not difference <= limit
        print(f"{name:24} {difference:.2e}, at most {limit:.0e}", flush=True)
    sys.exit(1 if failed else 0)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tool", default=os.path.join(ROOT, ".build/release/facewarden"))
    parser.add_argument("--benchmarks", default=os.path.join(ROOT, ".build/release/Benchmarks"))
    parser.add_argument("--exports", action="store_true", help="compare what facewarden export writes")
    parser.add_argument("--gradients", action="store_true", help="compare gradients with PyTorch's")
    parser.add_argument("--models", default=os.path.join(ROOT, "models"))
    parser.add_argument("--only", help="the exports whose names begin like this")
    parser.add_argument("files", nargs="*")
    options = parser.parse_args()
    samples = sorted(glob.glob(os.path.join(ROOT, "samples", "*.png")))
    samples = [sample for sample in samples if Image.open(sample).size == (128, 128)]
    if options.exports or options.gradients:
        with tempfile.TemporaryDirectory() as folder:
            report(exports(options.tool, options.models, folder, samples) if options.exports
                   else gradients(options.benchmarks, folder))
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
