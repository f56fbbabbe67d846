"""The other side of the engine's benchmark: the same computations in PyTorch and onnxruntime."""
