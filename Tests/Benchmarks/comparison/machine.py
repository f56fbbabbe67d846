"""What a benchmark ran on, and with what."""

import importlib.metadata
import os
import platform
import subprocess

# Those of /proc/cpuinfo that change how fast networks are.
INSTRUCTION_SETS = ["avx2", "fma", "avx512f", "avx512_vnni", "avx512_bf16", "avx512_fp16",
                    "amx_tile", "amx_int8", "amx_bf16"]
PACKAGES = ["torch", "onnxruntime", "openvino", "numpy"]


def cpu_information(path="/proc/cpuinfo"):
    """The first processor's entries, by name."""
    entries = {}
    with open(path) as file:
        for line in file:
            name, colon, value = line.partition(":")
            if not colon:
                break
            entries[name.strip()] = value.strip()
    return entries


def instruction_sets(information=None):
    """Those among `INSTRUCTION_SETS` that the processor has."""
    found = (information or cpu_information()).get("flags", "").split()
    return [name for name in INSTRUCTION_SETS if name in found]


def version(package):
    """A package's version, or None if it is not installed."""
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def commit():
    """The commit of the working tree, with a mark if it has other changes; None outside of one."""
    folder = os.path.dirname(os.path.abspath(__file__))

    def git(*words):
        return subprocess.run(["git", "-C", folder, *words], check=True, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout.strip()

    try:
        return git("rev-parse", "HEAD") + (" and changes" if git("status", "--porcelain") else "")
    except (OSError, subprocess.CalledProcessError):
        return None


def about(threads, rounds):
    """What a report says of its circumstances."""
    information = cpu_information()
    return {
        "processor": information.get("model name", platform.machine()),
        "processors": os.cpu_count(),
        "instruction_sets": instruction_sets(information),
        "threads": threads, "rounds": rounds, "commit": commit(),
        "python": platform.python_version(),
        "versions": {name: version(name) for name in PACKAGES},
        # OpenBLAS falls back to kernels of 2004 on a processor it does not know.
        "OPENBLAS_CORETYPE": os.environ.get("OPENBLAS_CORETYPE"),
    }
