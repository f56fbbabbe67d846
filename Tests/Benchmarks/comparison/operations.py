"""Single operations in PyTorch, as our side's kernel cases describe them."""

import torch
import torch.nn.functional as F

from .networks import convolution_weight


def stored(tensor, is_channels_last):
    """A map in one of the two memory formats; anything else as it is."""
    if tensor.dim() != 4:
        return tensor
    kind = torch.channels_last if is_channels_last else torch.contiguous_format
    return tensor.contiguous(memory_format=kind)


def to_channel_first(tensor):
    return tensor.permute(0, 3, 1, 2) if tensor.dim() == 4 else tensor


def to_channel_last(tensor):
    return tensor.permute(0, 2, 3, 1) if tensor.dim() == 4 else tensor


def operation(description, inputs, is_channels_last, dtype=torch.float32):
    """A function that computes the case once, and one that puts its result in our axis order."""
    kind, direction = description["kind"], description["pass"]
    store = lambda tensor: stored(tensor.to(dtype), is_channels_last)
    x = store(to_channel_first(inputs["x"]))
    dy = store(to_channel_first(inputs["dy"])) if "dy" in inputs else None
    if kind == "batchnorm":
        return normalization(x, inputs["gamma"], inputs["beta"], dy), to_channel_last

    weight = inputs["weight"]
    weight = weight.T.contiguous() if kind == "dense" else convolution_weight(weight)
    weight = store(weight)
    if direction == "forward":
        bias = inputs["bias"].to(dtype) if "bias" in inputs else None

        @torch.inference_mode()
        def forward():
            y = apply(kind, x, weight, bias)
            return y if kind == "dense" or bias is None else F.relu_(y)

        return forward, to_channel_last

    target = {"input-gradient": x, "weight-gradient": weight}[direction]
    target.requires_grad_()
    # The forward pass is recorded once; only carrying the gradient back is timed.
    y = apply(kind, x, weight, None)

    def backward():
        return torch.autograd.grad(y, target, dy, retain_graph=True)[0]

    if direction == "input-gradient":
        return backward, to_channel_last
    return backward, lambda g: g.T if kind == "dense" else g.permute(2, 3, 1, 0)


def apply(kind, x, weight, bias):
    """The operation before its activation."""
    if kind == "dense":
        return F.linear(x, weight, bias)
    if kind == "conv4x4s2":
        return F.conv2d(x, weight, bias, 2, 1)
    if kind == "upsampled3x3":
        x = F.interpolate(x, scale_factor=2, mode="nearest")
    return F.conv2d(x, weight, bias, 1, 1)


def normalization(x, gamma, beta, dy):
    """Batch normalisation by the batch's statistics, and ReLU."""
    def forward():
        return F.relu_(F.batch_norm(x, None, None, gamma, beta, training=True))

    if dy is None:
        return torch.inference_mode()(forward)
    tracked = [tensor.requires_grad_() for tensor in (x, gamma, beta)]
    y = forward()
    return lambda: torch.autograd.grad(y, tracked, dy, retain_graph=True)[0]
