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
    """The libraries that take part, and in words why the others do not, by name."""
    flags = cpu_information().get("flags", "").split() if flags is None else flags
    absent = {library: reason for library, modules in OPTIONAL.items()
              if (reason := importable(modules, load))}
    found = ["torch", *(library for library in OPTIONAL if library not in absent)]
    for library in ("torch", "openvino"):
        if library in absent:
            absent[library + " bf16"] = absent[library]
        elif BFLOAT16 in flags:
            found.append(library + " bf16")
        else:
            absent[library + " bf16"] = f"the processor has no {BFLOAT16}"
    return found, absent
