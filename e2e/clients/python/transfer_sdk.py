"""globus-sdk's TransferClient: every method but those of the endpoint manager, each paginator to its end."""

import os
import uuid

import globus_sdk
from globus_sdk import ClientApp, DeleteData, TransferClient, TransferData
from globus_sdk.experimental.transfer_v2 import TransferClientV2
from globus_sdk.scopes import GCSCollectionScopes, TransferScopes
from support import MAYA, WORLD, Browser, code_of, feature
from transfer_world import collections as c, control, place, same

app = WORLD["clients"]["app"]
people = WORLD["people"]
auth = globus_sdk.ConfidentialAppAuthClient(app["id"], app["secret"])
state: dict = {}


def token(person: dict, *mapped: str) -> str:
    """Logs a person in through the pages, with consent to use those mapped collections."""
    scope = TransferScopes.all
    for collection in mapped:
        scope = scope.with_dependency(GCSCollectionScopes(collection).data_access.with_optional(True))
    auth.oauth2_start_flow(app["redirect_uri"], [scope])
    address = Browser().authorize(auth.oauth2_get_authorize_url(), person)
    answer = auth.oauth2_exchange_code_for_tokens(code_of(address))
    return answer.by_resource_server["transfer.api.globus.org"]["access_token"]


def client(person: dict, *mapped: str) -> TransferClient:
    return TransferClient(authorizer=globus_sdk.AccessTokenAuthorizer(token(person, *mapped)))


def refused(call, status: int, code: str) -> globus_sdk.TransferAPIError:
    try:
        call()
    except globus_sdk.TransferAPIError as error:
        assert (error.http_status, error.code) == (status, code), (error.http_status, error.code, error.message)
        assert error.request_id and error.message
        return error
    raise AssertionError(f"expected {code}")


def finish(task_id: str):
    assert tc.task_wait(task_id, timeout=120, polling_interval=1)
    return tc.get_task(task_id)


def short_pages(paginator, size: int):
    """The paginator's own page size is 1,000: smaller ones make it turn pages."""
    paginator.limit = size
    return list(paginator.items())


# Before anybody consents to a collection: consents hold for all tokens of an app.
plain = client(people["maya"])


@feature("consent error")
def consent():
    error = refused(lambda: plain.operation_ls(c["tidalSurveyArchive"]), 403, "ConsentRequired")
    assert error.info.consent_required.required_scopes == error.raw_json["required_scopes"]
    assert error.info.authorization_parameters.session_message == "Missing required data_access consent"


@feature("step-up error")
def step_up():
    error = refused(lambda: plain.operation_ls(c["hospitalImaging"]), 502, "ExternalError.DirListingFailed.LoginFailed")
    assert error.info.authorization_parameters.session_required_single_domain == ["hospital.example"]


tc = client(people["maya"], c["tidalSurveyArchive"], c["campusClusterScratch"])
sam = client(people["sam"])


@feature("get_endpoint")
def get_endpoint():
    document = tc.get_endpoint(c["tidalSurveyArchive"])
    assert document["entity_type"] == "GCSv5_mapped_collection" and document["high_assurance"] is False
    assert document["my_effective_roles"] == ["administrator"]
    refused(lambda: tc.get_endpoint(str(uuid.uuid4())), 404, "EndpointNotFound")


@feature("update_endpoint")
def update_endpoint():
    assert tc.update_endpoint(c["mayasLaptop"], {"description": "on the desk"})["code"] == "Updated"
    assert tc.get_endpoint(c["mayasLaptop"])["description"] == "on the desk"


@feature("subscriptions")
def subscriptions():
    assert tc.set_subscription_id(c["mayasLaptop"], "DEFAULT")["code"] == "Updated"
    assert tc.get_endpoint(c["mayasLaptop"])["subscription_id"]
    assert tc.set_subscription_admin_verified(c["mayasLaptop"], True)["code"] == "Updated"


@feature("server list")
def servers():
    assert tc.endpoint_server_list(c["tidalSurveyArchive"])["DATA"][0]["is_connected"] is True
    assert tc.get_endpoint_server(c["tidalSurveyArchive"], 1)["id"] == 1


@feature("pause rules")
def pause_rules():
    assert list(tc.my_effective_pause_rule_list(c["oddNames"])) == []
    rule = {"collection": c["oddNames"], "message": "Maintenance", "operations": ["rename"]}
    control("POST", "/collections/pause", rule)
    assert [one["message"] for one in tc.my_effective_pause_rule_list(c["oddNames"])] == ["Maintenance"]
    refused(lambda: tc.operation_rename(c["oddNames"], "/many", "/more"), 409, "OperationPaused")
    control("POST", "/collections/resume", {"collection": c["oddNames"]})


