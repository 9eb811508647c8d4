"""globus-sdk's GlobusApp: UserApp on the command line and with a local server, ClientApp, incremental consent."""

import subprocess
import sys
import tempfile
from pathlib import Path

import globus_sdk
from globus_sdk import ClientApp, GlobusAppConfig, UserApp
from globus_sdk.gare import GlobusAuthorizationParameters
from globus_sdk.login_flows import CommandLineLoginFlowManager
from globus_sdk.scopes import AuthScopes, GroupsScopes, TransferScopes
from globus_sdk.token_storage import JSONTokenStorage, MemoryTokenStorage
from support import MAYA, WORLD, Browser, code_of, feature

browser = Browser()
native = WORLD["clients"]["native"]["id"]
confidential = WORLD["clients"]["app"]
folder = Path(tempfile.mkdtemp())


class PageLogin(CommandLineLoginFlowManager):
    """The documented way to put another prompt in the place of the terminal's."""

    def print_authorize_url(self, authorize_url: str) -> None:
        self._address = authorize_url

    def prompt_for_code(self) -> str:
        return code_of(browser.authorize(self._address))


def user_app(requirements: dict, storage, **options) -> UserApp:
    config = GlobusAppConfig(
        request_refresh_tokens=True, login_flow_manager=PageLogin, token_storage=storage, **options
    )
    return UserApp("judge", client_id=native, scope_requirements=requirements, config=config)


@feature("login")
def login():
    storage = JSONTokenStorage(folder / "tokens.json")
    app = user_app({"auth.globus.org": [AuthScopes.openid, AuthScopes.email]}, storage)
    assert app.login_required()
    auth = globus_sdk.AuthClient(app=app)
    assert auth.userinfo()["sub"] == MAYA["id"]
    assert not app.login_required()


@feature("stored tokens", needs="login")
def stored_tokens():
    app = user_app({"auth.globus.org": [AuthScopes.openid]}, JSONTokenStorage(folder / "tokens.json"))
    assert not app.login_required()
    assert app.get_authorizer("auth.globus.org").get_authorization_header().startswith("Bearer ")


@feature("session", needs="login")
def session():
    app = user_app({"auth.globus.org": [AuthScopes.openid]}, MemoryTokenStorage())
    app.login(auth_params=GlobusAuthorizationParameters(session_required_identities=[MAYA["linked"]], prompt="login"))
    assert not app.login_required()


@feature("logout", needs="login")
def logout():
    app = user_app({"auth.globus.org": [AuthScopes.openid, AuthScopes.email]}, JSONTokenStorage(folder / "tokens.json"))
    app.logout()
    assert app.login_required()


@feature("consents", needs="login")
def consents():
    transfer = TransferScopes.all.with_dependency(GroupsScopes.view_my_groups_and_memberships)
    app = user_app({"transfer.api.globus.org": [transfer]}, MemoryTokenStorage())
    app.login()
    assert not app.login_required()


@feature("local server")
def local_server():
    # `webbrowser` starts what BROWSER names; the program below is this folder's browser.
    program = Path(__file__).with_name("local_server_login.py")
    done = subprocess.run([sys.executable, str(program)], capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@feature("client app")
def client_app():
    app = ClientApp("judge", client_id=confidential["id"], client_secret=confidential["secret"])
    app.add_scope_requirements({"groups.api.globus.org": [GroupsScopes.all]})
    header = app.get_authorizer("groups.api.globus.org").get_authorization_header()
    assert header.startswith("Bearer ")
