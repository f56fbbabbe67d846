"""Random transforms of pictures in PyTorch, as the tool's EOT draws them: pictures in 0…1, NCHW."""

import io
import math

import numpy
import torch
import torch.nn.functional as F
from PIL import Image


class Draw:
    """What one picture is drawn: turn, zoom, shift, blur, contrast, brightness, JPEG."""

    def __init__(self, generator):
        def around(reach):
            return float(generator.uniform(-reach, reach))

        self.turn, self.zoom = math.radians(around(4)), around(0.04)
        # Shifts are shares of the side; affine_grid counts −1…1 along it.
        self.right, self.down = 2 * around(3 / 128), 2 * around(3 / 128)
        self.blur = float(generator.uniform(0.3, 1.3)) if generator.random() < 0.6 else 0
        self.contrast, self.brightness = 1 + around(0.15), around(0.06)
        self.quality = int(generator.integers(50, 96)) if generator.random() < 0.35 else None

    def __call__(self, x):
        """One picture, (1, 3, side, side), after the transforms; JPEG's gradient goes straight through."""
        side = x.shape[3]
        scale = 1 / (1 + self.zoom)
        a, b = scale * math.cos(self.turn), scale * math.sin(self.turn)
        # The place in the picture that each place of the result comes from.
        back = torch.tensor([[[a, b, -a * self.right - b * self.down],
                              [-b, a, b * self.right - a * self.down]]])
        grid = F.affine_grid(back, list(x.shape), align_corners=True)
        x = F.grid_sample(x, grid, mode="bilinear", padding_mode="border", align_corners=True)
        if self.blur:
            x = blurred(x, self.blur * side / 128)
        x = (x - 0.5) * self.contrast + 0.5 + self.brightness
        return x if self.quality is None else x + (stored(x.detach(), self.quality) - x.detach())


def blurred(x, deviation):
    """A Gaussian along both axes, cut off at three deviations."""
    reach = math.ceil(3 * deviation)
    bell = torch.exp(-torch.arange(-reach, reach + 1) ** 2 / (2 * deviation**2))
    bell = (bell / bell.sum()).view(1, 1, 1, -1).expand(3, 1, 1, -1)
    x = F.pad(x, (reach, reach, reach, reach), mode="replicate")
    return F.conv2d(F.conv2d(x, bell, groups=3), bell.transpose(2, 3), groups=3)


def stored(x, quality):
    """A picture after a passage through JPEG."""
    levels = (x[0] * 255).round().clamp(0, 255).to(torch.uint8)
    file = io.BytesIO()
    Image.fromarray(levels.permute(1, 2, 0).numpy()).save(file, "JPEG", quality=quality)
    decoded = numpy.asarray(Image.open(file), numpy.float32)
    return torch.from_numpy(decoded.copy()).permute(2, 0, 1)[None] / 255
