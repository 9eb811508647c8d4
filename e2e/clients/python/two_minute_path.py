"""The two-minute path of the demo world with globus-cli alone: Maya copies a survey and shares a folder, Sam and Ingrid look."""

import os
from functools import partial

import command_line
from command_line import as_json, run, run_with_login
from support import INGRID, WORLD, Browser, feature
from transfer_world import collections as c, place, same

archive, scratch, workspace = c["tidalSurveyArchive"], c["campusClusterScratch"], c["tideCrewWorkspace"]
maya, sam = WORLD["people"]["maya"], WORLD["people"]["sam"]


def become(person: dict) -> None:
    """Another window: a home directory and a browser of that person's own, logged in."""
    home = os.path.join(os.environ["HOME"], person["id"])
    os.makedirs(home, exist_ok=True)
    command_line.environment["HOME"] = home
    command_line.browser = Browser()
    command_line.browser.authorize = partial(command_line.browser.authorize, person=person)
    run_with_login("login", "--no-local-server")


@feature("log in as Maya")
def as_maya():
    become(maya)
    assert maya["username"] in run("whoami")


@feature("find and open the archive, consent once", needs="log in as Maya")
def finding():
    found = {one["display_name"]: one["id"] for one in as_json("endpoint", "search", "tide")["DATA"]}
    assert found["Tidal Survey Archive"] == archive
    run("ls", f"{archive}:/survey/", status=4)
    access = " ".join(f"*https://auth.globus.org/scopes/{one}/data_access" for one in (archive, scratch))
    run_with_login("session", "consent", "--no-local-server", f"urn:globus:auth:scope:transfer.api.globus.org:all[{access}]")
    assert "a.csv" in run("ls", "-l", f"{archive}:/survey/")


@feature("copy to Scratch and watch", needs="find and open the archive, consent once")
def copying():
    task_id = as_json("transfer", "-r", f"{archive}:/survey/", f"{scratch}:/two-minutes/")["task_id"]
    run("task", "wait", task_id, "--polling-interval", "1", "--timeout", "100")
    assert "SUCCEEDED" in run("task", "show", task_id) and "STARTED" in run("task", "event-list", task_id)
    assert same(place("tidalSurveyArchive", "survey", "photo.bin"), place("campusClusterScratch", "two-minutes", "photo.bin"))


@feature("share with Sam", needs="log in as Maya")
def sharing():
    become(sam)
    assert "table.csv" not in run("ls", f"{workspace}:/results/", status=1)
    become(maya)
    create = ["endpoint", "permission", "create", f"{workspace}:/results/", "--permissions", "r"]
    assert as_json(*create, "--identity", sam["id"])["code"] == "Created"


@feature("read as Sam what was shared, and no more", needs="share with Sam")
def as_sam():
    become(sam)
    assert "table.csv" in run("ls", f"{workspace}:/results/")
    # Above it only the way there shows.
    assert run("ls", f"{workspace}:/").split() == ["results/"]
    run("mkdir", f"{workspace}:/results/mine", status=1)


@feature("Hospital Imaging: Ingrid after a fresh login, Maya never", needs="log in as Maya")
def hospital():
    become(maya)
    refused = run("ls", f"{c['hospitalImaging']}:/", status=4)
    become(INGRID)
    run("ls", f"{c['hospitalImaging']}:/")
    assert "hospital" in refused.lower(), refused
