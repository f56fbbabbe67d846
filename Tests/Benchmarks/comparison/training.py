"""Steps of training in PyTorch: the same arithmetic as EmbedderTrainer and IPGANTrainer."""

import functools

import torch
import torch.nn.functional as F
from torch import nn

from . import networks
from .networks import columns_of_map, convolution_weight, rectified, rows_of_map


class Normalization(nn.Module):
    """Batch normalisation while a network is trained."""

    def __init__(self, table, name):
        super().__init__()
        self.gamma = nn.Parameter(table[name + ".gamma"].clone())
        self.beta = nn.Parameter(table[name + ".beta"].clone())
        self.register_buffer("mean", table[name + ".running_mean"].clone())
        self.register_buffer("variance", table[name + ".running_variance"].clone())

    def forward(self, x):
        return F.batch_norm(
            x, self.mean, self.variance, self.gamma, self.beta, training=True, eps=1e-5)


class Layer(nn.Module):
    """A convolution or dense layer with bias or batch normalisation, and an activation."""

    def __init__(self, table, name, slope, stride=1, side_before=0):
        super().__init__()
        self.slope, self.stride = slope, stride
        weight = table[name + ".weight"].clone()
        if weight.dim() == 4:
            weight = convolution_weight(weight)
        else:
            weight = rows_of_map(weight, side_before) if side_before else weight.T.contiguous()
        self.weight = nn.Parameter(weight)
        self.is_normalized = name + ".gamma" in table
        if self.is_normalized:
            self.norm = Normalization(table, name)
        else:
            self.bias = nn.Parameter(table[name + ".bias"].clone())

    def forward(self, x):
        bias = None if self.is_normalized else self.bias
        if self.weight.dim() == 4:
            y = F.conv2d(x, self.weight, bias, self.stride, 1)
        else:
            y = F.linear(x, self.weight, bias)
        if self.is_normalized:
            y = self.norm(y)
        return rectified(y, self.slope)


class Embedder(nn.Module):
    """The embedder while it is trained."""

    def __init__(self, settings, table):
        super().__init__()
        self.is_residual = settings["kind"] == "residual"
        self.blocks = nn.ModuleList(
            nn.Sequential(*[
                Layer(table, f"block{block}.conv{index}", settings["slope"])
                for index in range(1, count + 1)])
            for block, count in enumerate(settings["convolutions"], 1))
        side = settings["view"]["side"] >> len(settings["widths"])
        self.embedding = Layer(table, "embedding", 1, side_before=side)

    def forward(self, x):
        for block in self.blocks:
            if self.is_residual:
                x = F.max_pool2d(block[0](x), 2)
                for first in range(1, len(block) - 1, 2):
                    x = x + block[first + 1](block[first](x))
            else:
                x = F.max_pool2d(block(x), 2)
        return self.embedding(x.reshape(len(x), -1))


def embedder_step(description, inputs, outputs, memory_format, is_bfloat16=False):
    """A function that takes one step and returns its losses; the first rates are those of ours."""
    rates = [float(output["rate"]) for output in outputs]
    settings = description["settings"]
    network = Embedder(settings["architecture"], inputs).to(memory_format=memory_format)
    classifier = nn.Parameter(inputs["classifier.weight"].clone())
    weights, others = [classifier], []
    for name, parameter in network.named_parameters():
        (weights if name.endswith("weight") else others).append(parameter)
    optimizer = torch.optim.AdamW(
        [{"params": weights, "weight_decay": settings["weightDecay"]},
         {"params": others, "weight_decay": 0}], lr=rates[0], fused=True)
    x = inputs["x"].permute(0, 3, 1, 2).contiguous(memory_format=memory_format)
    labels = inputs["labels"].long()
    count = len(labels)
    partners = torch.arange(count) ^ 1
    is_same = labels[:, None] == labels[None, :]
    excluded = -100.0 * (is_same & (torch.arange(count)[None, :] != partners[:, None]))
    steps = 0

    def step():
        nonlocal steps
        # The schedule of a margin without warm-up: none in the first step, all of it then.
        margin = settings["margin"] if steps else 0
        for group in optimizer.param_groups:
            group["lr"] = rates[min(steps, len(rates) - 1)]
        with networks.precision(is_bfloat16):
            embedded = network(x)
        unit = F.normalize(embedded.float())
        cosines = unit @ F.normalize(classifier).T
        cosines = cosines - margin * F.one_hot(labels, len(classifier))
        identification = F.cross_entropy(settings["scale"] * cosines, labels)
        pairs = unit @ unit.T + excluded
        verification = F.cross_entropy(settings["pairScale"] * pairs, partners)
        optimizer.zero_grad(set_to_none=True)
        (identification + settings["pairWeight"] * verification).backward()
        optimizer.step()
        steps += 1
        return torch.stack([identification.detach(), verification.detach()])

    return step


