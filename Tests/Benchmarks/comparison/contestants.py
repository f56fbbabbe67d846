"""What competes with our side in each case."""

import functools

import torch

from . import networks, operations, training
from .agreement import error, step_errors, typical_distance, typical_error
from .contest import Contestant, Entrant
from .targets import GRADIENT_TOLERANCES, LATER_TOLERANCES, TOLERANCES
from .tensors import recorded

FORMATS = {"nchw": torch.contiguous_format, "nhwc": torch.channels_last}
TORCH = ("torch", "torch bf16")
STEPS = {"embedder-step": training.embedder_step, "algorithm1": training.algorithm1}


def contestants(case, description, engine, libraries, threads):
    """Who of `libraries` can compute a case; nobody if it does not say how."""
    if "kind" not in description:
        return []
    inputs, outputs = recorded(engine, case)
    return everyone(description, inputs, outputs, libraries, threads)


def everyone(description, inputs, outputs, libraries, threads):
    """Who of `libraries` can compute a case, from what our side wrote of it."""
    kind = description["kind"]
    if kind in STEPS:
        return step_contestants(description, inputs, outputs, libraries)
    if "pass" in description:
        return operation_contestants(description, inputs, outputs)
    return network_contestants(description, inputs, outputs[0]["y"], libraries, threads)


def precision(library):
    """What tolerances go by."""
    return "bf16" if library.endswith("bf16") else "float"


def step_contestants(description, inputs, outputs, libraries):
    """PyTorch in both memory formats, in float and, if it takes part, in bfloat16."""
    def prepare(library, memory_format):
        step = STEPS[description["kind"]](
            description, inputs, outputs, memory_format, precision(library) == "bf16")

        def check():
            first, later = step_errors([step() for _ in outputs], outputs)
            allowed = TOLERANCES[precision(library)], LATER_TOLERANCES[precision(library)]
            return first, first <= allowed[0] and later <= allowed[1]

        return Entrant(step, check)

    return [Contestant(f"{library} {name}", library,
                       functools.partial(prepare, library, memory_format))
            for library in libraries if library in TORCH
            for name, memory_format in FORMATS.items()]


def entrant(run, arranged, output, library="torch", measure=error, allowed=TOLERANCES):
    """An entrant whose result, put into our axis order, is compared with ours."""
    def check():
        found = measure(arranged(run()), output)
        return found, found <= allowed[precision(library)]

    return Entrant(run, check)


def operation_contestants(description, inputs, outputs):
    """PyTorch, in both memory formats if there are maps."""
    def prepare(is_channels_last):
        run, arranged = operations.operation(description, inputs, is_channels_last)
        return entrant(run, arranged, outputs[0]["y"])

    if description["kind"] == "dense":
        return [Contestant("torch", "torch", functools.partial(prepare, False))]
    return [Contestant(f"torch {name}", "torch",
                       functools.partial(prepare, memory_format == torch.channels_last))
            for name, memory_format in FORMATS.items()]


def network_contestants(description, inputs, output, libraries, threads):
    """PyTorch in both memory formats and in each precision; others for what only goes forward."""
    kind = description["kind"].removesuffix("-accurate")
    build = networks.embedder if kind == "pixel-gradient" else getattr(networks, kind)
    layers = build(description["settings"], inputs)
    if kind == "generator":
        x = torch.cat([inputs["identity"], inputs["latent"]], 1)
    else:
        x = operations.to_channel_first(inputs["x"]).contiguous()
    last = operations.to_channel_last

    def with_torch(library, is_channels_last):
        stored = networks.channels_last(layers) if is_channels_last else layers
        is_bfloat16 = precision(library) == "bf16"
        if is_bfloat16:
            stored = networks.in_bfloat16(stored)
        pixels = operations.stored(x.clone(), is_channels_last)
        if kind == "pixel-gradient":
            run = pixel_gradient(stored, pixels, inputs["target"], is_bfloat16)
            if is_bfloat16:
                return entrant(run, last, output, library, typical_distance, GRADIENT_TOLERANCES)
            return entrant(run, last, output, library, typical_error)
        return entrant(forward(stored, pixels, is_bfloat16), last, output, library)

    def with_graph(library):
        from . import graphs

        shape = operations.to_channel_first(output).shape
        model = graphs.onnx_model(layers, x.shape, shape)
        if library == "onnxruntime":
            compute = graphs.with_onnxruntime(model, threads)
        else:
            kinds = {"float": "f32", "bf16": "bf16"}
            compute = graphs.with_openvino(model, threads, kinds[precision(library)])
        numbers = x.numpy()
        return entrant(
            lambda: compute(numbers), lambda y: last(torch.from_numpy(y)), output, library)

    found = [Contestant(f"{library} {name}", library,
                        functools.partial(with_torch, library, memory_format == torch.channels_last))
             for library in libraries if library in TORCH
             for name, memory_format in FORMATS.items()]
    if kind != "pixel-gradient":
        found += [Contestant(library, library, functools.partial(with_graph, library))
                  for library in libraries if library.startswith(("onnxruntime", "openvino"))]
    return found


def forward(layers, x, is_bfloat16=False):
    """A function that computes a network once."""
    @torch.inference_mode()
    def compute():
        with networks.precision(is_bfloat16):
            return networks.run(layers, x)

    return compute


def pixel_gradient(layers, x, target, is_bfloat16=False):
    """A function that computes ∂‖f_C(x) − target‖²/∂x, both of unit length; lengths in float."""
    x.requires_grad_()

    def compute():
        with networks.precision(is_bfloat16):
            embedded = networks.run(layers, x)
        unit = torch.nn.functional.normalize(embedded.float())
        return torch.autograd.grad((unit - target).square().sum(), x)[0]

    return compute
