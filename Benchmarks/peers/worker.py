"""One side of a comparison: a process that has its input in memory and waits to be told."""

import json
import os
import pathlib
import selectors
import subprocess

import numpy as np


class Failure(Exception):
    """Why a side has no figure; becomes a row of the table."""


class Worker:
    def __init__(self, command, environment, limit=60):
        self.limit = limit
        kept = {name: value for name, value in (os.environ | environment).items() if value}
        try:
            self.process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                env=kept)
        except OSError as error:
            raise Failure(f"cannot be run: {error.strerror}") from error
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.process.stdout, selectors.EVENT_READ)
        try:
            self.reply()
        except Failure:
            self.stop()
            raise

    def ask(self, command):
        try:
            self.process.stdin.write((command + "\n").encode())
            self.process.stdin.flush()
        except BrokenPipeError:
            pass  # reply() says what happened
        return self.reply()

    def reply(self):
        """The next line that is an object; anything else a library prints is passed over."""
        while True:
            if not self.selector.select(self.limit):
                self.stop()
                raise Failure(f"no answer within {self.limit} s")
            line = self.process.stdout.readline()
            if not line:
                errors = self.process.stderr.read()
                last = errors.decode(errors="replace").strip().splitlines()[-1:]
                raise Failure(last[0] if last else f"ended with {self.process.wait()}")
            if line.startswith(b"{"):
                reply = json.loads(line)
                if "error" in reply:
                    raise Failure(reply["error"])
                return reply

    def answer(self, path):
        self.ask(f"answer {path}")
        return np.fromfile(path)

    def nanoseconds(self):
        """Of one operation, in one go at the work."""
        self.pin()
        before = self.processor_seconds()
        reply = self.ask("time")
        # How many cores it had on average, for work that never sleeps.
        self.cores = (self.processor_seconds() - before) / reply["nanoseconds"] * 1e9
        return reply["nanoseconds"] / reply["operations"]

    def pin(self):
        """Gives the threads named sender and receiver a core each; others pin their own."""
        cores = sorted(os.sched_getaffinity(0))
        for thread in pathlib.Path(f"/proc/{self.process.pid}/task").iterdir():
            name = (thread / "comm").read_text().strip()
            if name in ("sender", "receiver"):
                os.sched_setaffinity(int(thread.name), {cores[0 if name == "sender" else -1]})

    def processor_seconds(self):
        """Of all its threads, those that have ended too."""
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")")[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self):
        self.process.kill()
        self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
