"""Tests of the comparison's logic, with contestants and an engine that are not real.

    python3 Tests/Benchmarks/test_comparison.py

Needs nothing but Python; `make test` runs it.
"""

import json
import os
import sys
import tempfile
import unittest
import unittest.mock

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from comparison import libraries, machine, report, targets, turns
from comparison.contest import Contestant, Entrant, Settings, compared, takes_part
from comparison.disturbance import Load, Snapshot, Watch
from comparison.engine import Engine, EngineError
from comparison.report import Report

# Speaks the executable's language: three cases, one of which ends the process.
ENGINE = """#!{python}
import json, sys
if "--list" in sys.argv:
    print(json.dumps({{"case": "network/tiny", "description": {{"kind": "tiny"}}}}))
    print(json.dumps({{"case": "service/tiny", "description": {{}}}}))
    print(json.dumps({{"case": "network/broken", "description": {{"kind": "tiny"}}}}))
    sys.exit()
for line in sys.stdin:
    request = json.loads(line)
    if request["case"] == "network/broken":
        sys.exit(3)
    if request["case"].endswith("/tiny"):
        answer = {{"seconds": [0.004] * request["runs"], "isa": "avx2"}}
    else:
        answer = {{"error": "no case " + request["case"]}}
    print(json.dumps(answer), flush=True)
"""

ABOUT = {"processor": "a processor", "processors": 2, "instruction_sets": ["avx2"], "threads": 1,
         "rounds": 3, "commit": "abc", "python": "3",
         "versions": {"torch": "2", "openvino": None}}


class TakingPart(unittest.TestCase):
    """Which cases are timed with which kernels."""

    def test_products_are_timed_with_openblas(self):
        for isa in (None, "baseline", "baseline+openblas", "avx2+openblas"):
            self.assertTrue(takes_part("kernel/dense/6144-256/b16/forward", isa))
        self.assertFalse(takes_part("kernel/dense/6144-256/b16/forward", "avx2"))

    def test_networks_are_timed_with_all_and_other_kernels_with_the_widest(self):
        for isa in (None, "avx2", "baseline+openblas"):
            self.assertTrue(takes_part("network/embedder/b1", isa))
            self.assertEqual(takes_part("kernel/conv3x3/3-16@128/b1/forward", isa), isa is None)


