"""Weights of networks from the project's own files, as PyTorch takes them."""

import hashlib
import json
import os

import numpy
import torch


class ModelFile:
    """A model that a folder's manifest names: `settings`, its architecture; `table`, its tensors by name."""

    def __init__(self, folder, name):
        with open(os.path.join(folder, "manifest.json")) as file:
            models = {model["name"]: model for model in json.load(file)["models"]}
        if name not in models:
            raise ValueError(f"{folder} has no model {name}; expected one of {', '.join(models)}")
        path = os.path.join(folder, models[name]["file"])
        with open(path, "rb") as file:
            self.sha256 = hashlib.sha256(file.read()).hexdigest()
        if self.sha256 != models[name]["sha256"]:
            raise ValueError(f"{path} is not the file that the manifest names")
        self.settings = models[name]["architecture"]
        self.table = read_safetensors(path)

    def part(self, prefix):
        """The tensors whose names begin with `prefix`, which is taken off."""
        return {name[len(prefix):]: tensor for name, tensor in self.table.items()
                if name.startswith(prefix)}


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


def normalization(table, name):
    """Factor and summand of a channel's batch normalisation with its running statistics."""
    scale = table[name + ".gamma"] / torch.sqrt(table[name + ".running_variance"] + 1e-5)
    return scale, table[name + ".beta"] - table[name + ".running_mean"] * scale


def folded(table, name):
    """Weight and bias of a layer, with its batch normalisation if it has one."""
    if name + ".bias" in table:
        return table[name + ".weight"], table[name + ".bias"]
    scale, bias = normalization(table, name)
    return table[name + ".weight"] * scale, bias


def convolution(table, name):
    """Weight, [out][in][kH][kW], and bias of a convolution with its batch normalisation."""
    weight, bias = folded(table, name)
    return weight.permute(3, 2, 0, 1).contiguous(), bias


def dense(table, name):
    """Weight, [out][in], and bias of a dense layer with its batch normalisation."""
    weight, bias = folded(table, name)
    return weight.T.contiguous(), bias


def triangle(old, new, start=0, extent=1):
    """The weights that make `new` places of `old` ones, [new][old]; each row sums to 1.

    A triangle that reaches one place of the coarser of the two grids. The old ones lie from the share `start` of
    the new ones on, in the share `extent`; around them their border's weights fall to 0 within one old place.
    """
    step = old / (new * extent)
    reach = max(1, step)
    positions = (torch.arange(new, dtype=torch.float64) + 0.5) * step - start * old / extent
    middles = positions.clamp(0, old)
    shares = (1 - (positions - middles).abs()).clamp(min=0)
    places = torch.arange(old, dtype=torch.float64) + 0.5
    weights = (1 - (places[None, :] - middles[:, None]).abs() / reach).clamp(min=0)
    return (weights / weights.sum(1, keepdim=True) * shares[:, None]).float()
