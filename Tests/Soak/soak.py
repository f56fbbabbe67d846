"""A soak: `facewarden serve` under mixed load with faults, and what it needs meanwhile.

    python3 soak.py --tool facewarden --models models --samples samples --minutes 60

Clients verify, screen, embed, enrol, send what is malformed or damaged, cut their connections, send a
byte a second, read late, come without a key. Each minute the log is rotated by SIGHUP, and one of the
keys is exchanged. Each minute the load pauses, and memory, file descriptors and threads are counted.

It fails if an answer is other than its request explains, if the same request gets another answer than
before, if a request is missing in the log or told twice, if memory grows after the first ten minutes
(the first third of a shorter soak), or if descriptors do. Written: the report, JSON, and what happened
on standard output.
"""

import argparse
import hashlib
import json
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time

from load import Load


class Keys:
    """A file of two keys, of which one is exchanged."""

    def __init__(self, path):
        self.path, self.number, self.old, self.lock = path, 0, None, threading.Lock()
        self.write()

    def key(self, number):
        return hashlib.sha256(f"soak {number}".encode()).hexdigest()

    def write(self):
        digest = lambda key: hashlib.sha256(key.encode()).hexdigest()
        text = f"steady {digest(self.key(-1))}\nchanged {digest(self.key(self.number))}\n"
        with open(self.path + ".new", "w") as file:
            file.write(text)
        os.rename(self.path + ".new", self.path)

    def exchange(self):
        with self.lock:
            self.number += 1
            self.old = None
            self.write()

    def exchanged(self):
        """The service has read the file: from now on the former key opens nothing."""
        with self.lock:
            self.old = self.key(self.number - 1)

    def newest(self):
        return self.key(self.number)

    def current(self):
        """The steady key, which is never refused."""
        return self.key(-1)

    def former(self):
        with self.lock:
            return self.old


class Pause:
    """Clients that stop between two requests, and go on."""

    def __init__(self, clients):
        self.clients, self.resting, self.wanted = clients, 0, False
        self.changed = threading.Condition()

    def pass_by(self):
        with self.changed:
            if not self.wanted:
                return
            self.resting += 1
            self.changed.notify_all()
            while self.wanted:
                self.changed.wait()
            self.resting -= 1

    def rest(self):
        with self.changed:
            self.wanted = True
            while self.resting < self.clients:
                self.changed.wait()

    def go_on(self):
        with self.changed:
            self.wanted = False
            self.changed.notify_all()


def needs(process):
    """Megabytes in memory, open file descriptors, threads."""
    fields = dict(
        line.split(":", 1) for line in open(f"/proc/{process}/status").read().splitlines() if ":" in line)
    return {
        "megabytes": round(int(fields["VmRSS"].split()[0]) / 1024, 1),
        "descriptors": len(os.listdir(f"/proc/{process}/fd")),
        "threads": int(fields["Threads"]),
    }


def start(options, folder):
    log = folder + "/log"
    words = [options.tool, "serve", "--models", options.models, "--aligned", "--port", "0",
             "--keys", folder + "/keys", "--log", log, "--deadline-seconds", str(options.deadline)]
    service = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    end = time.monotonic() + 300
    while time.monotonic() < end and service.poll() is None:
        for line in open(log) if os.path.exists(log) else []:
            if '"url"' in line:
                return service, int(json.loads(line)["url"].rstrip("/").rsplit(":", 1)[1])
        time.sleep(0.1)
    sys.exit("the service does not listen")


def log_lines(folder):
    """The requests that the logs tell of, by their identifiers, and lines that are no JSON."""
    told, broken = {}, []
    for name in sorted(os.listdir(folder)):
        if not name.startswith("log"):
            continue
        for line in open(f"{folder}/{name}", "rb"):
            try:
                entry = json.loads(line)
            except ValueError:
                broken.append(line[:100].decode("utf-8", "replace"))
                continue
            if entry.get("event") == "request" and "request_id" in entry:
                told[entry["request_id"]] = told.get(entry["request_id"], 0) + 1
    return told, broken


