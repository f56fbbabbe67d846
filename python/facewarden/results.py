"""What the requests answer."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

Raw = Mapping[str, Any]
Point = tuple[float, float]


def frozen(members: Mapping[str, Any]) -> Raw:
    """A view of members that nobody changes."""
    return MappingProxyType(dict(members))


def _raw() -> Any:
    """The field of an answer as the library gave it: neither compared nor shown."""
    return field(repr=False, compare=False)


@dataclass(frozen=True)
class Box:
    """The upright square from forehead to chin, in the picture's pixels."""

    x: float
    y: float
    width: float
    height: float

    @classmethod
    def of(cls, raw: Raw) -> Box:
        """Reads a box."""
        return cls(*(float(raw[name]) for name in ("x", "y", "width", "height")))


@dataclass(frozen=True)
class Picture:
    """A picture that took part. `format` is png, jpeg, webp, or rgb of an array."""

    sha256: str
    width: int
    height: int
    format: str
    aligned: bool
    alignment_residual: float | None
    box: Box | None
    detector_score: float | None
    faces: int | None
    raw: Raw = _raw()

    @classmethod
    def of(cls, raw: Raw) -> Picture:
        """Reads a picture."""
        box = raw.get("box")
        return cls(raw["sha256"], raw["width"], raw["height"], raw["format"], raw["aligned"],
                   raw.get("alignment_residual"), None if box is None else Box.of(box),
                   raw.get("detector_score"), raw.get("faces"), frozen(raw))


@dataclass(frozen=True)
class OperatingPoint:
    """A threshold and the rates that were measured at it."""

    name: str
    threshold: float
    fmr: float | None
    fnmr: float | None
    apcer: float | None
    bpcer: float | None
    source: str | None
    raw: Raw = _raw()

    @classmethod
    def of(cls, raw: Raw) -> OperatingPoint:
        """Reads a point."""
        return cls(raw["name"], raw["threshold"], raw.get("fmr"), raw.get("fnmr"), raw.get("apcer"),
                   raw.get("bpcer"), raw.get("source"), frozen(raw))


@dataclass(frozen=True)
class Model:
    """A model that took part."""

    name: str
    sha256: str

    @classmethod
    def of(cls, raw: Raw) -> Model:
        """Reads a model."""
        return cls(raw["name"], raw["sha256"])


@dataclass(frozen=True)
class Comparison:
    """The comparison of two faces: a match if the squared distance, 0 to 4, is below the threshold.

    Where two networks decide, `networks` has the distance of each by its name, f_c and f_v.
    """

    match: bool
    distance: float
    threshold: float
    operating_point: str | None
    fmr: float | None
    source: str | None
    networks: Mapping[str, float] | None = field(default=None, hash=False)

    @classmethod
    def of(cls, raw: Raw) -> Comparison:
        """Reads a comparison."""
        networks = raw.get("networks")
        return cls(raw["match"], raw["distance"], raw["threshold"], raw.get("operating_point"),
                   raw.get("fmr"), raw.get("source"), None if networks is None else frozen(networks))


@dataclass(frozen=True)
class Verdict:
    """Whether two pictures show one person, and whether either was tampered with.

    Its truth value is `accepted`.
    """

    decision: Literal["accept", "deny"]
    reason: str
    verdict: Literal["bona_fide", "adversarial"]
    score: float
    threshold: float
    operating_point: OperatingPoint
    subscores: Mapping[str, float] = field(hash=False)
    verification: Comparison = field()
    probe: Picture = field()
    reference: Picture = field()
    models: tuple[Model, ...] = field()
    id: str | None = field()
    timings_ms: Mapping[str, float] | None = field(hash=False, compare=False)
    raw: Raw = _raw()

    @property
    def accepted(self) -> bool:
        """Whether the door may open: one person, and neither picture tampered with."""
        return self.decision == "accept" and self.verdict == "bona_fide"

    def __bool__(self) -> bool:
        return self.accepted

    @classmethod
    def of(cls, raw: Raw) -> Verdict:
        """Reads a verdict."""
        timings = raw.get("timings_ms")
        return cls(raw["decision"], raw["reason"], raw["verdict"], raw["score"], raw["threshold"],
                   OperatingPoint.of(raw["operating_point"]), frozen(raw["subscores"]),
                   Comparison.of(raw["verification"]), Picture.of(raw["probe"]),
                   Picture.of(raw["reference"]), tuple(map(Model.of, raw["models"])), raw.get("id"),
                   None if timings is None else frozen(timings), frozen(raw))


@dataclass(frozen=True)
class Screening:
    """Whether one picture was tampered with; who it shows was not asked.

    It has no truth value: neither answer opens a door.
    """

    verdict: Literal["bona_fide", "adversarial"]
    reason: str
    score: float
    threshold: float
    operating_point: OperatingPoint
    subscores: Mapping[str, float] = field(hash=False)
    picture: Picture = field()
    models: tuple[Model, ...] = field()
    id: str | None = field()
    raw: Raw = _raw()

    @property
    def adversarial(self) -> bool:
        """Whether the picture looks tampered with."""
        return self.verdict != "bona_fide"

    def __bool__(self) -> bool:
        raise TypeError("a screening is neither true nor false; ask for its 'adversarial'")

    @classmethod
    def of(cls, raw: Raw) -> Screening:
        """Reads a verdict on one picture."""
        return cls(raw["verdict"], raw["reason"], raw["score"], raw["threshold"],
                   OperatingPoint.of(raw["operating_point"]), frozen(raw["subscores"]),
                   Picture.of(raw["picture"]), tuple(map(Model.of, raw["models"])), raw.get("id"),
                   frozen(raw))


