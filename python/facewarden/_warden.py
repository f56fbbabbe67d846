"""The door: loaded models and what they are asked."""

from __future__ import annotations

import ctypes
import os
import weakref
from collections.abc import Iterable, Sequence
from types import TracebackType
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from ._library import (
    NO, YES, Answer, CPicture, PictureLike, c_picture, library, options_bytes, path_bytes)
from .errors import FacewardenError, error_of
from .results import (
    Attack, Embedding, Face, FaceImage, Identification, Model, OperatingPoint, Picture, Screening,
    Template, Verdict)

Landmarks = Sequence[Sequence[float]]
FaceChoice = Literal["clear", "only", "largest"]
# Rows, columns and channels of an aligned face.
FACE_SHAPE = (128, 128, 3)


class Warden:
    """Loaded models, and what they are asked; a context manager.

    Any number of threads may use one warden at once; the work is done outside Python's lock. A picture is a
    path, a file's bytes, or an array (height, width, 3) of uint8: red, green, blue. Its face is found, unless
    `aligned=True` says that it is a face of 128 x 128 pixels in the aligned frame, or five `landmarks` are
    given: `[[x, y], ...]`, left eye, right eye, nose, left and right corner of the mouth.

    What has no answer is raised as FacewardenError, arrays of another shape or type as ValueError. A process
    that was forked after models were opened cannot use any; start workers by "spawn".
    """

    def __init__(
        self, models: str | os.PathLike[str], *, fmr: float | None = None,
        threshold: float | None = None, bpcer: float | None = None, face: FaceChoice | None = None,
        minimum_face: float | None = None, threads: int | None = None,
    ) -> None:
        """Loads the models of a folder.

        `fmr`: the false match rate to allow, 0.1, 0.01 or 0.001; or `threshold`: a squared distance, 0 to 4.
        `bpcer`: the share of untouched pictures that may be called tampered with, 0.01, 0.05 or 0.1.
        `face`: which of several faces is meant: the clear, the only or the largest one.
        `minimum_face`: the smallest face that is used, in pixels from forehead to chin.
        `threads`: how many requests use, of all wardens of the process, from now on.

        Raises ModelsError, RequestError or LibraryError.
        """
        handle = ctypes.c_void_p()
        options = {"fmr": fmr, "threshold": threshold, "bpcer": bpcer, "face": face,
                   "minimum_face": minimum_face, "threads": threads}
        c = library()
        answer = Answer(c.facewarden_open(
            path_bytes(models), options_bytes(options), ctypes.byref(handle))).checked()
        self._handle = handle.value
        # Also where nobody closes it: a warden holds memory of the size of its models.
        self._close = weakref.finalize(self, c.facewarden_close, self._handle)
        self.models: tuple[Model, ...] = tuple(map(Model.of, answer.raw["models"]))
        points = answer.raw["points"]
        self.verification_point = OperatingPoint.of(points["verification"])
        self.detection_point = OperatingPoint.of(points["detection"])
        self.pair_point = OperatingPoint.of(points["pairs"])

    def close(self) -> None:
        """Frees the models when the requests under way are done; a later one is refused with `not_open`."""
        self._close()

    def __enter__(self) -> Warden:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _ask(self, name: str, pictures: Sequence[PictureLike], **options: Any) -> Answer:
        """Asks for something that takes pictures and options."""
        lent = [c_picture(picture) for picture in pictures]
        request = getattr(library(), "facewarden_" + name)
        answer = Answer(request(
            self._handle, *(ctypes.byref(content) for content, _ in lent), options_bytes(options)))
        return answer.checked()

    def verify(
        self, probe: PictureLike, reference: PictureLike, *, aligned: bool = False,
        probe_landmarks: Landmarks | None = None, reference_landmarks: Landmarks | None = None,
        threshold: float | None = None, id: str | None = None, timings: bool = False,
    ) -> Verdict:
        """Says whether two pictures show one person, and whether either was tampered with.

        `threshold`: a squared distance, 0 to 4, for this pair alone. `timings` adds milliseconds.
        Raises FacewardenError.
        """
        answer = self._ask(
            "verify", (probe, reference), aligned=aligned,
            probe_landmarks=_points(probe_landmarks), reference_landmarks=_points(reference_landmarks),
            threshold=threshold, id=id, timings=timings)
        verdict = Verdict.of(answer.raw)
        # Two ways of saying the same: a door opens if both do.
        if verdict.accepted != (answer.status == YES):
            raise FacewardenError("internal", "decision and status contradict each other", answer.raw)
        return verdict

    def enrol(
        self, name: str, pictures: Iterable[PictureLike], *, aligned: bool = False,
        key: str | None = None,
    ) -> Template:
        """A template of 1 to 16 pictures of a person, to identify them by.

        Each picture is screened, and must match the others. `key`: 64 hexadecimal digits that seal the template.
        Raises EnrolmentError if a picture is refused, FacewardenError for all else.
        """
        lent = [c_picture(picture) for picture in pictures]
        array = (CPicture * len(lent))(*(content for content, _ in lent))
        # Other than a path's, a name's bytes mean the same on every machine.
        title = name.encode()
        if b"\0" in title:
            raise ValueError("a name has a NUL in it")
        answer = Answer(library().facewarden_enrol(
            self._handle, title, array, len(lent),
            options_bytes({"aligned": aligned, "template_key": key}))).checked()
        if answer.status != YES:
            raise error_of(answer.raw)
        return Template(answer.text)

    def identify(
        self, probe: PictureLike, gallery: Iterable[Template], *, aligned: bool = False,
        landmarks: Landmarks | None = None, key: str | None = None, id: str | None = None,
    ) -> Identification:
        """Says who of a gallery's people a picture shows, or that it is nobody.

        `gallery`: templates, each of a name of its own. `key`: what all of them are sealed with.
        Raises FacewardenError.
        """
        content, keep = c_picture(probe)
        texts = [template.text.encode() for template in gallery]
        options = {"aligned": aligned, "probe_landmarks": _points(landmarks), "template_key": key,
                   "id": id}
        answer = Answer(library().facewarden_identify(
            self._handle, ctypes.byref(content), (ctypes.c_char_p * len(texts))(*texts), len(texts),
            options_bytes(options))).checked()
        del keep
        found = Identification.of(answer.raw)
        # Three ways of saying the same: somebody is known if all do.
        if not (answer.status == YES) == found.accepted == (found.name is not None):
            raise FacewardenError("internal", "decision, name and status contradict each other", answer.raw)
        return found

    def screen(
        self, picture: PictureLike, *, aligned: bool = False, landmarks: Landmarks | None = None,
        id: str | None = None,
    ) -> Screening:
        """Says whether a picture was tampered with; who it shows is not asked. Raises FacewardenError."""
        answer = self._ask_one("screen", picture, aligned, landmarks, id)
        screening = Screening.of(answer.raw)
        if screening.adversarial != (answer.status == NO):
            raise FacewardenError("internal", "verdict and status contradict each other", answer.raw)
        return screening

    def embed(
        self, picture: PictureLike, *, aligned: bool = False, landmarks: Landmarks | None = None,
        id: str | None = None,
    ) -> Embedding:
        """The unit-length f_C of a picture. Raises FacewardenError."""
        answer = self._ask_one("embed", picture, aligned, landmarks, id)
        if answer.floats is None:
            raise FacewardenError("internal", "the answer has no embedding", answer.raw)
        raw = answer.raw
        return Embedding(answer.floats, raw["model"], raw.get("sha256"), Picture.of(raw["picture"]),
                         raw.get("id"), raw)

    def reconstruct(
        self, picture: PictureLike, *, aligned: bool = False, landmarks: Landmarks | None = None,
        id: str | None = None,
    ) -> FaceImage:
        """The face as the network understands it, G(f_I(x), f_A(x)). Raises FacewardenError."""
        return self._image(self._ask_one("reconstruct", picture, aligned, landmarks, id))

    def align(
        self, picture: PictureLike, *, aligned: bool = False, landmarks: Landmarks | None = None,
        id: str | None = None,
    ) -> FaceImage:
        """The face in the aligned frame, as every other request takes it. Raises FacewardenError."""
        return self._image(self._ask_one("align", picture, aligned, landmarks, id))

    def find(
        self, picture: PictureLike, *, minimum_face: float | None = None,
        threshold: float | None = None,
    ) -> tuple[Face, ...]:
        """All faces of a picture, the surest first.

        `minimum_face`: the smallest face told of, in pixels. `threshold`: the score from which a find counts,
        0 to 1; 0.9 if not given. Raises FacewardenError.
        """
        answer = self._ask("find", (picture,), minimum_face=minimum_face, threshold=threshold)
        return tuple(map(Face.of, answer.raw["faces"]))

    def attack(
        self, probe: PictureLike, target: PictureLike, *, attack: str = "minimum-norm",
        theta: float | Literal["door"] = 0.4, iterations: int | None = None, seed: int = 1,
        aligned: bool = False, whole: bool = False, probe_landmarks: Landmarks | None = None,
        target_landmarks: Landmarks | None = None,
    ) -> Attack:
        """Changes a face as little as possible so that f_C takes it for the target.

        `attack`: a name that `facewarden attack --help` lists. `theta`: the squared distance to undercut, 0.0001
        to 4, or "door" for the door's own threshold and what decides there, f_C and f_V where a fusion joins
        them. `whole` changes the whole photograph.
        An attack that finds nothing is no error: see `success`. Raises FacewardenError.
        """
        answer = self._ask(
            "attack", (probe, target), attack=attack, theta=theta, iterations=iterations, seed=seed,
            aligned=aligned, whole=whole, probe_landmarks=_points(probe_landmarks),
            target_landmarks=_points(target_landmarks))
        return Attack.of(answer.raw, answer.image())

    def distances(
        self, faces: npt.NDArray[Any], embeddings: npt.NDArray[np.float32]
    ) -> npt.NDArray[np.float32]:
        """The squared distances by f_C of aligned faces to embeddings, (n), 0 to 4.

        `faces`: (n, 128, 128, 3), or one of them, grey levels 0 to 255, not rounded; `embeddings`: of unit
        length, (width) for all faces or (n, width). Raises FacewardenError.
        """
        return self._distances(faces, embeddings, wants_gradients=False)[0]

    def distances_and_gradients(
        self, faces: npt.NDArray[Any], embeddings: npt.NDArray[np.float32]
    ) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        """The same, and the derivatives of each distance by its face's grey levels, (n, 128, 128, 3)."""
        return self._distances(faces, embeddings, wants_gradients=True)

    def _distances(
        self, faces: npt.NDArray[Any], embeddings: npt.NDArray[np.float32], wants_gradients: bool
    ) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        x = np.ascontiguousarray(faces, np.float32)
        if x.ndim == 3:
            x = x[np.newaxis]
        if x.ndim != 4 or x.shape[1:] != FACE_SHAPE or len(x) == 0:
            raise ValueError(f"faces of shape {np.shape(faces)}; expected (n, 128, 128, 3)")
        goals = np.ascontiguousarray(embeddings, np.float32)
        if goals.ndim == 1:
            goals = goals[np.newaxis]
        if goals.ndim != 2 or len(goals) not in (1, len(x)):
            raise ValueError(f"embeddings of shape {np.shape(embeddings)}; expected (width) or "
                             f"({len(x)}, width)")
        found = np.empty(len(x), np.float32)
        slopes = np.empty(x.shape if wants_gradients else 0, np.float32)

        def pointer(array: npt.NDArray[np.float32]) -> Any:
            return array.ctypes.data_as(ctypes.POINTER(ctypes.c_float))

        Answer(library().facewarden_distances(
            self._handle, pointer(x), len(x), pointer(goals), len(goals), goals.shape[1],
            pointer(found), pointer(slopes) if wants_gradients else None)).checked()
        return found, slopes

    def _ask_one(
        self, name: str, picture: PictureLike, aligned: bool, landmarks: Landmarks | None,
        id: str | None,
    ) -> Answer:
        return self._ask(
            name, (picture,), aligned=aligned, picture_landmarks=_points(landmarks), id=id)

    @staticmethod
    def _image(answer: Answer) -> FaceImage:
        return FaceImage(
            answer.image(), Picture.of(answer.raw["picture"]), answer.raw.get("id"), answer.raw)


def _points(landmarks: Landmarks | None) -> list[list[float]] | None:
    """Points as JSON takes them, also from an array."""
    if landmarks is None:
        return None
    return [[float(number) for number in point] for point in landmarks]
