"""globus-cli's commands `group` and `search`, by Maya and Sam, each with a home directory of their own."""

import json
from pathlib import Path

from command_line import CommandLine
from support import MAYA, WORLD, feature

ZOE, SAM = WORLD["people"]["zoe"], WORLD["people"]["sam"]
GROUPS = WORLD["groups"]
HARBOUR = WORLD["search_index"]
people = {"maya": CommandLine(MAYA), "sam": CommandLine(SAM)}
state: dict = {}


def globus(*arguments: str, by: str = "maya", fails: bool = False) -> str:
    return people[by].run(*arguments, status=None if fails else 0)


def read(*arguments: str, by: str = "maya"):
    return people[by].as_json(*arguments)


@feature("login")
def login():
    for person in people.values():
        person.run_with_login("login", "--no-local-server")


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
    document = Path(people["maya"].home, "entry.json")
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
