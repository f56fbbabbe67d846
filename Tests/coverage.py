"""Prints the lines that tests run through, by module, from the JSON that `swift test` leaves.

coverage.py FILE: the file of `swift test --show-codecov-path`.
"""

import json
import pathlib
import sys


def by_module(document):
    """Lines in all and lines run through, by folder and module: Sources/FOLDER/MODULE/..."""
    modules = {}
    for export in document["data"]:
        for entry in export["files"]:
            parts = pathlib.PurePath(entry["filename"]).parts
            if "Sources" not in parts:
                continue
            # The last one: a folder above the package may have the name, too.
            start = len(parts) - 1 - parts[::-1].index("Sources")
            if len(parts) < start + 4:
                continue
            key = "/".join(parts[start + 1:start + 3])
            lines = entry["summary"]["lines"]
            count, covered = modules.get(key, (0, 0))
            modules[key] = (count + lines["count"], covered + lines["covered"])
    return modules


def table(modules):
    """The modules as rows, the least covered first, and their sum."""
    def row(name, count, covered):
        return f"{100 * covered / max(1, count):6.1f} %  {covered:6d} of {count:6d}  {name}"

    rows = sorted(modules.items(), key=lambda item: item[1][1] / max(1, item[1][0]))
    total = [sum(numbers) for numbers in zip(*modules.values())] or [0, 0]
    return "\n".join([row(name, *numbers) for name, numbers in rows] + [row("all", *total)])


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        print(table(by_module(json.load(file))))
