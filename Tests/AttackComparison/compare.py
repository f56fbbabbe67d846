"""Our minimum-norm attack beside those of Foolbox and the Adversarial Robustness Toolbox.

The tool makes an attack set; the same aligned pictures and the same weights (read from the
safetensors file) then go through the other libraries' attacks. Each result is written as an 8-bit
PNG, decoded and measured again. Norms are medians over the pairs that succeed after that; times are
of the attack alone for theirs, and of the whole command for ours.

    python Tests/AttackComparison/compare.py --pairs lfw/pairsDevTrain.txt --images lfw

Needs torch, numpy, pillow, foolbox and adversarial-robustness-toolbox. The exit status is 1 if the
two sides do not measure the same distances.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

import torch

from embedder import Embedder
from pictures import picture, through_png
from rivals import RIVALS

# How far apart the distances of both engines may be.
TOLERANCE = 1e-3


def distances(embedder, x, targets):
    """d² of pictures to their targets."""
    with torch.inference_mode():
        return (embedder(x) - targets).square().sum(1)


def norm(sources, found, good):
    """The median root mean square of the changes that are good, in grey levels, as text."""
    rms = ((found - sources) * 255).square().mean((1, 2, 3)).sqrt()[good].tolist()
    return f"{statistics.median(rms):.3f}" if rms else "–"


def row(name, counts, norms, seconds, evaluations):
    """A line of the table."""
    print(f"{name:20}{counts[0]:>10}{norms[0]:>8}{counts[1]:>10}{norms[1]:>8}"
          f"{seconds:11.2f}{evaluations:13.0f}", flush=True)


def result(name, sources, inside, found, before, after, theta, seconds, evaluations):
    """Judges what an attack found, `inside` in float and `found` in the file."""
    count = len(sources)
    counts = [f"{int((distance < theta).sum())}/{count}" for distance in (before, after)]
    norms = [norm(sources, inside, before < theta) if inside is not None else "",
             norm(sources, found, after < theta)]
    row(name, counts, norms, seconds / count, evaluations)


def ours(options, folder):
    """Runs the tool; the lines of its manifest and the seconds it took."""
    command = [options.program, "attack-set", "--models", options.models, "--model",
               options.model, "--pairs", options.pairs, "--images", options.images, "--thetas",
               str(options.theta), "--per-fold", str(options.per_fold), "-o", folder]
    start = time.monotonic()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    seconds = time.monotonic() - start
    with open(os.path.join(folder, "manifest.jsonl")) as file:
        entries = [json.loads(line) for line in file]
    return [entry for entry in entries if entry["file"]], seconds


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--program", default=".build/release/facewarden")
    parser.add_argument("--models", default="models")
    parser.add_argument("--model", default="f_c")
    parser.add_argument("--pairs", required=True, help="LFW's list; View 1 to try things")
    parser.add_argument("--images", required=True, help="LFW's folder")
    parser.add_argument("--per-fold", type=int, default=5, help="mismatched pairs, both ways each")
    parser.add_argument("--theta", type=float, default=0.6)
    parser.add_argument("--only", help="rivals whose names contain this")
    options = parser.parse_args()

    torch.manual_seed(1)
    embedder = Embedder(options.models, options.model).eval()
    with tempfile.TemporaryDirectory() as folder:
        entries, seconds = ours(options, folder)

        def load(member):
            return torch.cat([picture(os.path.join(folder, entry[member])) for entry in entries])

        sources, found, targets = load("source_file"), load("file"), load("target_file")
    with torch.inference_mode():
        goals = embedder(targets)
    goals = goals.clone()
    after = distances(embedder, found, goals)
    stated = torch.tensor([entry["distance2_after"] for entry in entries])
    disagreement = float((after - stated).abs().max())

    print(f"{len(entries)} pairs at theta {options.theta}, {options.model} {embedder.sha256[:12]}, "
          f"{torch.get_num_threads()} threads; distances agree within {disagreement:.1e}")
    print(f"{'':20}{'in float':>10}{'RMS':>8}{'in PNG':>10}{'RMS':>8}{'s a pair':>11}"
          f"{'evaluations':>13}")
    inside = torch.tensor([entry["distance2_float"] for entry in entries])
    count = statistics.mean(entry["gradients"] + entry["queries"] for entry in entries)
    result("ours minimum-norm", sources, None, found, inside, after, options.theta, seconds, count)
    for name, attack in RIVALS.items():
        if options.only and options.only not in name:
            continue
        start = time.monotonic()
        found, evaluations = attack(embedder, sources, goals, options.theta)
        seconds = time.monotonic() - start
        decoded = through_png(found)
        result(name, sources, found, decoded, distances(embedder, found, goals),
               distances(embedder, decoded, goals), options.theta, seconds,
               evaluations / len(sources))
    return 0 if disagreement < TOLERANCE else 1


if __name__ == "__main__":
    sys.exit(main())
