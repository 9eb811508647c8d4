"""globus-cli, driven as a person would in a terminal."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from support import MAYA, Browser, code_of

program = str(Path(sys.executable).with_name("globus"))


class CommandLine:
    """One person's terminal, with a home directory and a browser of its own."""

    def __init__(self, person: dict = MAYA, **settings: str):
        # Below the judge's home directory, which its runner made and removes.
        self.home = tempfile.mkdtemp(dir=os.environ["HOME"])
        self._environment = {**os.environ, "HOME": self.home, "NO_COLOR": "1", "TERM": "dumb", **settings}
        self._browser = Browser()
        self._person = person

    def run(self, *arguments: str, status: int | None = 0) -> str:
        """Runs a command that must end with that status, None for any failure, and gives what it printed."""
        done = subprocess.run(
            [program, *arguments], env=self._environment, capture_output=True, text=True, timeout=240, check=False
        )
        expected = done.returncode != 0 if status is None else done.returncode == status
        assert expected, f"globus {' '.join(arguments)} ended with {done.returncode}: {done.stdout}{done.stderr}"
        return done.stdout if status == 0 else done.stdout + done.stderr

    def as_json(self, *arguments: str):
        """The answer of a command as it came from the service."""
        return json.loads(self.run("-F", "json", *arguments))

    def run_with_login(self, *arguments: str) -> str:
        """Runs a command that prints an address and waits for the code of the page."""
        pipe = subprocess.PIPE
        with subprocess.Popen(
            [program, *arguments], env=self._environment, stdin=pipe, stdout=pipe, stderr=subprocess.STDOUT, text=True
        ) as process:
            output = ""
            try:
                for line in process.stdout:
                    output += line
                    if re.match(r"http://\S+/v2/oauth2/authorize\?", line):
                        code = code_of(self._browser.authorize(line.strip(), self._person))
                        output += process.communicate(code + "\n", timeout=240)[0]
                        break
            finally:
                if process.poll() is None:
                    try:
                        process.wait(timeout=60)
                    except subprocess.TimeoutExpired:
                        process.kill()
            assert process.returncode == 0, f"globus {' '.join(arguments)}: {output}"
            return output
