"""The two-minute path of the demo world with globus-cli alone: Maya copies a survey and shares a folder, Sam and Ingrid look."""

from command_line import CommandLine
from support import INGRID, MAYA, WORLD, feature
from transfer_world import collections as c, place, same

archive, scratch, workspace = c["tidalSurveyArchive"], c["campusClusterScratch"], c["tideCrewWorkspace"]
SAM = WORLD["people"]["sam"]
maya, sam, ingrid = CommandLine(MAYA), CommandLine(SAM), CommandLine(INGRID)
run, as_json = maya.run, maya.as_json


@feature("log in as Maya")
def as_maya():
    maya.run_with_login("login", "--no-local-server")
    assert MAYA["username"] in run("whoami")


@feature("find and open the archive, consent once", needs="log in as Maya")
def finding():
    found = {one["display_name"]: one["id"] for one in as_json("endpoint", "search", "tide")["DATA"]}
    assert found["Tidal Survey Archive"] == archive
    run("ls", f"{archive}:/survey/", status=4)
    access = " ".join(f"*https://auth.globus.org/scopes/{one}/data_access" for one in (archive, scratch))
    maya.run_with_login("session", "consent", "--no-local-server", f"urn:globus:auth:scope:transfer.api.globus.org:all[{access}]")
    assert "a.csv" in run("ls", "-l", f"{archive}:/survey/")


@feature("copy to Scratch and watch", needs="find and open the archive, consent once")
def copying():
    task_id = as_json("transfer", "-r", f"{archive}:/survey/", f"{scratch}:/two-minutes/")["task_id"]
    run("task", "wait", task_id, "--polling-interval", "1", "--timeout", "100")
    assert "SUCCEEDED" in run("task", "show", task_id) and "STARTED" in run("task", "event-list", task_id)
    assert same(place("tidalSurveyArchive", "survey", "photo.bin"), place("campusClusterScratch", "two-minutes", "photo.bin"))


@feature("share with Sam", needs="log in as Maya")
def sharing():
    sam.run_with_login("login", "--no-local-server")
    assert "table.csv" not in sam.run("ls", f"{workspace}:/results/", status=1)
    create = ["endpoint", "permission", "create", f"{workspace}:/results/", "--permissions", "r"]
    assert as_json(*create, "--identity", SAM["id"])["code"] == "Created"


@feature("read as Sam what was shared, and no more", needs="share with Sam")
def as_sam():
    assert "table.csv" in sam.run("ls", f"{workspace}:/results/")
    # Above it only the way there shows.
    assert sam.run("ls", f"{workspace}:/").split() == ["results/"]
    sam.run("mkdir", f"{workspace}:/results/mine", status=1)


@feature("Hospital Imaging: Ingrid after a fresh login, Maya never", needs="log in as Maya")
def hospital():
    refused = run("ls", f"{c['hospitalImaging']}:/", status=4)
    assert "hospital" in refused.lower(), refused
    ingrid.run_with_login("login", "--no-local-server")
    ingrid.run("ls", f"{c['hospitalImaging']}:/")
