"""Holds the embedders in PyTorch against what `facewarden embed --aligned` prints.

    python Tests/AttackComparison/check_embedder.py --model f_c --model f_v samples/aligned

Needs torch, numpy and pillow. The exit status is 1 if any numbers of unit-length embeddings are
further apart than the tolerance.
"""

import argparse
import json
import os
import subprocess
import sys

import torch

from embedder import Embedder
from pictures import picture

TOLERANCE = 1e-5


def png_files(sources):
    """The PNG files among `sources` and below them, in order."""
    for source in sources:
        if os.path.isfile(source):
            yield source
        for folder, _, names in sorted(os.walk(source)):
            yield from (os.path.join(folder, name) for name in sorted(names)
                        if name.endswith(".png"))


def printed(program, models, model, paths):
    """The tool's embeddings of pictures, a row each."""
    command = [program, "embed", "--models", models, "--model", model, "--aligned", *paths]
    lines = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    rows = {line["picture"]: line["embedding"] for line in map(json.loads, lines.splitlines())}
    return torch.tensor([rows[path] for path in paths])


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("sources", nargs="+", help="aligned faces: PNG files, or folders of them")
    parser.add_argument("--program", default=".build/release/facewarden")
    parser.add_argument("--models", default="models")
    parser.add_argument("--model", action="append", required=True, help="may be repeated")
    options = parser.parse_args()
    paths = list(png_files(options.sources))
    if not paths:
        parser.error("no PNG files there")
    x = torch.cat([picture(path) for path in paths])
    worst = 0
    for model in options.model:
        expected = printed(options.program, options.models, model, paths)
        with torch.inference_mode():
            found = Embedder(options.models, model)(x)
        difference = float((found - expected).abs().max())
        worst = max(worst, difference)
        print(f"{model}: {len(paths)} pictures, embeddings agree within {difference:.1e}")
    return 0 if worst <= TOLERANCE else 1


if __name__ == "__main__":
    sys.exit(main())