@feature("endpoint_search")
def searching():
    names = [found["display_name"] for found in tc.endpoint_search("tide")]
    assert "Tidal Survey Archive" in names and "Tide Crew Workspace" in names, names
    refused(lambda: tc.endpoint_search(), 400, "BadRequest")
    assert [one["display_name"] for one in sam.endpoint_search(filter_scope="shared-with-me")] == []


@feature("endpoint_search pages")
def searching_to_the_end():
    mine = list(tc.paginated.endpoint_search(filter_scope="my-endpoints").items())
    assert len(mine) > 150 and len({one["id"] for one in mine}) == len(mine)


@feature("operation_ls")
def listing():
    archive = c["tidalSurveyArchive"]
    listed = tc.operation_ls(archive, path="/survey/", orderby="name DESC", filter={"name": "~*.csv"})
    assert [one["name"] for one in listed] == ["b.csv", "a.csv"], listed.data
    page = tc.operation_ls(archive, path="/survey", show_hidden=False, limit=1, offset=1)
    assert [one["name"] for one in page] == ["b.csv"]
    either = tc.operation_ls(archive, path="/survey/", filter=[{"type": "dir"}, {"name": "=a.csv"}])
    assert sorted(one["name"] for one in either) == ["a.csv", "deep"]
    refused(lambda: tc.operation_ls(archive, path="/none"), 404, "ClientError.NotFound")
    refused(lambda: tc.operation_ls(archive, path="/survey/a.csv"), 502, "ExternalError.DirListingFailed.NotDirectory")


@feature("operation_stat")
def stat():
    assert tc.operation_stat(c["tidalSurveyArchive"], "/survey/a.csv")["size"] == 11
    refused(lambda: tc.operation_stat(c["tidalSurveyArchive"], "/none"), 404, "NotFound")


@feature("operation_mkdir")
def mkdir():
    assert tc.operation_mkdir(c["tidalSurveyArchive"], "/made")["code"] == "DirectoryCreated"
    assert os.path.isdir(place("tidalSurveyArchive", "made"))
    error = refused(
        lambda: tc.operation_mkdir(c["tidalSurveyArchive"], "/made"), 502, "ExternalError.MkdirFailed.Exists"
    )
    assert not error.info.consent_required and not error.info.authorization_parameters


@feature("operation_rename", needs="operation_mkdir")
def rename():
    assert tc.operation_rename(c["tidalSurveyArchive"], "/made", "/renamed")["code"] == "FileRenamed"
    assert os.path.isdir(place("tidalSurveyArchive", "renamed"))


@feature("submit_transfer")
def transferring():
    data = TransferData(
        c["tidalSurveyArchive"], c["campusClusterScratch"], label="survey", verify_checksum=True, sync_level="checksum"
    )
    data.add_item("/survey/", "/copy/", recursive=True)
    data.add_item("/survey/a.csv", "/single.csv", checksum_algorithm="SHA256")
    answer = tc.submit_transfer(data)
    assert answer["code"] == "Accepted" and answer["DATA_TYPE"] == "transfer_result"
    again = tc.submit_transfer(data)
    assert (again["code"], again["task_id"]) == ("Duplicate", answer["task_id"])
    state["task"] = answer["task_id"]
    task = finish(answer["task_id"])
    assert task["status"] == "SUCCEEDED" and task["label"] == "survey", task.data
    for name in ("a.csv", "b.csv", "photo.bin", "deep/er/c.txt"):
        assert same(place("tidalSurveyArchive", "survey", name), place("campusClusterScratch", "copy", name))
    assert same(place("campusClusterScratch", "single.csv"), place("tidalSurveyArchive", "survey", "a.csv"))


@feature("filter rules")
def filter_rules():
    data = TransferData(c["tidalSurveyArchive"], c["campusClusterScratch"])
    data.add_item("/survey/", "/filtered/", recursive=True)
    data.add_filter_rule("*.csv", method="include", type="file")
    data.add_filter_rule("*", method="exclude")
    assert finish(tc.submit_transfer(data)["task_id"])["status"] == "SUCCEEDED"
    assert sorted(os.listdir(place("campusClusterScratch", "filtered"))) == ["a.csv", "b.csv"]


@feature("task_successful_transfers", needs="submit_transfer")
def successful_transfers():
    copied = list(tc.task_successful_transfers(state["task"]))
    assert len(copied) == 5 and all(one["checksum"] for one in copied), copied
    algorithms = {one["destination_path"]: one["checksum_algorithm"] for one in copied}
    assert algorithms["/single.csv"] == "SHA256" and algorithms["/copy/a.csv"] == "MD5", algorithms