class Encoder(nn.Module):
    """A."""

    def __init__(self, settings, table):
        super().__init__()
        count = len(settings["attributeWidths"])
        self.blocks = nn.ModuleList(
            Layer(table, f"block{block}.conv1", 0.2) for block in range(1, count + 1))
        self.head = Layer(table, "head", 1, side_before=4)

    def forward(self, x):
        for block in self.blocks:
            x = F.max_pool2d(block(x), 2)
        return self.head(x.reshape(len(x), -1)).chunk(2, dim=1)


class Generator(nn.Module):
    """G, whose input f_I is a channel-first map of 4×4 places, flattened."""

    def __init__(self, settings, table):
        super().__init__()
        # As a 1×1 convolution, which PyTorch takes faster than a product of rearranged rows.
        weight = table["start.identity.weight"].T[:, :, None, None]
        self.identity = nn.Parameter(weight.contiguous())
        self.latent = nn.Parameter(columns_of_map(table["start.latent.weight"], 4).T.contiguous())
        self.norm = Normalization(table, "start")
        count = len(settings["generatorWidths"])
        self.blocks = nn.ModuleList(
            Layer(table, f"block{block}.conv1", 0.2) for block in range(1, count))
        self.last = Layer(table, "last", 1)

    def forward(self, identity, z):
        own = F.conv2d(identity.view(len(z), -1, 4, 4), self.identity)
        common = F.linear(z, self.latent).view(len(z), -1, 4, 4)
        x = rectified(self.norm(own + common), 0.2)
        for block in self.blocks:
            x = block(F.interpolate(x, scale_factor=2, mode="nearest"))
        return torch.tanh(self.last(x))


class Discriminator(nn.Module):
    """D."""

    def __init__(self, settings, table):
        super().__init__()
        count = len(settings["discriminatorWidths"])
        self.blocks = nn.Sequential(
            *[Layer(table, f"block{block}", 0.2, stride=2) for block in range(1, count + 1)])
        self.head = Layer(table, "head", 1, side_before=4)

    def forward(self, x):
        features = self.blocks(x)
        features = features.reshape(len(x), -1)
        return features, self.head(features)


def half_squared_distance(a, b):
    """½‖a − b‖², divided by the batch."""
    return 0.5 * (a - b).square().sum() / len(a)


