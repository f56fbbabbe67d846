"""What the engine must reach: the largest allowed time(ours) / time(theirs), by case."""

# The first pattern that a case's name begins with decides. Of an instruction set narrower than
# the processor's widest, NARROW_TARGET holds for whatever has a target here.
TARGETS = [
    ("network/embedder-accurate/", {"torch": 0.55}),
    ("network/embedder/", {"torch": 0.40, "onnxruntime": 0.45}),
    ("network/generator/", {"torch": 0.40, "onnxruntime": 0.45}),
    ("network/encoder/", {}),
    ("network/discriminator/", {"torch": 0.80}),
    ("network/pixel-gradient/", {"torch": 0.40}),
    ("step/embedder/", {"torch": 0.38, "torch bf16": 0.60}),
    ("step/algorithm1/", {"torch": 0.42}),
    ("step/", {"torch": 0.40}),
    ("kernel/conv3x3/3-16@128/b1/", {"torch": 1.0}),
    ("kernel/conv3x3/3-32@128/b1/", {"torch": 1.0}),
    ("kernel/conv4x4s2/", {"torch": 1.0}),
    ("kernel/upsampled3x3/", {"torch": 1.0}),
    ("kernel/dense/", {"torch": 1.0}),
]
NARROW_TARGET = 0.55

# The largest relative error between the two sides' results, by the precision of theirs. Winograd's
# F(4×4) has about 1e-5 a layer.
TOLERANCES = {"float": 1e-4, "bf16": 5e-2}
# The same for a picture's gradient in bfloat16, by lengths: rounding to 8 bits sends a part of it another
# way through rectifiers and pooling (.32 was found). Of two unrelated gradients it is 1.4.
GRADIENT_TOLERANCES = {"bf16": 0.5}
# The same for the losses of a second step. Adam's first step is ± the rate wherever a gradient is
# not exactly zero, so that weights whose gradients are nothing but rounding part ways.
LATER_TOLERANCES = {"float": 1e-2, "bf16": 1e-1}


def targets(case, is_narrow):
    """The targets of a case, by library."""
    found = next((values for start, values in TARGETS if case.startswith(start)), {})
    if not is_narrow:
        return found
    return {name: max(value, NARROW_TARGET) for name, value in found.items()}
