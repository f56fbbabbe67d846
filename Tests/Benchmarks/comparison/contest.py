"""A case of the benchmark: who takes part, whether they agree, how long each takes."""

import os
from dataclasses import asdict, dataclass
from typing import Callable, Optional

from .disturbance import Load, Watch
from .targets import targets
from .turns import Turns, turn_of

# A case that others disturb is timed once more; what was disturbed less counts.
ATTEMPTS = 2


@dataclass
class Entrant:
    """A computation of a case by another library, ready to run."""

    # Computes once.
    run: Callable
    # Computes as often as ours did: the error against ours, and whether that may be.
    check: Callable


@dataclass
class Contestant:
    """Who wants to take part in a case."""

    name: str
    # What it is a variant of: the fastest of a library counts.
    library: str
    # Makes the entrant.
    prepare: Callable


@dataclass
class Settings:
    """How cases are timed."""

    rounds: int = 9
    # How long a case repeats turns that other programs disturb, in seconds.
    patience: float = 20
    # The instruction set that our kernels are held to; the processor's widest if there is none.
    isa: Optional[str] = None
    # Makes what watches the machine, from the numbers of processes.
    watch: Callable = Watch

    def rounds_of(self, case):
        """Rounds: fewer for what takes long."""
        return max(3, self.rounds // 3) if case.startswith("step/") else self.rounds


@dataclass
class Attempt:
    """The turns of a case, taken once."""

    # The median seconds of a run, by side.
    seconds: dict
    load: Load
    disturbances: list

    @property
    def rank(self):
        """What is least where the least was disturbed."""
        return bool(self.disturbances), self.load.others + self.load.steal


def attempt(sides, libraries, watch, rounds, patience):
    """Times the sides in turns."""
    turns = Turns(sides, libraries, watch, patience)
    before = watch.snapshot()
    seconds = turns.run(rounds)
    load = Load.between(before, watch.snapshot())
    found = load.disturbances()
    if turns.disturbed:
        found.append(f"threads waited for a processor in {turns.disturbed} turns")
    return Attempt(seconds, load, found)


def described(failure):
    """An exception in one line."""
    words = " ".join(str(failure).split())
    return f"{type(failure).__name__}: {words}"


def entrants(contestants, errors, failures, differing):
    """Who is ready, with their libraries; what they get wrong goes into the other collections."""
    ready, libraries = {}, {}
    for contestant in contestants:
        name = contestant.name
        try:
            entrant = contestant.prepare()
            errors[name], agrees = entrant.check()
        except Exception as failure:  # each library has errors of its own
            failures[name] = described(failure)
            continue
        if not agrees:
            differing.append(name)
        ready[name], libraries[name] = entrant.run, contestant.library
    return ready, libraries


def compare(case, description, engine, contestants, settings):
    """All about one case; `contestants` is a function of the first three, and may find nobody."""
    errors, failures, differing = {}, {}, []
    ready, libraries = entrants(
        contestants(case, description, engine), errors, failures, differing)
    sides = {"ours": lambda runs: engine.seconds(case, runs)}
    sides |= {name: turn_of(run) for name, run in ready.items()}
    watch = settings.watch([os.getpid(), engine.process_number])
    attempts = []
    while len(attempts) < ATTEMPTS and (not attempts or attempts[-1].disturbances):
        attempts.append(attempt(
            sides, libraries, watch, settings.rounds_of(case), settings.patience))
    best = min(attempts, key=lambda attempt: attempt.rank)
    fastest = {}
    for name, library in libraries.items():
        fastest[library] = min(best.seconds.get(name, float("inf")),
                               fastest.get(library, float("inf")))
    ours = best.seconds["ours"]
    return {
        "case": case, "isa": settings.isa, "kernels": engine.kernels,
        "milliseconds": {name: 1e3 * value for name, value in best.seconds.items()},
        "ratios": {library: ours / value for library, value in fastest.items()},
        "targets": targets(case, settings.isa is not None),
        "libraries": libraries, "errors": errors, "differing": differing, "failures": failures,
        "disturbances": best.disturbances, "load": asdict(best.load),
        "attempts": [{"load": asdict(each.load), "disturbances": each.disturbances,
                      "ours_milliseconds": 1e3 * each.seconds["ours"]} for each in attempts],
    }


def takes_part(case, isa):
    """Whether a case is timed with these kernels: networks are with all of them, products of matrices also
    with the baseline's and OpenBLAS's, everything with the widest."""
    products = isa is not None and ("openblas" in isa or isa == "baseline")
    return isa is None or not case.startswith("kernel/") or products and case.startswith("kernel/dense/")


def compared(case, description, engine, contestants, settings):
    """All about one case, or why there is nothing about it."""
    try:
        return compare(case, description, engine, contestants, settings)
    except Exception as failure:  # the other cases go on
        return {"case": case, "isa": settings.isa, "failure": described(failure)}
