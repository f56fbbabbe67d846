"""f_C from the project's own files, in PyTorch: pictures in 0…1, NCHW."""

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
        table = read_safetensors(path)
        self.layers = []
        for block, count in enumerate(self.settings["convolutions"], 1):
            for index in range(1, count + 1):
                weight, bias = folded(table, f"block{block}.conv{index}")
                self.layers.append((weight.permute(3, 2, 0, 1).contiguous(), bias))
            self.layers.append(None)
        if self.settings["head"] == "average":
            self.layers.pop()
        weight, self.bias = folded(table, "embedding")
        self.weight = weight.T.contiguous()

    def straight(self, x):
        """f_C before it is brought to unit length."""
        view = self.settings["view"]
        top, left, side = view["top"], view["left"], view["side"]
        x = x[:, :, top:top + side, left:left + side] * 2 - 1
        if view["isGrey"]:
            grey = torch.tensor([0.299, 0.587, 0.114], device=x.device).view(1, 3, 1, 1)
            x = (x * grey).sum(1, keepdim=True)
        for layer in self.layers:
            if layer is None:
                x = F.max_pool2d(x, 2)
            else:
                x = F.relu(F.conv2d(x, *layer, padding=1))
        if self.settings["head"] == "average":
            x = x.mean((2, 3))
        else:
            # Our maps are flattened with the channels last.
            x = x.permute(0, 2, 3, 1).flatten(1)
        return F.linear(x, self.weight, self.bias)

    def forward(self, x):
        y = self.straight(x)
        if self.settings.get("averagesMirrorImages"):
            y = y + self.straight(x.flip(3))
        return F.normalize(y)


def folded(table, name):
    """Weight and bias of a layer with its batch normalisation."""
    scale = table[name + ".gamma"] / torch.sqrt(table[name + ".running_variance"] + 1e-5)
    bias = table[name + ".beta"] - table[name + ".running_mean"] * scale
    return table[name + ".weight"] * scale, bias
