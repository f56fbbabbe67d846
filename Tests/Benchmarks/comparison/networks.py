"""Networks in use as lists of layers, which PyTorch runs and onnxruntime gets as a graph.

Ours are NHWC with weights [kH][kW][in][out]; here pictures are NCHW. Dense layers beside a
flattened map have their weights' rows or columns rearranged, once.
"""

from dataclasses import dataclass

import onnx
import onnxruntime
import torch
import torch.nn.functional as F
from onnx import TensorProto, helper, numpy_helper


@dataclass
class Convolution:
    """A convolution, and an activation with `slope` below zero."""

    weight: torch.Tensor
    bias: torch.Tensor
    slope: float
    stride: int = 1


@dataclass
class Dense:
    """Rows times a matrix, and an activation with `slope` below zero."""

    weight: torch.Tensor
    bias: torch.Tensor
    slope: float


@dataclass
class MapStart:
    """G's first map from [f_I, z]: f_I's places times a matrix, plus z times another."""

    identity: torch.Tensor
    latent: torch.Tensor
    scale: torch.Tensor
    shift: torch.Tensor
    slope: float

    def __call__(self, x):
        places, width = self.identity.shape
        count = 16 * places
        own = x[:, :count].reshape(-1, places) @ self.identity
        common = (x[:, count:] @ self.latent).view(-1, width)
        y = (own + common) * self.scale + self.shift
        return y.view(len(x), 4, 4, width).permute(0, 3, 1, 2)


MAX_POOL, UPSAMPLE, FLATTEN, TANH = "pool", "upsample", "flatten", "tanh"


def convolution_weight(weight):
    """[kH][kW][in][out] as PyTorch has it, [out][in][kH][kW]."""
    return weight.permute(3, 2, 0, 1).contiguous()


