"""The error of 3×3 convolutions against float64: largest error by largest value."""

import torch

from .agreement import error
from .contest import described
from .operations import operation
from .tensors import recorded


def errors(engine, cases):
    """A result per convolution and pass: PyTorch in float32, and our two tiles."""
    rows = {}
    for case, description in cases.items():
        if case.startswith("accuracy/"):
            _, kind, sizes, tile, batch, direction = case.split("/")
            row = rows.setdefault(f"{kind} {sizes} {batch} {direction}", {})
            row[tile] = case, description
    for name, tiles in rows.items():
        try:
            yield {"case": name, "errors": errors_of(engine, tiles)}
        except Exception as failure:  # the other cases go on
            yield {"case": name, "failure": described(failure)}


def errors_of(engine, tiles):
    """The errors of each tile, and PyTorch's."""
    found = {}
    for tile, (case, description) in tiles.items():
        inputs, outputs = recorded(engine, case)
        exact, arranged = operation(description, inputs, False, torch.float64)
        reference = arranged(exact())
        if not found:
            single, arranged = operation(description, inputs, False)
            found["torch"] = error(arranged(single()), reference)
        found[tile] = error(outputs[0]["y"], reference)
    return found


def print_errors(result):
    """A row."""
    if "failure" in result:
        print(f"{result['case']:48} FAILED: {result['failure']}", flush=True)
        return
    numbers = "".join(f"{value:10.1e}" for value in result["errors"].values())
    print(f"{result['case']:48}{numbers}", flush=True)
