"""f_C as a classifier that the attacks of other libraries know.

Both Foolbox and the Adversarial Robustness Toolbox attack classifiers. Here a picture, held against a reference,
has two classes: 0 "another person" with logit 0, and 1 "the same person" with logit theta - d^2, so that it
is taken for the reference exactly if the squared distance d^2 by f_C is below theta. Pictures are aligned faces
with values in 0 to 1.

    model = foolbox_model(warden, reference.vector)
    found = foolbox.attacks.L2DeepFoolAttack()(model, x, labels, epsilons=None)[1]

    classifier = art_classifier(warden, reference.vector)
    found = art.attacks.evasion.DeepFool(classifier).generate(x, y)

They are imported when they are asked for: Foolbox needs torch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ._warden import FACE_SHAPE, Warden

if TYPE_CHECKING:
    import torch

Floats = npt.NDArray[np.float32]
# Grey levels from one end of the values to the other.
LEVELS = 255


class PairDecisions:
    """The two logits of faces (n, 128, 128, 3), values in 0 to 1, held against references; counts what it is asked.

    References are embeddings of unit length, (width), or a row for each face of a batch; a batch may hold whole
    rounds of them, in their order. Without a theta it is the warden's threshold of verification.
    """

    def __init__(self, warden: Warden, references: Floats, theta: float | None = None) -> None:
        self.warden = warden
        self.references = np.atleast_2d(np.asarray(references, np.float32))
        self.theta = warden.verification_point.threshold if theta is None else theta
        self.forwards = 0
        self.backwards = 0
        if self.references.ndim != 2 or len(self.references) == 0:
            raise ValueError(f"references of shape {np.shape(references)}; expected (width) or (n, width)")

    def _goals(self, x: npt.NDArray[Any]) -> Floats:
        rounds, rest = divmod(len(x), len(self.references))
        if rest or x.shape[1:] != FACE_SHAPE:
            raise ValueError(f"faces of shape {x.shape}; expected (n, 128, 128, 3) with n a multiple of "
                             f"{len(self.references)}, the number of references")
        return np.tile(self.references, (rounds, 1))

    def logits(self, x: npt.NDArray[Any]) -> Floats:
        """The logits, (n, 2)."""
        if len(x) == 0:
            return np.zeros((0, 2), np.float32)
        self.forwards += len(x)
        return self._logits(self.warden.distances(np.float32(LEVELS) * x, self._goals(x)))

    def logits_and_slopes(self, x: npt.NDArray[Any]) -> tuple[Floats, Floats]:
        """The logits, and the derivatives of each second one by its face, (n, 128, 128, 3)."""
        if len(x) == 0:
            return np.zeros((0, 2), np.float32), np.zeros(x.shape, np.float32)
        self.backwards += len(x)
        found = self.warden.distances_and_gradients(np.float32(LEVELS) * x, self._goals(x))
        return self._logits(found[0]), np.float32(-LEVELS) * found[1]

    def _logits(self, distances: Floats) -> Floats:
        return np.stack([np.zeros_like(distances), np.float32(self.theta) - distances], 1)


def torch_module(warden: Warden, references: Floats, theta: float | None = None) -> torch.nn.Module:
    """A PairDecisions as a module of faces (n, 3, 128, 128); gradients reach them. Needs torch.

    Its attribute `decisions` is the PairDecisions. The values are computed on the processor whatever device the
    faces are on.
    """
    import torch

    decisions = PairDecisions(warden, references, theta)

    class Decide(torch.autograd.Function):
        """The logits, with the slopes that belong to them kept for the way back."""

        @staticmethod
        def forward(context: Any, x: Any) -> Any:
            faces = x.detach().permute(0, 2, 3, 1).cpu().numpy()
            if context.needs_input_grad[0]:
                logits, slopes = decisions.logits_and_slopes(faces)
                back = torch.from_numpy(slopes).permute(0, 3, 1, 2).to(x)
                context.save_for_backward(back)
            else:
                logits = decisions.logits(faces)
            return torch.from_numpy(logits).to(x)

        @staticmethod
        def backward(context: Any, *gradients: Any) -> Any:
            slopes, = context.saved_tensors
            return gradients[0][:, 1, None, None, None] * slopes

    class Module(torch.nn.Module):
        """The decisions as torch knows them."""

        def __init__(self) -> None:
            super().__init__()
            self.decisions = decisions

        def forward(self, x: Any) -> Any:
            return Decide.apply(x)

    return Module().eval()


def foolbox_model(warden: Warden, references: Floats, theta: float | None = None) -> Any:
    """A PairDecisions as `foolbox.PyTorchModel` of faces (n, 3, 128, 128) in 0 to 1. Needs foolbox and torch."""
    import foolbox

    return foolbox.PyTorchModel(torch_module(warden, references, theta), bounds=(0, 1), device="cpu")


def art_classifier(warden: Warden, reference: Floats, theta: float | None = None) -> Any:
    """A PairDecisions as an estimator of the Adversarial Robustness Toolbox; faces (n, 128, 128, 3) in 0 to 1.

    One reference alone, because the toolbox takes rows out of batches as it goes. Needs no torch.
    """
    from art.estimators.classification.classifier import ClassifierNeuralNetwork

    decisions = PairDecisions(warden, reference, theta)
    if len(decisions.references) != 1:
        raise ValueError(f"{len(decisions.references)} references; expected one")

    class PairClassifier(ClassifierNeuralNetwork):
        """Logits, their gradients, and those of the cross-entropy."""

        def __init__(self) -> None:
            super().__init__(model=None, clip_values=(0.0, 1.0), channels_first=False)
            self.decisions = decisions
            self.nb_classes = 2

        @property
        def input_shape(self) -> tuple[int, ...]:
            return FACE_SHAPE

        def fit(self, x: Any, y: Any, **_: Any) -> None:
            raise NotImplementedError("f_C is trained by 'facewarden train embedder'")

        def predict(self, x: Any, **_: Any) -> Floats:
            return decisions.logits(x)

        def class_gradient(self, x: Any, label: Any = None, **_: Any) -> Floats:
            """The derivatives of each logit, (n, 2, 128, 128, 3), or of those of `label`, (n, 1, ...)."""
            slopes = decisions.logits_and_slopes(x)[1]
            both: Floats = np.stack([np.zeros_like(slopes), slopes], 1)
            if label is None:
                return both
            wanted = np.broadcast_to(np.asarray(label, int), (len(both),))
            chosen: Floats = both[np.arange(len(both)), wanted][:, np.newaxis]
            return chosen

        def loss_gradient(self, x: Any, y: Any, **_: Any) -> Floats:
            """The derivatives of the cross-entropy with one-hot labels, or class numbers, `y`."""
            logits, slopes = decisions.logits_and_slopes(x)
            labels = np.asarray(y)
            same = labels[:, 1] if labels.ndim == 2 else labels.reshape(len(logits))
            # With logits 0 and z the second class has the probability of a logistic function of z.
            probability = 1 / (1 + np.exp(-np.clip(logits[:, 1].astype(np.float64), -500, 500)))
            factor = (probability - same).astype(np.float32)
            found: Floats = factor[:, np.newaxis, np.newaxis, np.newaxis] * slopes
            return found

        def get_activations(self, x: Any, layer: Any, batch_size: int, framework: bool = False) -> Any:
            raise NotImplementedError("the layers of f_C are not offered")

        def save(self, filename: str, path: str | None = None) -> None:
            raise NotImplementedError("f_C lies in the models' folder")

    return PairClassifier()