def rows_of_map(weight, side):
    """The weight of a dense layer that reads a map, [out][in], for a channel-first map."""
    rows, columns = weight.shape
    weight = weight.view(side * side, rows // (side * side), columns).transpose(0, 1)
    return weight.reshape(rows, columns).T.contiguous()


def columns_of_map(tensor, side):
    """What belongs to the numbers of a map on the last axis, for a channel-first map."""
    shape = tensor.shape
    split = tensor.reshape(*shape[:-1], side * side, shape[-1] // (side * side))
    return split.transpose(-1, -2).reshape(shape).contiguous()


def embedder(settings, table):
    """f_C of pictures."""
    assert settings["head"] == "map" and not settings["view"]["isGrey"]
    layers = []
    for block, count in enumerate(settings["convolutions"], 1):
        for index in range(1, count + 1):
            name = f"block{block}.conv{index}"
            weight = convolution_weight(table[name + ".weight"])
            layers.append(Convolution(weight, table[name + ".bias"], 0))
        layers.append(MAX_POOL)
    side = settings["view"]["side"] >> len(settings["widths"])
    weight = rows_of_map(table["embedding.weight"], side)
    return layers + [FLATTEN, Dense(weight, table["embedding.bias"], 1)]


def encoder(settings, table):
    """A: mean and log-variance side by side."""
    layers = []
    for block in range(1, len(settings["attributeWidths"]) + 1):
        name = f"block{block}.conv1"
        weight = convolution_weight(table[name + ".weight"])
        layers += [Convolution(weight, table[name + ".bias"], 0.2), MAX_POOL]
    head = Dense(rows_of_map(table["head.weight"], 4), table["head.bias"], 1)
    return layers + [FLATTEN, head]


def generator(settings, table):
    """G, from [f_I, z] as our side has it."""
    scale = table["start.gamma"] / torch.sqrt(table["start.running_variance"] + 1e-5)
    shift = table["start.beta"] - table["start.running_mean"] * scale
    layers = [MapStart(
        table["start.identity.weight"], table["start.latent.weight"], scale, shift, 0.2)]
    for block in range(1, len(settings["generatorWidths"])):
        name = f"block{block}.conv1"
        weight = convolution_weight(table[name + ".weight"])
        layers += [UPSAMPLE, Convolution(weight, table[name + ".bias"], 0.2)]
    last = Convolution(convolution_weight(table["last.weight"]), table["last.bias"], 1)
    return layers + [last, TANH]


def discriminator(settings, table):
    """D's logit."""
    layers = []
    for block in range(1, len(settings["discriminatorWidths"]) + 1):
        weight = convolution_weight(table[f"block{block}.weight"])
        layers.append(Convolution(weight, table[f"block{block}.bias"], 0.2, stride=2))
    head = Dense(rows_of_map(table["head.weight"], 4), table["head.bias"], 1)
    return layers + [FLATTEN, head]


def rectified(y, slope):
    """The activation, in place."""
    if slope == 1:
        return y
    return F.relu_(y) if slope == 0 else F.leaky_relu_(y, slope)


def run(layers, x):
    """Computes with PyTorch."""
    for layer in layers:
        if isinstance(layer, Convolution):
            y = F.conv2d(x, layer.weight, layer.bias, layer.stride, 1)
            x = rectified(y, layer.slope)
        elif isinstance(layer, Dense):
            x = rectified(F.linear(x, layer.weight, layer.bias), layer.slope)
        elif isinstance(layer, MapStart):
            x = rectified(layer(x), layer.slope)
        elif layer == MAX_POOL:
            x = F.max_pool2d(x, 2)
        elif layer == UPSAMPLE:
            x = F.interpolate(x, scale_factor=2, mode="nearest")
        elif layer == FLATTEN:
            # Logical order is channel-first in either memory format.
            x = x.reshape(len(x), -1)
        elif layer == TANH:
            x = torch.tanh_(x)
    return x


def channels_last(layers):
    """The layers with convolutions' weights stored as `channels_last` wants them."""
    def converted(layer):
        if not isinstance(layer, Convolution):
            return layer
        weight = layer.weight.contiguous(memory_format=torch.channels_last)
        return Convolution(weight, layer.bias, layer.slope, layer.stride)

    return [converted(layer) for layer in layers]


def onnx_session(layers, input_shape, output_shape, threads):
    """Computes with onnxruntime: a session whose input is `x`."""
    nodes, constants = [], []

    def constant(array):
        constants.append(numpy_helper.from_array(array, f"c{len(constants)}"))
        return constants[-1].name

    def add(operation, *inputs, **attributes):
        nodes.append(helper.make_node(operation, list(inputs), [f"n{len(nodes)}"], **attributes))
        return nodes[-1].output[0]

    x = "x"
    for layer in layers:
        if isinstance(layer, Convolution):
            side = layer.weight.shape[2]
            x = add("Conv", x, constant(layer.weight.numpy()), constant(layer.bias.numpy()),
                    kernel_shape=[side, side], pads=[1] * 4, strides=[layer.stride] * 2)
        elif isinstance(layer, Dense):
            x = add("Gemm", x, constant(layer.weight.numpy()), constant(layer.bias.numpy()),
                    transB=1)
        elif isinstance(layer, MapStart):
            places, width = layer.identity.shape
            parts = constant(torch.tensor([16 * places, input_shape[1] - 16 * places]).numpy())
            nodes.append(helper.make_node("Split", [x, parts], ["f_I", "z"], axis=1))

            def shaped(y, *shape):
                return add("Reshape", y, constant(torch.tensor(shape).numpy()))

            own = add("MatMul", shaped("f_I", -1, places), constant(layer.identity.numpy()))
            common = shaped(add("MatMul", "z", constant(layer.latent.numpy())), -1, width)
            x = add("Mul", add("Add", own, common), constant(layer.scale.numpy()))
            x = add("Add", x, constant(layer.shift.numpy()))
            x = add("Transpose", shaped(x, input_shape[0], 4, 4, width), perm=[0, 3, 1, 2])
        elif layer == MAX_POOL:
            x = add("MaxPool", x, kernel_shape=[2, 2], strides=[2, 2])
        elif layer == UPSAMPLE:
            scales = constant(torch.tensor([1, 1, 2, 2], dtype=torch.float32).numpy())
            x = add("Resize", x, "", scales, mode="nearest", nearest_mode="floor",
                    coordinate_transformation_mode="asymmetric")
        elif layer == FLATTEN:
            x = add("Flatten", x)
        elif layer == TANH:
            x = add("Tanh", x)
        slope = getattr(layer, "slope", 1)
        if slope != 1:
            x = add("Relu", x) if slope == 0 else add("LeakyRelu", x, alpha=slope)
    nodes[-1].output[0] = "y"
    describe = helper.make_tensor_value_info
    graph = helper.make_graph(
        nodes, "network", [describe("x", TensorProto.FLOAT, input_shape)],
        [describe("y", TensorProto.FLOAT, output_shape)], constants)
    model = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.checker.check_model(model)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    return onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"])
