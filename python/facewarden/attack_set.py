"""Attack sets as `facewarden attack-set` writes them: pairs, what became of them, pictures."""

from __future__ import annotations

import json
import math
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn, TypeVar

import numpy as np
import numpy.typing as npt

from ._library import decode
from .errors import AttackSetError
from .results import Raw, frozen

# The longest settings, and the longest line of a manifest, in bytes.
LONGEST_SETTINGS = 1 << 20
LONGEST_LINE = 1 << 20
# The newest format that is known.
VERSION = 2

_Value = TypeVar("_Value", str, float, int, bool)


def _refuse(reason: str) -> NoReturn:
    raise AttackSetError("attack_set", reason)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object's members; refuses one that is given twice, because readers do not agree on which counts."""
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member is given twice")
    return members


def _constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _object(text: bytes, where: str) -> dict[str, Any]:
    """A JSON object from a file."""
    try:
        value = json.loads(text.decode(), object_pairs_hook=_unique, parse_constant=_constant)
    except (ValueError, RecursionError) as error:
        _refuse(f"{where} is no JSON object: {error or type(error).__name__}")
    if not isinstance(value, dict):
        _refuse(f"{where} is no JSON object")
    return value


class _Members:
    """An object's members, by name and type."""

    def __init__(self, raw: dict[str, Any], where: str) -> None:
        self.raw, self.where = raw, where

    def optional(self, name: str, kind: type[_Value]) -> _Value | None:
        """A member of a type, or None; a whole number is a number, too."""
        value = self.raw.get(name)
        if value is None:
            return None
        if kind is float and type(value) is int and abs(value) < 1 << 53:
            value = float(value)
        if type(value) is not kind or isinstance(value, float) and not math.isfinite(value):
            _refuse(f"'{name}' of {self.where} is no {kind.__name__}")
        checked: _Value = value
        return checked

    def required(self, name: str, kind: type[_Value]) -> _Value:
        """A member that has to be there."""
        value = self.optional(name, kind)
        if value is None:
            _refuse(f"{self.where} has no '{name}'")
        return value

    def texts(self, name: str) -> dict[str, str]:
        """An object of texts; empty if it is not there."""
        value = self.raw.get(name, {})
        if not isinstance(value, dict) or not all(type(text) is str for text in value.values()):
            _refuse(f"'{name}' of {self.where} holds something that is no text")
        return value


@dataclass(frozen=True)
class AttackSetPair:
    """A pair: the source is changed until it matches the target, or the enrolled picture if there is one."""

    id: str
    source: str
    target: str
    fold: int | None
    enrolled: str | None


@dataclass(frozen=True)
class AttackSetEntry:
    """A pair under one attack at one threshold, whatever came of it.

    Distances are squared, 0 to 4; norms are in grey levels. `failure` is already_below_theta, not_found or
    no_face where `success` is false.
    """

    pair: AttackSetPair
    attack: str
    theta: float
    success: bool
    failure: str | None
    distance_before: float
    distance_after: float
    l2: float
    rms: float
    largest: int
    file: str | None
    source_file: str
    target_file: str | None
    enrolled_file: str | None
    whole: bool
    folder: str = field(repr=False)
    raw: Raw = field(repr=False, compare=False)

    def picture(self) -> npt.NDArray[np.uint8] | None:
        """The adversarial picture, or the nearest that was found, (height, width, 3); None without one."""
        return None if self.file is None else self._read(self.file)

    def source(self) -> npt.NDArray[np.uint8]:
        """The untouched picture after the same steps."""
        return self._read(self.source_file)

    def target(self) -> npt.NDArray[np.uint8] | None:
        """The picture that the attacker has of whom to pass for; None in sets of the first format."""
        return None if self.target_file is None else self._read(self.target_file)

    def enrolled(self) -> npt.NDArray[np.uint8] | None:
        """The picture that decides, where it is another than the target."""
        return None if self.enrolled_file is None else self._read(self.enrolled_file)

    def _read(self, name: str) -> npt.NDArray[np.uint8]:
        return decode(_inside(self.folder, name))


def _inside(folder: str, name: str) -> str:
    """The path of a set's file; refuses names that lead out of the folder, and what is no regular file."""
    parts = name.split("/")
    if "\0" in name or any(part in ("", ".", "..") for part in parts):
        _refuse(f"{name[:80]!r} leads out of the set's folder")
    root = os.path.realpath(folder)
    path = os.path.realpath(os.path.join(root, *parts))
    if os.path.commonpath([root, path]) != root:
        _refuse(f"{name[:80]!r} leads out of the set's folder")
    try:
        kind = os.stat(path).st_mode
    except OSError as error:
        _refuse(f"{name[:80]!r} is in the manifest, but cannot be opened: {error.strerror}")
    if not stat.S_ISREG(kind):
        _refuse(f"{name[:80]!r} is not a regular file")
    return path


