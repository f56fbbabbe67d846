"""Embedders from the project's own files, in PyTorch: pictures in 0…1, NCHW."""

import hashlib
import json
import os

import numpy
import torch
import torch.nn.functional as F


def read_safetensors(path):
    """The tensors of a file, by name."""
    with open(path, "rb") as file:
        length = int.from_bytes(file.read(8), "little")
        header = json.loads(file.read(length))
        data = file.read()
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        start, end = entry["data_offsets"]
        kind = {"F32": numpy.float32, "F16": numpy.float16}[entry["dtype"]]
        numbers = numpy.frombuffer(data[start:end], kind).astype(numpy.float32)
        tensors[name] = torch.from_numpy(numbers.reshape(entry["shape"]).copy())
    return tensors


def triangle(old, new):
    """The weights that make `new` places of `old` ones, [new][old]; each row sums to 1.

    A triangle that reaches one place of the coarser of the two grids.
    """
    step = old / new
    reach = max(1, step)
    middles = (torch.arange(new, dtype=torch.float64) + 0.5) * step
    places = torch.arange(old, dtype=torch.float64) + 0.5
    weights = (1 - (places[None, :] - middles[:, None]).abs() / reach).clamp(min=0)
    return (weights / weights.sum(1, keepdim=True)).float()


class View(torch.nn.Module):
    """What a network sees of aligned faces: a square of them, in colour or grey, at its side."""

    def __init__(self, settings):
        super().__init__()
        self.top, self.left, self.side = (settings[name] for name in ("top", "left", "side"))
        self.is_grey = settings["isGrey"]
        # Written only where it differs from the square's side.
        self.pixels = settings.get("resolution") or self.side
        self.register_buffer("weights", triangle(self.side, self.pixels))
        self.register_buffer("grey", torch.tensor([0.299, 0.587, 0.114]).view(1, 3, 1, 1))

    def forward(self, x):
        x = x[:, :, self.top:self.top + self.side, self.left:self.left + self.side] * 2 - 1
        if self.is_grey:
            x = (x * self.grey).sum(1, keepdim=True)
        if self.pixels != self.side:
            x = self.weights @ x @ self.weights.T
        return x


class Embedder(torch.nn.Module):
    """Unit-length f_C; weights are fixed, gradients reach the pixels."""

    def __init__(self, folder, name):
        super().__init__()
        with open(os.path.join(folder, "manifest.json")) as file:
            models = {model["name"]: model for model in json.load(file)["models"]}
        path = os.path.join(folder, models[name]["file"])
        with open(path, "rb") as file:
            self.sha256 = hashlib.sha256(file.read()).hexdigest()
        if self.sha256 != models[name]["sha256"]:
            raise ValueError(f"{path} is not the file that the manifest names")
        self.settings = models[name]["architecture"]
        # Manifests from before there were other kinds have neither.
        self.kind, self.slope = self.settings.get("kind", "vgg"), self.settings.get("slope", 0)
        if self.kind not in ("vgg", "residual"):
            raise ValueError(f"{name} is of kind '{self.kind}'; expected vgg or residual")
        if self.settings["head"] not in ("map", "average"):
            raise ValueError(f"{name} has the head '{self.settings['head']}'; "
                             "expected map or average")
        table = read_safetensors(path)
        self.view = View(self.settings["view"])
        self.blocks = [
            [convolution(table, f"block{block}.conv{index}") for index in range(1, count + 1)]
            for block, count in enumerate(self.settings["convolutions"], 1)]
        weight, self.bias = folded(table, "embedding")
        self.weight = weight.T.contiguous()

    def active(self, x, layer):
        """A convolution and its activation."""
        return F.leaky_relu(F.conv2d(x, *layer, padding=1), self.slope)

    def response(self, x, layers, is_pooled):
        """A block's response."""
        pool = (lambda y: F.max_pool2d(y, 2)) if is_pooled else (lambda y: y)
        if self.kind == "residual":
            x = pool(self.active(x, layers[0]))
            for first, second in zip(layers[1::2], layers[2::2]):
                x = x + self.active(self.active(x, first), second)
            return x
        for layer in layers:
            x = self.active(x, layer)
        return pool(x)

    def straight(self, x):
        """f_C before it is brought to unit length."""
        x = self.view(x)
        is_map = self.settings["head"] == "map"
        for index, layers in enumerate(self.blocks, 1):
            x = self.response(x, layers, is_pooled=is_map or index < len(self.blocks))
        # Our maps are flattened with the channels last.
        x = x.permute(0, 2, 3, 1).flatten(1) if is_map else x.mean((2, 3))
        return F.linear(x, self.weight, self.bias)

    def forward(self, x):
        y = self.straight(x)
        if self.settings.get("averagesMirrorImages"):
            y = y + self.straight(x.flip(3))
        return F.normalize(y)


def convolution(table, name):
    """Weight, [out][in][kH][kW], and bias of a convolution with its batch normalisation."""
    weight, bias = folded(table, name)
    return weight.permute(3, 2, 0, 1).contiguous(), bias


def folded(table, name):
    """Weight and bias of a layer with its batch normalisation."""
    scale = table[name + ".gamma"] / torch.sqrt(table[name + ".running_variance"] + 1e-5)
    bias = table[name + ".beta"] - table[name + ".running_mean"] * scale
    return table[name + ".weight"] * scale, bias
