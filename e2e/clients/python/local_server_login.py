"""UserApp with LocalServerLoginFlowManager: the browser it opens is the other half of this file."""

import os
import shlex
import sys
from pathlib import Path

import requests
from support import MAYA, WORLD, Browser


def open_as_browser(url: str) -> None:
    # The program that opened the browser waits for this request.
    requests.get(Browser().authorize(url), timeout=60)


def log_in() -> None:
    os.environ["BROWSER"] = f"{shlex.quote(sys.executable)} {shlex.quote(str(Path(__file__).resolve()))} %s &"
    # Only now: both read the environment when they are imported.
    import globus_sdk
    from globus_sdk.scopes import AuthScopes
    from globus_sdk.token_storage import MemoryTokenStorage

    config = globus_sdk.GlobusAppConfig(login_flow_manager="local-server", token_storage=MemoryTokenStorage())
    scopes = {"auth.globus.org": [AuthScopes.openid, AuthScopes.profile]}
    app = globus_sdk.UserApp("judge", client_id=WORLD["clients"]["native"]["id"], scope_requirements=scopes, config=config)
    assert globus_sdk.AuthClient(app=app).userinfo()["name"] == MAYA["name"]


if len(sys.argv) > 1:
    open_as_browser(sys.argv[1])
else:
    log_in()
