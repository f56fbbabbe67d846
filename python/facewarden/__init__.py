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
    AttackSetError, EnrolmentError, FacewardenError, LibraryError, ModelsError, PictureError,
    RequestError)
from .results import (
    Attack, Box, Candidate, Comparison, Embedding, Face, FaceImage, Identification, Model,
    OperatingPoint, Picture, Screening, Template, Verdict)

__version__ = "0.1.0"

__all__ = [
    "Attack", "AttackSet", "AttackSetEntry", "AttackSetError", "AttackSetPair", "Box", "Candidate",
    "Comparison", "Embedding", "EnrolmentError", "Face", "FaceImage", "FacewardenError",
    "Identification", "LibraryError", "Model", "ModelsError", "OperatingPoint", "Picture",
    "PictureError", "PictureLike", "RequestError", "Screening", "Template", "Verdict", "Warden",
    "decode", "library_version",
]
