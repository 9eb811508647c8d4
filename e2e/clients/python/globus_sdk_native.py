"""globus-sdk as a program on somebody's own machine: NativeAppAuthClient, the code copied from the page, refresh tokens."""

import globus_sdk
from globus_sdk import AuthClient, RefreshTokenAuthorizer, Scope
from globus_sdk.scopes import AuthScopes, TransferScopes
from support import MAYA, ORIGIN, WORLD, Browser, code_of, feature

browser = Browser()
client = globus_sdk.NativeAppAuthClient(WORLD["clients"]["native"]["id"])
auth_scopes = [AuthScopes.openid, AuthScopes.profile, AuthScopes.email, AuthScopes.view_identity_set]
state: dict = {}


@feature("login")
def login():
    client.oauth2_start_flow(requested_scopes=[*auth_scopes, TransferScopes.all], refresh_tokens=True)
    address = browser.authorize(client.oauth2_get_authorize_url())
    assert address.startswith(f"{ORIGIN}/v2/web/auth-code?"), address
    page = browser.get(address).text
    assert code_of(address) in page, "the page does not show the code"
    state["tokens"] = tokens = client.oauth2_exchange_code_for_tokens(code_of(address))
    assert set(tokens.by_resource_server) == {"auth.globus.org", "transfer.api.globus.org"}, tokens.by_resource_server


@feature("pkce", needs="login")
def pkce():
    flow = globus_sdk.NativeAppAuthClient(client.client_id)
    flow.oauth2_start_flow(requested_scopes=auth_scopes, verifier="a" * 43)
    code = code_of(browser.authorize(flow.oauth2_get_authorize_url()))
    flow.oauth2_start_flow(requested_scopes=auth_scopes, verifier="b" * 43)
    try:
        flow.oauth2_exchange_code_for_tokens(code)
    except globus_sdk.AuthAPIError as error:
        assert error.raw_json == {"error": "invalid_grant"}, error.raw_json
    else:
        raise AssertionError("a wrong verifier was accepted")


@feature("id token", needs="login")
def id_token():
    claims = state["tokens"].decode_id_token()
    assert claims["sub"] == MAYA["id"] and claims["name"] == MAYA["name"], claims


@feature("userinfo", needs="login")
def userinfo():
    token = state["tokens"].by_resource_server["auth.globus.org"]["access_token"]
    info = AuthClient(authorizer=globus_sdk.AccessTokenAuthorizer(token)).userinfo()
    assert info["sub"] == MAYA["id"] and len(info["identity_set"]) == 2, info


@feature("refresh", needs="login")
def refresh():
    entry = state["tokens"].by_resource_server["auth.globus.org"]
    renewed = []
    authorizer = RefreshTokenAuthorizer(
        entry["refresh_token"], client, access_token="expired", expires_at=1, on_refresh=renewed.append
    )
    state["auth"] = auth = AuthClient(authorizer=authorizer)
    assert auth.userinfo()["sub"] == MAYA["id"]
    assert len(renewed) == 1 and renewed[0].by_resource_server["auth.globus.org"]["refresh_token"]


@feature("identities", needs="refresh")
def identities():
    found = state["auth"].get_identities(usernames=MAYA["username"], query_params={"include": "identity_provider"})
    assert found["identities"][0]["id"] == MAYA["id"], found.data
    assert found["included"]["identity_providers"], found.data


@feature("consents", needs="refresh")
def consents():
    forest = state["auth"].get_consents(MAYA["id"]).to_forest()
    assert forest.meets_scope_requirements(TransferScopes.all), forest.nodes
    assert not forest.meets_scope_requirements(Scope("urn:globus:auth:scope:groups.api.globus.org:all"))


@feature("step-up", needs="login")
def step_up():
    client.oauth2_start_flow(requested_scopes=auth_scopes, refresh_tokens=True)
    parameters = {"session_required_identities": MAYA["linked"], "prompt": "login"}
    # The person's second identity has the same name; the page offers no other.
    address = browser.authorize(client.oauth2_get_authorize_url(query_params=parameters))
    assert client.oauth2_exchange_code_for_tokens(code_of(address)).decode_id_token()["sub"] == MAYA["id"]


@feature("revoke", needs="login")
def revoke():
    for entry in state["tokens"].by_resource_server.values():
        for kind in ("access_token", "refresh_token"):
            assert client.oauth2_revoke_token(entry[kind])["active"] is False
    try:
        client.oauth2_refresh_token(state["tokens"].by_resource_server["auth.globus.org"]["refresh_token"])
    except globus_sdk.AuthAPIError as error:
        assert error.http_status == 400, error
    else:
        raise AssertionError("a revoked refresh token still works")
