"""Drives the Transfer API with globus-cli. WORLD names a JSON file with ids, paths and tokens; the login itself is made elsewhere."""

import json
import os
import pathlib
import subprocess
import sys

from globus_cli.login_manager.scopes import CURRENT_SCOPE_CONTRACT_VERSION
from globus_cli.login_manager.storage import CLIStorage

world = json.loads(pathlib.Path(os.environ["WORLD"]).read_text())
c = world["collections"]
people = world["people"]
done = []


def log_in():
    """Stores tokens of a real login where the program keeps its own."""
    storage = CLIStorage()
    storage.store_well_known_config("auth_client_data", world["client"])
    servers = ["auth.globus.org", "transfer.api.globus.org", "groups.api.globus.org", "search.api.globus.org"]
    storage.store_well_known_config("scope_contract_versions", {name: CURRENT_SCOPE_CONTRACT_VERSION for name in servers})
    # Private, but the only way in without a browser.
    path = storage.adapter.dbname
    storage.close()
    import sqlite3

    with sqlite3.connect(path) as database:
        namespace = database.execute("SELECT namespace FROM config_storage LIMIT 1").fetchone()[0]
        for token in world["tokens"]:
            row = (namespace, token["resource_server"], json.dumps(token))
            database.execute("REPLACE INTO token_storage (namespace, resource_server, token_data_json) VALUES (?, ?, ?)", row)


def globus(*args, status=0, text=False):
    command = [os.path.join(os.path.dirname(sys.executable), "globus"), *([] if text else ["-F", "json"]), *args]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert ended.returncode == status, (args, ended.returncode, ended.stdout, ended.stderr)
    if status != 0:
        return ended.stdout + ended.stderr
    return ended.stdout if text else json.loads(ended.stdout or "null")


def step(function):
    function()
    done.append(function.__name__)
    print("ok", function.__name__, flush=True)


def place(name, *parts):
    return os.path.join(world["paths"][name], *parts)


def searching():
    found = globus("endpoint", "search", "tide")
    assert "Tidal Survey Archive" in [one["display_name"] for one in found["DATA"]]
    assert len(globus("endpoint", "search", "--filter-scope", "my-endpoints", "--limit", "200")["DATA"]) > 150
    assert "Tidal Survey Archive" in globus("endpoint", "search", "tide", text=True)
    assert globus("endpoint", "show", c["mayasLaptop"])["display_name"] == "Maya's Laptop"


def listing():
    archive = c["tidalSurveyArchive"]
    assert globus("ls", f"{archive}:/survey/", text=True).split() == ["a.csv", "b.csv", "photo.bin"]
    long = globus("ls", "-l", f"{archive}:/survey/", text=True)
    assert "Permissions" in long and "photo.bin" in long
    recursive = globus("ls", "--recursive", f"{archive}:/", text=True)
    assert "survey/a.csv" in recursive, recursive
    assert globus("ls", "--filter", "~*.csv", f"{archive}:/survey/", text=True).split() == ["a.csv", "b.csv"]
    assert "Nothing found" in globus("stat", f"{archive}:/none", text=True)
    assert globus("stat", f"{archive}:/survey/a.csv")["type"] == "file"
    assert globus("mkdir", f"{archive}:/from-cli")["code"] == "DirectoryCreated"
    assert globus("rename", archive, "/from-cli", "/renamed-by-cli")["code"] == "FileRenamed"
    assert "globus session consent" in globus("ls", f"{c['quotaCorner']}:/", status=4, text=True)


def transferring():
    archive, scratch = c["tidalSurveyArchive"], c["campusClusterScratch"]
    dry = globus("transfer", "--dry-run", "--recursive", f"{archive}:/survey/", f"{scratch}:/cli/")
    assert dry["DATA_TYPE"] == "transfer"
    sent = globus("transfer", "-r", "-s", "checksum", "--include", "*.csv", "--exclude", "*", f"{archive}:/survey/", f"{scratch}:/cli/")
    task_id = sent["task_id"]
    globus("task", "wait", task_id, "--polling-interval", "1", text=True)
    assert sorted(os.listdir(place("campusClusterScratch", "cli"))) == ["a.csv", "b.csv"]
    shown = globus("task", "show", task_id)
    assert shown["status"] == "SUCCEEDED"
    assert "SUCCEEDED" in globus("task", "show", task_id, text=True)
    assert len(globus("task", "show", "--successful-transfers", task_id)["DATA"]) == 2
    assert globus("task", "event-list", task_id)["DATA"][0]["code"] == "SUCCEEDED"
    assert "PROGRESS" in globus("task", "event-list", task_id, text=True)
    assert task_id in globus("task", "list", text=True)
    assert globus("task", "pause-info", task_id)["pause_rules"] == []


def batch():
    archive, scratch = c["tidalSurveyArchive"], c["campusClusterScratch"]
    lines = pathlib.Path(os.environ["WORLD"]).with_name("batch.txt")
    lines.write_text("/survey/a.csv /batch/one.csv\n--recursive /survey/ /batch/all/\n")
    task_id = globus("transfer", "--batch", str(lines), archive, scratch)["task_id"]
    globus("task", "wait", task_id, "--polling-interval", "1", text=True)
    assert sorted(os.listdir(place("campusClusterScratch", "batch"))) == ["all", "one.csv"]


def deleting():
    scratch = c["campusClusterScratch"]
    globus("rm", "--polling-interval", "1", f"{scratch}:/batch/*.csv", text=True)
    assert os.listdir(place("campusClusterScratch", "batch")) == ["all"]
    task_id = globus("delete", "-r", f"{scratch}:/batch")["task_id"]
    globus("task", "wait", task_id, "--polling-interval", "1", text=True)
    assert not os.path.exists(place("campusClusterScratch", "batch"))


def cancelling():
    task_id = globus("transfer", f"{c['oddNames']}:/none", f"{c['tenThousandBuoys']}:/none")["task_id"]
    assert globus("task", "update", "--label", "waits", task_id, text=True).strip() == "Success"
    assert globus("task", "cancel", task_id)["code"] == "Canceled"
    assert "CANCELED" in globus("task", "event-list", task_id, text=True)
    assert "FAILED" in globus("task", "show", task_id, text=True)


def bookmarks():
    created = globus("bookmark", "create", f"{c['oddNames']}:/~/", "Odd")
    assert "Odd Names" in globus("bookmark", "list", text=True)
    assert globus("bookmark", "show", "Odd")["id"] == created["id"]
    globus("bookmark", "rename", "Odd", "Odder")
    globus("bookmark", "delete", "Odder")


def permissions():
    workspace = c["tideCrewWorkspace"]
    created = globus("endpoint", "permission", "create", f"{workspace}:/results/", "--permissions", "r", "--identity", people["sam"])
    rule = created["access_id"]
    assert globus("endpoint", "permission", "show", workspace, rule)["path"] == "/results/"
    assert globus("endpoint", "permission", "update", "--permissions", "rw", workspace, rule)["code"] == "Updated"
    assert globus("endpoint", "permission", "delete", workspace, rule)["code"] == "Deleted"


def forced_states():
    """What was forced on tasks shows in both commands that people look at."""
    for state in world["forced"]:
        shown = globus("task", "show", state["task"], text=True)
        assert state["shows"] in shown, (state, shown)
        assert state["event"] in globus("task", "event-list", state["task"], text=True), state


log_in()
for function in (searching, listing, transferring, batch, deleting, cancelling, bookmarks, permissions, forced_states):
    step(function)
print(len(done), "steps")
