"""Compares the engine with PyTorch, onnxruntime and OpenVINO: same CPU, threads and weights.

The executable `Benchmarks` writes the weights, inputs and outputs of a case; the other side builds
the same computation of them and has to arrive at the same numbers. Then both are timed in turn,
A B A B …, with a pause in between, since the libraries' threads spin for a while after a call.
A ratio is time(ours) / time(theirs) of medians: below 1 ours is faster. PyTorch counts with the
faster of its two memory formats; what is computed in bfloat16 has a ratio of its own. Turns that
other programs disturb are repeated, a disturbed case once more; what stays disturbed is marked.
Cases that nobody else computes are timed alone.

`make benchmark` runs this with what it needs. The exit status is 1 if a case failed or any numbers
disagree.
"""

import argparse
import functools
import sys

import torch

from comparison import accuracy, libraries, machine, memory
from comparison.contest import Settings, compared, takes_part
from comparison.contestants import contestants
from comparison.engine import Engine
from comparison.report import Report


def parsed():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--program", default=".build/release/Benchmarks")
    parser.add_argument("--filter", action="append", metavar="TEXT",
                        help="only cases whose name contains this; may be repeated")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--patience", type=float, default=20, metavar="SECONDS",
                        help="how long a case repeats turns that other programs disturb")
    parser.add_argument("--isa", action="append", metavar="SET", default=[],
                        help="also with these kernels of ours, for networks; those of baseline and of "
                             "SET+openblas for products of matrices, too")
    parser.add_argument("--skip", action="append", default=[], metavar="PART",
                        choices=["times", "errors", "memory"])
    parser.add_argument("--results", metavar="DIR",
                        help="writes benchmark/report.json and .md there, anew after each case")
    parser.add_argument("--memory-of", metavar="CASE", help=argparse.SUPPRESS)
    return parser.parse_args()


def time_cases(cases, options, entrants, report):
    """Times everything, with our widest kernels and with those that were asked for."""
    for isa in [None, *options.isa]:
        engine = Engine(options.program, options.threads, isa)
        settings = Settings(options.rounds, options.patience, isa)
        for case, description in cases.items():
            if case.startswith("accuracy/") or not takes_part(case, isa):
                continue
            report.add("times", compared(case, description, engine, entrants, settings))
        engine.close()


def measure_errors(cases, options, report):
    """The errors against float64."""
    engine = Engine(options.program, options.threads)
    for index, result in enumerate(accuracy.errors(engine, cases)):
        if index == 0:
            print(f"\n{'error against float64':48}{'torch':>10}{'F(2,3)':>10}{'F(4,3)':>10}")
        accuracy.print_errors(result)
        report.add("errors", result)
    engine.close()


def measure_memory(cases, options, report):
    """The peak memory of training steps."""
    steps = [case for case in cases if case.startswith("step/")]
    if steps:
        print(f"\n{f'peak memory of {memory.STEPS} steps':32} {'side':12}"
              f"{'before':>10}{'peak':>10}{'step':>10}  MB; ours shall not exceed theirs")
    for result in memory.peaks(options, steps):
        memory.print_peaks(result)
        report.add("memory", result)


def main():
    options = parsed()
    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    if options.memory_of:
        return memory.print_theirs(options)

    cases = {case: description
             for case, description in Engine(options.program, options.threads).cases().items()
             if any(text in case for text in options.filter or [""])}
    if not cases:
        sys.exit("no case has such a name; Benchmarks --list names them")
    taking_part, absent = libraries.present()
    for library, reason in absent.items():
        print(f"{library} takes no part: {reason}")
    entrants = functools.partial(contestants, libraries=taking_part, threads=options.threads)
    report = Report(machine.about(options.threads, options.rounds), options.results, absent,
                    out=functools.partial(print, flush=True))
    try:
        if "times" not in options.skip:
            time_cases(cases, options, entrants, report)
        if "errors" not in options.skip:
            measure_errors(cases, options, report)
        if "memory" not in options.skip:
            measure_memory(cases, options, report)
    except KeyboardInterrupt:
        print("\ninterrupted; the results so far are kept" if options.results else "\ninterrupted")
        return 130
    return report.finish()


if __name__ == "__main__":
    sys.exit(main())
