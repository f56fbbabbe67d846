"""Our side: the Benchmarks executable, driven line by line."""

import json
import subprocess


class EngineError(Exception):
    """What the executable did in place of an answer."""


class Engine:
    """A process of the executable; another one after it has ended."""

    def __init__(self, program, threads, isa=None):
        self.program = program
        self.command = [program, "--driven", "--threads", str(threads)]
        self.command += ["--isa", isa] if isa else []
        self.process = None
        # The instruction set of the kernels, once something has been timed.
        self.kernels = None

    def cases(self):
        """What the executable can compute: descriptions by name."""
        lines = subprocess.run(
            [self.program, "--list", "--json"], check=True, stdout=subprocess.PIPE, text=True
        ).stdout.splitlines()
        return {item["case"]: item["description"] for item in map(json.loads, lines)}

    def started(self):
        """The process that runs."""
        if self.process is not None and self.process.poll() is not None:
            self.close()
        if self.process is None:
            self.process = subprocess.Popen(
                self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        return self.process

    @property
    def process_number(self):
        """The process' number; it is started if need be."""
        return self.started().pid

    def ask(self, **request):
        """Sends one line and returns the answer."""
        process = self.started()
        try:
            process.stdin.write(json.dumps(request) + "\n")
            process.stdin.flush()
            line = process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            status = self.close()
            raise EngineError(f"the executable ended with status {status} at {request}")
        answer = json.loads(line)
        if "error" in answer:
            raise EngineError(answer["error"])
        return answer

    def seconds(self, case, runs):
        """The times of `runs` runs, one after the other."""
        answer = self.ask(case=case, runs=runs)
        self.kernels = answer.get("isa")
        return answer["seconds"]

    def close(self):
        """Ends the process, if there is one; its exit status."""
        if self.process is None:
            return None
        process, self.process = self.process, None
        try:
            process.stdin.close()
        except BrokenPipeError:
            pass  # it has ended already
        process.stdout.close()
        return process.wait()
