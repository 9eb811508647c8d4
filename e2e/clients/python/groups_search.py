"""GroupsClient and SearchClient of globus-sdk: every method, each paginator to its end, by Maya, Zoë and Sam."""

import time
import uuid

import globus_sdk
from globus_sdk import gare
from globus_sdk.scopes import GroupsScopes, SearchScopes
from support import MAYA, WORLD, Browser, code_of, feature

ZOE, SAM, INGRID = (WORLD["people"][name] for name in ("zoe", "sam", "ingrid"))
GROUPS = WORLD["groups"]
HARBOUR = WORLD["search_index"]
SCOPES = [GroupsScopes.all, SearchScopes.all]
called: set[str] = set()


class Recorded:
    """A client that remembers which of its methods were called, paginated or not."""

    def __init__(self, client, prefix: str):
        self._client, self._prefix = client, prefix

    def __getattr__(self, name: str):
        if name == "paginated":
            return Recorded(self._client.paginated, f"{self._prefix}paginated.")
        called.add(self._prefix + name)
        return getattr(self._client, name)


def clients_of(person: dict):
    """Logs the person in, in a browser of her own."""
    native = globus_sdk.NativeAppAuthClient(WORLD["clients"]["native"]["id"])
    native.oauth2_start_flow(requested_scopes=SCOPES)
    code = code_of(Browser().authorize(native.oauth2_get_authorize_url(), person))
    tokens = native.oauth2_exchange_code_for_tokens(code).by_resource_server
    authorizers = {name: globus_sdk.AccessTokenAuthorizer(token["access_token"]) for name, token in tokens.items()}
    groups = globus_sdk.GroupsClient(authorizer=authorizers["groups.api.globus.org"])
    return (
        Recorded(groups, "groups."),
        Recorded(globus_sdk.SearchClient(authorizer=authorizers["search.api.globus.org"]), "search."),
        Recorded(globus_sdk.GroupsManager(groups), "manager."),
    )


people: dict = {}


@feature("login")
def login():
    for name, person in (("maya", MAYA), ("zoe", ZOE), ("sam", SAM), ("ingrid", INGRID)):
        people[name] = clients_of(person)


def refused(call, status: int, error_class) -> globus_sdk.GlobusAPIError:
    try:
        call()
    except error_class as error:
        assert error.http_status == status, (error.http_status, error.code, error.message)
        return error
    raise AssertionError(f"expected {status}")


def groups_of(name: str):
    return people[name][0]


def search_of(name: str):
    return people[name][1]


def manager_of(name: str):
    return people[name][2]


@feature("my groups", needs="login")
def my_groups():
    names = {group["name"] for group in groups_of("maya").get_my_groups()}
    assert names == {"Tide Crew", "Portal Users"}, names
    assert list(groups_of("sam").get_my_groups()) == []
    pending = list(groups_of("sam").get_my_groups(statuses="pending"))
    assert [one["my_memberships"][0]["status"] for one in pending] == ["pending"], pending
    both = list(groups_of("sam").get_my_groups(statuses=["pending", "invited"]))
    assert len(both) == 1


@feature("get group", needs="login")
def get_group():
    include = ["memberships", "my_memberships", "policies", "allowed_actions", "child_ids"]
    group = groups_of("maya").get_group(GROUPS["tide_crew"], include=include)
    assert {one["username"] for one in group["memberships"]} >= {ZOE["username"], SAM["username"]}
    assert group["allowed_actions"]["add"] == [MAYA["id"]] and group["child_ids"] == []
    refused(lambda: groups_of("sam").get_group(GROUPS["portal_users"]), 403, globus_sdk.GroupsAPIError)
    error = refused(lambda: groups_of("maya").get_group(uuid.uuid4()), 404, globus_sdk.GroupsAPIError)
    assert error.code == "GROUP_NOT_FOUND" and error.message == "There is no group with this id", error


