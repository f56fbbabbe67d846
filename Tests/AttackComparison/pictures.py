"""Pictures as numbers, and through a file."""

import io

import numpy
import torch
from PIL import Image


def picture(path):
    """A picture as numbers 0…1, NCHW."""
    levels = numpy.asarray(Image.open(path).convert("RGB"), numpy.float32)
    return torch.from_numpy(levels.copy()).permute(2, 0, 1)[None] / 255


def through_png(x):
    """Each picture of a batch after a passage through an 8-bit PNG file."""
    decoded = []
    for levels in (x * 255).round().clamp(0, 255).to(torch.uint8):
        file = io.BytesIO()
        Image.fromarray(levels.permute(1, 2, 0).numpy()).save(file, "PNG")
        file.seek(0)
        decoded.append(picture(file))
    return torch.cat(decoded)
