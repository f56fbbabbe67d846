"""Compares the engine with PyTorch and onnxruntime on the same CPU, threads and weights.

The executable `Benchmarks` writes the weights, inputs and outputs of a case; the other side builds
the same computation of them and has to arrive at the same numbers. Then both are timed in turn,
A B A B …, with a pause in between, since the libraries' threads spin for a while after a call.
A ratio is time(ours) / time(theirs) of medians: below 1 ours is faster. PyTorch counts with the
faster of its two memory formats. Turns that other programs disturb are repeated.

`make benchmark` runs this with what it needs. The exit status is 1 if any numbers disagree.
"""

import argparse
import json
import os
import sys

import onnxruntime
import torch

from comparison import memory
from comparison.accuracy import print_errors
from comparison.contestants import contestants, error, step_errors, typical_error
from comparison.engine import Engine
from comparison.targets import LATER_TOLERANCE, TOLERANCE, targets
from comparison.turns import Turns, turn_of


def check(case, rivals, outputs):
    """Runs every contestant as often as ours ran: errors against ours, and whether all agree."""
    errors, agrees = {}, True
    for rival in rivals:
        results = [rival.run() for _ in outputs]
        if case.startswith("step/"):
            errors[rival.name], later = step_errors(results, outputs)
            agrees = agrees and later <= LATER_TOLERANCE
        else:
            measure = typical_error if "pixel-gradient" in case else error
            errors[rival.name] = measure(rival.arranged(results[0]), outputs[0]["y"])
        agrees = agrees and errors[rival.name] <= TOLERANCE
    return errors, agrees


def compare(case, description, engine, options):
    """All about one case."""
    inputs, outputs = engine.recorded(case)
    rivals = contestants(description, inputs, outputs, options.threads)
    del inputs
    errors, agrees = check(case, rivals, outputs)
    sides = {"ours": lambda runs: engine.seconds(case, runs)}
    sides |= {rival.name: turn_of(rival.run) for rival in rivals}
    rounds = max(3, options.rounds // 3) if case.startswith("step/") else options.rounds
    turns = Turns(sides, [os.getpid(), engine.process.pid], options.patience)
    seconds = turns.run(rounds)
    best = {}
    for name, value in seconds.items():
        library = name.split()[0]
        best[library] = min(value, best.get(library, value))
    return {
        "case": case, "isa": options.current_isa, "milliseconds":
        {name: 1e3 * value for name, value in seconds.items()}, "errors": errors,
        "ratios": {name: best["ours"] / best[name] for name in best if name != "ours"},
        "targets": targets(case, options.current_isa is not None),
        "disturbed_turns": turns.disturbed,
        "agrees": agrees,
    }


def processor():
    """The processor's name."""
    with open("/proc/cpuinfo") as file:
        return next((line.split(": ")[1].strip() for line in file if "model name" in line), "")


def print_result(result):
    """Rows of the table: one per library."""
    name = result["case"] + (f" [{result['isa']}]" if result["isa"] else "")
    ours = result["milliseconds"]["ours"]
    remark = "" if result["agrees"] else "  DIFFERS"
    if result["disturbed_turns"]:
        remark += f"  {result['disturbed_turns']} turns disturbed"
    for library, ratio in result["ratios"].items():
        target = result["targets"].get(library)
        theirs = ours / ratio
        verdict = "" if target is None else "ok" if ratio <= target else "MISSED"
        wanted = "" if target is None else f"{target:.2f}"
        worst = max(value for key, value in result["errors"].items() if key.startswith(library))
        print(f"{name:50} {library:12}{ours:10.3f}{theirs:10.3f}{ratio:8.2f}{wanted:>8} "
              f"{verdict:7}{worst:9.1e}{remark}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--program", default=".build/release/Benchmarks")
    parser.add_argument("--filter", action="append", metavar="TEXT",
                        help="only cases whose name contains this; may be repeated")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--patience", type=float, default=20, metavar="SECONDS",
                        help="how long a case repeats turns that other programs disturb")
    parser.add_argument("--isa", action="append", metavar="SET",
                        help="also with these kernels of ours, for networks")
    parser.add_argument("--skip", action="append", default=[], metavar="PART",
                        choices=["times", "errors", "memory"])
    parser.add_argument("--json", metavar="FILE", help="writes everything")
    parser.add_argument("--memory-of", metavar="CASE", help=argparse.SUPPRESS)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    if options.memory_of:
        return memory.print_theirs(options)

    engine = Engine(options.program, options.threads)
    cases = {case: description for case, description in engine.cases().items()
             if any(text in case for text in options.filter or [""])}
    everything = {"processor": processor(), "threads": options.threads, "rounds": options.rounds,
                  "torch": torch.__version__, "onnxruntime": onnxruntime.__version__,
                  # OpenBLAS falls back to kernels of 2004 on a processor it does not know.
                  "OPENBLAS_CORETYPE": os.environ.get("OPENBLAS_CORETYPE"),
                  "times": [], "errors": [], "memory": []}
    if "times" not in options.skip:
        print(f"{'case':50} {'against':12}{'ours ms':>10}{'theirs ms':>10}{'ratio':>8}"
              f"{'target':>8} {'':7}{'error':>9}")
        for isa in [None] + (options.isa or []):
            options.current_isa = isa
            side = engine if isa is None else Engine(options.program, options.threads, isa)
            for case, description in cases.items():
                if case.startswith("accuracy/") or isa and case.startswith("kernel/"):
                    continue
                everything["times"].append(compare(case, description, side, options))
                print_result(everything["times"][-1])
            if side is not engine:
                side.close()
    if "errors" not in options.skip:
        everything["errors"] = print_errors(engine, cases)
    engine.close()
    if "memory" not in options.skip:
        steps = [case for case in cases if case.startswith("step/")]
        everything["memory"] = memory.print_table(options, steps)
    if options.json:
        with open(options.json, "w") as file:
            json.dump(everything, file, indent=1)
    return 0 if all(result["agrees"] for result in everything["times"]) else 1


if __name__ == "__main__":
    sys.exit(main())
