"""The error of 3×3 convolutions against float64: largest error by largest value."""

import torch

from .contestants import error
from .operations import operation


def print_errors(engine, cases):
    """A row per convolution and pass: PyTorch in float32, and our two tiles."""
    rows = {}
    for case, description in cases.items():
        if not case.startswith("accuracy/"):
            continue
        _, kind, sizes, tile, batch, direction = case.split("/")
        inputs, outputs = engine.recorded(case)
        exact, arranged = operation(description, inputs, False, torch.float64)
        reference = arranged(exact())
        row = rows.setdefault(f"{kind} {sizes} {batch} {direction}", {})
        row[tile] = error(outputs[0]["y"], reference)
        if "torch" not in row:
            single, arranged = operation(description, inputs, False)
            row["torch"] = error(arranged(single()), reference)
    if rows:
        print(f"\n{'error against float64':48}{'torch':>10}{'F(2,3)':>10}{'F(4,3)':>10}")
    for name, row in rows.items():
        print(f"{name:48}{row['torch']:10.1e}{row['F2']:10.1e}{row['F4']:10.1e}")
    return [{"case": name, "errors": row} for name, row in rows.items()]
