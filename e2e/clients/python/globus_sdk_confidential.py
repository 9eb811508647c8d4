"""globus-sdk as a web application or service: ConfidentialAppAuthClient with its own redirect address and secret."""

import globus_sdk
from globus_sdk.scopes import AuthScopes, GroupsScopes, TransferScopes
from support import MAYA, ORIGIN, WORLD, Browser, code_of, feature

browser = Browser()
app = WORLD["clients"]["app"]
service = WORLD["clients"]["service"]
client = globus_sdk.ConfidentialAppAuthClient(app["id"], app["secret"])
scopes = [AuthScopes.openid, AuthScopes.profile, AuthScopes.email, TransferScopes.all]
state: dict = {}


@feature("login")
def login():
    client.oauth2_start_flow(app["redirect_uri"], scopes, state="s-19", refresh_tokens=True)
    address = browser.authorize(client.oauth2_get_authorize_url())
    assert address.startswith(app["redirect_uri"]) and "state=s-19" in address, address
    state["tokens"] = client.oauth2_exchange_code_for_tokens(code_of(address))
    state["auth"] = state["tokens"].by_resource_server["auth.globus.org"]


@feature("denied", needs="login")
def denied():
    client.oauth2_start_flow(app["redirect_uri"], scopes)
    url = client.oauth2_get_authorize_url(query_params={"prompt": "consent"})
    assert "error=access_denied" in browser.authorize(url, decision="Deny")


@feature("id token", needs="login")
def id_token():
    assert state["tokens"].decode_id_token()["preferred_username"] == MAYA["username"]


@feature("validate", needs="login")
def validate():
    # The SDK's own method is gone; globus-cli posts to the same address.
    answer = client.post("/v2/oauth2/token/validate", data={"token": state["auth"]["refresh_token"]}, encoding="form")
    assert answer["active"] is True


@feature("introspect", needs="login")
def introspect():
    include = "identity_set,identity_set_detail,session_info"
    found = client.oauth2_token_introspect(state["auth"]["access_token"], include=include)
    assert found["active"] and found["sub"] == MAYA["id"] and MAYA["linked"] in found["identity_set"], found.data
    assert MAYA["id"] in found["session_info"]["authentications"], found.data


@feature("refresh", needs="login")
def refresh():
    renewed = client.oauth2_refresh_token(state["auth"]["refresh_token"]).by_resource_server
    assert list(renewed) == ["auth.globus.org"] and renewed["auth.globus.org"]["refresh_token"], renewed


@feature("identities", needs="login")
def identities():
    authorizer = globus_sdk.AccessTokenAuthorizer(state["auth"]["access_token"])
    found = globus_sdk.AuthClient(authorizer=authorizer).get_identities(ids=[MAYA["id"], app["id"]])
    assert {one["id"] for one in found["identities"]} == {MAYA["id"], app["id"]}, found.data


@feature("client credentials")
def client_credentials():
    tokens = client.oauth2_client_credentials_tokens([TransferScopes.all, GroupsScopes.all]).by_resource_server
    assert set(tokens) == {"transfer.api.globus.org", "groups.api.globus.org"}, tokens


@feature("dependent tokens", needs="login")
def dependent_tokens():
    client.oauth2_start_flow(app["redirect_uri"], [AuthScopes.openid, service["scope"]])
    address = browser.authorize(client.oauth2_get_authorize_url())
    token = client.oauth2_exchange_code_for_tokens(code_of(address)).by_resource_server[service["id"]]["access_token"]
    tide_api = globus_sdk.ConfidentialAppAuthClient(service["id"], service["secret"])
    downstream = tide_api.oauth2_get_dependent_tokens(token, refresh_tokens=True)
    assert list(downstream.by_resource_server) == ["transfer.api.globus.org"], downstream.data


@feature("revoke", needs="login")
def revoke():
    token = state["auth"]["access_token"]
    assert client.oauth2_revoke_token(token)["active"] is False
    assert client.oauth2_token_introspect(token).data == {"active": False}


@feature("wrong secret")
def wrong_secret():
    try:
        globus_sdk.ConfidentialAppAuthClient(app["id"], "wrong").oauth2_token_introspect("anything")
    except globus_sdk.AuthAPIError as error:
        assert (error.http_status, error.code, error.message) == (401, "UNAUTHORIZED", "Basic auth failed"), error
        assert error.request_id, "no id in the error document"
    else:
        raise AssertionError("a wrong secret was accepted")


@feature("logout page")
def logout_page():
    page = browser.get(f"{ORIGIN}/v2/web/logout?client_id={app['id']}")
    assert page.status_code == 200 and "logged out" in page.text.lower()
