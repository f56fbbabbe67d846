"""The shared library, by ctypes: its functions, pictures that it borrows, answers that it gives."""

from __future__ import annotations

import ctypes
import json
import os
import threading
from collections.abc import Mapping
from typing import Any, Union

import numpy as np
import numpy.typing as npt

from .errors import LibraryError, error_of

# The version of the interface that this package speaks: FACEWARDEN_INTERFACE of facewarden.h.
INTERFACE = 1
NAME = "libfacewarden_c.so"
YES, NO, UNDECIDED = 0, 1, 2

PictureLike = Union[str, "os.PathLike[str]", bytes, bytearray, memoryview, npt.NDArray[np.uint8]]

_lock = threading.Lock()
_loaded: ctypes.CDLL | None = None


class CPicture(ctypes.Structure):
    """`facewarden_picture`."""

    _fields_ = [
        ("path", ctypes.c_char_p), ("bytes", ctypes.c_void_p), ("byte_count", ctypes.c_size_t),
        ("width", ctypes.c_size_t), ("height", ctypes.c_size_t), ("stride", ctypes.c_size_t),
    ]


def library() -> ctypes.CDLL:
    """The library: `$FACEWARDEN_LIBRARY`, or the one that lies in the package.

    Raises LibraryError.
    """
    global _loaded
    with _lock:
        if _loaded is None:
            _loaded = _load()
        return _loaded


def _load() -> ctypes.CDLL:
    path = os.environ.get("FACEWARDEN_LIBRARY") or os.path.join(os.path.dirname(__file__), NAME)
    if not os.path.exists(path):
        raise LibraryError(
            "no_library", f"'{path}' does not exist; install the package by 'pip install ./python' from a "
            "clone, or set FACEWARDEN_LIBRARY to the library's path")
    try:
        found = ctypes.CDLL(path)
        found.facewarden_interface.restype = ctypes.c_int32
        version = found.facewarden_interface()
    except (OSError, AttributeError) as error:
        raise LibraryError(
            "no_library", f"'{path}' cannot be used: {error}; it needs Debian's libpng16-16, libturbojpeg0, "
            "libjpeg62-turbo, libwebp7, liblinear4 and libssl3") from error
    if version != INTERFACE:
        raise LibraryError(
            "no_library", f"'{path}' has interface {version}; expected {INTERFACE}")
    try:
        _declare(found)
    except AttributeError as error:
        raise LibraryError(
            "no_library", f"'{path}' is older than the package: {error}") from error
    return found


def _declare(found: ctypes.CDLL) -> None:
    """Tells ctypes what the functions take and give; raises AttributeError if one is not there."""
    handle, picture, text = ctypes.c_void_p, ctypes.POINTER(CPicture), ctypes.c_char_p
    floats, size = ctypes.POINTER(ctypes.c_float), ctypes.c_size_t
    for name, arguments in {
        "open": [text, text, ctypes.POINTER(handle)],
        "verify": [handle, picture, picture, text],
        "screen": [handle, picture, text],
        "enrol": [handle, text, picture, size, text],
        "identify": [handle, picture, ctypes.POINTER(text), size, text],
        "embed": [handle, picture, text],
        "reconstruct": [handle, picture, text],
        "align": [handle, picture, text],
        "find": [handle, picture, text],
        "attack": [handle, picture, picture, text],
        "decode": [picture],
        "distances": [handle, floats, size, floats, size, size, floats, floats],
    }.items():
        function = getattr(found, "facewarden_" + name)
        function.argtypes, function.restype = arguments, handle
    sizes = ctypes.POINTER(size)
    for name, arguments, result in [
        ("version", [], text),
        ("close", [handle], None),
        ("answer_free", [handle], None),
        ("answer_status", [handle], ctypes.c_int32),
        ("answer_json", [handle], text),
        ("answer_floats", [handle, sizes], floats),
        ("answer_pixels", [handle, sizes, sizes], ctypes.POINTER(ctypes.c_uint8)),
    ]:
        function = getattr(found, "facewarden_" + name)
        function.argtypes, function.restype = arguments, result


