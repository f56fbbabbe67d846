"""Our side: the Benchmarks executable, driven line by line, and the files it writes."""

import json
import os
import subprocess
import tempfile

import numpy
import torch


def read_safetensors(path):
    """The tensors of a file, by name."""
    with open(path, "rb") as file:
        length = int.from_bytes(file.read(8), "little")
        header = json.loads(file.read(length))
        data = numpy.frombuffer(file.read(), numpy.uint8)
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        start, end = entry["data_offsets"]
        numbers = data[start:end].view(numpy.float32).reshape(entry["shape"])
        tensors[name] = torch.from_numpy(numbers.copy())
    return tensors


class Engine:
    """One process of the executable."""

    def __init__(self, program, threads, isa=None):
        command = [program, "--driven", "--threads", str(threads)]
        self.isa = ["--isa", isa] if isa else []
        self.program = program
        self.process = subprocess.Popen(
            command + self.isa, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def cases(self):
        """What the executable can compute: descriptions by name."""
        lines = subprocess.run(
            [self.program, "--list", "--json"], check=True, stdout=subprocess.PIPE, text=True
        ).stdout.splitlines()
        return {item["case"]: item["description"] for item in map(json.loads, lines)}

    def ask(self, **request):
        """Sends one line and returns the answer."""
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"the executable ended at {request}")
        answer = json.loads(line)
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer

    def recorded(self, case):
        """Weights and inputs of a case, and the outputs of its first runs."""
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "case.safetensors")
            self.ask(case=case, file=path)
            tensors = read_safetensors(path)
        parts = {}
        for name, tensor in tensors.items():
            part, rest = name.split("/", 1)
            parts.setdefault(part, {})[rest] = tensor
        inputs = parts.pop("input")
        return inputs, [parts[name] for name in sorted(parts)]

    def seconds(self, case, runs):
        """The times of `runs` runs, one after the other."""
        return self.ask(case=case, runs=runs)["seconds"]

    def close(self):
        self.process.stdin.close()
        self.process.wait()
