"""globus-cli's commands for collections and endpoints of Connect Server, with a home directory of its own."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from support import MAYA, WORLD, Browser, code_of, feature

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


collections = {name: entry["id"] for name, entry in WORLD["collections"].items()}
archive, endpoint = collections["tidalSurveyArchive"], collections["harbourServer"]
state: dict = {}


def globus_json(*arguments: str):
    return json.loads(globus(*arguments, "-F", "json"))


@feature("login")
def login():
    gcs = f"{endpoint}:{archive}"
    assert "You have successfully logged in" in globus_with_login("login", "--no-local-server", "--gcs", gcs)


@feature("collection list", needs="login")
def collection_list():
    found = globus_json("collection", "list", endpoint, "--limit", "500")["DATA"]
    assert archive in [one["id"] for one in found] and len(found) > 150, len(found)
    mapped = globus("collection", "list", endpoint, "--filter", "mapped-collections")
    assert "Tidal Survey Archive" in mapped and "Small Collection" not in mapped, mapped


@feature("collection show", needs="login")
def collection_show():
    shown = globus("collection", "show", archive, "--include-private-policies")
    for text in ("Tidal Survey Archive", "POSIX", "Root Path", MAYA["username"]):
        assert text in shown, shown


@feature("collection create guest", needs="login")
def collection_create_guest():
    shared = Path(WORLD["places"][archive], "cli-shared")
    shared.mkdir(parents=True, exist_ok=True)
    (shared / "level.csv").write_text("time,level")
    created = globus_json("collection", "create", "guest", archive, "/cli-shared/", "Shared by the CLI")
    state["guest"] = created["id"]
    assert "Shared by the CLI" in globus("collection", "show", state["guest"])


@feature("share and list", needs="collection create guest")
def share_and_list():
    assert globus("ls", state["guest"]).split() == ["level.csv"]
    place = f"{state['guest']}:/"
    sharing = ["endpoint", "permission", "create", "--permissions", "r", "--all-authenticated"]
    assert "created successfully" in globus(*sharing, place)


@feature("collection update", needs="collection create guest")
def collection_update():
    assert "success" in globus("collection", "update", state["guest"], "--display-name", "Renamed by the CLI")
    assert globus_json("collection", "show", state["guest"])["display_name"] == "Renamed by the CLI"


@feature("collection role list", needs="collection create guest")
def collection_role_list():
    assert "administrator" in globus("collection", "role", "list", state["guest"])


@feature("collection delete", needs="collection create guest")
def collection_delete():
    assert globus("collection", "delete", state["guest"]).strip() == "success"


@feature("gcs endpoint show", needs="login")
def gcs_endpoint_show():
    assert "Harbour Data Server" in globus("gcs", "endpoint", "show", endpoint)


@feature("gcs endpoint update", needs="login")
def gcs_endpoint_update():
    globus("gcs", "endpoint", "update", endpoint, "--description", "Described by the CLI")
    assert globus_json("gcs", "endpoint", "show", endpoint)["description"] == "Described by the CLI"


@feature("gcs endpoint role", needs="login")
def gcs_endpoint_role():
    assert "administrator" in globus("gcs", "endpoint", "role", "list", endpoint)
    role = globus_json("gcs", "endpoint", "role", "create", endpoint, "activity_monitor", MAYA["linked"])
    globus("gcs", "endpoint", "role", "delete", endpoint, role["id"])


shutil.rmtree(home)
