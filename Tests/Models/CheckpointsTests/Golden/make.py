"""Writes python.safetensors with the Python library safetensors."""
import numpy as np
from safetensors.numpy import save_file

save_file(
    {
        "weight": np.arange(6, dtype=np.float32).reshape(2, 3) / 4,
        "half": np.array([-1.5, 2048], dtype=np.float16),
        "step": np.array(-3, dtype=np.int64),
        "state": np.array([2**64 - 1, 7], dtype=np.uint64),
    },
    "python.safetensors",
    metadata={"made_by": "python"},
)
