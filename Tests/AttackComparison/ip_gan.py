"""A and G of an IP-GAN from the project's own files, in PyTorch: pictures in 0…1, NCHW."""

import torch
import torch.nn.functional as F

from weights import ModelFile, convolution, dense, normalization, triangle

# Of all activations of A and G.
SLOPE = 0.2
# Rows and columns of an aligned face.
FACE_SIDE = 128


def active(x, layer):
    """A 3×3 convolution and its activation."""
    return F.leaky_relu(F.conv2d(x, *layer, padding=1), SLOPE)


def doubled(x):
    """Each pixel four times."""
    return F.interpolate(x, scale_factor=2, mode="nearest")


def as_map(rows, side):
    """Numbers (n, row · column · channel) as a map (n, channel, row, column)."""
    return rows.view(len(rows), side, side, -1).permute(0, 3, 1, 2)


class AttributeEncoder(torch.nn.Module):
    """A: mean and log-variance of f_A; weights are fixed, gradients reach the pixels."""

    def __init__(self, folder, name="ip_gan"):
        super().__init__()
        model = ModelFile(folder, name)
        self.sha256, self.settings = model.sha256, model.settings
        table = model.part("encoder/")
        self.blocks = [convolution(table, f"block{index}.conv1")
                       for index in range(1, len(self.settings["attributeWidths"]) + 1)]
        self.weight, self.bias = dense(table, "head")

    def forward(self, x):
        x = x * 2 - 1
        for layer in self.blocks:
            x = F.max_pool2d(active(x, layer), 2)
        both = F.linear(x.permute(0, 2, 3, 1).flatten(1), self.weight, self.bias)
        return both.split(self.settings["latent"], dim=1)


def enlarged(x, layer):
    return active(doubled(x), layer)


def smoothed(x):
    """Channels fade into themselves, (1, 2, 1)/4 in both directions, the edge repeated."""
    channels = x.shape[1]
    bell = x.new_tensor([0.25, 0.5, 0.25])
    window = (bell[:, None] * bell).expand(channels, 1, 3, 3)
    return F.conv2d(F.pad(x, (1, 1, 1, 1), mode="replicate"), window, groups=channels)


def smoothly_enlarged(x, layer):
    return F.leaky_relu(smoothed(F.conv2d(doubled(x), *layer, padding=1)), SLOPE)


class FaceGenerator(torch.nn.Module):
    """G: pictures of f_I (f_C before unit length, if `knows_embedding`) and attributes; weights are fixed, gradients
    reach both."""

    def __init__(self, folder, name="ip_gan"):
        super().__init__()
        model = ModelFile(folder, name)
        self.sha256, self.settings = model.sha256, model.settings
        table = model.part("generator/")
        # Manifests from before there were others name neither.
        self.side = self.settings.get("identitySide", 1)
        self.start = self.settings.get("start", "places")
        if self.start not in ("places", "overlapping", "placed"):
            raise ValueError(f"{name} has the start '{self.start}'; "
                             "expected places, overlapping or placed")
        enlargement = self.settings.get("enlargement", "nearest")
        if enlargement not in ("nearest", "smooth"):
            raise ValueError(f"{name} has the enlargement '{enlargement}'; "
                             "expected nearest or smooth")
        self.enlarged = smoothly_enlarged if enlargement == "smooth" else enlarged
        if self.start == "places" and self.side == 1:
            self.joined = dense(table, "start")
        else:
            self.common = table["start.latent.weight"].T.contiguous()
            self.joint = [numbers.view(1, -1, 1, 1) for numbers in normalization(table, "start")]
        if self.start != "places":
            self.first = 8 if self.side > 4 else 4
            self.own = convolution(table, "start.identity")
            # Where the square that f_I saw lies in the face.
            view = self.settings.get("identityView") or {"top": 0, "left": 0, "side": FACE_SIDE}
            for axis, start in ("down", "top"), ("across", "left"):
                self.register_buffer(axis, triangle(
                    self.side, self.first, view[start] / FACE_SIDE, view["side"] / FACE_SIDE))
            self.grown = convolution(table, "start.attributes") if self.first == 8 else None
        elif self.side != 1:
            self.own = table["start.identity.weight"]
        sizes = range(1, len(self.settings["generatorWidths"]))
        # As many of each size, the doubling one first; one where nothing is said.
        counts = self.settings.get("generatorConvolutions") or [1 for _ in sizes]
        self.blocks = [[convolution(table, f"block{size}.conv{number}")
                        for number in range(1, count + 1)]
                       for size, count in zip(sizes, counts, strict=True)]
        self.last = convolution(table, "last")
        self.knows_embedding = self.settings.get("embedding") is not None
        self.unfolding = dense(table, "start.unfolding") if self.knows_embedding else None

    def seed(self, identity, attributes):
        """G's first map."""
        if self.unfolding:
            identity = F.linear(identity, *self.unfolding)
        if self.start == "places" and self.side == 1:
            row = F.linear(torch.cat([identity, attributes], 1), *self.joined)
            return F.leaky_relu(as_map(row, 4), SLOPE)
        common = as_map(F.linear(attributes, self.common), 4)
        if self.start != "places":
            own = active(as_map(identity, self.side), self.own)
            own = self.down @ own @ self.across.T
            if self.grown:
                common = self.enlarged(common, self.grown)
        else:
            # The same product at each place.
            places = identity.view(len(identity), self.side * self.side, -1) @ self.own
            own = as_map(places.flatten(1), self.side)
        scale, bias = self.joint
        return F.leaky_relu((own + common) * scale + bias, SLOPE)

    def forward(self, identity, attributes):
        x = self.seed(identity, attributes)
        for doubling, *others in self.blocks:
            x = self.enlarged(x, doubling)
            for layer in others:
                x = x + active(x, layer)
        return (torch.tanh(F.conv2d(x, *self.last, padding=1)) + 1) / 2