@feature("marker pages")
def markers():
    data = TransferData(c["oddNames"], c["tenThousandBuoys"], skip_source_errors=True)
    data.add_item("/many/", "/many/", recursive=True)
    for index in range(130):
        data.add_item(f"/none/{index}", f"/none/{index}")
    task = finish(tc.submit_transfer(data)["task_id"])
    assert task["subtasks_skipped_errors"] == 130, task.data
    pages = list(tc.paginated.task_successful_transfers(task["task_id"]).pages())
    found = [one["destination_path"] for page in pages for one in page]
    assert len(pages) > 1 and len(set(found)) == len(found) == 250, len(found)
    for index in range(250):
        assert same(place("oddNames", "many", f"{index}.txt"), place("tenThousandBuoys", "many", f"{index}.txt"))
    skipped = list(tc.paginated.task_skipped_errors(task["task_id"]).items())
    assert len({one["source_path"] for one in skipped}) == 130 and skipped[0]["error_code"] == "FILE_NOT_FOUND"


@feature("task_event_list", needs="submit_transfer")
def events():
    codes = [event["code"] for event in tc.paginated.task_event_list(state["task"]).items()]
    assert codes[0] == "SUCCEEDED" and codes[-1] == "STARTED", codes
    assert [one["code"] for one in short_pages(tc.paginated.task_event_list(state["task"]), 1)] == codes
    assert list(tc.task_event_list(state["task"], query_params={"filter": "is_error:1"})) == []


@feature("get_submission_id")
def submission_id():
    assert uuid.UUID(tc.get_submission_id()["value"])


@feature("update_task, cancel_task")
def tasks():
    data = TransferData(c["oddNames"], c["tenThousandBuoys"])
    data.add_item("/never", "/never")
    task_id = tc.submit_transfer(data)["task_id"]
    assert tc.update_task(task_id, {"label": "waits"})["code"] == "Updated"
    assert tc.get_task(task_id)["label"] == "waits" and not tc.task_wait(task_id, timeout=1, polling_interval=1)
    assert tc.task_pause_info(task_id)["pause_rules"] == []
    assert tc.cancel_task(task_id)["code"] == "Canceled"
    assert tc.cancel_task(task_id)["code"] == "TaskComplete"
    ended = tc.get_task(task_id)
    assert ended["status"] == "FAILED" and ended["nice_status"] is None and ended["subtasks_canceled"] > 0
    refused(lambda: sam.get_task(task_id), 404, "TaskNotFound")


@feature("task_list")
def task_list():
    wanted = {"filter": {"status": ["SUCCEEDED", "FAILED"]}, "orderby": "request_time DESC"}
    listed = list(tc.paginated.task_list(**wanted).items())
    assert len(listed) >= 4 and all(one["status"] in ("SUCCEEDED", "FAILED") for one in listed)
    times = [one["request_time"] for one in listed]
    assert times == sorted(times, reverse=True)
    paged = short_pages(tc.paginated.task_list(**wanted), 2)
    assert [one["task_id"] for one in paged] == [one["task_id"] for one in listed]


@feature("submit_delete", needs="submit_transfer")
def deleting():
    data = DeleteData(c["campusClusterScratch"], recursive=True)
    data.add_item("/copy/")
    task = finish(tc.submit_delete(data)["task_id"])
    assert (task["status"], task["type"]) == ("SUCCEEDED", "DELETE")
    assert not os.path.exists(place("campusClusterScratch", "copy"))


@feature("access rules")
def sharing():
    workspace = c["tideCrewWorkspace"]
    whom = {"DATA_TYPE": "access", "principal_type": "identity", "principal": people["sam"]["id"]}
    rule = {**whom, "path": "/results/", "permissions": "r"}
    created = tc.add_endpoint_acl_rule(workspace, rule)
    assert created["code"] == "Created" and created.http_status == 201
    refused(lambda: tc.add_endpoint_acl_rule(workspace, rule), 409, "Exists")
    refused(lambda: tc.add_endpoint_acl_rule(workspace, {**rule, "path": "results"}), 400, "InvalidPath")
    assert [one["name"] for one in sam.operation_ls(workspace, path="/results/")] == ["table.csv"]
    assert [one["id"] for one in sam.endpoint_search(filter_scope="shared-with-me")] == [workspace]
    rule_id = created["access_id"]
    assert tc.get_endpoint_acl_rule(workspace, rule_id)["permissions"] == "r"
    more = {"DATA_TYPE": "access", "permissions": "rw"}
    assert tc.update_endpoint_acl_rule(workspace, rule_id, more)["code"] == "Updated"
    assert {one["id"] for one in tc.endpoint_acl_list(workspace)} >= {None, rule_id}
    refused(lambda: sam.endpoint_acl_list(workspace), 403, "PermissionDenied")
    assert tc.delete_endpoint_acl_rule(workspace, rule_id)["code"] == "Deleted"
    refused(lambda: sam.operation_ls(workspace, path="/results/"), 403, "PermissionDenied")


