"""Running the scripts of python/ as a user does."""

import os
import subprocess
import sys
import tempfile
import unittest

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "python")
sys.path.insert(0, FOLDER)


class ScriptTest(unittest.TestCase):
    """What tests share: a folder, and a way to run a script in it."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def path(self, name):
        return os.path.join(self.folder, name)

    def run_script(self, script, *arguments):
        """Runs a script of python/ in the folder: exit status, standard output and error."""
        done = subprocess.run([sys.executable, os.path.join(FOLDER, script), *arguments],
                              cwd=self.folder, capture_output=True, text=True)
        return done.returncode, done.stdout, done.stderr
