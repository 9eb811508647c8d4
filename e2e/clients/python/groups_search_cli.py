"""globus-cli's commands `group` and `search`, by Maya and Sam, each with a home directory of their own."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from support import MAYA, WORLD, Browser, code_of, feature

ZOE, SAM = WORLD["people"]["zoe"], WORLD["people"]["sam"]
GROUPS = WORLD["groups"]
HARBOUR = WORLD["search_index"]
program = str(Path(sys.executable).with_name("globus"))
homes: dict[str, str] = {}
state: dict = {}


def environment(name: str) -> dict[str, str]:
    home = homes.setdefault(name, tempfile.mkdtemp())
    return {**os.environ, "HOME": home, "NO_COLOR": "1", "TERM": "dumb"}


def globus(*arguments: str, by: str = "maya", fails: bool = False) -> str:
    done = subprocess.run(
        [program, *arguments], env=environment(by), capture_output=True, text=True, timeout=240, check=False
    )
    assert (done.returncode != 0) == fails, f"globus {' '.join(arguments)}: {done.stdout}{done.stderr}"
    return done.stdout + (done.stderr if fails else "")


def read(*arguments: str, by: str = "maya"):
    return json.loads(globus(*arguments, "-F", "json", by=by))


def log_in(name: str, person: dict) -> None:
    pipe = subprocess.PIPE
    arguments = [program, "login", "--no-local-server"]
    with subprocess.Popen(
        arguments, env=environment(name), stdin=pipe, stdout=pipe, stderr=subprocess.STDOUT, text=True
    ) as process:
        output = ""
        for line in process.stdout:
            output += line
            if re.match(r"http://\S+/v2/oauth2/authorize\?", line):
                code = code_of(Browser().authorize(line.strip(), person))
                output += process.communicate(code + "\n", timeout=240)[0]
                break
        assert process.wait(timeout=60) == 0, output


@feature("login")
def login():
    log_in("maya", MAYA)
    log_in("sam", SAM)


@feature("group list, show", needs="login")
def group_list():
    assert "Tide Crew" in globus("group", "list") and "Tide Crew" not in globus("group", "list", by="sam")
    shown = globus("group", "show", GROUPS["tide_crew"])
    assert "Tide Crew" in shown and "admin" in shown, shown


@feature("group create, update, delete", needs="login")
def group_create():
    group = read("group", "create", "Divers", "--description", "Under water")["id"]
    assert "updated" in globus("group", "update", group, "--name", "Deep Divers")
    assert "Deep Divers" in globus("group", "show", group)
    child = read("group", "create", "Below", "--parent-id", group)["id"]
    assert "deleted" in globus("group", "delete", child)
    state["group"] = group


@feature("group policies", needs="group create, update, delete")
def group_policies():
    arguments = ["--visibility", "authenticated", "--members-visibility", "members", "--join-requests"]
    assert "updated" in globus("group", "set-policies", state["group"], *arguments, "--signup-fields", "")
    assert "authenticated" in globus("group", "show", state["group"])


@feature("group member", needs="group policies")
def group_member():
    group = state["group"]
    assert ZOE["id"] in globus("group", "member", "add", group, ZOE["username"])
    assert ZOE["username"] in globus("group", "member", "list", group)
    assert "already" in globus("group", "member", "add", group, ZOE["username"], fails=True)
    assert ZOE["id"] in globus("group", "member", "remove", group, ZOE["username"])
    assert SAM["id"] in globus("group", "member", "invite", group, SAM["username"])
    assert SAM["id"] in globus("group", "invite", "decline", group, by="sam")
    assert SAM["id"] in globus("group", "member", "invite", group, SAM["username"])
    assert SAM["id"] in globus("group", "invite", "accept", group, by="sam")
    assert SAM["id"] in globus("group", "leave", group, by="sam")


@feature("group join", needs="group member")
def group_join():
    group = state["group"]
    assert "cannot be joined" in globus("group", "join", group, by="sam", fails=True)
    assert SAM["id"] in globus("group", "join", group, "--request", by="sam")
    assert SAM["id"] in globus("group", "member", "reject", group, SAM["username"])
    assert SAM["id"] in globus("group", "join", group, "--request", by="sam")
    assert SAM["id"] in globus("group", "member", "approve", group, SAM["username"])
    assert "at least one admin" in globus("group", "leave", group, fails=True)
    assert "deleted" in globus("group", "delete", group)


@feature("group subscription", needs="login")
def group_subscription():
    assert GROUPS["harbour_subscription"] in globus("group", "get-subscription-info", GROUPS["subscription"])
    assert "Harbour University Subscription" in globus("group", "get-by-subscription", GROUPS["subscription"])
    globus("group", "set-subscription-admin-verified", GROUPS["tide_crew"], GROUPS["subscription"], fails=True)


@feature("search query", needs="login")
def search_query():
    assert len(globus("search", "query", HARBOUR, "-q", "+northmole +2021").split()) == 4
    query = json.dumps({"q": "*", "facets": [{"type": "terms", "field_name": "year"}], "limit": 0})
    found = read("search", "query", HARBOUR, "--query-document", query)
    assert found["total"] == 240 and len(found["facet_results"][0]["buckets"]) == 5
    assert read("search", "query", HARBOUR, "-q", "*", "--limit", "1", by="sam")["total"] == 228


@feature("search index", needs="login")
def search_index():
    assert "Harbour Data" in globus("search", "index", "list")
    state["index"] = index = read("search", "index", "create", "Trial", "of the index")["id"]
    assert "Trial" in globus("search", "index", "show", index)


@feature("search ingest, subject, task", needs="search index")
def search_ingest():
    index = state["index"]
    document = Path(homes["maya"], "entry.json")
    entry = {"@datatype": "GMetaEntry", "subject": "one", "visible_to": ["public"], "content": {"a": 1}}
    document.write_text(json.dumps(entry))
    task = read("search", "ingest", index, str(document))["task_id"]
    assert "SUCCESS" in globus("search", "task", "show", task)
    assert task in globus("search", "task", "list", index)
    assert '"a": 1' in globus("search", "subject", "show", index, "one")
    assert "submitted" in globus("search", "subject", "delete", index, "one")
    assert "submitted" in globus("search", "delete-by-query", index, "-q", "*")


@feature("search index role", needs="search index")
def search_index_role():
    index = state["index"]
    role = read("search", "index", "role", "create", index, "writer", SAM["username"])["id"]
    listed = globus("search", "index", "role", "list", index)
    assert role in listed and SAM["username"] in listed, listed
    assert role in globus("search", "index", "role", "delete", index, role)
    assert "marked for deletion" in globus("search", "index", "delete", index)


for folder in homes.values():
    shutil.rmtree(folder)