@feature("group crud", needs="login")
def group_crud():
    maya = groups_of("maya")
    group = maya.create_group({"name": "Divers", "description": "Under water"})
    assert group.http_status == 201 and group["my_memberships"][0]["role"] == "admin"
    child = maya.create_group({"name": "Deep Divers", "parent_id": group["id"]})
    assert maya.update_group(child["id"], {"name": "Deepest Divers"})["name"] == "Deepest Divers"
    refused(lambda: maya.delete_group(group["id"]), 400, globus_sdk.GroupsAPIError)
    assert maya.delete_group(child["id"])["id"] == child["id"]
    assert maya.delete_group(group["id"])["name"] == "Divers"
    made = manager_of("maya").create_group("Made by the manager", "x", parent_id=None)
    maya.delete_group(made["id"])


@feature("group policies", needs="login")
def group_policies():
    maya, manager = groups_of("maya"), manager_of("maya")
    group = maya.create_group({"name": "Policies"})["id"]
    before = maya.get_group_policies(group)
    assert before["group_visibility"] == "private" and before["is_high_assurance"] is False
    changed = manager.set_group_policies(
        group,
        is_high_assurance=False,
        group_visibility=globus_sdk.GroupVisibility.authenticated,
        group_members_visibility=globus_sdk.GroupMemberVisibility.members,
        join_requests=True,
        signup_fields=[globus_sdk.GroupRequiredSignupFields.institution],
    )
    assert changed["signup_fields"] == ["institution"] and changed["join_requests"] is True, changed.data
    assert maya.set_group_policies(group, {**changed.data, "join_requests": False})["join_requests"] is False
    maya.delete_group(group)


@feature("membership actions", needs="login")
def membership_actions():
    maya, sam = manager_of("maya"), manager_of("sam")
    group = groups_of("maya").create_group(
        {"name": "Actions", "policies": {"join_requests": True, "group_visibility": "authenticated"}}
    )["id"]
    who = SAM["id"]
    steps = [
        ("invite", lambda: maya.invite_member(group, who, role="manager"), "invited"),
        ("decline", lambda: sam.decline_invite(group, who), "declined"),
        ("request_join", lambda: sam.request_join(group, who), "pending"),
        ("reject", lambda: maya.reject_join_request(group, who), "rejected"),
        ("request_join", lambda: sam.request_join(group, who), "pending"),
        ("approve", lambda: maya.approve_pending(group, who), "active"),
        ("leave", lambda: sam.leave(group, who), "left"),
        ("invite", lambda: maya.invite_member(group, who), "invited"),
        ("accept", lambda: sam.accept_invite(group, who), "active"),
        ("change_role", lambda: maya.change_role(group, who, "admin"), "active"),
        ("remove", lambda: maya.remove_member(group, who), "removed"),
        ("add", lambda: maya.add_member(group, who, role="member"), "active"),
        ("remove", lambda: maya.remove_member(group, who), "removed"),
        ("invite", lambda: maya.invite_member(group, who), "invited"),
        ("join", lambda: sam.join(group, who), "active"),
    ]
    for action, step, status in steps:
        document = step().data
        assert [one["status"] for one in document.get(action, [])] == [status], (action, document)
    batch = globus_sdk.BatchMembershipActions().add_members([who, ZOE["id"]]).change_roles("admin", [INGRID["id"]])
    done = groups_of("maya").batch_membership_action(group, batch)
    assert [one["identity_id"] for one in done["add"]] == [ZOE["id"]]
    codes = {action: errors[0]["code"] for action, errors in done["errors"].items()}
    assert codes == {"add": "ALREADY_ACTIVE", "change_role": "NO_MEMBERSHIP"}, codes
    groups_of("maya").delete_group(group)


@feature("identity preferences", needs="login")
def identity_preferences():
    zoe = groups_of("zoe")
    assert zoe.get_identity_preferences().data == {ZOE["id"]: {"allow_add": None}}
    assert zoe.set_identity_preferences({"allow_add": False})[ZOE["id"]] == {"allow_add": False}
    assert zoe.set_identity_preferences({ZOE["id"]: {"allow_add": True}})[ZOE["id"]] == {"allow_add": True}