def judged(samples, load, folder, seconds):
    """What was wrong, in sentences."""
    wrong = [f"{text} ({load.wrong.count(text)} times)" for text in sorted(set(load.wrong))]
    told, broken = log_lines(folder)
    wrong += [f"a line of the log is no JSON: {line}" for line in broken[:5]]
    twice = [name for name, count in told.items() if count > 1]
    if twice:
        wrong.append(f"{len(twice)} requests are in the log twice")
    lost = [name for name in load.seen if name and name not in told and name not in load.quiet]
    if lost:
        wrong.append(f"{len(lost)} of {len(load.seen)} answered requests are missing in the log")
    settled = [s for s in samples if s["second"] >= min(600, seconds / 3)]
    if len(settled) >= 4:
        quarter = max(1, len(settled) // 4)
        before = statistics.mean(s["megabytes"] for s in settled[:quarter])
        after = statistics.mean(s["megabytes"] for s in settled[-quarter:])
        if after > before * 1.03:
            wrong.append(f"memory grew from {before:.1f} to {after:.1f} MB after the first part")
    for what in ("descriptors", "threads"):
        values = [s[what] for s in settled]
        if values and max(values) != min(values):
            wrong.append(f"{what} went from {min(values)} to {max(values)}")
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--tool", required=True)
    parser.add_argument("--models", required=True)
    parser.add_argument("--samples", required=True)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--pause", type=float, default=0.2, help="mean seconds between two requests of a client")
    parser.add_argument("--deadline", type=int, default=10, help="seconds that an answer may take")
    parser.add_argument("--every", type=float, default=60, help="seconds between two rotations")
    parser.add_argument("--report", help="a file for the report, JSON")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        keys = Keys(folder + "/keys")
        service, port = start(options, folder)
        load, pause = Load(port, options.samples, keys), Pause(options.clients)
        begin, stopping = time.monotonic(), threading.Event()

        def client(number):
            chance = random.Random(number)
            while not stopping.is_set():
                load.one(chance)
                pause.pass_by()
                time.sleep(chance.expovariate(1 / options.pause))
            # Whoever rests is waited for.
            pause.pass_by()

        threads = [threading.Thread(target=client, args=(n,), daemon=True) for n in range(options.clients)]
        for thread in threads:
            thread.start()
        samples, rotations = [], 0
        while time.monotonic() - begin < options.minutes * 60 and service.poll() is None:
            time.sleep(options.every)
            rotations += 1
            os.rename(folder + "/log", f"{folder}/log.{rotations:04}")
            keys.exchange()
            service.send_signal(signal.SIGHUP)
            if not load.opens(keys.newest(), seconds=10):
                load.wrong.append("a new key opened nothing 10 s after SIGHUP")
            keys.exchanged()
            pause.rest()
            # Connections are closed by their clients; the service sees it within a second or two.
            time.sleep(4)
            sample = {"second": round(time.monotonic() - begin), **needs(service.pid)}
            samples.append(sample)
            print(sample, sum(load.counts.values()), "requests,", len(load.wrong), "wrong", flush=True)
            pause.go_on()
        if service.poll() is not None:
            load.wrong.append(f"the service ended with status {service.returncode}")
        stopping.set()
        for thread in threads:
            thread.join()
        service.send_signal(signal.SIGTERM)
        status = service.wait(timeout=60)
        if status != 0:
            load.wrong.append(f"SIGTERM was answered by status {status}")
        wrong = judged(samples, load, folder, options.minutes * 60)
    report = {"minutes": options.minutes, "clients": options.clients, "requests": load.counts,
              "rotations": rotations, "samples": samples, "wrong": wrong}
    if options.report:
        with open(options.report, "w") as file:
            json.dump(report, file, indent=1, sort_keys=True)
    print(f"{sum(load.counts.values())} requests, {rotations} rotations, {len(wrong)} kinds of wrong answers")
    for sentence in wrong:
        print("wrong:", sentence)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
