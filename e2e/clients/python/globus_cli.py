"""globus-cli with a home directory of its own, driven as a person would in a terminal."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from support import MAYA, Browser, code_of, feature

browser = Browser()
home = tempfile.mkdtemp()
program = str(Path(sys.executable).with_name("globus"))
environment = {**os.environ, "HOME": home, "NO_COLOR": "1", "TERM": "dumb"}


def globus(*arguments: str) -> str:
    done = subprocess.run([program, *arguments], env=environment, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, f"globus {' '.join(arguments)}: {done.stdout}{done.stderr}"
    return done.stdout


def globus_with_login(*arguments: str) -> str:
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


@feature("login")
def login():
    assert "You have successfully logged in" in globus_with_login("login", "--no-local-server")


@feature("whoami", needs="login")
def whoami():
    assert globus("whoami").strip() == MAYA["username"]


@feature("linked identities", needs="login")
def linked_identities():
    assert len(globus("whoami", "--linked-identities").split()) == 2


@feature("session show", needs="login")
def session_show():
    assert MAYA["username"] in globus("session", "show")


@feature("session update", needs="login")
def session_update():
    globus_with_login("session", "update", "--no-local-server", MAYA["linked"])
    assert MAYA["linked"] in globus("session", "show", "-F", "json")


@feature("session consent", needs="login")
def session_consent():
    globus_with_login("session", "consent", "--no-local-server", "urn:globus:auth:scope:transfer.api.globus.org:all")


@feature("get-identities", needs="login")
def get_identities():
    found = json.loads(globus("get-identities", "-F", "json", MAYA["username"]))
    assert found["identities"][0]["id"] == MAYA["id"], found


@feature("logout", needs="login")
def logout():
    assert "logged out" in globus("logout", "--yes")


shutil.rmtree(home)