@feature("membership fields", needs="login")
def membership_fields():
    sam = groups_of("sam")
    fields = {SAM["id"]: {"institution": "None"}}
    assert sam.set_membership_fields(GROUPS["tide_crew"], fields).data == fields
    assert sam.get_membership_fields(GROUPS["tide_crew"]).data == fields


@feature("group subscription", needs="login")
def group_subscription():
    found = groups_of("sam").get_group_by_subscription_id(GROUPS["subscription"])
    assert found["group_id"] == GROUPS["harbour_subscription"] and "connectors" in found["subscription_info"]
    verified = groups_of("ingrid").set_subscription_admin_verified(GROUPS["tide_crew"], GROUPS["subscription"])
    assert verified["subscription_admin_verified_id"] == GROUPS["subscription"]
    assert groups_of("ingrid").set_subscription_admin_verified(GROUPS["tide_crew"], None).http_status == 200


@feature("high assurance group", needs="login")
def high_assurance_group():
    maya = groups_of("maya")
    group = maya.create_group({"name": "Strict"})["id"]
    policies = {"is_high_assurance": True, "authentication_assurance_timeout": 1}
    maya.set_group_policies(group, policies)
    time.sleep(1.5)
    error = refused(lambda: maya.get_group(group), 403, globus_sdk.GroupsAPIError)
    needed = gare.to_gare(error)
    assert needed is not None and needed.authorization_parameters.session_required_identities == [MAYA["id"]], error.text


@feature("search paging", needs="login")
def search_paging():
    maya, sam = search_of("maya"), search_of("sam")
    assert sum(1 for _ in maya.paginated.search(HARBOUR, "*").items()) == 240
    assert sum(1 for _ in sam.paginated.search(HARBOUR, "*").items()) == 228
    assert sum(1 for _ in globus_sdk.SearchClient().paginated.search(HARBOUR, "*").items()) == 228
    found = maya.search(HARBOUR, 'station:"Old Quay" AND year:[2021 TO 2022]', advanced=True, limit=3, offset=2)
    assert (found["count"], found["offset"], found["total"], found["has_next_page"]) == (3, 2, 8, True), found.data


@feature("post search", needs="login")
def post_search():
    query = globus_sdk.SearchQueryV1(
        q="tide",
        filters=[{"type": "range", "field_name": "year", "values": [{"from": 2024, "to": "*"}]}],
        facets=[{"type": "terms", "field_name": "station", "size": 20}],
        sort=[{"field_name": "date", "order": "asc"}],
        boosts=[{"field_name": "title", "factor": 5}],
    )
    found = search_of("maya").post_search(HARBOUR, query, limit=1)
    assert found["total"] == 96 and len(found["facet_results"][0]["buckets"]) == 12
    assert found["gmeta"][0]["entries"][0]["content"]["date"] == "2024-01-01"
    items = list(search_of("maya").paginated.post_search(HARBOUR, query).items())
    assert len(items) == 96 and len({one["subject"] for one in items}) == 96


@feature("scroll", needs="login")
def scroll():
    query = globus_sdk.SearchScrollQuery("*", limit=70)
    items = list(search_of("maya").paginated.scroll(HARBOUR, query).items())
    assert len(items) == 240 and len({one["subject"] for one in items}) == 240
    assert search_of("maya").scroll(HARBOUR, {"q": "northmole"})["total"] == 20


@feature("index crud", needs="login")
def index_crud():
    maya = search_of("maya")
    index = maya.create_index("Trial", "of the index")["id"]
    people["index"] = index
    assert maya.update_index(index, display_name="Second trial")["display_name"] == "Second trial"
    assert maya.get_index(index)["permissions"] == ["owner"]
    assert {one["id"] for one in maya.index_list()} == {HARBOUR, index}
    assert list(maya.index_list(filter_roles=["writer"])) == []
    assert maya.delete_index(index)["acknowledged"] is True
    error = refused(lambda: maya.delete_index(index), 409, globus_sdk.SearchAPIError)
    assert error.code == "Conflict.IncompatibleIndexStatus", error.code
    assert maya.reopen_index(index)["acknowledged"] is True


