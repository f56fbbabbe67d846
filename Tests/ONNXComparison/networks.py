"""Networks as people export them: random weights, statistics that matter."""

import warnings

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn


def randomised(network, seed):
    """The network in evaluation mode with statistics, slopes and factors that are no defaults."""
    generator = torch.Generator().manual_seed(seed)

    def draw(tensor, low, high):
        tensor.data.copy_(torch.rand(tensor.shape, generator=generator) * (high - low) + low)

    for module in network.modules():
        if isinstance(module, (nn.BatchNorm2d, nn.BatchNorm1d)):
            draw(module.running_mean, -0.2, 0.2)
            draw(module.running_var, 0.5, 1.5)
            if module.affine:
                draw(module.weight, 0.7, 1.3)
                draw(module.bias, -0.1, 0.1)
        elif isinstance(module, nn.PReLU):
            draw(module.weight, -0.2, 0.5)
        elif isinstance(module, (nn.Conv2d, nn.Linear)):
            bound = (3 / module.weight[0].numel()) ** 0.5
            draw(module.weight, -bound, bound)
            if module.bias is not None:
                draw(module.bias, -0.1, 0.1)
    return network.eval()


class ConvBlock(nn.Sequential):
    def __init__(self, inputs, outputs, kernel=1, stride=1, padding=0, groups=1, activation="prelu"):
        layers = [nn.Conv2d(inputs, outputs, kernel, stride, padding, groups=groups, bias=False),
                  nn.BatchNorm2d(outputs)]
        if activation == "prelu":
            layers.append(nn.PReLU(outputs))
        elif activation == "relu6":
            layers.append(nn.ReLU6())
        super().__init__(*layers)


class Bottleneck(nn.Module):
    """Depthwise, between two pointwise convolutions (MobileFaceNet)."""

    def __init__(self, inputs, outputs, width, stride, activation):
        super().__init__()
        self.adds = stride == 1 and inputs == outputs
        self.layers = nn.Sequential(
            ConvBlock(inputs, width, activation=activation),
            ConvBlock(width, width, 3, stride, 1, groups=width, activation=activation),
            ConvBlock(width, outputs, activation="none"))

    def forward(self, x):
        return x + self.layers(x) if self.adds else self.layers(x)


