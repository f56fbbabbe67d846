"""The peak memory of a training step, each side in a fresh process of its own."""

import gc
import json
import subprocess
import sys

from .contestants import FORMATS, contestants
from .engine import Engine

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
    inputs, outputs = engine.recorded(case)
    engine.close()
    formats = {name: FORMATS[name]}
    rival, = contestants(description, inputs, outputs, options.threads, formats)
    del inputs, outputs
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
    for name in FORMATS:
        command = [
            sys.executable, sys.argv[0], "--program", options.program,
            "--threads", str(options.threads), "--memory-of", f"{case}={name}"]
        text = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
        found[name] = json.loads(text)
    return found


def print_table(options, cases):
    """A row per case and side: what the process had, its peak, and the difference, in MB."""
    results = []
    if cases:
        print(f"\n{'peak memory of ' + str(STEPS) + ' steps':32} {'side':12}"
              f"{'before':>10}{'peak':>10}{'step':>10}  MB; ours shall not exceed theirs")
    for case in cases:
        found = measured(options, case)
        results.append({"case": case, "bytes": found})
        for side, numbers in found.items():
            before, peak = numbers["before"] / 1e6, numbers["peak"] / 1e6
            print(f"{case:32} {side:12}{before:10.0f}{peak:10.0f}{peak - before:10.0f}", flush=True)
        growth = {side: numbers["peak"] - numbers["before"] for side, numbers in found.items()}
        ours = growth.pop("ours")
        print(f"{'':32} {'ok' if ours <= min(growth.values()) else 'MISSED'}", flush=True)
    return results
