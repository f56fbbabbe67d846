"""Holds the networks in PyTorch (`embedder.py`) against the tool's own outputs.

    python Tests/AttackComparison/check_embedder.py samples/aligned
    python Tests/AttackComparison/check_embedder.py --shapes

Every network of the folder that was trained here: embedders against `facewarden embed --aligned`, unit-length
numbers; of an IP-GAN f_I, A and G together against `facewarden reconstruct --aligned`, as far as 8 bits tell it,
and A and G each against `facewarden export`, run by onnxruntime on the same numbers, pictures in 0…1.

--shapes: small networks of every kind, trained by the tool for a step or two in a folder that goes again: residual
ones and VGGs, each view, other sides, f_I as maps of other sizes and without places, `--start overlapping`, 256
attributes.

Needs torch, numpy, pillow and onnxruntime. The exit status is 1 if any numbers are further apart than 1e-5, of the small
networks than 2e-5.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile

import numpy
import onnxruntime
import torch

from embedder import AttributeEncoder, Embedder, FaceGenerator
from pictures import picture

TOLERANCE = 1e-5
# Of weights that are almost as they were drawn, which make more of each rounding.
FRESH = 2e-5


class Tool:
    """The command line on one folder of models."""

    def __init__(self, program, models):
        self.program, self.models = program, models

    def run(self, *words):
        """What a command prints."""
        command = [self.program, *words, "--models", self.models]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if done.returncode != 0:
            sys.exit(f"{' '.join(command)}: {done.stderr.strip()}")
        return done.stdout

    def embeddings(self, model, paths):
        """Unit-length embeddings of pictures, a row each."""
        lines = self.run("embed", "--model", model, "--aligned", *paths).splitlines()
        rows = {line["id"]: line["embedding"] for line in map(json.loads, lines)}
        return torch.tensor([rows[path] for path in paths])

    def reconstructions(self, model, paths):
        """Reconstructed pictures in grey levels, NCHW."""
        with tempfile.TemporaryDirectory() as folder:
            made = []
            for path in paths:
                self.run("reconstruct", "--ipgan", model, "--aligned", path, "-o", folder + "/x.png")
                made.append(picture(folder + "/x.png"))
        return torch.cat(made) * 255

    def exported(self, model, part):
        """A network's export, run on arrays by name."""
        with tempfile.TemporaryDirectory() as folder:
            self.run("export", model, *(["--part", part] if part else []), "-o", folder + "/x.onnx")
            return onnxruntime.InferenceSession(folder + "/x.onnx", providers=["CPUExecutionProvider"])


def largest(a, b):
    """The largest difference of two arrays, infinite if they are of other shapes or no numbers."""
    a, b = numpy.asarray(a, numpy.float64), numpy.asarray(b, numpy.float64)
    if a.shape != b.shape:
        return float("inf")
    difference = float(numpy.abs(a - b).max())
    return difference if numpy.isfinite(difference) else float("inf")


def embedder_differences(tool, model, paths, x):
    """Names and largest differences of an embedder's outputs."""
    with torch.inference_mode():
        yield f"{model} by embed", largest(Embedder(tool.models, model)(x), tool.embeddings(model, paths))


def ip_gan_differences(tool, model, paths, x):
    """Names and largest differences of an IP-GAN's outputs."""
    with torch.inference_mode():
        embedder, network = Embedder(tool.models, "f_c"), FaceGenerator(tool.models, model)
        known = embedder.straight(x) if network.knows_embedding else embedder.identity(x)
        mean, log_variance = AttributeEncoder(tool.models, model)(x)
        made = network(known, mean)
    encoder, generator = tool.exported(model, "encoder"), tool.exported(model, "generator")
    theirs = encoder.run(["attributes", "log_variance"], {"picture": (x * 2 - 1).numpy()})
    yield f"{model}: A's attributes by export", largest(mean, theirs[0])
    yield f"{model}: A's log-variance by export", largest(log_variance, theirs[1])
    picture = generator.run(
        ["picture"], {"embedding" if network.knows_embedding else "identity": known.numpy(),
                      "attributes": mean.numpy()})[0]
    yield f"{model}: G's picture by export", largest(made, (picture + 1) / 2)
    # What rounding to 8 bits explains is half a level.
    levels = tool.reconstructions(model, paths)
    off = largest((made * 255).clamp(0, 255), levels)
    yield f"{model}: x̂ by reconstruct", max(0, off - 0.5) / 255


