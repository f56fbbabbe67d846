"""Tests of the package as a whole: its types, its wheel, the README's example."""

import os
import re
import subprocess
import sys
import zipfile

import pytest

import readme_example

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
PACKAGE = os.path.join(ROOT, "python")
BACKEND = os.path.join(PACKAGE, "build_backend", "facewarden_build.py")


def build(folder, **environment):
    """Runs the backend without pip; what it printed, and its words."""
    return subprocess.run([sys.executable, BACKEND, str(folder)], capture_output=True, text=True,
                          env={**os.environ, **environment})


def test_types_are_checked():
    done = subprocess.run(["/usr/bin/mypy", "--config-file", "pyproject.toml", "--cache-dir",
                           os.devnull], cwd=PACKAGE, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_the_readme_says_what_happens(monkeypatch):
    monkeypatch.chdir(ROOT)
    code, said = readme_example.example()
    assert len(code.split("\n")) <= 6
    assert readme_example.run(code) == said


def test_a_wheel_holds_the_library(tmp_path):
    library = os.environ["FACEWARDEN_LIBRARY"]
    done = build(tmp_path)
    assert done.returncode == 0, done.stderr
    path = done.stdout.strip()
    assert re.fullmatch(r"facewarden-[\d.]+-py3-none-linux_x86_64\.whl", os.path.basename(path))
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        assert archive.testzip() is None
        with open(library, "rb") as file:
            assert archive.read("facewarden/libfacewarden_c.so") == file.read()
        about, = (name for name in names if name.endswith("/METADATA"))
        assert b"Requires-Dist: numpy" in archive.read(about)
    for name in ["facewarden/__init__.py", "facewarden/py.typed", "facewarden/adapters.py"]:
        assert name in names
    with open(path, "rb") as file:
        first = file.read()
    assert build(tmp_path).returncode == 0
    with open(path, "rb") as file:
        assert file.read() == first


def test_a_missing_compiler_is_told_of(tmp_path):
    done = build(tmp_path, FACEWARDEN_LIBRARY="", PATH="/usr/bin:/bin")
    assert done.returncode == 1 and "there is no 'swift' on PATH" in done.stderr
    assert "Traceback" not in done.stderr and not list(tmp_path.iterdir())
    done = build(tmp_path, FACEWARDEN_LIBRARY="/nonexistent")
    assert done.returncode == 1 and "which is no file" in done.stderr


def test_there_is_no_source_distribution():
    sys.path.insert(0, os.path.dirname(BACKEND))
    import facewarden_build

    with pytest.raises(SystemExit, match="clone the repository"):
        facewarden_build.build_sdist("x")