class Algorithm1:
    """The state of an IP-GAN's training; the letters are the paper's."""

    def __init__(self, description, inputs, memory_format, is_bfloat16):
        self.is_bfloat16 = is_bfloat16

        def under(prefix):
            return {name[len(prefix):]: tensor for name, tensor in inputs.items()
                    if name.startswith(prefix)}

        self.settings = description["settings"]
        shapes = self.settings["architecture"]
        layers = networks.embedder(description["embedder"], under("embedder/"))
        if memory_format == torch.channels_last:
            layers = networks.channels_last(layers)
        self.I, self.C = layers[:-1], layers[-1:]
        store = {"memory_format": memory_format}
        self.A = Encoder(shapes, under("encoder/")).to(**store)
        self.G = Generator(shapes, under("generator/")).to(**store)
        self.D = Discriminator(shapes, under("discriminator/")).to(**store)
        self.moving = [tensor for network in (self.A, self.G)
                       for tensor in network.state_dict().values()]
        self.averaged = [tensor.clone() for tensor in self.moving]
        rate = self.settings["learningRate"]
        self.rules = {
            network: torch.optim.Adam(
                network.parameters(), lr=rate * share, betas=(0.5, 0.999), fused=True)
            for network, share in ((self.A, 1), (self.G, 1), (self.D, 0.5))}
        self.norms = [0.0, 0.0, 0.0]
        self.steps = 0

    def weight(self, index, gradient, strength):
        """The factor that gives a gradient its share of the norm of L_GR's."""
        self.follow(index, gradient)
        return strength * self.norms[0] / max(self.norms[index], 1e-12)

    def follow(self, index, gradient):
        norm = float(gradient.norm())
        old = self.norms[index]
        self.norms[index] = norm if old == 0 else 0.98 * old + 0.02 * norm

    def change(self, network, gradients):
        """The optimiser's step."""
        for parameter, gradient in zip(network.parameters(), gradients):
            parameter.grad = gradient
        self.rules[network].step()
        self.rules[network].zero_grad(set_to_none=True)

    def computed(self, network, *inputs):
        """A network's results in float, computed in the precision of this training."""
        with networks.precision(self.is_bfloat16):
            results = network(*inputs)
        if isinstance(results, tuple):
            return tuple(result.float() for result in results)
        return results.float()

    def frozen(self, layers, x):
        """The same of layers that are not trained."""
        return self.computed(functools.partial(networks.run, layers), x)

    def step(self, xs, xa, noise):
        """One iteration: a reconstruction step if x^a is x^s, otherwise a transformation step."""
        A, G, D, settings = self.A, self.G, self.D, self.settings
        grad = torch.autograd.grad
        kind = "reconstructionWeight" if xa is xs else "transformationWeight"
        lam = settings[kind]

        with torch.no_grad():
            identity = self.frozen(self.I, xs)
            known = self.frozen(self.C, identity)
        mean, log_variance = self.computed(A, xa)
        drawn = mean + noise * torch.exp(0.5 * log_variance)
        z = drawn.detach().requires_grad_()
        made = self.computed(G, identity, z)

        # The losses at x': a leaf, so that their gradients can be weighed.
        x = made.detach().requires_grad_()
        loss_GR = half_squared_distance(x, xa)
        loss_GC = half_squared_distance(self.frozen(self.I + self.C, x), known)
        gradient_GR, = grad(loss_GR, x)
        gradient_GC, = grad(loss_GC, x)
        self.follow(0, gradient_GR)
        total = lam * gradient_GR
        total = total + self.weight(1, gradient_GC, settings["identityStrength"]) * gradient_GC

        features_real, logit_real = self.computed(D, xa)
        features_made, logit_made = self.computed(D, x)
        entropy = F.binary_cross_entropy_with_logits
        loss_D = entropy(logit_real, torch.full_like(logit_real, 0.9))
        loss_D = loss_D + entropy(logit_made, torch.zeros_like(logit_made))
        loss_GD = half_squared_distance(features_made, features_real.detach())
        gradient_GD, = grad(loss_GD, x, retain_graph=True)
        total = total + self.weight(2, gradient_GD, settings["realismStrength"]) * gradient_GD
        self.change(D, grad(loss_D, list(D.parameters())))

        # G learns from all three, A only from λL_GR and λL_KL.
        change_G = grad(made, list(G.parameters()), total, retain_graph=True)
        change_z, = grad(made, z, lam * gradient_GR)
        loss_KL = 0.5 * (mean.square() + log_variance.exp() - log_variance - 1).sum() / len(mean)
        rise = min(1, self.steps / max(1, settings["divergenceWarmup"]))
        loss_A = (drawn * change_z).sum() + settings["divergenceWeight"] * lam * rise * loss_KL
        change_A = grad(loss_A, list(A.parameters()))
        self.change(G, change_G)
        self.change(A, change_A)
        decay = min(settings["averageDecay"], (self.steps + 1) / (self.steps + 10))
        torch._foreach_lerp_(self.averaged, self.moving, 1 - decay)
        self.steps += 1
        losses = (loss_GR, loss_KL, loss_GC, loss_GD, loss_D)
        return torch.stack([loss.detach() for loss in losses])


def algorithm1(description, inputs, outputs, memory_format, is_bfloat16=False):
    """A function that takes a reconstruction and a transformation step; returns both's losses."""
    trainer = Algorithm1(description, inputs, memory_format, is_bfloat16)
    xs, xa = (inputs[name].permute(0, 3, 1, 2).contiguous(memory_format=memory_format)
              for name in ("subjects", "attributes"))
    noises = [inputs["noise0"], inputs["noise1"]]

    def steps():
        first = trainer.step(xs, xs, noises[0])
        return torch.stack([first, trainer.step(xs, xa, noises[1])])

    return steps
