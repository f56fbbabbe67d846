"""Networks as ONNX, for the libraries that read it."""

import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

from . import networks


def onnx_model(layers, input_shape, output_shape):
    """The network as a file's bytes; its input is `x`, its output `y`."""
    nodes, constants = [], []

    def constant(array):
        constants.append(numpy_helper.from_array(array, f"c{len(constants)}"))
        return constants[-1].name

    def add(operation, *inputs, **attributes):
        nodes.append(helper.make_node(operation, list(inputs), [f"n{len(nodes)}"], **attributes))
        return nodes[-1].output[0]

    x = "x"
    for layer in layers:
        if isinstance(layer, networks.Convolution):
            side = layer.weight.shape[2]
            x = add("Conv", x, constant(layer.weight.numpy()), constant(layer.bias.numpy()),
                    kernel_shape=[side, side], pads=[1] * 4, strides=[layer.stride] * 2)
        elif isinstance(layer, networks.Dense):
            x = add("Gemm", x, constant(layer.weight.numpy()), constant(layer.bias.numpy()),
                    transB=1)
        elif isinstance(layer, networks.MapStart):
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
        elif layer == networks.MAX_POOL:
            x = add("MaxPool", x, kernel_shape=[2, 2], strides=[2, 2])
        elif layer == networks.UPSAMPLE:
            scales = constant(torch.tensor([1, 1, 2, 2], dtype=torch.float32).numpy())
            x = add("Resize", x, "", scales, mode="nearest", nearest_mode="floor",
                    coordinate_transformation_mode="asymmetric")
        elif layer == networks.FLATTEN:
            x = add("Flatten", x)
        elif layer == networks.TANH:
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
    return model.SerializeToString()


def with_onnxruntime(model, threads):
    """A function that computes a model with onnxruntime."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    return lambda numbers: session.run(None, {"x": numbers})[0]


def with_openvino(model, threads, precision):
    """A function that computes a model with OpenVINO in a precision: `f32` or `bf16`."""
    import openvino

    core = openvino.Core()
    compiled = core.compile_model(core.read_model(model, b""), "CPU", {
        "INFERENCE_NUM_THREADS": threads, "INFERENCE_PRECISION_HINT": precision,
        "PERFORMANCE_HINT": "LATENCY"})
    used = compiled.get_property("INFERENCE_PRECISION_HINT").to_string()
    if used != precision:
        raise ValueError(f"OpenVINO computes in {used}; expected {precision}")
    request = compiled.create_infer_request()

    def compute(numbers):
        # What it returns is overwritten by the next run.
        return request.infer({"x": numbers}, share_inputs=True, share_outputs=True)["y"]

    return compute
