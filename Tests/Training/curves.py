"""Computes the losses of ten training steps in PyTorch, which the curve tests are held against.

curves.py DIR: the folder that `FACEWARDEN_CURVES=DIR swift test --filter CurveTests` wrote to. The losses go
to Golden beside this file. The networks and steps are those of the benchmark's comparison.
"""

import json
import math
import pathlib
import struct
import sys

import torch

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "Benchmarks"))

from comparison import training  # noqa: E402

STEPS = 10


def read(path):
    """The tensors and the metadata of a safetensors file of floats."""
    data = path.read_bytes()
    length = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:8 + length])
    metadata = header.pop("__metadata__")
    tensors = {}
    for name, entry in header.items():
        start, end = (8 + length + offset for offset in entry["data_offsets"])
        values = torch.frombuffer(bytearray(data[start:end]), dtype=torch.float32)
        tensors[name] = values.reshape(entry["shape"])
    return tensors, {name: json.loads(text) for name, text in metadata.items()}


def embedder(folder, total=100):
    """The two losses of each step; the rate rises over a twentieth, then falls along a cosine."""
    inputs, description = read(folder / "embedder.safetensors")
    highest = description["settings"]["learningRate"]

    def rate(step):
        warmup = min(500, max(1, total // 20))
        if step < warmup:
            return highest * (step + 1) / warmup
        progress = (step - warmup) / max(1, total - warmup)
        return highest * max(0.002, 0.5 * (1 + math.cos(math.pi * min(1, progress))))

    outputs = [{"rate": torch.tensor([rate(step)])} for step in range(STEPS)]
    step = training.embedder_step(description, inputs, outputs, torch.contiguous_format)
    return [step().tolist() for _ in range(STEPS)]


def ipgan(folder):
    """The five losses of each step, a reconstruction and a transformation in turns."""
    inputs, description = read(folder / "ipgan.safetensors")
    trainer = training.Algorithm1(description, inputs, torch.contiguous_format, False)
    subjects, attributes = (inputs[name].permute(0, 3, 1, 2).contiguous()
                            for name in ("subjects", "attributes"))
    return [trainer.step(subjects, attributes if step % 2 else subjects,
                         inputs[f"noise{step}"]).tolist() for step in range(STEPS)]


if __name__ == "__main__":
    for curve in (embedder, ipgan):
        rows = curve(pathlib.Path(sys.argv[1]))
        lines = ",\n".join("  " + json.dumps(row) for row in rows)
        (HERE / "Golden" / f"{curve.__name__}.json").write_text(f"[\n{lines}\n]\n")
