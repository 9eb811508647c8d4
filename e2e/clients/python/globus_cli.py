"""globus-cli: logins, sessions and identities."""

import json

from command_line import CommandLine
from support import MAYA, WORLD, feature

maya = CommandLine()
globus, globus_with_login = maya.run, maya.run_with_login


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


@feature("client login")
def client_login():
    app = WORLD["clients"]["app"]
    service = CommandLine(GLOBUS_CLI_CLIENT_ID=app["id"], GLOBUS_CLI_CLIENT_SECRET=app["secret"])
    assert service.run("whoami").strip() == f"{app['id']}@clients.auth.globus.org"
