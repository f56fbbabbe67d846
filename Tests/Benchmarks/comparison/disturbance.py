"""What else a machine did while something was timed, from proc(5)."""

import glob
import os
import time
from dataclasses import dataclass

# Processors that all other programs together may keep busy; an idle system's services take less.
LARGEST_LOAD = 0.1
# The share of the processors' busy time that a hypervisor may give to other machines.
LARGEST_STEAL = 0.01


@dataclass
class Snapshot:
    """Counters at a moment, in seconds since they began."""

    time: float
    # Of all processors together.
    idle: float
    busy: float
    stolen: float
    # Processor time of the processes that are watched.
    own: float


@dataclass
class Load:
    """What happened between two snapshots."""

    # The share of the processors' time in which they had nothing to do.
    idle: float
    # The share of the time with something to do that another machine got.
    steal: float
    # Processors that other programs, and the system, kept busy.
    others: float

    @classmethod
    def between(cls, before, after):
        """The load of a stretch of time."""
        idle, busy, stolen = (getattr(after, name) - getattr(before, name)
                              for name in ("idle", "busy", "stolen"))
        others = max(0, busy - (after.own - before.own))
        return cls(idle=idle / max(idle + busy + stolen, 1e-9),
                   steal=stolen / max(busy + stolen, 1e-9),
                   others=others / max(after.time - before.time, 1e-9))

    def disturbances(self):
        """What was more than it may be, in words; nothing if all was quiet."""
        found = []
        if self.others > LARGEST_LOAD:
            found.append(f"other programs kept {self.others:.2f} processors busy")
        if self.steal > LARGEST_STEAL:
            found.append(f"other machines took {100 * self.steal:.1f} % of the processors")
        return found


class Watch:
    """Counters of the machine and of some of its processes."""

    def __init__(self, processes, proc="/proc"):
        self.processes, self.proc = list(processes), proc
        self.tick = 1 / os.sysconf("SC_CLK_TCK")

    def snapshot(self):
        """The counters now."""
        with open(f"{self.proc}/stat") as file:
            counts = [int(word) * self.tick for word in file.readline().split()[1:9]]
        user, nice, system, idle, waiting, interrupts, soft, stolen = counts
        return Snapshot(time=time.monotonic(), idle=idle + waiting,
                        busy=user + nice + system + interrupts + soft, stolen=stolen,
                        own=sum(map(self.used, self.processes)))

    def used(self, process):
        """The processor time of a process and its threads, in seconds."""
        with open(f"{self.proc}/{process}/stat") as file:
            # The name, in parentheses, may contain anything.
            fields = file.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) * self.tick

    def waited(self):
        """The seconds that threads were ready to run but had no processor (schedstat)."""
        total = 0
        for process in self.processes:
            for path in glob.glob(f"{self.proc}/{process}/task/*/schedstat"):
                try:
                    with open(path) as file:
                        total += int(file.read().split()[1])
                except FileNotFoundError:
                    pass  # a thread that ended meanwhile
        return total * 1e-9
