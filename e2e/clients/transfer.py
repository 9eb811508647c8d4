"""Drives the Transfer API with globus-sdk-python. WORLD names a JSON file with ids, paths and a token."""

import hashlib
import json
import os
import pathlib
import uuid

import globus_sdk

world = json.loads(pathlib.Path(os.environ["WORLD"]).read_text())
c = world["collections"]
people = world["people"]
done = []


def client(token):
    return globus_sdk.TransferClient(authorizer=globus_sdk.AccessTokenAuthorizer(token))


tc = client(world["token"])
plain = client(world["token_without_consent"])
sam = client(world["sam_token"])


def step(function):
    function()
    done.append(function.__name__)
    print("ok", function.__name__, flush=True)


def refused(call, status, code):
    try:
        call()
    except globus_sdk.TransferAPIError as error:
        assert (error.http_status, error.code) == (status, code), (error.http_status, error.code, error.message)
        assert error.request_id and error.message
        return error
    raise AssertionError(f"expected {code}")


def digest(path):
    return hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()


def place(name, *parts):
    return os.path.join(world["paths"][name], *parts)


def finish(task_id):
    assert tc.task_wait(task_id, timeout=30, polling_interval=1)
    return tc.get_task(task_id)


def endpoints():
    document = tc.get_endpoint(c["tidalSurveyArchive"])
    assert document["entity_type"] == "GCSv5_mapped_collection" and document["high_assurance"] is False
    assert document["my_effective_roles"] == ["administrator"]
    refused(lambda: tc.get_endpoint(str(uuid.uuid4())), 404, "EndpointNotFound")
    laptop = c["mayasLaptop"]
    assert tc.update_endpoint(laptop, {"description": "on the desk"})["code"] == "Updated"
    assert tc.get_endpoint(laptop)["description"] == "on the desk"
    assert tc.endpoint_server_list(c["tidalSurveyArchive"])["DATA"][0]["is_connected"] is True
    assert tc.get_endpoint_server(c["tidalSurveyArchive"], 1)["id"] == 1
    assert list(tc.my_effective_pause_rule_list(c["oddNames"])) == []
    assert tc.set_subscription_id(laptop, "DEFAULT")["code"] == "Updated"
    assert tc.set_subscription_admin_verified(laptop, True)["code"] == "Updated"


def searching():
    names = [found["display_name"] for found in tc.endpoint_search("tide")]
    assert "Tidal Survey Archive" in names and "Tide Crew Workspace" in names, names
    mine = list(tc.paginated.endpoint_search(filter_scope="my-endpoints").items())
    assert len(mine) > 150 and len({one["id"] for one in mine}) == len(mine)
    refused(lambda: tc.endpoint_search(), 400, "BadRequest")
    shared = sam.endpoint_search(filter_scope="shared-with-me")
    assert [one["display_name"] for one in shared] == []


def consent():
    error = refused(lambda: plain.operation_ls(c["tidalSurveyArchive"]), 403, "ConsentRequired")
    assert error.info.consent_required.required_scopes == error.raw_json["required_scopes"]
    assert error.info.authorization_parameters.session_message == "Missing required data_access consent"
    step_up = refused(lambda: plain.operation_ls(c["hospitalImaging"]), 502, "ExternalError.DirListingFailed.LoginFailed")
    assert step_up.info.authorization_parameters.session_required_single_domain == ["hospital.example"]


def listing():
    archive = c["tidalSurveyArchive"]
    listed = tc.operation_ls(archive, path="/survey/", orderby="name", filter={"name": "~*.csv"})
    assert [one["name"] for one in listed] == ["a.csv", "b.csv"], listed.data
    assert [one["name"] for one in tc.operation_ls(archive, path="/survey", show_hidden=False, limit=1, offset=1)] == ["b.csv"]
    assert tc.operation_stat(archive, "/survey/a.csv")["type"] == "file"
    refused(lambda: tc.operation_stat(archive, "/none"), 404, "NotFound")
    refused(lambda: tc.operation_ls(archive, path="/none"), 404, "ClientError.NotFound")
    refused(lambda: tc.operation_ls(archive, path="/survey/a.csv"), 502, "ExternalError.DirListingFailed.NotDirectory")
    assert tc.operation_mkdir(archive, "/made")["code"] == "DirectoryCreated"
    refused(lambda: tc.operation_mkdir(archive, "/made"), 502, "ExternalError.MkdirFailed.Exists")
    assert tc.operation_rename(archive, "/made", "/renamed")["code"] == "FileRenamed"