@feature("roles")
def roles():
    laptop = c["mayasLaptop"]
    who = {"DATA_TYPE": "role", "principal_type": "identity", "principal": people["zoe"]["id"]}
    created = tc.add_endpoint_role(laptop, {**who, "role": "activity_monitor"})
    assert tc.get_endpoint_role(laptop, created["id"])["principal"] == people["zoe"]["id"]
    assert len(list(tc.endpoint_role_list(laptop))) == 2
    assert tc.delete_endpoint_role(laptop, created["id"])["code"] == "Deleted"


@feature("bookmarks")
def bookmarks():
    created = tc.create_bookmark({"endpoint_id": c["oddNames"], "path": "/~/", "name": "Odd"})
    assert tc.get_bookmark(created["id"])["name"] == "Odd"
    assert tc.update_bookmark(created["id"], {"name": "Odder"})["name"] == "Odder"
    assert [one["name"] for one in tc.bookmark_list()] == ["Odder"]
    assert tc.delete_bookmark(created["id"])["code"] == "Deleted"
    refused(lambda: tc.get_bookmark(created["id"]), 404, "BookmarkNotFound")


@feature("bookmarks v2")
def bookmarks_v2():
    v2 = TransferClientV2(authorizer=tc.authorizer)
    for name in ("First", "Second", "Third"):
        data = {
            "type": "Bookmark",
            "attributes": {"name": name, "path": "/a/"},
            "relationships": {"collection": {"data": {"type": "Collection", "id": c["oddNames"]}}},
        }
        created = v2.create_bookmark({"data": data})
    bookmark_id = created["data"]["id"]
    assert v2.get_bookmark(bookmark_id)["data"]["attributes"]["path"] == "/a/"
    assert len(v2.list_bookmarks()["data"]) == 3
    change = {"data": {"type": "Bookmark", "attributes": {"name": "Fourth"}}}
    assert v2.update_bookmark(bookmark_id, change)["data"]["attributes"]["name"] == "Fourth"
    for one in v2.list_bookmarks()["data"]:
        v2.delete_bookmark(one["id"])
    assert v2.list_bookmarks()["data"] == []


@feature("guest collections")
def guest_collections():
    laptop = c["mayasLaptop"]
    document = {"host_endpoint": laptop, "host_path": "/", "display_name": "From my laptop"}
    created = [tc.create_shared_endpoint(document)["id"] for _ in range(3)]
    assert sorted(one["id"] for one in tc.my_shared_endpoint_list(laptop)) == sorted(created)
    pages = list(tc.paginated.get_shared_endpoint_list(laptop, max_results=2).pages())
    assert sorted(one["id"] for page in pages for one in page) == sorted(created) and len(pages) == 2
    for guest in created:
        assert tc.delete_endpoint(guest)["code"] == "Deleted"
    refused(lambda: tc.get_endpoint(created[0]), 404, "EndpointDeleted")


@feature("add_app_data_access_scope")
def app_scope():
    # The app's own identity has no account there, so only the scope that it asks for is looked at.
    client_app = ClientApp("judge", client_id=app["id"], client_secret=app["secret"])
    TransferClient(app=client_app).add_app_data_access_scope([c["tidalSurveyArchive"], c["microscope3"]])
    asked = " ".join(str(scope) for scope in client_app.scope_requirements["transfer.api.globus.org"])
    assert all(f"*https://auth.globus.org/scopes/{c[name]}/data_access" in asked for name in ("tidalSurveyArchive", "microscope3")), asked


@feature("token not active")
def dead_token():
    dead = TransferClient(authorizer=globus_sdk.AccessTokenAuthorizer("gone"))
    refused(dead.task_list, 401, "AuthenticationFailed")


@feature("endpoint manager")
def endpoint_manager():
    tc.endpoint_manager_monitored_endpoints()


@feature("tunnels")
def tunnels():
    tc.list_tunnels()


@feature("stream access points")
def streams():
    tc.get_stream_access_point(str(uuid.uuid4()))
