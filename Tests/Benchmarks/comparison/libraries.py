"""Which of the other libraries take part on this machine."""

import importlib

from .machine import cpu_information

# Beside PyTorch, which the comparison itself needs: what a library is imported as.
OPTIONAL = {"onnxruntime": ["onnxruntime", "onnx"], "openvino": ["openvino", "onnx"]}
BFLOAT16 = "avx512_bf16"


def importable(modules, load=importlib.import_module):
    """Why modules cannot be imported, or None if they can."""
    for module in modules:
        try:
            load(module)
        except ImportError as failure:
            return f"{module} cannot be imported: {failure}"
    return None


def present(flags=None, load=importlib.import_module):
    """The libraries that take part, and in words why others do not."""
    flags = cpu_information().get("flags", "").split() if flags is None else flags
    found, reasons = ["torch"], []
    for library, modules in OPTIONAL.items():
        reason = importable(modules, load)
        if reason is None:
            found.append(library)
        else:
            reasons.append(f"{library} takes no part: {reason}")
    if BFLOAT16 in flags:
        found += [f"{library} bf16" for library in ("torch", "openvino") if library in found]
    else:
        reasons.append(f"bf16 takes no part: the processor has no {BFLOAT16}")
    return found, reasons