def finish(submitted) -> dict:
    for _ in range(100):
        task = search_of("maya").get_task(submitted["task_id"])
        if task["state"] not in ("PENDING", "PROGRESS"):
            assert task["state"] == "SUCCESS", task.data
            return task.data
        time.sleep(0.1)
    raise AssertionError("the task does not end")


def entry(subject: str, **more) -> dict:
    return {"subject": subject, "visible_to": ["public"], "content": {"n": 1}, **more}


@feature("ingest", needs="index crud")
def ingest():
    maya, index = search_of("maya"), people["index"]
    gmeta = [entry("a"), entry("a", id="more"), entry("b", visible_to=[f"urn:globus:auth:identity:{SAM['id']}"]), entry("c")]
    finish(maya.ingest(index, {"ingest_type": "GMetaList", "ingest_data": {"gmeta": gmeta}}))
    finish(maya.ingest(index, {"ingest_type": "GMetaEntry", "ingest_data": entry("d")}))
    assert maya.get_index(index)["num_subjects"] == 4
    assert search_of("sam").search(index, "*")["total"] == 4 and maya.search(index, "*")["total"] == 3
    refused(lambda: search_of("sam").ingest(index, {}), 400, globus_sdk.SearchAPIError)


@feature("subject and entry", needs="ingest")
def subject_and_entry():
    maya, index = search_of("maya"), people["index"]
    assert {one["entry_id"] for one in maya.get_subject(index, "a")["entries"]} == {None, "more"}
    assert len(maya.get_entry(index, "a", entry_id="more")["entries"]) == 1
    assert search_of("sam").get_subject(index, "b")["subject"] == "b"
    error = refused(lambda: maya.get_subject(index, "b"), 404, globus_sdk.SearchAPIError)
    assert error.code == "NotFound.Generic", error.code
    finish(maya.delete_entry(index, "a", entry_id="more"))
    finish(maya.delete_entry(index, "a"))
    refused(lambda: maya.get_entry(index, "a"), 404, globus_sdk.SearchAPIError)


@feature("delete tasks", needs="subject and entry")
def delete_tasks():
    maya, index = search_of("maya"), people["index"]
    finish(maya.delete_subject(index, "b"))
    finish(maya.batch_delete_by_subject(index, ["c"]))
    finish(maya.delete_by_query(index, {"q": "*"}))
    assert maya.get_index(index)["num_entries"] == 0
    assert len(maya.get_task_list(index)["tasks"]) == 7


@feature("index roles", needs="index crud")
def index_roles():
    maya, index = search_of("maya"), people["index"]
    role = maya.create_role(index, {"role_name": "writer", "principal": f"urn:globus:auth:identity:{SAM['id']}"})
    assert role["principal_type"] == "identity"
    assert {one["role_name"] for one in maya.get_role_list(index)["role_list"]} == {"owner", "writer"}
    assert search_of("sam").get_task_list(index).http_status == 200
    error = refused(lambda: search_of("sam").get_role_list(index), 403, globus_sdk.SearchAPIError)
    assert error.code == "Forbidden.Generic" and error.error_data["cause"], error
    assert maya.delete_role(index, role["id"])["success"] is True


def methods(client: type) -> set[str]:
    inherited = set(dir(globus_sdk.BaseClient))
    own = {name for name in dir(client) if not name.startswith("_") and name not in inherited}
    return {name for name in own if callable(getattr(client, name)) and name[0].islower()}


@feature("every method", needs="index roles")
def every_method():
    paginated = {f"search.paginated.{name}" for name in ("search", "post_search", "scroll")}
    wanted = paginated | {f"groups.{name}" for name in methods(globus_sdk.GroupsClient)}
    wanted |= {f"search.{name}" for name in methods(globus_sdk.SearchClient)}
    wanted |= {f"manager.{name}" for name in methods(globus_sdk.GroupsManager)}
    assert wanted <= called, f"not called: {sorted(wanted - called)}"
