"""The networks of a models folder in PyTorch, f_C and f_V here, A and G from `ip_gan.py`: pictures in 0…1, NCHW."""

import torch
import torch.nn.functional as F

from ip_gan import AttributeEncoder, FaceGenerator
from weights import ModelFile, convolution, dense, triangle

__all__ = ["AttributeEncoder", "Embedder", "FaceGenerator"]


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
        model = ModelFile(folder, name)
        self.sha256, self.settings = model.sha256, model.settings
        # Manifests from before there were other kinds have neither.
        self.kind, self.slope = self.settings.get("kind", "vgg"), self.settings.get("slope", 0)
        if self.kind not in ("vgg", "residual"):
            raise ValueError(f"{name} is of kind '{self.kind}'; expected vgg or residual")
        if self.settings["head"] not in ("map", "average"):
            raise ValueError(f"{name} has the head '{self.settings['head']}'; "
                             "expected map or average")
        self.view = View(self.settings["view"])
        self.blocks = [
            [convolution(model.table, f"block{block}.conv{index}") for index in range(1, count + 1)]
            for block, count in enumerate(self.settings["convolutions"], 1)]
        self.weight, self.bias = dense(model.table, "embedding")

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

    def identity(self, x):
        """f_I, (n, numbers): a map is flattened row by row, with the channels last."""
        x = self.view(x)
        is_map = self.settings["head"] == "map"
        for index, layers in enumerate(self.blocks, 1):
            x = self.response(x, layers, is_pooled=is_map or index < len(self.blocks))
        return x.permute(0, 2, 3, 1).flatten(1) if is_map else x.mean((2, 3))

    def straight(self, x):
        """f_C before it is brought to unit length."""
        return F.linear(self.identity(x), self.weight, self.bias)

    def forward(self, x):
        y = self.straight(x)
        if self.settings.get("averagesMirrorImages"):
            y = y + self.straight(x.flip(3))
        return F.normalize(y)