def library_version() -> str:
    """The version of the library, the same as the package's. Raises LibraryError."""
    text: bytes = library().facewarden_version()
    return text.decode()


class Answer:
    """An answer, copied into Python's memory."""

    status: int
    text: str
    raw: dict[str, Any]
    floats: npt.NDArray[np.float32] | None = None
    pixels: npt.NDArray[np.uint8] | None = None

    def __init__(self, pointer: int | None) -> None:
        if pointer is None:
            raise MemoryError("the library had no memory for an answer")
        c = library()
        try:
            self.status = c.facewarden_answer_status(pointer)
            self.text = c.facewarden_answer_json(pointer).decode()
            self.raw = json.loads(self.text)
            first, second = ctypes.c_size_t(), ctypes.c_size_t()
            floats = c.facewarden_answer_floats(pointer, ctypes.byref(first))
            if floats:
                self.floats = np.ctypeslib.as_array(floats, (first.value,)).copy()
            pixels = c.facewarden_answer_pixels(pointer, ctypes.byref(first), ctypes.byref(second))
            if pixels:
                shape = (second.value, first.value, 3)
                self.pixels = np.ctypeslib.as_array(pixels, shape).copy()
        finally:
            c.facewarden_answer_free(pointer)

    def checked(self) -> Answer:
        """The answer, if it has a result; raises FacewardenError."""
        if self.status not in (YES, NO):
            raise error_of(self.raw)
        return self

    def image(self) -> npt.NDArray[np.uint8]:
        """The picture of an answer that must have one."""
        if self.pixels is None:
            raise error_of({"code": "internal", "reason": "the answer has no picture"})
        return self.pixels


def path_bytes(path: str | os.PathLike[str]) -> bytes:
    """A path as C takes it."""
    name = os.fsencode(path)
    if b"\0" in name:
        raise ValueError("a path has a NUL in it")
    return name


def options_bytes(options: Mapping[str, Any]) -> bytes:
    """Options as C takes them, without those that are None."""
    return json.dumps(
        {name: value for name, value in options.items() if value is not None}, allow_nan=False
    ).encode()


def pixels_of(picture: npt.NDArray[Any]) -> npt.NDArray[np.uint8]:
    """An array of RGB, its rows one after the other.

    Raises ValueError.
    """
    if picture.ndim != 3 or picture.shape[2] != 3 or picture.dtype != np.uint8 or 0 in picture.shape:
        raise ValueError(
            f"an array of shape {picture.shape} and dtype {picture.dtype}; expected (height, width, 3) and "
            "uint8: red, green, blue")
    return np.ascontiguousarray(picture)


def c_picture(picture: PictureLike) -> tuple[CPicture, object]:
    """A picture as C takes it, and what has to live as long.

    Raises ValueError for an array of another shape or type, TypeError for anything else.
    """
    if isinstance(picture, np.ndarray):
        pixels = pixels_of(picture)
        height, width = pixels.shape[:2]
        return CPicture(None, pixels.ctypes.data, pixels.nbytes, width, height, 0), pixels
    if isinstance(picture, (bytes, bytearray, memoryview)):
        data = bytes(picture)
        address = ctypes.cast(ctypes.c_char_p(data), ctypes.c_void_p).value
        return CPicture(None, address, len(data), 0, 0, 0), data
    if isinstance(picture, (str, os.PathLike)):
        name = path_bytes(picture)
        return CPicture(name, None, 0, 0, 0, 0), name
    raise TypeError(
        f"a picture is a path, bytes or a NumPy array (height, width, 3); got {type(picture).__name__}")


def decode(picture: PictureLike) -> npt.NDArray[np.uint8]:
    """A picture's pixels, (height, width, 3) red, green, blue, upright, on white.

    Decodes PNG, JPEG and WebP as every request does; needs no models. Raises FacewardenError.
    """
    content, keep = c_picture(picture)
    answer = Answer(library().facewarden_decode(ctypes.byref(content))).checked()
    del keep
    return answer.image()