@dataclass(frozen=True)
class Template:
    """A person's template: `text` is a file of `facewarden enrol` without its line end.

    It holds embeddings and no picture, and is good for the models that made it.
    """

    text: str = field(repr=False)

    @classmethod
    def read(cls, path: str | os.PathLike[str]) -> Template:
        """Reads a file, which is looked into by the request that takes it. Raises OSError, UnicodeDecodeError."""
        with open(path, encoding="utf-8", newline="") as file:
            return cls(file.read().removesuffix("\n"))

    def write(self, path: str | os.PathLike[str]) -> None:
        """Writes a file that the tool and the service read, or none. Raises OSError."""
        path = os.fspath(path)
        folder, name = os.path.split(path)
        handle, part = tempfile.mkstemp(prefix=f".{name}.", dir=folder or ".")
        try:
            with open(handle, "w", encoding="utf-8", newline="") as file:
                file.write(self.text + "\n")
                file.flush()
                os.fsync(file.fileno())
            os.replace(part, path)
        except BaseException:
            os.unlink(part)
            raise


@dataclass(frozen=True)
class Candidate:
    """A person of the gallery, and the squared distance to their template, 0 to 4."""

    name: str
    distance: float


@dataclass(frozen=True)
class Identification:
    """Who of a gallery's people a picture shows, and whether it was tampered with.

    Its truth value is `accepted`. `fpir_bound` bounds the share of strangers who are taken for somebody;
    `candidates` are the nearest people, nearest first.
    """

    name: str | None
    decision: Literal["accept", "deny"]
    reason: str
    verdict: Literal["bona_fide", "adversarial"]
    score: float
    threshold: float
    operating_point: OperatingPoint
    subscores: Mapping[str, float] = field(hash=False)
    verification: Comparison = field()
    gallery: int = field()
    fpir_bound: float | None = field()
    candidates: tuple[Candidate, ...] = field()
    probe: Picture = field()
    models: tuple[Model, ...] = field()
    id: str | None = field()
    raw: Raw = _raw()

    @property
    def accepted(self) -> bool:
        """Whether it is one person of the gallery, and the picture not tampered with."""
        return self.decision == "accept" and self.verdict == "bona_fide" and self.name is not None

    def __bool__(self) -> bool:
        return self.accepted

    @classmethod
    def of(cls, raw: Raw) -> Identification:
        """Reads a verdict on a gallery."""
        found = raw["identification"]
        return cls(found.get("name"), raw["decision"], raw["reason"], raw["verdict"], raw["score"],
                   raw["threshold"], OperatingPoint.of(raw["operating_point"]),
                   frozen(raw["subscores"]), Comparison.of(raw["verification"]), found["gallery"],
                   found.get("fpir_bound"),
                   tuple(Candidate(one["name"], one["distance"]) for one in found["candidates"]),
                   Picture.of(raw["probe"]), tuple(map(Model.of, raw["models"])), raw.get("id"),
                   frozen(raw))


@dataclass(frozen=True, eq=False)
class Embedding:
    """The unit-length f_C of a picture; the squared distance of two is what a verification tells of f_C."""

    vector: npt.NDArray[np.float32]
    model: str
    sha256: str | None
    picture: Picture
    id: str | None
    raw: Raw = _raw()

    def distance(self, other: Embedding) -> float:
        """The squared distance to another embedding of the same model, 0 to 4.

        Raises ValueError for one of another model.
        """
        if (self.model, self.sha256) != (other.model, other.sha256):
            raise ValueError("the embeddings are of two models; expected one")
        difference = self.vector.astype(np.float64) - other.vector
        return float(difference @ difference)


@dataclass(frozen=True, eq=False)
class FaceImage:
    """A face in the aligned frame, (128, 128, 3), and the picture that it was made of."""

    pixels: npt.NDArray[np.uint8]
    picture: Picture
    id: str | None
    raw: Raw = _raw()


@dataclass(frozen=True)
class Face:
    """A face that was found: box, five points (left eye, right eye, nose, corners of the mouth), score."""

    box: Box
    landmarks: tuple[Point, ...]
    score: float
    raw: Raw = _raw()

    @classmethod
    def of(cls, raw: Raw) -> Face:
        """Reads a face."""
        return cls(Box.of(raw["box"]), tuple((float(x), float(y)) for x, y in raw["landmarks"]),
                   raw["score"], frozen(raw))


@dataclass(frozen=True, eq=False)
class Attack:
    """What came of an attack, measured on the picture as 8-bit file.

    `pixels` is the best picture, also if it is no success; norms are in grey levels.
    """

    success: bool
    pixels: npt.NDArray[np.uint8]
    attack: str
    theta: float
    distance_before: float
    distance_after: float
    l2: float
    rms: float
    largest: int
    gradients: int
    queries: int
    seed: int
    settings: Mapping[str, str]
    knowledge: str
    tampering: float | None
    raw: Raw = _raw()

    @classmethod
    def of(cls, raw: Raw, pixels: npt.NDArray[np.uint8]) -> Attack:
        """Reads a report."""
        change = raw["perturbation"]
        return cls(raw["success"], pixels, raw["attack"], raw["theta"], raw["distance2_before"],
                   raw["distance2_after"], change["l2"], change["rms"], change["maximum"],
                   raw["gradients"], raw["queries"], raw["seed"], frozen(raw["settings"]),
                   raw["knowledge"], raw.get("tampering"), frozen(raw))