def check(tool, paths, tolerance=TOLERANCE):
    """Whether every network of a folder agrees; says how well each does."""
    x = torch.cat([picture(path) for path in paths])
    with open(os.path.join(tool.models, "manifest.json")) as file:
        models = {model["name"]: model["architecture"] for model in json.load(file)["models"]}
    found = []
    for name, settings in models.items():
        if settings.get("kind") == "imported":
            print(f"{name}: left out, it is not a network that was trained here")
        elif "embedding" in settings and "widths" in settings:
            found += embedder_differences(tool, name, paths, x)
        elif "generatorWidths" in settings:
            found += ip_gan_differences(tool, name, paths, x)
    for name, difference in found:
        print(f"{tool.models}: {name}: {len(paths)} pictures agree within {difference:.1e}", flush=True)
    return bool(found) and all(difference <= tolerance for _, difference in found)


# Embedders by name, and IP-GANs on the first of them; each folder has its own f_c.
SHAPES = {
    "vgg, whole, 4×4 places": (
        {"f_c": "--widths 4,6,8,8,8 --convolutions 1,2,1,1,1",
         "f_v": "--widths 4,6,8 --view grey-middle --side 64 --architecture residual "
                "--convolutions 1,3,1 --slope 0.2"},
        ["--start places", "--start overlapping --latent 256"]),
    "residual, whole at 96 pixels, 6×6 places": (
        {"f_c": "--widths 4,6,8,8 --side 96 --architecture residual --convolutions 1,3,3,1 --slope 0.2 "
                "--half"},
        ["--latent 256", "--discriminator patches --discriminator-widths 4,6"]),
    "residual, middle at 80 pixels, 5×5 places": (
        {"f_c": "--widths 4,6,8,8 --view middle --side 80 --architecture residual "
                "--convolutions 1,1,3,1 --slope 0.1"},
        ["", "--start placed", "--start placed --identity embedding", "--enlargement smooth",
         "--enlargement smooth --generator-convolutions 1,1,3,2"]),
    "vgg, middle at 64 pixels, 8×8 places, with mirror images": (
        {"f_c": "--widths 4,6,8 --view middle --side 64 --flip"}, [""]),
    "average, without places": (
        {"f_c": "--widths 4,6,8 --head average"}, ["--latent 32", "--identity embedding"]),
}


def made(program, folder, embedders, gans):
    """Trains small networks into a folder."""
    tool = Tool(program, folder)
    data = ["--data", "synthetic:8x4", "--batch", "8", "--held-out", "0.25"]
    for name, words in embedders.items():
        tool.run("train", "embedder", *data, "--name", name, "--epochs", "1", "--embedding", "16",
                 "--state", f"{folder}/{name}.state", *words.split())
    for number, words in enumerate(gans):
        tool.run("train", "ipgan", *data, "--name", f"ip_gan_{number}", "--steps", "2",
                 "--attribute-widths", "4,6,8,8,8", "--state", f"{folder}/{number}.state", *words.split())


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sources", nargs="*", default=["samples/aligned"],
                        help="aligned faces: PNG files, or folders of them; samples/aligned if not given")
    parser.add_argument("--program", default=".build/release/facewarden")
    parser.add_argument("--models", default="models")
    parser.add_argument("--shapes", action="store_true", help="small networks of every kind instead")
    options = parser.parse_args()
    paths = list(png_files(options.sources))
    if not paths:
        parser.error("no PNG files there")
    if not options.shapes:
        return 0 if check(Tool(options.program, options.models), paths) else 1
    passed = True
    for shape, (embedders, gans) in SHAPES.items():
        with tempfile.TemporaryDirectory() as folder:
            made(options.program, folder, embedders, gans)
            print(shape)
            passed &= check(Tool(options.program, folder), paths[:4], FRESH)
    return 0 if passed else 1


def png_files(sources):
    """The PNG files among `sources` and below them, in order."""
    for source in sources:
        if os.path.isfile(source):
            yield source
        for folder, _, names in sorted(os.walk(source)):
            yield from (os.path.join(folder, name) for name in sorted(names)
                        if name.endswith(".png"))


if __name__ == "__main__":
    sys.exit(main())
