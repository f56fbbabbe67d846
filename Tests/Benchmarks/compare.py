"""Compares the engine with PyTorch and onnxruntime on the same CPU, threads and weights.

The executable `Benchmarks` writes the weights, inputs and outputs of a case; the other side builds
the same computation of them and has to arrive at the same numbers. Then both are timed in turn,
A B A B …, with a pause in between, since the libraries' threads spin for a while after a call.
A ratio is time(ours) / time(theirs) of medians: below 1 ours is faster. PyTorch counts with the
faster of its two memory formats. `make benchmark` runs this with what it needs.
"""

import argparse
import json
import statistics
import sys
import time

import torch

from comparison import memory
from comparison.accuracy import print_errors
from comparison.contestants import contestants, error, step_error
from comparison.engine import Engine
from comparison.targets import targets, tolerance

PAUSE = 0.025
# What a turn should last at least, so that a timer's grain and a cold start weigh little.
TURN = 0.03


def check(case, rivals, outputs):
    """Runs every contestant as often as ours ran, and returns the errors against ours."""
    errors = {}
    for rival in rivals:
        results = [rival.run() for _ in outputs]
        if case.startswith("step/"):
            errors[rival.name] = step_error(results, outputs)
        else:
            key = "y" if "y" in outputs[0] else next(iter(outputs[0]))
            errors[rival.name] = error(rival.arranged(results[0]), outputs[0][key])
    return errors


def turn_of(function):
    """A function from a number of runs to the seconds of each."""
    def seconds(runs):
        times = []
        for _ in range(runs):
            start = time.perf_counter()
            function()
            times.append(time.perf_counter() - start)
        return times

    return seconds


def take_turns(sides, rounds):
    """The median seconds of a run by side, from `rounds` rounds."""
    runs, samples = {}, {name: [] for name in sides}
    for name, side in sides.items():
        time.sleep(PAUSE)
        side(1)
        runs[name] = max(1, min(200, int(TURN / side(1)[0])))
    for index in range(rounds):
        for name in list(sides):
            time.sleep(PAUSE)
            # The first run after the pause finds cold caches and sleeping threads.
            times = sides[name](runs[name] + 1)[1:]
            samples[name].append(statistics.fmean(times))
        if index == 1:
            drop_slower_format(sides, samples)
    return {name: statistics.median(samples[name]) for name in sides}


def drop_slower_format(sides, samples):
    """Ends the trial of the memory format that is clearly slower: only the faster one counts."""
    formats = sorted((min(samples[name]), name) for name in sides if name.startswith("torch"))
    if len(formats) == 2 and formats[1][0] > 1.2 * formats[0][0]:
        del sides[formats[1][1]]


def compare(case, description, engine, options):
    """All about one case."""
    inputs, outputs = engine.recorded(case)
    rivals = contestants(description, inputs, outputs, options.threads)
    del inputs
    errors = check(case, rivals, outputs)
    sides = {"ours": lambda runs: engine.seconds(case, runs)}
    sides |= {rival.name: turn_of(rival.run) for rival in rivals}
    rounds = max(3, options.rounds // 3) if case.startswith("step/") else options.rounds
    seconds = take_turns(sides, rounds)
    best = {}
    for name, value in seconds.items():
        library = name.split()[0]
        best[library] = min(value, best.get(library, value))
    return {
        "case": case, "isa": options.current_isa, "milliseconds":
        {name: 1e3 * value for name, value in seconds.items()}, "errors": errors,
        "ratios": {name: best["ours"] / best[name] for name in best if name != "ours"},
        "targets": targets(case, options.current_isa is not None),
        "agrees": all(value <= tolerance(case) for value in errors.values()),
    }


def print_result(result):
    """Rows of the table: one per library."""
    name = result["case"] + (f" [{result['isa']}]" if result["isa"] else "")
    ours = result["milliseconds"]["ours"]
    for library, ratio in result["ratios"].items():
        target = result["targets"].get(library)
        theirs = ours / ratio
        verdict = "" if target is None else "ok" if ratio <= target else "MISSED"
        wanted = "" if target is None else f"{target:.2f}"
        worst = max(value for key, value in result["errors"].items() if key.startswith(library))
        print(f"{name:48} {library:12}{ours:10.3f}{theirs:10.3f}{ratio:8.2f}{wanted:>8} "
              f"{verdict:7}{worst:9.1e}{'' if result['agrees'] else '  DIFFERS'}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--program", default=".build/release/Benchmarks")
    parser.add_argument("--filter", action="append", metavar="TEXT",
                        help="only cases whose name contains this; may be repeated")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--threads", type=int, default=2)
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
    everything = {"threads": options.threads, "rounds": options.rounds,
                  "torch": torch.__version__, "times": [], "errors": [], "memory": []}
    if "times" not in options.skip:
        print(f"{'case':48} {'against':12}{'ours ms':>10}{'theirs ms':>10}{'ratio':>8}"
              f"{'target':>8} {'':7}{'error':>9}")
        for isa in [None] + (options.isa or []):
            options.current_isa = isa
            side = engine if isa is None else Engine(options.program, options.threads, isa)
            for case, description in cases.items():
                if case.startswith("accuracy/") or isa and case.startswith("kernel/"):
                    continue
                everything["times"].append(compare(case, description, side, options))
                print_result(everything["times"][-1])
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