class MobileFaceNet(nn.Module):
    """Chen et al., 2018."""

    def __init__(self, activation="prelu", scale=1):
        super().__init__()
        plan = [(64, 128, 2, 5), (128, 256, 2, 1), (128, 256, 1, 6), (128, 512, 2, 1), (128, 256, 1, 2)]
        layers = [ConvBlock(3, 64 // scale, 3, 2, 1, activation=activation),
                  ConvBlock(64 // scale, 64 // scale, 3, 1, 1, groups=64 // scale,
                            activation=activation)]
        inputs = 64 // scale
        for outputs, width, stride, count in plan:
            for index in range(count if scale == 1 else 1):
                layers.append(Bottleneck(inputs, outputs // scale, width // scale,
                                         stride if index == 0 else 1, activation))
                inputs = outputs // scale
        layers += [ConvBlock(inputs, 512 // scale, activation=activation),
                   ConvBlock(512 // scale, 512 // scale, 7, groups=512 // scale, activation="none")]
        self.features = nn.Sequential(*layers)
        self.head = nn.Linear(512 // scale, 128 // scale, bias=False)
        self.last = nn.BatchNorm1d(128 // scale)

    def forward(self, x):
        x = self.features(x)
        return self.last(self.head(x.view(x.size(0), -1)))


class ResidualBlock(nn.Module):
    """Of IResNet (InsightFace's iresnet.py)."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.bn1 = nn.BatchNorm2d(inputs)
        self.conv1 = nn.Conv2d(inputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.prelu = nn.PReLU(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, stride, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(outputs)
        self.downsample = None
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        shortcut = x if self.downsample is None else self.downsample(x)
        y = self.prelu(self.bn2(self.conv1(self.bn1(x))))
        return self.bn3(self.conv2(y)) + shortcut


class IResNet(nn.Module):
    """IResNet-18, or a narrow one."""

    def __init__(self, scale=1, blocks=(2, 2, 2, 2), side=112):
        super().__init__()
        widths = [width // scale for width in (64, 128, 256, 512)]
        self.stem = nn.Sequential(nn.Conv2d(3, widths[0], 3, 1, 1, bias=False),
                                  nn.BatchNorm2d(widths[0]), nn.PReLU(widths[0]))
        layers, inputs = [], widths[0]
        for width, count in zip(widths, blocks):
            for index in range(count):
                layers.append(ResidualBlock(inputs, width, 2 if index == 0 else 1))
                inputs = width
        self.layers = nn.Sequential(*layers)
        self.bn2 = nn.BatchNorm2d(inputs)
        self.dropout = nn.Dropout(0.4)
        place = side // 16
        self.fc = nn.Linear(inputs * place * place, 512 // scale)
        self.last = nn.BatchNorm1d(512 // scale)

    def forward(self, x):
        x = self.dropout(self.bn2(self.layers(self.stem(x))))
        return self.last(self.fc(torch.flatten(x, 1)))


class Squeezing(nn.Module):
    """What MobileNetV3 and its kin are made of: hard-swish, squeeze and excitation, odd windows."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 12, (5, 3), (2, 2), (2, 1))
        self.grouped = nn.Conv2d(12, 18, 3, 1, 1, groups=3)
        self.pool = nn.MaxPool2d(3, 2, 1)
        self.mean = nn.AvgPool2d(3, 1, 1)
        self.wide = nn.Conv2d(18, 20, 5, 2, 2)
        self.less = nn.Linear(20, 6)
        self.more = nn.Linear(6, 20)
        self.head = nn.Linear(20, 16)

    def forward(self, x):
        x = nn.functional.hardswish(self.stem(x))
        x = nn.functional.leaky_relu(self.grouped(x), 0.1)
        x = self.mean(self.pool(x))
        x = nn.functional.relu6(self.wide(x))
        s = nn.functional.adaptive_avg_pool2d(x, 1).view(x.size(0), -1)
        s = torch.sigmoid(self.more(torch.relu(self.less(s)))).view(x.size(0), -1, 1, 1)
        x = x * s
        h = nn.functional.hardsigmoid(x) - 0.25 * x / 2
        return self.head(h.mean((2, 3)))


def export(network, path, opset, side, batch=True):
    """Writes a network as PyTorch's exporter of old does; opset 18 and above by the new one."""
    options = dict(input_names=["input"], output_names=["embedding"], opset_version=opset)
    if batch and opset < 18:
        options["dynamic_axes"] = {"input": {0: "batch"}, "embedding": {0: "batch"}}
    if opset >= 18:
        options |= {"external_data": False, "verbose": False}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(network, (torch.zeros(1, 3, side, side),), path,
                          dynamo=opset >= 18, **options)


def channels_last(path, seed=5):
    """A network as tf2onnx writes one of Keras: pictures with colours last, and transpositions."""
    random = np.random.default_rng(seed)
    tensors, nodes = [], []

    def constant(name, array):
        tensors.append(numpy_helper.from_array(np.asarray(array), name))
        return name

    def weights(name, *shape):
        return constant(name, (random.standard_normal(shape) * (2 / np.prod(shape[1:])) ** 0.5)
                        .astype(np.float32))

    def node(kind, inputs, name, **attributes):
        nodes.append(helper.make_node(kind, inputs, [name + ":0"], name, **attributes))
        return name + ":0"

    x = node("Sub", ["picture", constant("mean", np.float32(127.5))], "sub")
    x = node("Mul", [x, constant("factor", np.float32(1 / 128))], "mul")
    x = node("Transpose", [x], "to_nchw", perm=[0, 3, 1, 2])
    x = node("Conv", [x, weights("w1", 16, 3, 3, 3)], "conv1", auto_pad="SAME_UPPER", strides=[2, 2])
    x = node("Transpose", [x], "to_nhwc", perm=[0, 2, 3, 1])
    x = node("Add", [x, constant("b1", random.standard_normal(16).astype(np.float32) * 0.1)], "bias1")
    x = node("PRelu", [x, constant("slopes", random.random((1, 1, 16)).astype(np.float32) * 0.3)],
             "prelu")
    x = node("Transpose", [x], "to_nchw2", perm=[0, 3, 1, 2])
    y = node("Conv", [x, weights("w2", 16, 1, 3, 3), weights("b2", 16)], "depthwise", group=16,
             pads=[1, 1, 1, 1])
    y = node("Clip", [y, constant("zero", np.float32(0)), constant("six", np.float32(6))], "relu6")
    y = node("Conv", [y, weights("w3", 16, 16, 1, 1)], "pointwise")
    x = node("Add", [y, x], "add")
    x = node("MaxPool", [x], "pool", kernel_shape=[2, 2], strides=[2, 2], auto_pad="SAME_UPPER")
    x = node("Conv", [x, weights("w4", 8, 16, 3, 3)], "conv4", strides=[3, 3])
    x = node("Transpose", [x], "to_nhwc2", perm=[0, 2, 3, 1])
    x = node("Reshape", [x, constant("flat", np.array([-1, 9 * 9 * 8], np.int64))], "flatten")
    x = node("MatMul", [x, weights("w5", 9 * 9 * 8, 24)], "dense")
    x = node("Add", [x, weights("b5", 24)], "embedding")
    graph = helper.make_graph(
        nodes, "keras", [helper.make_tensor_value_info("picture", TensorProto.FLOAT, ["n", 112, 112, 3])],
        [helper.make_tensor_value_info(x, TensorProto.FLOAT, ["n", 24])], tensors)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=7)
    onnx.checker.check_model(model)
    onnx.save(model, path)


def mxnet_style(path, network, side=112):
    """The network as MXNet wrote it: an old operator set, typed numbers, constants among the inputs."""
    export(network, path, 9, side)
    model = onnx.load(path)
    for tensor in model.graph.initializer:
        array = numpy_helper.to_array(tensor)
        if array.dtype == np.float32:
            tensor.ClearField("raw_data")
            tensor.float_data.extend(array.ravel().tolist())
        model.graph.input.append(
            helper.make_tensor_value_info(tensor.name, tensor.data_type, array.shape))
    onnx.save(model, path)


EXPORTS = {
    "mobilefacenet_11": lambda path: export(randomised(MobileFaceNet(), 1), path, 11, 112),
    "mobilefacenet_17": lambda path: export(randomised(MobileFaceNet(), 1), path, 17, 112),
    "mobilefacenet_18": lambda path: export(randomised(MobileFaceNet(), 1), path, 18, 112),
    "relu6_11": lambda path: export(randomised(MobileFaceNet("relu6"), 2), path, 11, 112),
    "relu6_17": lambda path: export(randomised(MobileFaceNet("relu6"), 2), path, 17, 112),
    "relu6_fixed_batch": lambda path: export(
        randomised(MobileFaceNet("relu6"), 2), path, 11, 112, batch=False),
    "iresnet18_11": lambda path: export(randomised(IResNet(), 3), path, 11, 112),
    "iresnet18_17": lambda path: export(randomised(IResNet(), 3), path, 17, 112),
    "iresnet18_mxnet": lambda path: mxnet_style(path, randomised(IResNet(), 3)),
    "squeezing_11": lambda path: export(randomised(Squeezing(), 4), path, 11, 112),
    "squeezing_17": lambda path: export(randomised(Squeezing(), 4), path, 17, 112),
    "squeezing_20": lambda path: export(randomised(Squeezing(), 4), path, 20, 112),
    "channels_last": channels_last,
}


def trainable():
    """Networks whose gradients PyTorch tells, by name."""
    return {
        "mobilefacenet": randomised(MobileFaceNet(), 1),
        "relu6": randomised(MobileFaceNet("relu6"), 2),
        "iresnet18": randomised(IResNet(), 3),
        "squeezing": randomised(Squeezing(), 4),
    }
