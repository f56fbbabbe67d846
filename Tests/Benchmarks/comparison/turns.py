"""Taking turns on one machine, A B A B …, and noticing when others disturb."""

import statistics
import time

# The libraries' threads spin for a while after a call: onnxruntime's took a third of the next turn
# after 25 ms, and nothing after 100.
PAUSE = 0.1
# What a turn should last at least, so that a timer's grain and a cold start weigh little.
TURN = 0.15
# The share of a turn that threads may wait for a processor; beyond it, other programs took part.
LARGEST_WAIT = 0.03


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


class Turns:
    """The rounds of one case."""

    def __init__(self, sides, libraries, watch, patience):
        """`sides` map names to functions as `turn_of` makes them; `patience` is in seconds.

        `libraries` map names to what their sides are formats of; only the fastest counts.
        """
        self.sides, self.libraries, self.watch = dict(sides), libraries, watch
        self.patience = patience
        self.samples = {name: [] for name in sides}
        self.undisturbed = {name: [] for name in sides}
        self.disturbed = 0

    def run(self, rounds):
        """The median seconds of a run, by side: of undisturbed turns where there are three."""
        runs = {}
        for name, side in self.sides.items():
            time.sleep(PAUSE)
            side(1)
            runs[name] = max(1, min(200, int(TURN / side(1)[0])))
        for index in range(rounds):
            for name in list(self.sides):
                self.samples[name].append(self.turn(name, runs[name]))
            if index == 1:
                self.drop_slower_formats()
        return {
            name: statistics.median(
                self.undisturbed[name] if len(self.undisturbed[name]) >= 3 else self.samples[name])
            for name in self.sides}

    def turn(self, name, runs):
        """The mean seconds of a run in one turn, repeated for a while if others disturb it."""
        while True:
            time.sleep(PAUSE)
            start, before = time.perf_counter(), self.watch.waited()
            # The first run after the pause finds cold caches and sleeping threads.
            times = self.sides[name](runs + 1)[1:]
            elapsed = time.perf_counter() - start
            wait = self.watch.waited() - before
            if wait <= LARGEST_WAIT * elapsed:
                self.undisturbed[name].append(statistics.fmean(times))
                return self.undisturbed[name][-1]
            if self.patience <= 0:
                self.disturbed += 1
                return statistics.fmean(times)
            time.sleep(PAUSE)
            self.patience -= elapsed + 2 * PAUSE

    def drop_slower_formats(self):
        """Ends the trial of formats that are clearly slower than another of their library."""
        fastest = {}
        for name, library in self.libraries.items():
            best = min(self.samples[name])
            fastest[library] = min(best, fastest.get(library, best))
        for name, library in self.libraries.items():
            if min(self.samples[name]) > 1.2 * fastest[library]:
                del self.sides[name]
