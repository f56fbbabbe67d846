"""What the executable writes, as PyTorch's tensors."""

import json
import os
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


def recorded(engine, case):
    """Weights and inputs of a case, and the outputs of its first runs."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "case.safetensors")
        engine.ask(case=case, file=path)
        tensors = read_safetensors(path)
    parts = {}
    for name, tensor in tensors.items():
        part, rest = name.split("/", 1)
        parts.setdefault(part, {})[rest] = tensor
    inputs = parts.pop("input")
    return inputs, [parts[name] for name in sorted(parts)]
