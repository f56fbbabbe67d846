"""Tests of python/groups.py."""

import io
import os
import tarfile
import unittest

from scripts import ScriptTest

import groups


class TraitsTests(unittest.TestCase):
    def test_names_of_both_sets_are_read(self):
        for stem, expected in [
            ("25_0_2_20170116174525125", (25, "male", "Asian")),
            ("116_1_0_20170120134744096", (116, "female", "White")),
            ("1_1_4_1", (1, "female", "other")),
            ("00000A02", (2, "female", "East Asian")),
            ("07380A40", (40, "female", "East Asian")),
            ("07381A40", (40, "male", "East Asian")),
            ("13321A101", (101, "male", "East Asian")),
        ]:
            with self.subTest(stem):
                self.assertEqual(groups.traits(stem), expected)

    def test_other_names_are_none(self):
        for stem in ["", "25_2_2_1", "25_0_5_1", "25_0_2017", "1234_0_0_1", "25_0_0_1_",
                     "x25_0_0_1", "0738A40", "07380A4", "person-00000"]:
            with self.subTest(stem):
                self.assertIsNone(groups.traits(stem))


class GroupsTests(ScriptTest):
    NAMES = ["a/9_0_0_1.png", "a/17_1_1_2.png", "b/18_0_3_3.jpg", "b/70_1_2_4.png",
             "b/99_0_4_5.png", "b/00001A35.png", "b/notes.txt"]
    ROWS = ["picture,age,sex,origin", "a/17_1_1_2,10 to 19,female,Black",
            "a/9_0_0_1,0 to 9,male,White", "b/00001A35,30 to 39,female,East Asian",
            "b/18_0_3_3,10 to 19,male,Indian", "b/70_1_2_4,70 and more,female,Asian",
            "b/99_0_4_5,70 and more,male,other"]

    def make_folder(self):
        for name in self.NAMES:
            path = self.path("set/" + name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            open(path, "w").close()

    def table(self, name="groups.csv"):
        with open(self.path(name), encoding="utf-8") as file:
            return file.read().splitlines()

    def test_a_folder_becomes_a_table(self):
        self.make_folder()
        status, words, _ = self.run_script("groups.py", "set", "-o", "groups.csv")
        self.assertEqual(status, 0)
        self.assertEqual(words, "groups.csv: 6 pictures; 1 of other names passed over\n")
        self.assertEqual(self.table(), self.ROWS)
        self.assertEqual(sorted(os.listdir(self.folder)), ["groups.csv", "set"])

    def test_a_tar_becomes_the_same_table(self):
        with tarfile.open(self.path("set.tar"), "w") as archive:
            for name in reversed(self.NAMES):
                archive.addfile(tarfile.TarInfo("./" + name), io.BytesIO())
        self.assertEqual(self.run_script("groups.py", "set.tar", "-o", "groups.csv")[0], 0)
        self.assertEqual(self.table(), self.ROWS)

    def test_adults_are_18_and_more(self):
        self.make_folder()
        self.assertEqual(self.run_script("groups.py", "set", "-o", "groups.csv", "--adults")[0], 0)
        self.assertEqual(self.table(), [self.ROWS[0], *self.ROWS[3:]])

    def test_nothing_is_written_without_pictures(self):
        os.makedirs(self.path("set"))
        open(self.path("set/person.png"), "w").close()
        status, _, words = self.run_script("groups.py", "set", "-o", "groups.csv")
        self.assertEqual(status, 1)
        self.assertIn("no picture has a name of UTKFace or All-Age-Faces", words)
        self.assertFalse(os.path.exists(self.path("groups.csv")))


if __name__ == "__main__":
    unittest.main()
