"""Networks in use as lists of layers, which PyTorch runs and others get as a graph.

Ours are NHWC with weights [kH][kW][in][out]; here pictures are NCHW. Dense layers beside a
flattened map have their weights' rows or columns rearranged, once.
"""

import contextlib
from dataclasses import dataclass, replace

import torch
import torch.nn.functional as F


@dataclass
class Convolution:
    """A convolution, and an activation with `slope` below zero."""

    weight: torch.Tensor
    bias: torch.Tensor
    slope: float
    stride: int = 1


@dataclass
class Dense:
    """Rows times a matrix, and an activation with `slope` below zero."""

    weight: torch.Tensor
    bias: torch.Tensor
    slope: float


@dataclass
class MapStart:
    """G's first map from [f_I, z]: f_I's places times a matrix, plus z times another."""

    identity: torch.Tensor
    latent: torch.Tensor
    scale: torch.Tensor
    shift: torch.Tensor
    slope: float

    def __call__(self, x):
        places, width = self.identity.shape
        count = 16 * places
        own = x[:, :count].reshape(-1, places) @ self.identity
        common = (x[:, count:] @ self.latent).view(-1, width)
        y = (own + common) * self.scale + self.shift
        return y.view(len(x), 4, 4, width).permute(0, 3, 1, 2)


@dataclass
class Addition:
    """Layers whose result is added to their input."""

    layers: list


MAX_POOL, UPSAMPLE, FLATTEN, TANH = "pool", "upsample", "flatten", "tanh"


def convolution_weight(weight):
    """[kH][kW][in][out] as PyTorch has it, [out][in][kH][kW]."""
    return weight.permute(3, 2, 0, 1).contiguous()


def rows_of_map(weight, side):
    """The weight of a dense layer that reads a map, [out][in], for a channel-first map."""
    rows, columns = weight.shape
    weight = weight.view(side * side, rows // (side * side), columns).transpose(0, 1)
    return weight.reshape(rows, columns).T.contiguous()


def columns_of_map(tensor, side):
    """What belongs to the numbers of a map on the last axis, for a channel-first map."""
    shape = tensor.shape
    split = tensor.reshape(*shape[:-1], side * side, shape[-1] // (side * side))
    return split.transpose(-1, -2).reshape(shape).contiguous()


def check_embedder(settings):
    """Raises an error for an embedder of a shape that is not built here."""
    view = settings["view"]
    if settings["head"] != "map":
        raise ValueError(f"an embedder with the head {settings['head']}; expected map")
    if view["isGrey"] or view.get("resolution") or view["top"] or view["left"]:
        raise ValueError(f"an embedder with the view {view}; expected whole pictures in colour")


def embedder(settings, table):
    """f_C of pictures."""
    check_embedder(settings)
    slope, layers = settings.get("slope", 0), []

    def convolution(block, index):
        name = f"block{block}.conv{index}"
        return Convolution(
            convolution_weight(table[name + ".weight"]), table[name + ".bias"], slope)

    for block, count in enumerate(settings["convolutions"], 1):
        convolutions = [convolution(block, index) for index in range(1, count + 1)]
        if settings.get("kind", "vgg") == "residual":
            layers += [convolutions[0], MAX_POOL]
            layers += [Addition(convolutions[index:index + 2]) for index in range(1, count - 1, 2)]
        else:
            layers += convolutions + [MAX_POOL]
    side = settings["view"]["side"] >> len(settings["widths"])
    weight = rows_of_map(table["embedding.weight"], side)
    return layers + [FLATTEN, Dense(weight, table["embedding.bias"], 1)]


def encoder(settings, table):
    """A: mean and log-variance side by side."""
    layers = []
    for block in range(1, len(settings["attributeWidths"]) + 1):
        name = f"block{block}.conv1"
        weight = convolution_weight(table[name + ".weight"])
        layers += [Convolution(weight, table[name + ".bias"], 0.2), MAX_POOL]
    head = Dense(rows_of_map(table["head.weight"], 4), table["head.bias"], 1)
    return layers + [FLATTEN, head]


def generator(settings, table):
    """G, from [f_I, z] as our side has it."""
    scale = table["start.gamma"] / torch.sqrt(table["start.running_variance"] + 1e-5)
    shift = table["start.beta"] - table["start.running_mean"] * scale
    layers = [MapStart(
        table["start.identity.weight"], table["start.latent.weight"], scale, shift, 0.2)]
    for block in range(1, len(settings["generatorWidths"])):
        name = f"block{block}.conv1"
        weight = convolution_weight(table[name + ".weight"])
        layers += [UPSAMPLE, Convolution(weight, table[name + ".bias"], 0.2)]
    last = Convolution(convolution_weight(table["last.weight"]), table["last.bias"], 1)
    return layers + [last, TANH]


def discriminator(settings, table):
    """D's logit."""
    layers = []
    for block in range(1, len(settings["discriminatorWidths"]) + 1):
        weight = convolution_weight(table[f"block{block}.weight"])
        layers.append(Convolution(weight, table[f"block{block}.bias"], 0.2, stride=2))
    head = Dense(rows_of_map(table["head.weight"], 4), table["head.bias"], 1)
    return layers + [FLATTEN, head]


def rectified(y, slope):
    """The activation, in place."""
    if slope == 1:
        return y
    return F.relu_(y) if slope == 0 else F.leaky_relu_(y, slope)


def run(layers, x):
    """Computes with PyTorch."""
    for layer in layers:
        if isinstance(layer, Convolution):
            y = F.conv2d(x, layer.weight, layer.bias, layer.stride, 1)
            x = rectified(y, layer.slope)
        elif isinstance(layer, Dense):
            x = rectified(F.linear(x, layer.weight, layer.bias), layer.slope)
        elif isinstance(layer, MapStart):
            x = rectified(layer(x), layer.slope)
        elif isinstance(layer, Addition):
            x = x + run(layer.layers, x)
        elif layer == MAX_POOL:
            x = F.max_pool2d(x, 2)
        elif layer == UPSAMPLE:
            x = F.interpolate(x, scale_factor=2, mode="nearest")
        elif layer == FLATTEN:
            # Logical order is channel-first in either memory format.
            x = x.reshape(len(x), -1)
        elif layer == TANH:
            x = torch.tanh_(x)
    return x


def channels_last(layers):
    """The layers with convolutions' weights stored as `channels_last` wants them."""
    def converted(layer):
        if isinstance(layer, Addition):
            return Addition(channels_last(layer.layers))
        if not isinstance(layer, Convolution):
            return layer
        weight = layer.weight.contiguous(memory_format=torch.channels_last)
        return Convolution(weight, layer.bias, layer.slope, layer.stride)

    return [converted(layer) for layer in layers]


def in_bfloat16(layers):
    """The layers with the weights and biases of convolutions and dense layers in bfloat16, as autocast
    makes them at each run: who computes often does it once."""
    def converted(layer):
        if isinstance(layer, Addition):
            return Addition(in_bfloat16(layer.layers))
        if not isinstance(layer, (Convolution, Dense)):
            return layer
        return replace(layer, weight=layer.weight.bfloat16(), bias=layer.bias.bfloat16())

    return [converted(layer) for layer in layers]


def precision(is_bfloat16):
    """What networks are computed under: bfloat16 where PyTorch thinks it harmless, or float."""
    if is_bfloat16:
        return torch.autocast("cpu", dtype=torch.bfloat16)
    return contextlib.nullcontext()
