"""Tests of coverage.py."""

import unittest

import coverage


def entry(name, count, covered):
    return {"filename": name, "summary": {"lines": {"count": count, "covered": covered}}}


class Coverage(unittest.TestCase):
    def test_modules(self):
        document = {"data": [{"files": [
            entry("/a/Sources/b/Sources/Engine/Tensors/Tensor.swift", 10, 5),
            entry("/a/Sources/b/Sources/Engine/Tensors/Deep/Other.swift", 10, 10),
            entry("/a/Sources/b/Sources/Models/Checkpoints/File.swift", 4, 1),
            entry("/a/b/Tests/Engine/TensorsTests/Test.swift", 99, 99),
        ]}]}
        modules = coverage.by_module(document)
        self.assertEqual(modules, {"Engine/Tensors": (20, 15), "Models/Checkpoints": (4, 1)})
        lines = coverage.table(modules).splitlines()
        self.assertEqual([line.split()[-1] for line in lines],
                         ["Models/Checkpoints", "Engine/Tensors", "all"])
        self.assertIn("75.0 %", lines[1])
        self.assertIn("16 of     24", lines[2])

    def test_nothing(self):
        self.assertIn("0 of      0", coverage.table({}))


if __name__ == "__main__":
    unittest.main()
