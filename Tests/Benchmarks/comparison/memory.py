"""The peak memory of a training step, each side in a fresh process of its own."""

import gc
import json
import subprocess
import sys

from .contest import described
from .contestants import FORMATS, everyone
from .engine import Engine
from .tensors import recorded

# Enough that pools and allocators have what they keep.
STEPS = 3


def status(name):
    """A line of proc(5)'s status, in bytes."""
    with open("/proc/self/status") as file:
        line = next(line for line in file if line.startswith(name + ":"))
    return 1024 * int(line.split()[1])


def print_theirs(options):
    """The other side's process: prints its memory in one format as a JSON line."""
    case, name = options.memory_of.split("=")
    engine = Engine(options.program, options.threads)
    description = engine.cases()[case]
    inputs, outputs = recorded(engine, case)
    engine.close()
    found = everyone(description, inputs, outputs, ["torch"], options.threads)
    rival = next(rival for rival in found if rival.name == name).prepare()
    del inputs, outputs, found
    gc.collect()
    with open("/proc/self/clear_refs", "w") as file:
        file.write("5")
    before = status("VmRSS")
    for _ in range(STEPS):
        rival.run()
    print(json.dumps({"before": before, "peak": status("VmHWM")}))
    return 0


def measured(options, case):
    """Bytes before the first step and at most, by side."""
    engine = Engine(options.program, options.threads)
    answer = engine.ask(case=case, runs=STEPS)
    engine.close()
    found = {"ours": {"before": answer["before"], "peak": answer["peak"]}}
    for name in (f"torch {name}" for name in FORMATS):
        command = [
            sys.executable, sys.argv[0], "--program", options.program,
            "--threads", str(options.threads), "--memory-of", f"{case}={name}"]
        text = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
        found[name] = json.loads(text)
    return found


def peaks(options, cases):
    """A result per case: what each side had before, and its peak."""
    for case in cases:
        try:
            yield {"case": case, "bytes": measured(options, case)}
        except Exception as failure:  # the other cases go on
            yield {"case": case, "failure": described(failure)}


def print_peaks(result):
    """A row per side: what the process had, its peak, and the difference, in MB."""
    case = result["case"]
    if "failure" in result:
        print(f"{case:32} FAILED: {result['failure']}", flush=True)
        return
    for side, numbers in result["bytes"].items():
        before, peak = numbers["before"] / 1e6, numbers["peak"] / 1e6
        print(f"{case:32} {side:12}{before:10.0f}{peak:10.0f}{peak - before:10.0f}", flush=True)
    growth = {side: numbers["peak"] - numbers["before"]
              for side, numbers in result["bytes"].items()}
    ours = growth.pop("ours")
    print(f"{'':32} {'ok' if ours <= min(growth.values()) else 'MISSED'}", flush=True)
