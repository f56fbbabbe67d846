"""Attacks of Foolbox and the Adversarial Robustness Toolbox on f_C through `facewarden.adapters`.

    PYTHONPATH=python FACEWARDEN_LIBRARY=.build/release/libfacewarden_c.so \\
      python Tests/AttackComparison/check_adapters.py

Holds the adapters' logits and gradients against those of the same weights in PyTorch (`embedder.py`), and runs
attacks through the adapters, each beside the same attack on PyTorch's network where that is quick. Needs torch,
numpy, pillow, foolbox and adversarial-robustness-toolbox. The exit status is 1 if the two sides differ by more than
the tolerance, if an attack does not succeed, or if it needs a change a tenth larger than on PyTorch's side.
"""

import argparse
import sys
import time

import foolbox
import numpy
import torch
from art.attacks.evasion import CarliniL2Method, DeepFool

from embedder import Embedder
from facewarden import Warden, decode
from facewarden.adapters import art_classifier, foolbox_model, torch_module
from rivals import PairClassifier

# How far apart both engines may be: logits, and gradients as a share of their length. The gradient jumps where
# a unit near zero is on in one engine and off in the other.
LOGITS, GRADIENTS = 1e-4, 5e-3


def faces(names):
    """Aligned faces, (n, 3, 128, 128) in 0 to 1."""
    pixels = numpy.stack([decode(name) for name in names]).astype(numpy.float32)
    return torch.from_numpy(pixels / 255).permute(0, 3, 1, 2).contiguous()


def logits_and_gradients(module, x):
    """The second logits, and their gradients for the faces."""
    x = x.clone().requires_grad_()
    logits = module(x)[:, 1]
    return logits.detach(), torch.autograd.grad(logits.sum(), x)[0]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--models", default="models")
    parser.add_argument("--theta", type=float, default=0.4)
    options = parser.parse_args()
    torch.manual_seed(1)
    failures = []

    people = [f"samples/aligned/person-{number:05}/000.png" for number in (0, 3, 5, 7)]
    x, targets = faces(people[:3]), faces(people[1:])
    with Warden(options.models) as warden:
        goals = numpy.stack([warden.embed(name, aligned=True).vector for name in people[1:]])
        embedder = Embedder(options.models, "f_c").eval()
        with torch.inference_mode():
            theirs = embedder(targets).clone()
        reference = PairClassifier(embedder, theirs, options.theta)
        module = torch_module(warden, goals, options.theta)
        ours, expected = (logits_and_gradients(side, x) for side in (module, reference))
        logits = float((ours[0] - expected[0]).abs().max())
        slopes = float(((ours[1] - expected[1]).flatten(1).norm(dim=1)
                        / expected[1].flatten(1).norm(dim=1)).max())
        print(f"logits agree within {logits:.1e}, gradients within {slopes:.1e} of their length")
        if logits > LOGITS or slopes > GRADIENTS:
            failures.append("the two sides differ")

        def tell(name, found, seconds, beside=None):
            """A line on an attack: what it reached, and what rounding to 8 bits left of that."""
            def distances(pictures):
                return warden.distances((pictures * 255).permute(0, 2, 3, 1).numpy(), goals)

            def change(pictures):
                return float(((pictures - x) * 255).square().mean((1, 2, 3)).sqrt().median())

            inside, rounded = distances(found), distances((found * 255).round() / 255)
            words = "" if beside is None else f", PyTorch's side {change(beside):.3f}"
            print(f"{name:20} distances² up to {inside.max():.3f}, in 8 bits {rounded.max():.3f}; "
                  f"median RMS {change(found):.3f}{words}; {seconds:.2f} s", flush=True)
            if (inside > options.theta + 1e-3).any():
                failures.append(f"{name} does not succeed")
            if beside is not None and change(found) > 1.1 * change(beside):
                failures.append(f"{name} needs a larger change than on PyTorch's side")

        labels = torch.zeros(len(x), dtype=torch.long)
        for name, attack in {
            "foolbox DDN": foolbox.attacks.DDNAttack(steps=50, init_epsilon=1),
            "foolbox DeepFool L2": foolbox.attacks.L2DeepFoolAttack(steps=50),
            "foolbox FMN L2": foolbox.attacks.L2FMNAttack(steps=50),
        }.items():
            start = time.monotonic()
            found = attack(foolbox_model(warden, goals, options.theta), x, labels, epsilons=None)[1]
            seconds = time.monotonic() - start
            model = foolbox.PyTorchModel(reference.eval(), bounds=(0, 1), device="cpu")
            tell(name, found.detach(), seconds, attack(model, x, labels, epsilons=None)[1].detach())
        for name, make in {
            "ART DeepFool": lambda model: DeepFool(model, max_iter=50, verbose=False),
            "ART C&W L2": lambda model: CarliniL2Method(
                model, max_iter=10, binary_search_steps=4, initial_const=1, learning_rate=0.01,
                verbose=False),
        }.items():
            start, found = time.monotonic(), []
            for row, goal in enumerate(goals):
                attack = make(art_classifier(warden, goal, options.theta))
                face = x[row:row + 1].permute(0, 2, 3, 1).contiguous().numpy()
                made = attack.generate(face, y=numpy.array([[1.0, 0.0]], numpy.float32))
                found.append(torch.from_numpy(made).permute(0, 3, 1, 2))
            tell(name, torch.cat(found), time.monotonic() - start)
    for failure in failures:
        print(failure, file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