class Clock:
    """Time that passes only while somebody sleeps."""

    def __init__(self):
        self.now = 0

    def perf_counter(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds


class QuietWatch:
    """A machine on which nothing else happens, or what a test says."""

    # Busy processors beside ours during each attempt; nothing after the last.
    others = []
    # Seconds that threads wait in every turn.
    waiting = 0

    def __init__(self, processes):
        self.count, self.waits = 0, 0

    def snapshot(self):
        at, self.count = self.count, self.count + 1
        # Attempts take the snapshots by twos; each lasts a second.
        busy = sum(self.others[:(at + 1) // 2])
        return Snapshot(time=float((at + 1) // 2), idle=10.0 * at, busy=busy, stolen=0, own=0)

    def waited(self):
        self.waits += self.waiting
        return self.waits


def watch(others=(), waiting=0):
    """A class of watches for a test."""
    return type("ScriptedWatch", (QuietWatch,), {"others": list(others), "waiting": waiting})


def contestant(name, library, seconds=0.001, error=0.0, agrees=True):
    """A contestant that takes its time."""
    return Contestant(name, library, lambda: Entrant(
        lambda: turns.time.sleep(seconds), lambda: (error, agrees)))


def failing(name):
    """A contestant that cannot be prepared."""
    def prepare():
        raise ValueError("no such\nlayer")

    return Contestant(name, name, prepare)


class ComparisonTest(unittest.TestCase):
    """What tests share: an engine, and a clock."""

    def setUp(self):
        patch = unittest.mock.patch.object(turns, "time", Clock())
        patch.start()
        self.addCleanup(patch.stop)
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        program = os.path.join(self.folder, "engine")
        with open(program, "w") as file:
            file.write(ENGINE.format(python=sys.executable))
        os.chmod(program, 0o755)
        self.engine = Engine(program, 1)
        self.addCleanup(self.engine.close)
        self.settings = Settings(rounds=3, patience=0, watch=watch())

    def compared(self, case, *contestants, **settings):
        """The result of a case with contestants."""
        for name, value in settings.items():
            setattr(self.settings, name, value)
        return compared(case, {}, self.engine, lambda *_: contestants, self.settings)


class EngineTests(ComparisonTest):
    def test_cases_are_listed(self):
        self.assertEqual(list(self.engine.cases()),
                         ["network/tiny", "service/tiny", "network/broken"])

    def test_an_error_is_raised_with_its_words(self):
        with self.assertRaisesRegex(EngineError, "no case nothing"):
            self.engine.seconds("nothing", 1)

    def test_another_process_follows_one_that_ended(self):
        with self.assertRaisesRegex(EngineError, "status 3"):
            self.engine.seconds("network/broken", 1)
        self.assertEqual(self.engine.seconds("network/tiny", 2), [0.004, 0.004])
        self.assertEqual(self.engine.kernels, "avx2")

    def test_a_process_that_is_killed_is_replaced(self):
        first = self.engine.process_number
        self.engine.process.kill()
        self.engine.process.wait()
        self.assertNotEqual(self.engine.process_number, first)
        self.assertEqual(len(self.engine.seconds("network/tiny", 1)), 1)


class ContestTests(ComparisonTest):
    def test_a_case_without_rivals_is_timed_alone(self):
        result = self.compared("service/tiny")
        self.assertEqual(result["milliseconds"], {"ours": 4.0})
        self.assertEqual((result["ratios"], result["kernels"]), ({}, "avx2"))
        self.assertTrue(report.is_good(result))

    def test_ratios_are_ours_by_the_fastest_of_a_library(self):
        result = self.compared("network/tiny", contestant("torch nchw", "torch", 0.008),
                               contestant("torch nhwc", "torch", 0.05),
                               contestant("torch bf16 nchw", "torch bf16", 0.002))
        self.assertEqual({name: round(ratio, 6) for name, ratio in result["ratios"].items()},
                         {"torch": 0.5, "torch bf16": 2})
        # The slower format is out after two rounds.
        self.assertEqual(sorted(result["milliseconds"]), ["ours", "torch bf16 nchw", "torch nchw"])

    def test_a_contestant_that_fails_is_named_and_the_others_go_on(self):
        result = self.compared("network/tiny", failing("openvino"), contestant("torch", "torch"))
        self.assertEqual(result["failures"], {"openvino": "ValueError: no such layer"})
        self.assertEqual(list(result["ratios"]), ["torch"])
        self.assertFalse(report.is_good(result))

    def test_numbers_that_differ_are_timed_and_named(self):
        result = self.compared("network/tiny", contestant("torch", "torch", error=1, agrees=False))
        self.assertEqual((result["differing"], result["errors"]), (["torch"], {"torch": 1}))
        self.assertIn("torch", result["ratios"])
        self.assertFalse(report.is_good(result))

    def test_a_case_that_fails_says_why(self):
        result = self.compared("network/broken", contestant("torch", "torch"))
        self.assertRegex(result["failure"], "EngineError: the executable ended with status 3")
        self.assertFalse(report.is_good(result))

    def test_a_quiet_case_is_timed_once(self):
        result = self.compared("service/tiny")
        self.assertEqual((len(result["attempts"]), result["disturbances"]), (1, []))

    def test_a_disturbed_case_is_timed_once_more(self):
        result = self.compared("service/tiny", watch=watch([0.5]))
        self.assertEqual(len(result["attempts"]), 2)
        self.assertEqual(result["attempts"][0]["disturbances"],
                         ["other programs kept 0.50 processors busy"])
        self.assertEqual((result["disturbances"], result["load"]["others"]), ([], 0))

    def test_what_stays_disturbed_is_marked_with_the_quieter_attempt(self):
        result = self.compared("service/tiny", watch=watch([0.5, 0.75, 0.25]))
        self.assertEqual(len(result["attempts"]), 2)
        self.assertEqual(result["load"]["others"], 0.5)
        self.assertEqual(result["disturbances"], ["other programs kept 0.50 processors busy"])

    def test_threads_that_wait_are_a_disturbance(self):
        result = self.compared("service/tiny", watch=watch(waiting=5))
        self.assertEqual(result["disturbances"], ["threads waited for a processor in 3 turns"])


class DisturbanceTests(unittest.TestCase):
    def write(self, folder, busy, idle, stolen, own):
        """Files as in /proc, in ticks."""
        os.makedirs(f"{folder}/7/task/8", exist_ok=True)
        with open(f"{folder}/stat", "w") as file:
            file.write(f"cpu  {busy} 0 0 {idle} 0 0 0 {stolen} 0 0\ncpu0 1 2 3\n")
        with open(f"{folder}/7/stat", "w") as file:
            file.write(f"7 (a ) name) S {' '.join(['1'] * 10)} {own // 2} {own - own // 2} 0 20\n")
        with open(f"{folder}/7/task/8/schedstat", "w") as file:
            file.write(f"1 {own * 1000000} 3\n")

    def test_counters_are_read(self):
        with tempfile.TemporaryDirectory() as folder:
            observer = Watch([7], folder)
            self.write(folder, busy=100, idle=50, stolen=0, own=100)
            before = observer.snapshot()
            self.write(folder, busy=300, idle=250, stolen=100, own=250)
            after = observer.snapshot()
            self.assertAlmostEqual(observer.waited(), 0.25)
        after.time = before.time + 200 * observer.tick
        load = Load.between(before, after)
        self.assertAlmostEqual(load.idle, 0.4)
        self.assertAlmostEqual(load.steal, 1 / 3)
        self.assertAlmostEqual(load.others, 0.25)
        self.assertEqual(load.disturbances(), [
            "other programs kept 0.25 processors busy",
            "other machines took 33.3 % of the processors"])

    def test_little_is_no_disturbance(self):
        self.assertEqual(Load(idle=0.1, steal=0.01, others=0.1).disturbances(), [])

    def test_this_machine_has_the_counters(self):
        observer = Watch([os.getpid()])
        before = observer.snapshot()
        while observer.used(os.getpid()) < before.own + 3 * observer.tick:
            sum(range(10000))
        load = Load.between(before, observer.snapshot())
        self.assertGreaterEqual(observer.waited(), 0)
        self.assertTrue(0 <= load.idle <= 1 and 0 <= load.steal <= 1, load)


class TurnsTests(ComparisonTest):
    def test_disturbed_turns_are_repeated_while_there_is_patience(self):
        class Waiting(QuietWatch):
            waiting = 5

            def waited(self):
                # Five turns are disturbed; each reads the counter twice.
                self.count += 1
                self.waits += 5 if self.count <= 10 else 0
                return self.waits

        sides = {"ours": lambda runs: [0.01] * runs}
        taken = turns.Turns(sides, {}, Waiting([]), patience=100)
        self.assertEqual(taken.run(3), {"ours": 0.01})
        self.assertEqual((taken.disturbed, len(taken.undisturbed["ours"])), (0, 3))


class ReportTests(ComparisonTest):
    def run_three(self, **settings):
        """A run of all the engine's cases: report, exit status, and what was printed."""
        printed = []
        made = Report(ABOUT, self.folder, out=printed.append)
        rivals = {"network/tiny": [contestant("torch nchw", "torch", 0.002, error=1e-6)]}
        self.settings = Settings(rounds=3, patience=0, watch=watch(**settings))
        for case, description in self.engine.cases().items():
            made.add("times", compared(case, description, self.engine,
                                       lambda case, *_: rivals.get(case, []), self.settings))
        return made, made.finish(), "\n".join(printed)

    def read(self, name):
        with open(os.path.join(self.folder, "benchmark", name), encoding="utf-8") as file:
            return file.read()

    def test_a_failure_is_named_and_ends_in_status_1(self):
        _, status, printed = self.run_three()
        self.assertEqual(status, 1)
        self.assertRegex(printed, r"FAILED: network/broken: EngineError: .*status 3")
        written = json.loads(self.read("report.json"))
        self.assertTrue(written["complete"])
        self.assertEqual([result["case"] for result in written["times"]],
                         ["network/tiny", "service/tiny", "network/broken"])
        self.assertIn("failure", written["times"][2])

    def test_without_failures_the_status_is_0(self):
        made = Report(ABOUT, out=lambda line: None)
        made.add("times", self.compared("service/tiny"))
        self.assertEqual(made.finish(), 0)

    def test_each_thing_wrong_ends_in_status_1(self):
        wrong = {
            "differs": ("times", self.compared(
                "network/tiny", contestant("torch", "torch", agrees=False))),
            "fails": ("times", self.compared("network/tiny", failing("openvino"))),
            "errors": ("errors", {"case": "conv", "failure": "no"}),
            "memory": ("memory", {"case": "step", "failure": "no"}),
        }
        for name, (part, result) in wrong.items():
            with self.subTest(name):
                made = Report(ABOUT, out=lambda line: None)
                made.add(part, result)
                self.assertEqual(made.finish(), 1)

    def test_results_are_written_as_they_come(self):
        made = Report(ABOUT, self.folder, out=lambda line: None)
        made.add("times", self.compared("service/tiny"))
        written = json.loads(self.read("report.json"))
        self.assertFalse(written["complete"])
        self.assertEqual(written["times"][0]["milliseconds"], {"ours": 4.0})
        self.assertIn("Interrupted", self.read("report.md"))
        made.finish()
        self.assertNotIn("Interrupted", self.read("report.md"))
        self.assertEqual(sorted(os.listdir(os.path.join(self.folder, "benchmark"))),
                         ["report.json", "report.md"])

    def test_nothing_is_written_without_a_folder(self):
        made = Report(ABOUT, out=lambda line: None)
        before = os.listdir(self.folder)
        made.add("times", self.compared("service/tiny"))
        made.finish()
        self.assertEqual(os.listdir(self.folder), before)

    def test_tables_tell_circumstances_and_ratios(self):
        self.run_three()
        text = self.read("report.md")
        for line in ["- processor: a processor; 2 in the system", "- instruction sets: avx2",
                     "- threads: 1; rounds: 3", "- versions: torch 2; Python 3", "- commit: abc",
                     "| case | ours | torch | remarks |"]:
            self.assertIn(line, text.split("\n"))
        self.assertRegex(text, r"\| network/tiny \| 4\.000 \| 2\.000 \(2\.00\) \|  \|")
        self.assertIn("| service/tiny | 4.000 |  |  |", text)
        self.assertRegex(text, r"\| network/broken \| – \|  \| FAILED: EngineError")
        self.assertNotIn("†", text)

    def test_what_was_disturbed_is_marked_everywhere(self):
        _, _, printed = self.run_three(others=[0.5, 0.5])
        text = self.read("report.md")
        self.assertIn("| service/tiny † | 4.000 |", text)
        self.assertIn("† Disturbed in both of two attempts", text)
        self.assertIn("disturbed, though timed twice: network/tiny, service/tiny", printed)
        written = json.loads(self.read("report.json"))
        self.assertEqual(written["times"][1]["disturbances"],
                         ["other programs kept 0.50 processors busy"])
        self.assertEqual(written["times"][1]["load"]["others"], 0.5)

    def test_columns_of_those_who_take_no_part_say_why(self):
        made = Report(ABOUT, self.folder, {"torch bf16": "the processor has no avx512_bf16"},
                      out=lambda line: None)
        made.add("times", self.compared("network/tiny", contestant("torch", "torch", 0.002)))
        text = self.read("report.md")
        self.assertIn("| case | ours | torch | torch bf16 ‡ | remarks |", text)
        self.assertIn("| network/tiny | 4.000 | 2.000 (2.00) |  |  |", text)
        self.assertIn("‡ torch bf16 takes no part: the processor has no avx512_bf16.", text)
        self.assertEqual(json.loads(self.read("report.json"))["absent"],
                         {"torch bf16": "the processor has no avx512_bf16"})

    def test_missed_targets_are_named(self):
        result = {"targets": {"torch": 0.4}, "ratios": {"torch": 0.4}}
        self.assertEqual(report.verdict(result, "torch"), ("0.40", "ok"))
        result["ratios"]["torch"] = 0.41
        self.assertEqual(report.verdict(result, "torch"), ("0.40", "MISSED"))
        self.assertEqual(report.verdict(result, "openvino"), ("", ""))

    def test_numbers_that_are_none_are_null(self):
        made = Report(ABOUT, self.folder, out=lambda line: None)
        made.add("times", self.compared(
            "network/tiny", contestant("torch", "torch", error=float("nan"), agrees=False)))
        self.assertIsNone(json.loads(self.read("report.json"))["times"][0]["errors"]["torch"])

    def test_errors_and_memory_have_tables(self):
        made = Report(ABOUT, self.folder, out=lambda line: None)
        made.add("errors", {"case": "conv", "errors": {"torch": 1e-7, "F2": 2e-7}})
        made.add("memory", {"case": "step", "bytes": {"ours": {"before": 1e6, "peak": 3e6}}})
        made.add("memory", {"case": "other", "failure": "it ended"})
        text = self.read("report.md")
        self.assertIn("| conv | 1.0e-07 | 2.0e-07 |", text)
        self.assertIn("| step | ours | 1 | 3 | 2 |", text)
        self.assertIn("- FAILED: other: it ended", text)


class CircumstanceTests(unittest.TestCase):
    def test_libraries_that_are_absent_say_why(self):
        def load(module):
            if module == "openvino":
                raise ImportError("No module named 'openvino'")

        found, absent = libraries.present(["avx512_bf16"], load)
        self.assertEqual(found, ["torch", "onnxruntime", "torch bf16"])
        reason = "openvino cannot be imported: No module named 'openvino'"
        self.assertEqual(absent, {"openvino": reason, "openvino bf16": reason})

    def test_bfloat16_needs_the_processor(self):
        found, absent = libraries.present(["avx2"], lambda module: None)
        self.assertEqual(found, ["torch", "onnxruntime", "openvino"])
        reason = "the processor has no avx512_bf16"
        self.assertEqual(absent, {"torch bf16": reason, "openvino bf16": reason})
        self.assertEqual(libraries.present(["avx512_bf16"], lambda module: None),
                         (["torch", "onnxruntime", "openvino", "torch bf16", "openvino bf16"], {}))

    def test_the_processor_is_described(self):
        with tempfile.NamedTemporaryFile("w") as file:
            file.write("model name\t: A: B\nflags\t\t: fpu avx2 avx512_bf16\n\nmodel name\t: C\n")
            file.flush()
            information = machine.cpu_information(file.name)
        self.assertEqual(information["model name"], "A: B")
        self.assertEqual(machine.instruction_sets(information), ["avx2", "avx512_bf16"])

    def test_a_report_has_all_that_tables_tell(self):
        about = machine.about(2, 9)
        self.assertEqual((about["threads"], about["rounds"]), (2, 9))
        self.assertTrue(set(ABOUT) <= set(about))
        Report(about, out=lambda line: None).markdown()

    def test_narrow_kernels_have_a_target_of_their_own(self):
        self.assertEqual(targets.targets("step/x", False), {"torch": 0.40})
        self.assertEqual(targets.targets("step/x", True), {"torch": targets.NARROW_TARGET})
        self.assertEqual(targets.targets("service/x", False), {})

    def test_steps_have_a_target_beside_bfloat16(self):
        self.assertEqual(targets.targets("step/embedder/b16", False),
                         {"torch": 0.38, "torch bf16": 0.60})
        self.assertEqual(targets.targets("step/algorithm1/b16", False), {"torch": 0.42})


if __name__ == "__main__":
    unittest.main()