def _entry(raw: dict[str, Any], folder: str, where: str) -> AttackSetEntry:
    """Reads a line; one of the first format lacks what all its sets had in common."""
    line = _Members(raw, where)
    inner = raw.get("pair")
    if not isinstance(inner, dict):
        _refuse(f"{where} has no 'pair'")
    about = _Members(inner, f"the pair of {where}")
    pair = AttackSetPair(
        about.required("id", str), about.required("source", str), about.required("target", str),
        about.optional("fold", int), about.optional("enrolled", str))
    theta = line.required("theta", float)
    success, failure = line.required("success", bool), line.optional("failure", str)
    if not 0 < theta <= 4:
        _refuse(f"'theta' of {where} is not above 0 and at most 4")
    if success and failure is not None:
        _refuse(f"{where} is a success and a failure")
    file = line.optional("file", str)
    if success and file is None:
        _refuse(f"{where} is a success without a file")
    return AttackSetEntry(
        pair, line.optional("attack", str) or "minimum-norm", theta, success, failure,
        line.required("distance2_before", float), line.required("distance2_after", float),
        line.required("l2", float), line.required("rms_grey_levels", float),
        line.required("linf", int), file, line.required("source_file", str),
        line.optional("target_file", str), line.optional("enrolled_file", str),
        bool(line.optional("whole", bool)), folder, frozen(raw))


def _open(folder: str, name: str) -> Any:
    """Opens a file of the folder itself."""
    try:
        return open(_inside(folder, name), "rb")
    except OSError as error:
        _refuse(f"'{name}' cannot be opened: {error.strerror}")


class AttackSet(Sequence[AttackSetEntry]):
    """A set as it lies on disk: a sequence of its entries, ordered by pair, attack and threshold.

        attacks = AttackSet("attacks")
        for entry in attacks.select(theta=0.4, success=True):
            changed, untouched = entry.picture(), entry.source()

    The manifest is read at once, pictures when they are asked for. A torn last line, of a set that is still being
    written, is left out. Raises AttackSetError for anything that is no attack set; nothing outside the folder
    is ever read.
    """

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        """Reads settings and manifests; raises AttackSetError."""
        self.folder = os.fspath(folder)
        try:
            names = sorted(os.listdir(self.folder))
        except (OSError, ValueError) as error:
            _refuse(f"'{self.folder}' is no folder that can be read: {error}")
        with _open(self.folder, "settings.json") as file:
            text = file.read(LONGEST_SETTINGS + 1)
        if len(text) > LONGEST_SETTINGS:
            _refuse(f"'settings.json' has more than {LONGEST_SETTINGS} bytes")
        raw = _object(text, "'settings.json'")
        settings = _Members(raw, "'settings.json'")
        version = settings.optional("version", int) or 1
        if not 1 <= version <= VERSION:
            _refuse(f"the set is of version {version}; expected at most {VERSION}")
        thetas = raw.get("thetas")
        if not isinstance(thetas, list) or not all(type(x) in (int, float) for x in thetas):
            _refuse("'thetas' of 'settings.json' are no numbers")
        self.settings: Raw = frozen(raw)
        # What the distances that decide depend on.
        self.embedder: str = settings.required("embedder", str)
        self.thetas: tuple[float, ...] = tuple(map(float, thetas))
        entries: list[AttackSetEntry] = []
        for name in names:
            if name.startswith("manifest") and name.endswith(".jsonl"):
                entries += self._lines(name)
        if not entries:
            _refuse(f"'{self.folder}' holds no attack set: manifest and settings are expected")
        self._entries = sorted(entries, key=lambda e: (e.pair.id, e.attack, e.theta))

    def _lines(self, name: str) -> Iterator[AttackSetEntry]:
        with _open(self.folder, name) as file:
            number = 0
            while line := file.readline(LONGEST_LINE + 1):
                number += 1
                where = f"line {number} of '{name}'"
                if len(line) > LONGEST_LINE:
                    _refuse(f"{where} has more than {LONGEST_LINE} bytes")
                if not line.endswith(b"\n"):
                    return
                yield _entry(_object(line, where), self.folder, where)

    def _part(self, entries: list[AttackSetEntry]) -> AttackSet:
        part = object.__new__(AttackSet)
        part.folder, part.settings, part.embedder = self.folder, self.settings, self.embedder
        part.thetas, part._entries = self.thetas, entries
        return part

    def __len__(self) -> int:
        return len(self._entries)

    def __getitem__(self, index: Any) -> Any:
        found = self._entries[index]
        return self._part(found) if isinstance(index, slice) else found

    def __iter__(self) -> Iterator[AttackSetEntry]:
        return iter(self._entries)

    def select(
        self, attack: str | None = None, theta: float | None = None, success: bool | None = None
    ) -> AttackSet:
        """The entries of an attack, at a threshold, that succeeded or did not; None leaves it open.

        A threshold is compared in single precision, in which sets are made.
        """
        return self._part([
            entry for entry in self._entries
            if (attack is None or entry.attack == attack)
            and (theta is None or np.float32(entry.theta) == np.float32(theta))
            and (success is None or entry.success == success)])

    @property
    def attacks(self) -> tuple[str, ...]:
        """The names of the attacks that entries have, in order."""
        return tuple(sorted({entry.attack for entry in self._entries}))

    @property
    def pairs(self) -> tuple[AttackSetPair, ...]:
        """The pairs, each once, ordered by their names."""
        return tuple({entry.pair.id: entry.pair for entry in self._entries}.values())

    @property
    def labels(self) -> npt.NDArray[np.bool_]:
        """Of each entry, whether its picture is a successful attack."""
        return np.array([entry.success for entry in self._entries], np.bool_)

    def examples(self) -> Iterator[tuple[npt.NDArray[np.uint8], int]]:
        """Pictures with labels to learn from, read one by one: 1 each success, 0 each untouched source once."""
        seen: set[str] = set()
        for entry in self._entries:
            if entry.source_file not in seen:
                seen.add(entry.source_file)
                yield entry.source(), 0
            if entry.success and (picture := entry.picture()) is not None:
                yield picture, 1
