"""Attacks of Foolbox and the Adversarial Robustness Toolbox on pairs of faces.

Both expect a classifier. Ours has two classes for each pair, "another person" with logit 0 and "the
same person" with logit θ − d², so that a picture is misclassified exactly if d² < θ.
"""

import foolbox
import numpy
import torch
from art.attacks.evasion import CarliniL2Method, DeepFool
from art.estimators.classification import PyTorchClassifier


class PairClassifier(torch.nn.Module):
    """The decision about pictures against fixed targets, one row each; counts what it is asked."""

    def __init__(self, embedder, targets, theta):
        super().__init__()
        self.embedder, self.targets, self.theta = embedder, targets, theta
        self.pictures = 0

    def forward(self, x):
        self.pictures += len(x)
        # A batch holds whole rounds of the targets, in their order.
        targets = self.targets.repeat(len(x) // len(self.targets), 1)
        distance = (self.embedder(x) - targets).square().sum(1)
        return torch.stack([torch.zeros_like(distance), self.theta - distance], 1)


def with_foolbox(attack):
    """A function that attacks all pairs in one batch."""
    def run(embedder, sources, targets, theta):
        classifier = PairClassifier(embedder, targets, theta).eval()
        model = foolbox.PyTorchModel(classifier, bounds=(0, 1))
        labels = torch.zeros(len(sources), dtype=torch.long)
        _, found, _ = attack(model, sources, labels, epsilons=None)
        return found.detach(), classifier.pictures

    return run


def with_art(make):
    """A function that attacks pair by pair: the toolbox drops rows of a batch as it goes."""
    def run(embedder, sources, targets, theta):
        found, pictures = [], 0
        for row in range(len(sources)):
            classifier = PairClassifier(embedder, targets[row:row + 1], theta).eval()
            model = PyTorchClassifier(
                classifier, torch.nn.CrossEntropyLoss(), tuple(sources.shape[1:]), 2,
                clip_values=(0.0, 1.0), device_type="cpu")
            labels = numpy.array([[1.0, 0.0]], numpy.float32)
            x = make(model).generate(sources[row:row + 1].numpy(), y=labels)
            found.append(torch.from_numpy(x))
            pictures += classifier.pictures
        return torch.cat(found), pictures

    return run


RIVALS = {
    "foolbox C&W L2": with_foolbox(foolbox.attacks.L2CarliniWagnerAttack(
        binary_search_steps=6, steps=100, stepsize=0.002, initial_const=1)),
    "foolbox DDN": with_foolbox(foolbox.attacks.DDNAttack(steps=100, init_epsilon=1)),
    "foolbox FMN L2": with_foolbox(foolbox.attacks.L2FMNAttack(steps=100)),
    "foolbox DeepFool L2": with_foolbox(foolbox.attacks.L2DeepFoolAttack(steps=50)),
    "ART C&W L2": with_art(lambda model: CarliniL2Method(
        model, max_iter=10, binary_search_steps=6, initial_const=1, learning_rate=0.01,
        verbose=False)),
    "ART DeepFool": with_art(lambda model: DeepFool(model, max_iter=50, verbose=False)),
}
