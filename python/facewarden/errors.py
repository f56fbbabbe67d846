"""What can go wrong, each with a stable code."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any


class FacewardenError(Exception):
    """A request that has no answer. At a door: denied.

    `code` is a stable name, the same on the command line, in the pipe and over HTTP; `reason` a sentence;
    `raw` the whole answer, if there was one.
    """

    def __init__(self, code: str, reason: str, raw: Mapping[str, Any] | None = None) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason
        self.raw: Mapping[str, Any] = MappingProxyType(dict(raw or {}))

    def __reduce__(self) -> tuple[Any, ...]:
        # Exceptions travel between processes.
        return type(self), (self.code, self.reason, dict(self.raw))


class RequestError(FacewardenError, ValueError):
    """A request that breaks its format: `malformed`."""


class PictureError(FacewardenError):
    """A picture that cannot be used: `picture_damaged`, `no_face`, `several_faces`, `face_too_small`, ..."""


class EnrolmentError(FacewardenError):
    """Pictures that no template is made of: `enrolment_tampered`, `enrolment_mismatch`."""


class ModelsError(FacewardenError):
    """Models that cannot be used, or not here: `no_models`, `not_open`, `other_process`."""


class LibraryError(FacewardenError, ImportError):
    """The shared library is not there, or of another version: `no_library`."""


class AttackSetError(FacewardenError):
    """A folder that holds no attack set that can be read: `attack_set`."""


_MODELS = {"no_models", "not_open", "other_process"}
_ENROLMENT = {"enrolment_mismatch", "enrolment_tampered"}
_PICTURES = {
    "bad_landmarks", "face_too_blurred", "face_too_small", "face_too_turned", "no_face", "not_aligned",
    "picture_damaged", "picture_too_large", "picture_too_small", "several_faces", "unsupported_type",
}


def error_of(raw: Mapping[str, Any]) -> FacewardenError:
    """The exception that an answer without a result is."""
    code, reason = str(raw.get("code", "internal")), str(raw.get("reason", "no reason was given"))
    kind = (RequestError if code == "malformed" else ModelsError if code in _MODELS
            else PictureError if code in _PICTURES
            else EnrolmentError if code in _ENROLMENT else FacewardenError)
    return kind(code, reason, raw)
