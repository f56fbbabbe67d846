"""What the tests of the package share."""

import os
import sys

import pytest

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
# The package as it lies in the clone; FACEWARDEN_LIBRARY names the library that is tested.
sys.path.insert(0, os.path.join(ROOT, "python"))


@pytest.fixture(scope="session")
def warden():
    """One copy of the models for all tests."""
    from facewarden import Warden

    with Warden(os.path.join(ROOT, "models")) as opened:
        yield opened


@pytest.fixture(scope="session")
def sample():
    """Paths of samples by name."""
    return lambda name: os.path.join(ROOT, "samples", name)