def transferring():
    data = globus_sdk.TransferData(
        c["tidalSurveyArchive"], c["campusClusterScratch"], label="survey", verify_checksum=True, sync_level="checksum"
    )
    data.add_item("/survey/", "/copy/", recursive=True)
    data.add_item("/survey/a.csv", "/single.csv", checksum_algorithm="MD5")
    answer = tc.submit_transfer(data)
    assert answer["code"] == "Accepted" and answer["DATA_TYPE"] == "transfer_result"
    assert tc.submit_transfer(data)["code"] == "Duplicate"
    task = finish(answer["task_id"])
    assert task["status"] == "SUCCEEDED" and task["label"] == "survey", task.data
    for name in ("a.csv", "b.csv", "photo.bin"):
        assert digest(place("tidalSurveyArchive", "survey", name)) == digest(place("campusClusterScratch", "copy", name))
    assert digest(place("campusClusterScratch", "single.csv")) == digest(place("tidalSurveyArchive", "survey", "a.csv"))
    copied = list(tc.paginated.task_successful_transfers(task["task_id"]).items())
    assert len(copied) == 4 and all(one["checksum"] for one in copied), copied
    assert list(tc.paginated.task_skipped_errors(task["task_id"]).items()) == []
    events = [event["code"] for event in tc.paginated.task_event_list(task["task_id"]).items()]
    assert events[0] == "SUCCEEDED" and events[-1] == "STARTED", events
    assert tc.task_pause_info(task["task_id"])["pause_rules"] == []


def tasks():
    assert tc.get_submission_id()["value"]
    data = globus_sdk.TransferData(c["oddNames"], c["tenThousandBuoys"])
    data.add_item("/never", "/never")
    task_id = tc.submit_transfer(data)["task_id"]
    assert tc.update_task(task_id, {"label": "waits"})["code"] == "Updated"
    assert tc.get_task(task_id)["label"] == "waits" and not tc.task_wait(task_id, timeout=1, polling_interval=1)
    assert tc.cancel_task(task_id)["code"] == "Canceled"
    assert tc.cancel_task(task_id)["code"] == "TaskComplete"
    assert tc.get_task(task_id)["status"] == "FAILED" and tc.get_task(task_id)["nice_status"] is None
    listed = list(tc.paginated.task_list(filter={"status": ["SUCCEEDED", "FAILED"]}, orderby="request_time DESC").items())
    assert listed[0]["task_id"] == task_id and len(listed) >= 2
    refused(lambda: sam.get_task(task_id), 404, "TaskNotFound")


def deleting():
    data = globus_sdk.DeleteData(c["campusClusterScratch"], recursive=True)
    data.add_item("/copy/")
    task = finish(tc.submit_delete(data)["task_id"])
    assert task["status"] == "SUCCEEDED" and task["type"] == "DELETE" and not os.path.exists(place("campusClusterScratch", "copy"))


