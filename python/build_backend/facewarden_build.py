"""The build backend (PEP 517): a wheel with the shared library inside, built by Swift from the clone around it.

`python3 build_backend/facewarden_build.py FOLDER` writes the wheel without pip.
"""

import base64
import hashlib
import io
import os
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import zipfile

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
CLONE = os.path.dirname(HERE)
LIBRARY = "libfacewarden_c.so"
# The Swift runtime goes into the library, and only the interface's functions show: the machine that uses it
# needs Debian's libraries alone, and no other Swift program in the process is disturbed. The products lie
# apart, because these options would have everything compiled anew each time.
BUILD = [
    "swift", "build", "-c", "release", "--product", "facewarden_c", "--scratch-path", ".build/python",
    "--static-swift-stdlib", "-Xswiftc", "-static-stdlib", "-Xlinker", "--gc-sections", "-Xlinker", "-s",
    "-Xlinker", "--version-script=packaging/facewarden_c.map"]


def library():
    """The path of the library: $FACEWARDEN_LIBRARY, or what Swift builds."""
    given = os.environ.get("FACEWARDEN_LIBRARY")
    if given:
        if not os.path.isfile(given):
            raise SystemExit(f"facewarden: FACEWARDEN_LIBRARY is '{given}', which is no file")
        return given
    if not os.path.isfile(os.path.join(CLONE, "Package.swift")):
        raise SystemExit(
            f"facewarden: '{CLONE}' is no clone of facewarden; expected ./python in one, or FACEWARDEN_LIBRARY "
            f"with the path of a {LIBRARY} that is built")
    if shutil.which("swift") is None:
        raise SystemExit(
            "facewarden: there is no 'swift' on PATH; the library is written in Swift 6.2 or newer. Install it from "
            "https://swift.org/install, install a wheel that 'make wheel' made on another machine, or set "
            f"FACEWARDEN_LIBRARY to the path of a {LIBRARY} that is built")
    done = subprocess.run(BUILD, cwd=CLONE, stdout=sys.stderr)
    if done.returncode != 0:
        raise SystemExit(
            "facewarden: 'swift build' failed, see above; 'make setup' in the clone installs the libraries that it "
            "needs")
    return os.path.join(CLONE, ".build", "python", "release", LIBRARY)


def project():
    """The table [project] of pyproject.toml."""
    with open(os.path.join(HERE, "pyproject.toml"), "rb") as file:
        return tomllib.load(file)["project"]


def metadata(about):
    """The contents of METADATA."""
    lines = ["Metadata-Version: 2.1", f"Name: {about['name']}", f"Version: {about['version']}",
             f"Summary: {about['description']}", f"License: {about['license']}",
             f"Requires-Python: {about['requires-python']}"]
    lines += [f"Requires-Dist: {name}" for name in about["dependencies"]]
    for extra, names in about["optional-dependencies"].items():
        lines.append(f"Provides-Extra: {extra}")
        lines += [f"Requires-Dist: {name}; extra == \"{extra}\"" for name in names]
    with open(os.path.join(HERE, about["readme"]), encoding="utf-8") as file:
        return "\n".join(lines) + "\nDescription-Content-Type: text/markdown\n\n" + file.read()


def package_files():
    """The files of the package and their paths in the wheel, in order."""
    folder = os.path.join(HERE, "facewarden")
    for name in sorted(os.listdir(folder)):
        if name.endswith(".py") or name == "py.typed":
            with open(os.path.join(folder, name), "rb") as file:
                yield "facewarden/" + name, file.read()


def write_wheel(folder):
    """Writes the wheel into a folder; its file name."""
    about = project()
    release = f"{about['name']}-{about['version']}"
    tag = "py3-none-" + sysconfig.get_platform().replace("-", "_").replace(".", "_")
    with open(library(), "rb") as file:
        content = [*package_files(), ("facewarden/" + LIBRARY, file.read())]
    with open(os.path.join(CLONE, "LICENSE"), "rb") as file:
        content.append((f"{release}.dist-info/LICENSE", file.read()))
    content += [
        (f"{release}.dist-info/METADATA", metadata(about).encode()),
        (f"{release}.dist-info/WHEEL", ("Wheel-Version: 1.0\nGenerator: facewarden\n"
                                        f"Root-Is-Purelib: false\nTag: {tag}\n").encode()),
    ]
    record = io.StringIO()
    for name, data in content:
        sum = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        record.write(f"{name},sha256={sum},{len(data)}\n")
    record.write(f"{release}.dist-info/RECORD,,\n")
    content.append((f"{release}.dist-info/RECORD", record.getvalue().encode()))
    os.makedirs(folder, exist_ok=True)
    wheel = f"{release}-{tag}.whl"
    path = os.path.join(folder, wheel)
    with zipfile.ZipFile(path + ".part", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content:
            # The same files make the same wheel, whenever it is made.
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.external_attr = (0o755 if name.endswith(".so") else 0o644) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    os.replace(path + ".part", path)
    return wheel


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    """PEP 517."""
    return write_wheel(wheel_directory)


def build_sdist(sdist_directory, config_settings=None):
    """PEP 517; there is none, because the sources of the library lie around this folder."""
    raise SystemExit("facewarden: there is no source distribution of python/ alone; clone the repository")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: facewarden_build.py FOLDER")
    print(os.path.join(sys.argv[1], write_wheel(sys.argv[1])))
