"""The Flask tutorial's application: login, session and logout with globus-sdk's ConfidentialAppAuthClient."""

import globus_sdk
from flask import Flask, redirect, request, session, url_for
from globus_sdk.scopes import TransferScopes
from support import MAYA, ORIGIN, WORLD, Browser, feature

settings = WORLD["clients"]["app"]
scopes = ["openid", "profile", "email", TransferScopes.all]
app = Flask(__name__)
app.config.update(SERVER_NAME="localhost:5000", SECRET_KEY="only for this program")


def auth_client() -> globus_sdk.ConfidentialAppAuthClient:
    return globus_sdk.ConfidentialAppAuthClient(settings["id"], settings["secret"])


@app.route("/")
def index():
    if not session.get("is_authenticated"):
        return redirect(url_for("login"))
    return f"You are successfully logged in, {session['name']}!"


@app.route("/login")
def login():
    client = auth_client()
    client.oauth2_start_flow(url_for("login", _external=True), scopes)
    if "code" not in request.args:
        return redirect(client.oauth2_get_authorize_url())
    tokens = client.oauth2_exchange_code_for_tokens(request.args["code"])
    name = tokens.decode_id_token()["name"]
    session.update(tokens=tokens.by_resource_server, name=name, is_authenticated=True)
    return redirect(url_for("index"))


@app.route("/logout")
def logout():
    client = auth_client()
    for entry in session["tokens"].values():
        client.oauth2_revoke_token(entry["access_token"])
    session.clear()
    # Unencoded, as the tutorial has it.
    back = url_for("index", _external=True)
    return redirect(
        f"{ORIGIN}/v2/web/logout?client={settings['id']}&redirect_uri={back}&redirect_name=Globus Example App"
    )


visitor = app.test_client()
browser = Browser()
state: dict = {}


@feature("login")
def log_in():
    sent = visitor.get("/login").headers["location"]
    visitor.get(browser.authorize(sent), follow_redirects=False)
    page = visitor.get("/")
    assert page.text == f"You are successfully logged in, {MAYA['name']}!", page.text
    with visitor.session_transaction() as kept:
        state["tokens"] = kept["tokens"]


@feature("logout", needs="login")
def log_out():
    address = visitor.get("/logout").headers["location"]
    page = browser.get(address)
    assert page.status_code == 200 and "Continue to Globus Example App" in page.text, page.text
    assert visitor.get("/").status_code == 302


@feature("revoke", needs="logout")
def revoke():
    for entry in state["tokens"].values():
        assert auth_client().oauth2_token_introspect(entry["access_token"])["active"] is False
