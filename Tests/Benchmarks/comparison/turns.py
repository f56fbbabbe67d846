"""Taking turns on one machine, A B A B …, and noticing when others disturb."""

import glob
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


def waited(process):
    """The seconds that a process' threads were ready to run but had no processor (schedstat)."""
    total = 0
    for path in glob.glob(f"/proc/{process}/task/*/schedstat"):
        try:
            with open(path) as file:
                total += int(file.read().split()[1])
        except FileNotFoundError:
            pass  # a thread that ended meanwhile
    return total * 1e-9


class Turns:
    """The rounds of one case."""

    def __init__(self, sides, processes, patience):
        """`sides` map names to functions as `turn_of` makes them; `patience` is in seconds."""
        self.sides, self.processes = dict(sides), processes
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
                self.drop_slower_format()
        return {
            name: statistics.median(
                self.undisturbed[name] if len(self.undisturbed[name]) >= 3 else self.samples[name])
            for name in self.sides}

    def turn(self, name, runs):
        """The mean seconds of a run in one turn, repeated for a while if others disturb it."""
        while True:
            time.sleep(PAUSE)
            start, before = time.perf_counter(), sum(map(waited, self.processes))
            # The first run after the pause finds cold caches and sleeping threads.
            times = self.sides[name](runs + 1)[1:]
            elapsed = time.perf_counter() - start
            wait = sum(map(waited, self.processes)) - before
            if wait <= LARGEST_WAIT * elapsed:
                self.undisturbed[name].append(statistics.fmean(times))
                return self.undisturbed[name][-1]
            if self.patience <= 0:
                self.disturbed += 1
                return statistics.fmean(times)
            time.sleep(PAUSE)
            self.patience -= elapsed + 2 * PAUSE

    def drop_slower_format(self):
        """Ends the trial of the memory format that is clearly slower: only the faster counts."""
        formats = sorted(
            (min(times), name) for name, times in self.samples.items()
            if name.startswith("torch "))
        if len(formats) == 2 and formats[1][0] > 1.2 * formats[0][0]:
            del self.sides[formats[1][1]]
