"""The README's example in Python: run, and held against what the README says that it prints.

    python Tests/PythonTests/readme_example.py

The exit status is 1 if it prints anything else.
"""

import contextlib
import io
import os
import re
import sys

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")


def example():
    """The code, and what it is said to print."""
    with open(os.path.join(ROOT, "README.md"), encoding="utf-8") as file:
        return re.search(r"```python\n(.*?)```\n\n```\n(.*?)```", file.read(), re.S).groups()


def run(code):
    """What the code prints in the clone."""
    os.chdir(ROOT)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code, "README.md", "exec"), {})
    return printed.getvalue()


if __name__ == "__main__":
    code, said = example()
    printed = run(code)
    print(printed, end="")
    sys.exit(printed != said)
