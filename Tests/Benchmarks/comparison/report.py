"""What a benchmark found: lines as it goes, and a report that survives an interruption.

With a folder the report is written anew after each case: `benchmark/report.json`, and the same as
tables in `benchmark/report.md`.
"""

import json
import math
import os

PARTS = ["times", "errors", "memory"]
HEAD = (f"{'case':50} {'against':15}{'ours ms':>10}{'theirs ms':>10}{'ratio':>8}{'target':>8} "
        f"{'':7}{'error':>9}")


def finite(value):
    """A value that JSON can hold: numbers that are none become null."""
    if isinstance(value, dict):
        return {key: finite(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [finite(entry) for entry in value]
    return value if not isinstance(value, float) or math.isfinite(value) else None


def write_whole(path, text):
    """Writes a file as a whole or not at all."""
    with open(path + ".part", "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(path + ".part", path)


def title(result):
    """A case with its instruction set, if one was asked for."""
    return result["case"] + (f" [{result['isa']}]" if result["isa"] else "")


def remarks(result):
    """What is to be known beside the numbers, in words."""
    found = [f"{name} DIFFERS" for name in result["differing"]]
    found += [f"{name} FAILED: {failure}" for name, failure in result["failures"].items()]
    return found + [f"disturbed: {words}" for words in result["disturbances"]]


def verdict(result, library):
    """The target of a library as text, and whether it is reached."""
    target = result["targets"].get(library)
    if target is None:
        return "", ""
    return f"{target:.2f}", "ok" if result["ratios"][library] <= target else "MISSED"


def lines(result):
    """Lines for a terminal: one per library, or one if nobody else computes the case."""
    if "failure" in result:
        return [f"{title(result):50} FAILED: {result['failure']}"]
    ours = result["milliseconds"]["ours"]
    words = "".join(f"  {remark}" for remark in remarks(result))
    if not result["ratios"]:
        return [f"{title(result):50} {'–':15}{ours:10.3f}{words}"]
    rows = []
    for library, ratio in result["ratios"].items():
        target, outcome = verdict(result, library)
        worst = max(result["errors"][name] for name, of in result["libraries"].items()
                    if of == library)
        rows.append(f"{title(result):50} {library:15}{ours:10.3f}{ours / ratio:10.3f}{ratio:8.2f}"
                    f"{target:>8} {outcome:7}{worst:9.1e}{words}")
    return rows


def is_good(result):
    """Whether a case was computed by all who wanted to, with the same numbers."""
    return "failure" not in result and not result["differing"] and not result["failures"]


class Report:
    """The results so far."""

    def __init__(self, about, folder=None, absent=None, out=print):
        """`absent` has in words why libraries take no part, by name."""
        self.about, self.absent, self.out = about, absent or {}, out
        self.parts = {part: [] for part in PARTS}
        self.is_complete = False
        self.folder = folder and os.path.join(folder, "benchmark")
        if self.folder:
            os.makedirs(self.folder, exist_ok=True)

    def add(self, part, result):
        """Takes a result and writes all there are."""
        self.parts[part].append(result)
        if part == "times":
            if len(self.parts[part]) == 1:
                self.out(HEAD)
            for line in lines(result):
                self.out(line)
        self.write()

    def finish(self):
        """Says that nothing is missing; the exit status: 1 if a case failed or numbers differ."""
        self.is_complete = True
        self.write()
        for part in PARTS:
            for result in self.parts[part]:
                if "failure" in result:
                    self.out(f"FAILED: {result['case']}: {result['failure']}")
        bad = [title(result) for result in self.parts["times"]
               if "failure" not in result and not is_good(result)]
        if bad:
            self.out("a contestant FAILED or DIFFERS: " + ", ".join(bad))
        disturbed = [title(result) for result in self.parts["times"]
                     if result.get("disturbances")]
        if disturbed:
            self.out(f"disturbed, though timed twice: {', '.join(disturbed)}")
        others = self.parts["errors"] + self.parts["memory"]
        is_all_good = all(map(is_good, self.parts["times"])) and not any(
            "failure" in result for result in others)
        return 0 if is_all_good else 1

    def write(self):
        """Writes both files, if there is a folder."""
        if self.folder:
            everything = {**self.about, "absent": self.absent,
                          "complete": self.is_complete, **self.parts}
            text = json.dumps(finite(everything), indent=1, ensure_ascii=False, allow_nan=False)
            write_whole(os.path.join(self.folder, "report.json"), text + "\n")
            write_whole(os.path.join(self.folder, "report.md"), self.markdown())

    def markdown(self):
        """The report as tables."""
        about = self.about
        versions = ", ".join(f"{name} {version}" for name, version in about["versions"].items()
                             if version)
        paragraphs = [
            "# Benchmark",
            "\n".join([
                f"- processor: {about['processor']}; {about['processors']} in the system",
                f"- instruction sets: {', '.join(about['instruction_sets']) or 'none of note'}",
                f"- threads: {about['threads']}; rounds: {about['rounds']}",
                f"- versions: {versions or 'no other library'}; Python {about['python']}",
                f"- commit: {about['commit'] or 'unknown'}",
            ]),
        ]
        if not self.is_complete:
            paragraphs.append("**Interrupted: what follows is not everything.**")
        paragraphs += [text for text in (
            self.times(), self.errors(), self.memory(), self.failures()) if text]
        return "\n\n".join(paragraphs) + "\n"

    def times(self):
        """Our time, and each library's with the ratio ours / theirs."""
        results = self.parts["times"]
        libraries = []
        for result in results:
            libraries += [name for name in result.get("ratios", {}) if name not in libraries]
        libraries += self.absent
        rows = []
        for result in results:
            if "failure" in result:
                rows.append([title(result), "–", *["" for _ in libraries],
                             f"FAILED: {result['failure']}"])
                continue
            ours = result["milliseconds"]["ours"]
            cells = []
            for library in libraries:
                ratio = result["ratios"].get(library)
                outcome = "" if ratio is None else verdict(result, library)[1]
                mark = f", {outcome}" if outcome == "MISSED" else ""
                cells.append("" if ratio is None else f"{ours / ratio:.3f} ({ratio:.2f}{mark})")
            mark = " †" if result["disturbances"] else ""
            rows.append([title(result) + mark, f"{ours:.3f}", *cells, "; ".join(remarks(result))])
        if not rows:
            return ""
        heads = [f"{name} ‡" if name in self.absent else name for name in libraries]
        text = ("Milliseconds, medians; in parentheses ours / theirs: below 1 ours is faster.\n\n"
                + table(["case", "ours", *heads, "remarks"], rows))
        if any(result.get("disturbances") for result in results):
            text += "\n\n† Disturbed in both of two attempts: no figure to quote."
        for library, reason in self.absent.items():
            text += f"\n\n‡ {library} takes no part: {reason}."
        return text

    def errors(self):
        """The errors against float64."""
        results = [result for result in self.parts["errors"] if "failure" not in result]
        if not results:
            return ""
        names = list(results[0]["errors"])
        return "Errors of 3×3 convolutions against float64, by the largest value.\n\n" + table(
            ["case", *names],
            [[result["case"], *[f"{result['errors'][name]:.1e}" if name in result["errors"] else ""
                                for name in names]] for result in results])

    def memory(self):
        """The peak memory of training steps."""
        rows = [[result["case"], side, *(f"{value / 1e6:.0f}" for value in (
                    numbers["before"], numbers["peak"], numbers["peak"] - numbers["before"]))]
                for result in self.parts["memory"] if "failure" not in result
                for side, numbers in result["bytes"].items()]
        if not rows:
            return ""
        return "Memory of training steps, MB.\n\n" + table(
            ["case", "side", "before", "peak", "step"], rows)

    def failures(self):
        """What failed beside the times, whose table says it."""
        return "\n".join(f"- FAILED: {result['case']}: {result['failure']}"
                         for part in PARTS[1:] for result in self.parts[part]
                         if "failure" in result)


def table(heads, rows):
    """A table in Markdown."""
    def line(cells):
        return "| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |"

    return "\n".join([line(heads), "|" + "---|" * len(heads), *map(line, rows)])