def sharing():
    workspace = c["tideCrewWorkspace"]
    rule = {"DATA_TYPE": "access", "principal_type": "identity", "principal": people["sam"], "path": "/results/", "permissions": "r"}
    created = tc.add_endpoint_acl_rule(workspace, rule)
    assert created["code"] == "Created" and created.http_status == 201
    refused(lambda: tc.add_endpoint_acl_rule(workspace, rule), 409, "Exists")
    refused(lambda: tc.add_endpoint_acl_rule(workspace, {**rule, "path": "results"}), 400, "InvalidPath")
    assert [one["name"] for one in sam.operation_ls(workspace, path="/results/")] == ["table.csv"]
    assert [one["id"] for one in sam.endpoint_search(filter_scope="shared-with-me")] == [workspace]
    rule_id = created["access_id"]
    assert tc.get_endpoint_acl_rule(workspace, rule_id)["permissions"] == "r"
    assert tc.update_endpoint_acl_rule(workspace, rule_id, {"DATA_TYPE": "access", "permissions": "rw"})["code"] == "Updated"
    assert {one["id"] for one in tc.endpoint_acl_list(workspace)} >= {None, rule_id}
    refused(lambda: sam.endpoint_acl_list(workspace), 403, "PermissionDenied")
    assert tc.delete_endpoint_acl_rule(workspace, rule_id)["code"] == "Deleted"
    refused(lambda: sam.operation_ls(workspace, path="/results/"), 403, "PermissionDenied")


def roles():
    laptop = c["mayasLaptop"]
    role = {"DATA_TYPE": "role", "principal_type": "identity", "principal": people["zoe"], "role": "activity_monitor"}
    created = tc.add_endpoint_role(laptop, role)
    assert tc.get_endpoint_role(laptop, created["id"])["principal"] == people["zoe"]
    assert len(list(tc.endpoint_role_list(laptop))) == 2
    assert tc.delete_endpoint_role(laptop, created["id"])["code"] == "Deleted"


def bookmarks():
    created = tc.create_bookmark({"endpoint_id": c["oddNames"], "path": "/~/", "name": "Odd"})
    assert tc.get_bookmark(created["id"])["name"] == "Odd"
    assert tc.update_bookmark(created["id"], {"name": "Odder"})["name"] == "Odder"
    assert [one["name"] for one in tc.bookmark_list()] == ["Odder"]
    assert tc.delete_bookmark(created["id"])["code"] == "Deleted"
    refused(lambda: tc.get_bookmark(created["id"]), 404, "BookmarkNotFound")


def bookmarks_v2():
    from globus_sdk.experimental.transfer_v2 import TransferClientV2

    v2 = TransferClientV2(authorizer=globus_sdk.AccessTokenAuthorizer(world["token"]))
    document = {
        "data": {
            "type": "Bookmark",
            "attributes": {"name": "Second", "path": "/a/"},
            "relationships": {"collection": {"data": {"type": "Collection", "id": c["oddNames"]}}},
        }
    }
    created = v2.create_bookmark(document)
    bookmark_id = created["data"]["id"]
    assert v2.get_bookmark(bookmark_id)["data"]["attributes"]["path"] == "/a/"
    assert len(v2.list_bookmarks()["data"]) == 1
    v2.update_bookmark(bookmark_id, {"data": {"type": "Bookmark", "attributes": {"name": "Third"}}})
    v2.delete_bookmark(bookmark_id)
    assert v2.list_bookmarks()["data"] == []


def guest_collections():
    laptop = c["mayasLaptop"]
    created = tc.create_shared_endpoint({"host_endpoint": laptop, "host_path": "/", "display_name": "From my laptop"})
    assert created["code"] == "Created"
    assert [one["id"] for one in tc.my_shared_endpoint_list(laptop)] == [created["id"]]
    assert [one["id"] for one in tc.paginated.get_shared_endpoint_list(laptop).items()] == [created["id"]]
    assert tc.delete_endpoint(created["id"])["code"] == "Deleted"
    refused(lambda: tc.get_endpoint(created["id"]), 404, "EndpointDeleted")


def what_is_not_imitated():
    refused(lambda: tc.endpoint_manager_monitored_endpoints(), 501, "NotImplemented")


for function in (
    endpoints,
    searching,
    consent,
    listing,
    transferring,
    tasks,
    deleting,
    sharing,
    roles,
    bookmarks,
    bookmarks_v2,
    guest_collections,
    what_is_not_imitated,
):
    step(function)
print(len(done), "steps")
