"""globus-sdk's GCSClient: the manager of an endpoint, and a guest collection from its making to its end."""

from pathlib import Path

import globus_sdk
import requests
from globus_sdk import AccessTokenAuthorizer, GCSClient, GCSRoleDocument, GuestCollectionDocument, TransferClient
from globus_sdk.paging import Paginator
from globus_sdk.scopes import GCSCollectionScopes, GCSEndpointScopes, TransferScopes
from support import MAYA, WORLD, Browser, code_of, feature

browser = Browser()
c = {name: entry["id"] for name, entry in WORLD["collections"].items()}
archive, endpoint = c["tidalSurveyArchive"], c["harbourServer"]
state: dict = {}


def authorizer(server: str) -> AccessTokenAuthorizer:
    return AccessTokenAuthorizer(state["tokens"][server]["access_token"])


@feature("login")
def login():
    client = globus_sdk.NativeAppAuthClient(WORLD["clients"]["native"]["id"])
    manage = GCSEndpointScopes(endpoint).manage_collections
    access = GCSCollectionScopes(archive).data_access
    scopes = [manage.with_dependency(access), TransferScopes.all.with_dependency(access.with_optional(True))]
    client.oauth2_start_flow(requested_scopes=scopes)
    code = code_of(browser.authorize(client.oauth2_get_authorize_url()))
    state["tokens"] = client.oauth2_exchange_code_for_tokens(code).by_resource_server
    assert set(state["tokens"]) == {endpoint, "transfer.api.globus.org"}, state["tokens"]
    state["transfer"] = transfer = TransferClient(authorizer=authorizer("transfer.api.globus.org"))
    document = transfer.get_endpoint(archive)
    assert document["owner_id"] == endpoint, document["owner_id"]
    state["gcs"] = GCSClient(document["gcs_manager_url"], authorizer=authorizer(endpoint))


@feature("info", needs="login")
def info():
    gcs = state["gcs"]
    assert gcs.get_gcs_info()["endpoint_id"] == endpoint
    assert gcs.endpoint_client_id == endpoint
    assert gcs.get_endpoint()["display_name"] == "Harbour Data Server"


@feature("list collections", needs="login")
def list_collections():
    gcs = state["gcs"]
    found = [one["id"] for one in Paginator.wrap(gcs.get_collection_list)(page_size=50).items()]
    assert len(found) == len(set(found)) > 150 and archive in found, len(found)
    guests = gcs.get_collection_list(mapped_collection_id=archive, filter="guest_collections", page_size=1000)
    assert c["tidalSurveyPublic"] in [one["id"] for one in guests]


@feature("create guest", needs="login")
def create_guest():
    gcs = state["gcs"]
    shared = Path(WORLD["places"][archive], "judge-shared")
    shared.mkdir(parents=True, exist_ok=True)
    (shared / "level.csv").write_text("time,level\n")
    gateway = gcs.get_collection(archive)["storage_gateway_id"]
    credentials = [one for one in gcs.get_user_credential_list(storage_gateway=gateway) if one["identity_id"] == MAYA["id"]]
    assert len(credentials) == 1, credentials
    created = gcs.create_collection(
        GuestCollectionDocument(
            mapped_collection_id=archive,
            collection_base_path="/judge-shared/",
            user_credential_id=credentials[0]["id"],
            display_name="Judge's share",
            public=True,
        )
    )
    state["guest"] = created["id"]
    assert created["collection_type"] == "guest" and created["https_url"].startswith("https://"), created.data


@feature("share and read", needs="create guest")
def share_and_read():
    transfer, guest = state["transfer"], state["guest"]
    names = [one["name"] for one in transfer.operation_ls(guest, path="/")]
    assert names == ["level.csv"], names
    rule = {"principal_type": "anonymous", "principal": "", "path": "/", "permissions": "r"}
    assert transfer.add_endpoint_acl_rule(guest, rule)["code"] == "Created"
    url = transfer.get_endpoint(guest)["https_server"]
    assert requests.get(f"{url}/level.csv", timeout=60).text == "time,level\n"


@feature("update", needs="create guest")
def update():
    gcs, guest = state["gcs"], state["guest"]
    document = GuestCollectionDocument(display_name="Renamed by the judge", keywords=["tide"])
    assert gcs.update_collection(guest, document).full_data["code"] == "success"
    assert gcs.get_collection(guest)["display_name"] == "Renamed by the judge"


@feature("roles", needs="create guest")
def roles():
    gcs, guest = state["gcs"], state["guest"]
    principal = f"urn:globus:auth:identity:{MAYA['linked']}"
    role = gcs.create_role(GCSRoleDocument(collection=guest, role="access_manager", principal=principal))
    assert role["id"] in [one["id"] for one in gcs.get_role_list(guest, include="all_roles")]
    assert gcs.get_role(role["id"])["principal"] == principal
    assert gcs.delete_role(role["id"])["code"] == "success"


@feature("storage gateways", needs="login")
def storage_gateways():
    gcs = state["gcs"]
    gateways = list(gcs.get_storage_gateway_list())
    assert gcs.get_storage_gateway(gateways[0]["id"])["display_name"] == gateways[0]["display_name"]


@feature("errors", needs="login")
def errors():
    try:
        state["gcs"].get_collection(MAYA["id"])
    except globus_sdk.GCSAPIError as error:
        assert (error.http_status, error.code) == (404, "not_found"), error
    else:
        raise AssertionError("an unknown collection was found")


@feature("delete", needs="create guest")
def delete():
    gcs, guest = state["gcs"], state["guest"]
    assert gcs.delete_collection(guest)["code"] == "success"
    try:
        state["transfer"].get_endpoint(guest)
    except globus_sdk.TransferAPIError as error:
        assert error.code == "EndpointDeleted", error.code
    else:
        raise AssertionError("a deleted collection was found")
