"""Says whether two pictures show one person, and whether either was tampered with to fool the network.

    from facewarden import Warden
    with Warden("models") as warden:
        verdict = warden.verify("probe.jpg", "reference.jpg")
        print(verdict.decision, verdict.reason)
"""

from ._library import PictureLike, decode, library_version
from ._warden import Warden
from .attack_set import AttackSet, AttackSetEntry, AttackSetPair
from .errors import (
    AttackSetError, FacewardenError, LibraryError, ModelsError, PictureError, RequestError)
from .results import (
    Attack, Box, Comparison, Embedding, Face, FaceImage, Model, OperatingPoint, Picture, Screening,
    Verdict)

__version__ = "0.1.0"

__all__ = [
    "Attack", "AttackSet", "AttackSetEntry", "AttackSetError", "AttackSetPair", "Box", "Comparison",
    "Embedding", "Face", "FaceImage", "FacewardenError", "LibraryError", "Model", "ModelsError",
    "OperatingPoint", "Picture", "PictureError", "PictureLike", "RequestError", "Screening", "Verdict",
    "Warden", "decode", "library_version",
]
