"""Tests of python/teacher.py, but for its `onnx`, which needs onnxruntime. They need numpy."""

import gzip
import json
import os
import struct
import unittest

import numpy as np

from scripts import ScriptTest

import teacher


def write_safetensors(path, **arrays):
    """A file of arrays."""
    kinds = {"float64": "F64", "float32": "F32", "float16": "F16", "int8": "I8"}
    header, data = {"__metadata__": {"by": "a test"}}, b""
    for name, array in arrays.items():
        end = len(data) + array.nbytes
        header[name] = {"dtype": kinds[str(array.dtype)], "shape": list(array.shape),
                        "data_offsets": [len(data), end]}
        data += array.tobytes()
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


class ConvertTests(ScriptTest):
    def convert(self, names, compressed=False, **arrays):
        """Converts arrays and names; exit status and words."""
        write_safetensors(self.path("embeddings.safetensors"), **arrays)
        path = "names.gz" if compressed else "names"
        with (gzip.open if compressed else open)(self.path(path), "wt", encoding="utf-8") as file:
            file.write(names)
        return self.run_script(
            "teacher.py", "convert", "embeddings.safetensors", path, "-o", "teacher.safetensors")

    def result(self):
        """What was written: embeddings and names."""
        path = self.path("teacher.safetensors")
        with open(path, "rb") as file:
            length, = struct.unpack("<Q", file.read(8))
            header = json.loads(file.read(length))
        self.assertEqual(length % 8, 0)
        self.assertEqual(header["embeddings"]["dtype"], "F16")
        end = header["embeddings"]["data_offsets"][1]
        self.assertEqual(os.path.getsize(path), 8 + length + end)
        return (teacher.read_safetensors(path)["embeddings"].astype(np.float32),
                header["__metadata__"]["names"].split("\n"))

    def assert_refused(self, words, *arguments, **arrays):
        """That nothing is written, and why."""
        status, _, found = self.convert(*arguments, **arrays)
        self.assertEqual(status, 1, found)
        self.assertIn(words, found)
        self.assertNotIn("Traceback", found)
        self.assertFalse(os.path.exists(self.path("teacher.safetensors")))

    def test_rows_become_of_unit_length(self):
        rows = np.array([[3, 4], [0, -2], [1e-3, 1e-3]], np.float32)
        status, words, _ = self.convert("a/1\nb/ü\nc\n", embeddings=rows)
        self.assertEqual((status, words), (0, "teacher.safetensors: 3 embeddings of 2 numbers\n"))
        found, names = self.result()
        self.assertEqual(names, ["a/1", "b/ü", "c"])
        half = np.sqrt(0.5)
        np.testing.assert_allclose(found, [[0.6, 0.8], [0, -1], [half, half]], atol=5e-4)

    def test_bytes_have_a_scale_a_row(self):
        rows = np.array([[3, 4], [-100, 0]], np.int8)
        self.assertEqual(self.convert("a\nb", compressed=True, embeddings=rows,
                                      scales=np.array([1e-4, 1], np.float16))[0], 0)
        found, names = self.result()
        self.assertEqual(names, ["a", "b"])
        np.testing.assert_allclose(found, [[0.6, 0.8], [-1, 0]], atol=5e-4)

    def test_a_scale_may_turn_a_row(self):
        self.assertEqual(self.convert("a", embeddings=np.array([[3, 4]], np.int8),
                                      scales=np.array([-1], np.float32))[0], 0)
        np.testing.assert_allclose(self.result()[0], [[-0.6, -0.8]], atol=5e-4)

    def test_what_cannot_be_is_refused(self):
        rows = np.ones((2, 3), np.float32)
        none = np.array([[1, 0], [0, 0]], np.float32)
        infinite = np.array([[1, 0], [np.inf, 0]], np.float32)
        for words, names, arrays in [
            ("3 names for 2 rows", "a\nb\nc", {"embeddings": rows}),
            ("1 names for 2 rows", "a\n", {"embeddings": rows}),
            ("a name is given twice", "a\na", {"embeddings": rows}),
            ("zero or not finite", "a\nb", {"embeddings": none}),
            ("zero or not finite", "a\nb", {"embeddings": infinite}),
            ("'embeddings' is F64; expected one of F32, F16, I8", "a\nb",
             {"embeddings": rows.astype(np.float64)}),
            ("no 'embeddings' of two axes; it has 'rows' [2, 3]", "a\nb", {"rows": rows}),
            ("no 'embeddings' of two axes; it has 'embeddings' [3]", "a\nb",
             {"embeddings": rows[0]}),
            ("scales of the shape [3]; expected [2], one a row", "a\nb",
             {"embeddings": rows, "scales": rows[0]}),
        ]:
            with self.subTest(words):
                self.assert_refused(words, names, **arrays)


class BackwardsTests(unittest.TestCase):
    def test_it_undoes_the_similarity(self):
        matrix = teacher.backwards(2, 0.3, (7, -1))
        turn = np.array([[np.cos(0.3), -np.sin(0.3)], [np.sin(0.3), np.cos(0.3)]])
        points = np.array([[0, 0], [2, 0], [0, 1], [5, 3]], float)
        there = 2 * points @ turn.T + [7, -1]
        np.testing.assert_allclose(there @ matrix[:, :2].T + matrix[:, 2], points, atol=1e-12)

    def test_arcface_eyes_lie_near_ours(self):
        matrix = teacher.backwards(*teacher.ARCFACE_112)
        eyes = np.array([[38.2946, 51.6963], [73.5318, 51.5014]])
        moved = eyes @ matrix[:, :2].T + matrix[:, 2]
        self.assertLess(np.abs(moved - [[44.5, 52], [83.5, 52]]).max(), 3)


if __name__ == "__main__":
    unittest.main()
