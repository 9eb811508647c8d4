"""globus-cli's commands for collections and endpoints of Connect Server, with a home directory of its own."""

from pathlib import Path

from command_line import CommandLine
from support import MAYA, WORLD, feature

maya = CommandLine()
globus, globus_json, globus_with_login = maya.run, maya.as_json, maya.run_with_login
collections = {name: entry["id"] for name, entry in WORLD["collections"].items()}
archive, endpoint = collections["tidalSurveyArchive"], collections["harbourServer"]
state: dict = {}


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
