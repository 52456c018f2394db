"""Access table of the API: every operation, with who may use it (see `doors.py`)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.house.door import DIRECTION, EVERYBODY, IN_PROGRAMME, MEMBER, READERS, TEAM

P = "/projects/heron"
PLAN = {"goal": "g", "starts_on": "2027-03-02", "ends_on": "2027-03-13"}
LOG = {"outcome": "met", "summary": "s"}
TEXT = {"body": "Bonjour."}
FILE = {
    "organisation": "o",
    "title_fr": "t",
    "starts_on": "2026-01-01",
    "ends_on": "2026-10-31",
}


@dataclass(frozen=True)
class ApiDoor:
    """`path` and `body` may name rows of the scene in braces. `status`: where access is granted."""

    path: str
    inside: set[str]
    refused: set[str] = field(default_factory=set)
    body: Mapping[str, Any] | None = None
    version: str = ""  # for `If-Match`
    status: int = 0  # 0: any success


def read(path: str, inside: set[str], refused: set[str] | None = None) -> ApiDoor:
    return ApiDoor(path, inside, (refused or set()) - inside)


def write(
    path: str,
    body: Mapping[str, Any] | None,
    inside: set[str],
    refused: set[str] | None = None,
    **options: Any,
) -> ApiDoor:
    return ApiDoor(path, inside, (refused or set()) - inside, body, **options)


PROJECTS = {
    "list_programmes": read("/programmes", EVERYBODY),
    "get_programme": read("/programmes/ami", IN_PROGRAMME),
    "list_projects": read("/projects", EVERYBODY),
    "get_project": read(P, READERS),
    "list_project_people": read(f"{P}/people", READERS),
    "edit_project": write(P, FILE, TEAM | {DIRECTION}, READERS, version="1"),
}
SPRINTS = {
    "list_sprints": read(f"{P}/sprints", READERS),
    "get_sprint": read(f"{P}/sprints/1", READERS),
    "plan_sprint": write(f"{P}/sprints", PLAN, TEAM, READERS),
    "edit_sprint_plan": write(f"{P}/sprints/3/plan", PLAN, TEAM, READERS, version="1"),
    "start_sprint": write(f"{P}/sprints/3/start", {}, TEAM, READERS, status=422),  # another runs
    "close_sprint": write(f"{P}/sprints/2/close", LOG, TEAM, READERS, version="{version}"),
    "edit_sprint_log": write(f"{P}/sprints/1/log", LOG, TEAM, READERS, version="{version}"),
    "drop_sprint": write(f"{P}/sprints/3", None, TEAM, READERS),
}
BACKLOG = {
    "list_items": read(f"{P}/items", READERS),
    "get_item": read(f"{P}/items/4", READERS),
    "add_items": write(f"{P}/items", {"items": [{"title": "t"}]}, TEAM, READERS),
    "edit_item": write(f"{P}/items/4", {"title": "t"}, TEAM, READERS, version="{version}"),
    "set_item_state": write(f"{P}/items/1/state", {"state": "doing"}, TEAM, READERS, version="{version}"),
    "move_items": write(
        f"{P}/items/move", {"items": [{"number": 2, "version": 1}], "sprint": 2}, TEAM, READERS
    ),
    "drop_item": write(f"{P}/items/5", None, TEAM, READERS, version="{version}"),
    "take_back_item": write(f"{P}/items/3/take-back", None, TEAM, READERS, version="{version}"),
}
DISCUSSIONS = {
    "list_comments": read("/discussions/{discussion}/comments", READERS),
    "get_comment": read("/comments/{comment}", READERS),
    "start_thread": write("/discussions/{discussion}/comments", TEXT, READERS),
    "get_thread": read("/threads/{thread}", READERS),
    "reply_to_thread": write("/threads/{thread}/comments", TEXT, READERS),
    "resolve_thread": write("/threads/{thread}/resolve", None, READERS),
    "reopen_thread": write("/threads/{thread}/reopen", None, READERS),
    "edit_comment": write("/comments/{comment}", TEXT, {MEMBER}, READERS, version="1"),
    "delete_comment": write("/comments/{comment}", None, {MEMBER, DIRECTION}, READERS),
}
API_DOORS = PROJECTS | SPRINTS | BACKLOG | DISCUSSIONS
# What needs no token.
PUBLIC_API_DOORS = {"revoke_token": write("/tokens/revoke", {"token": "x"}, EVERYBODY)}
