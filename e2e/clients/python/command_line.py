"""globus-cli with a home directory of its own, driven as a person would in a terminal."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from support import Browser, code_of

browser = Browser()
program = str(Path(sys.executable).with_name("globus"))
# The judge's own home directory, which its runner made and removes.
environment = {**os.environ, "NO_COLOR": "1", "TERM": "dumb"}


def run(*arguments: str, status: int = 0) -> str:
    """Runs a command that must end with that status and gives what it printed."""
    done = subprocess.run([program, *arguments], env=environment, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == status, f"globus {' '.join(arguments)} ended with {done.returncode}: {done.stdout}{done.stderr}"
    return done.stdout if status == 0 else done.stdout + done.stderr


def as_json(*arguments: str):
    """The answer of a command as it came from the service."""
    return json.loads(run("-F", "json", *arguments))


def run_with_login(*arguments: str) -> str:
    """Runs a command that prints an address and waits for the code of the page."""
    pipe = subprocess.PIPE
    with subprocess.Popen(
        [program, *arguments], env=environment, stdin=pipe, stdout=pipe, stderr=subprocess.STDOUT, text=True
    ) as process:
        output = ""
        try:
            for line in process.stdout:
                output += line
                if re.match(r"http://\S+/v2/oauth2/authorize\?", line):
                    code = code_of(browser.authorize(line.strip()))
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
