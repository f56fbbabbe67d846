"""An EOT search on f_C, one pair: the tool's time beside PyTorch's in float, in turns.

    python Tests/AttackComparison/compare_eot.py --cores 0,1 samples/impostor-probe.png samples/impostor-reference.png

The search: within 8 grey levels, 50 steps of a tenth of that by the signs of a running gradient (.8), each at one
draw of the transforms (`transforms.py`, as `attack --attack eot-scaled` has them), at 8-bit pictures. What the tool
needs beside the search (start, models, files, scaling back) is taken out: it is run with two numbers of steps, and
the difference counts. PyTorch's time is of its loop alone, after a loop to warm up. Both run on the same cores, as
many threads as these are.

The times are medians over the turns: seconds passed, and seconds of the processor, which other work on the machine
touches less. Needs torch, numpy and pillow. The exit status is 1 if one of both searches does not come below θ.
"""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time

import numpy
import torch

from embedder import Embedder
from pictures import picture, through_png
from transforms import Draw

BUDGET, SHARE, MOMENTUM = 8 / 255, 0.1, 0.8


def searched(embedder, x, goal, steps, generator):
    """What PyTorch's search comes to: the changed picture, whose grey levels are whole."""
    change, velocity = torch.zeros_like(x), torch.zeros_like(x)
    for _ in range(steps):
        seen = (((x + change).clamp(0, 1) * 255).round() / 255).requires_grad_()
        distance = (embedder(Draw(generator)(seen)) - goal).square().sum()
        (slope,) = torch.autograd.grad(distance, seen)
        velocity = MOMENTUM * velocity + slope / slope.abs().mean()
        change = (change - SHARE * BUDGET * velocity.sign()).clamp(-BUDGET, BUDGET)
        change = (x + change).clamp(0, 1) - x
    return through_png(x + change)


def theirs(embedder, x, goal, steps):
    """Seconds passed, and of the processor, and what was found."""
    generator = numpy.random.default_rng(1)
    start, used = time.monotonic(), time.process_time()
    found = searched(embedder, x, goal, steps, generator)
    return time.monotonic() - start, time.process_time() - used, found


def ours(options, steps, output):
    """Seconds passed, and of the processor, of a command with so many steps."""
    command = [options.program, "attack", "--models", options.models, "--aligned", "--attack", "eot-scaled",
               "--iterations", str(steps), "--theta", str(options.theta), options.probe, options.target,
               "-o", output]
    start, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.monotonic() - start, used


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("probe", help="an aligned face that is changed")
    parser.add_argument("target", help="an aligned face of somebody else")
    parser.add_argument("--program", default=".build/release/facewarden")
    parser.add_argument("--models", default="models")
    parser.add_argument("--theta", type=float, default=0.4)
    parser.add_argument("--steps", type=int, default=50)
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--cores", default="0,1", help="numbers with commas between; 0,1 if not given")
    options = parser.parse_args()
    cores = {int(number) for number in options.cores.split(",")}
    os.sched_setaffinity(0, cores)
    torch.set_num_threads(len(cores))

    embedder = Embedder(options.models, "f_c").eval()
    x, target = picture(options.probe), picture(options.target)
    with torch.inference_mode():
        goal = embedder(target)
    goal = goal.clone()
    few, many = options.steps, 5 * options.steps
    passed, used = {"ours": [], "torch": []}, {"ours": [], "torch": []}
    theirs(embedder, x, goal, 5)
    with tempfile.TemporaryDirectory() as folder:
        output = folder + "/found.png"
        for _ in range(options.turns):
            long = ours(options, many, output)
            short = ours(options, few, output)
            passed["ours"].append((long[0] - short[0]) / (many - few) * options.steps)
            used["ours"].append((long[1] - short[1]) / (many - few) * options.steps)
            seconds, processor, found = theirs(embedder, x, goal, options.steps)
            passed["torch"].append(seconds)
            used["torch"].append(processor)
        made = picture(output)
    with torch.inference_mode():
        after = {"ours": made, "torch": found}
        after = {name: float((embedder(y) - goal).square().sum()) for name, y in after.items()}
    print(f"{options.steps} EOT steps on f_C {embedder.sha256[:12]}, {len(cores)} threads, "
          f"{options.turns} turns, θ {options.theta}")
    print(f"{'':8}{'s':>8}{'processor s':>14}{'distance² after':>18}")
    for name in after:
        print(f"{name:8}{statistics.median(passed[name]):8.2f}{statistics.median(used[name]):14.2f}"
              f"{after[name]:18.3f}")
    for name, seconds in (("passed", passed), ("of the processor", used)):
        ratios = [mine / other for mine, other in zip(seconds["ours"], seconds["torch"])]
        print(f"ours / PyTorch, time {name}: {statistics.median(ratios):.2f} "
              f"({min(ratios):.2f} to {max(ratios):.2f})")
    return 0 if all(distance < options.theta for distance in after.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
