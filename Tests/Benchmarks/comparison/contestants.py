"""What competes with our side in each case, and how both results are compared."""

from dataclasses import dataclass
from typing import Callable

import torch

from . import networks, operations, training

FORMATS = {"torch nchw": torch.contiguous_format, "torch nhwc": torch.channels_last}


@dataclass
class Contestant:
    """A computation of a case by another library."""

    name: str
    run: Callable
    # Puts a result into our axis order.
    arranged: Callable = lambda result: result


def contestants(description, inputs, outputs, threads, formats=None):
    """Everyone who can compute the case; PyTorch in `formats` only, if given."""
    formats = formats or FORMATS
    kind = description["kind"]
    if kind == "embedder-step":
        rates = [float(output["rate"]) for output in outputs]
        return [Contestant(name, training.embedder_step(description, inputs, rates, memory_format))
                for name, memory_format in formats.items()]
    if kind == "algorithm1":
        return [Contestant(name, training.algorithm1(description, inputs, memory_format))
                for name, memory_format in formats.items()]
    if "pass" in description:
        formats = {"torch": None} if kind == "dense" else formats
        return [Contestant(name, *operations.operation(
                    description, inputs, memory_format == torch.channels_last))
                for name, memory_format in formats.items()]
    return network_contestants(description, inputs, outputs[0]["y"], threads, formats)


def network_contestants(description, inputs, output, threads, formats):
    """PyTorch in both memory formats, and onnxruntime for what only goes forward."""
    kind = description["kind"].removesuffix("-accurate")
    build = networks.embedder if kind == "pixel-gradient" else getattr(networks, kind)
    layers = build(description["settings"], inputs)
    if kind == "generator":
        x = torch.cat([inputs["identity"], inputs["latent"]], 1)
    else:
        x = operations.to_channel_first(inputs["x"]).contiguous()
    found = []
    for name, memory_format in formats.items():
        is_last = memory_format == torch.channels_last
        stored = networks.channels_last(layers) if is_last else layers
        pixels = operations.stored(x.clone(), is_last)
        function = (pixel_gradient(stored, pixels, inputs["target"]) if kind == "pixel-gradient"
                    else forward(stored, pixels))
        found.append(Contestant(name, function, operations.to_channel_last))
    if kind != "pixel-gradient":
        shape = operations.to_channel_first(output).shape
        session = networks.onnx_session(layers, x.shape, shape, threads)
        numbers = x.numpy()
        found.append(Contestant(
            "onnxruntime", lambda: torch.from_numpy(session.run(None, {"x": numbers})[0]),
            operations.to_channel_last))
    return found


def forward(layers, x):
    """A function that computes a network once."""
    @torch.inference_mode()
    def compute():
        return networks.run(layers, x)

    return compute


def pixel_gradient(layers, x, target):
    """A function that computes ∂‖f_C(x) − target‖²/∂x, both of unit length."""
    x.requires_grad_()

    def compute():
        unit = torch.nn.functional.normalize(networks.run(layers, x))
        return torch.autograd.grad((unit - target).square().sum(), x)[0]

    return compute


def error(result, reference):
    """The largest difference, relative to the largest value."""
    difference = (result.double() - reference.double()).abs().max()
    return float(difference / reference.double().abs().max())


def typical_error(result, reference):
    """The error of the median picture.

    Where two numbers differ by less than rounding, a rectifier or a pooling may send one picture's
    gradient another way in the two libraries; that is no mistake of either.
    """
    errors = [error(*pair) for pair in zip(result, reference)]
    return sorted(errors)[len(errors) // 2]


def step_errors(results, outputs):
    """The largest relative difference of any loss: in the first step, and in the later ones."""
    theirs, ours = (torch.cat([value.reshape(-1, value.shape[-1]).double() for value in values])
                    for values in (results, [output["losses"] for output in outputs]))
    differences = (theirs - ours).abs() / ours.abs().clamp(min=1e-6)
    return float(differences[0].max()), float(differences[1:].max())
