"""Operations on items of work: one, several at once, and their moves."""

from collections.abc import Sequence
from typing import Any

from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.text import gettext as _
from portal.platform.web.api_operations import ApiArea, ApiCall
from portal.platform.web.api_pages import ApiPage, key_by_fields
from portal.project.projects.models import Project
from portal.project.projects.numbered_api import NumberedApi
from portal.project.projects.queries import get_project
from portal.sprints.backlog import commands, move_commands, queries, state_commands
from portal.sprints.backlog.commands import ItemFacts
from portal.sprints.backlog.item_list_queries import BacklogFilters, read_item_rows
from portal.sprints.backlog.journal_commands import ItemAtVersion
from portal.sprints.backlog.models import Item, Iteration
from portal.sprints.backlog.order_commands import ItemPosition
from portal.sprints.backlog.schemas import (
    AddItemsSchema,
    AssignItemSchema,
    ChangeItemStateSchema,
    ItemQuerySchema,
    ItemRowSchema,
    ItemSchema,
    ItemsSchema,
    ItemTextSchema,
    MoveItemsSchema,
    PlaceItemSchema,
    SplitItemSchema,
)

area = ApiArea("backlog")
NumberedApi(area, "items", ("item", "items"), Item, ItemSchema).streams()
ITEMS = "/projects/<slug>/items"
ITEM = f"{ITEMS}/<int(max=99999):number>"


@area.list(ITEMS, ItemRowSchema, query=ItemQuerySchema)
def list_items(call: ApiCall, slug: str) -> ApiPage:
    """List all items but those that were dropped, by number; or with `where`, in the order of their
    tab: the backlog, open sprints, what is done, what was dropped."""
    project = get_project(call.actor, slug)
    where, narrower = call.query.get("where"), {**call.query}
    narrower.pop("where", None)
    filters = BacklogFilters(**narrower)
    return call.page.read_page_slice(
        lambda first, count: read_item_rows(project.id, where, filters, first, count), key_by_fields("number")
    )


@area.get(ITEM, ItemSchema)
def get_item(call: ApiCall, slug: str, number: int) -> Item:
    """Read an item."""
    return queries.get_item(call.actor, get_project(call.actor, slug), number)


@area.create(ITEMS, ItemsSchema, body=AddItemsSchema)
def add_items(call: ApiCall, slug: str) -> dict[str, Sequence[Item]]:
    """Add up to a hundred items, in this order, at the end of the backlog or of an open sprint."""
    project = get_project(call.actor, slug)
    texts = [ItemFacts(**values) for values in call.body["items"]]
    to = _find_target_sprint(project, call.body["sprint"])
    return {"items": commands.add_items(call.actor, project, texts, to)}


@area.change(ITEM, ItemSchema, body=ItemTextSchema)
def edit_item(call: ApiCall, slug: str, number: int) -> Item:
    """Change what an item says."""
    project, item = _get_project_and_item(call, slug, number)
    commands.edit_item(call.actor, project, ItemAtVersion(item, call.version), ItemFacts(**call.body))
    return item


@area.act(f"{ITEM}/state", ItemSchema, body=ChangeItemStateSchema, is_versioned=True)
def set_item_state(call: ApiCall, slug: str, number: int) -> Item:
    """Start, block, unblock, finish or reopen an item."""
    project, item = _get_project_and_item(call, slug, number)
    at_version = ItemAtVersion(item, call.version)
    state_commands.set_item_state(call.actor, project, at_version, call.body["state"], call.body["reason"])
    return item


@area.act(f"{ITEM}/assign", ItemSchema, body=AssignItemSchema, is_versioned=True)
def assign_item(call: ApiCall, slug: str, number: int) -> Item:
    """Say who takes care of an item, or nobody."""
    project, item = _get_project_and_item(call, slug, number)
    commands.assign_item(call.actor, project, ItemAtVersion(item, call.version), call.body["assignee_id"])
    return item


@area.act(f"{ITEM}/split", ItemsSchema, body=SplitItemSchema, is_versioned=True, read_by=("get_item",))
def split_item(call: ApiCall, slug: str, number: int) -> dict[str, Sequence[Item]]:
    """Split parts off an item: they come right after it."""
    project, item = _get_project_and_item(call, slug, number)
    texts = [ItemFacts(**values) for values in call.body["items"]]
    at_version = ItemAtVersion(item, call.version)
    return {"items": commands.split_item(call.actor, project, at_version, texts, call.body["points"])}


@area.act(f"{ITEM}/place", ItemSchema, body=PlaceItemSchema, is_versioned=True)
def place_item(call: ApiCall, slug: str, number: int) -> Item:
    """Move an item within its list."""
    project, item = _get_project_and_item(call, slug, number)
    place, other = call.body["place"], call.body["other"]
    if other is None and place in {ItemPosition.BEFORE, ItemPosition.AFTER}:
        raise RuleBroken("other", _("Dites à côté de quel élément."))
    beside = None if other is None else queries.get_item(call.actor, project, other)
    move_commands.place_item(call.actor, project, ItemAtVersion(item, call.version), place, beside)
    return item


@area.act(f"{ITEMS}/move", ItemsSchema, body=MoveItemsSchema)
def move_items(call: ApiCall, slug: str) -> dict[str, Sequence[Item]]:
    """Move items into an open sprint, or back to the backlog: all of them or none."""
    project = get_project(call.actor, slug)
    versions: dict[int, int] = {each["number"]: each["version"] for each in call.body["items"]}
    items = queries.get_items(call.actor, project, list(versions))
    at_versions = [ItemAtVersion(item, versions[item.number]) for item in items]
    to = _find_target_sprint(project, call.body["sprint"])
    move_commands.move_items(call.actor, project, at_versions, to, place=call.body["place"])
    return {"items": items}


@area.delete(ITEM, is_versioned=True)
def drop_item(call: ApiCall, slug: str, number: int) -> None:
    """Drop an item; it can be taken back."""
    project, item = _get_project_and_item(call, slug, number)
    commands.drop_item(call.actor, project, ItemAtVersion(item, call.version))


@area.act(f"{ITEM}/take-back", ItemSchema, is_versioned=True)
def take_back_item(call: ApiCall, slug: str, number: int) -> Item:
    """Take a dropped item back, to the top of the backlog."""
    project, item = _get_project_and_item(call, slug, number)
    commands.take_back_item(call.actor, project, ItemAtVersion(item, call.version))
    return item


def _get_project_and_item(call: ApiCall, slug: str, number: int) -> tuple[Project, Item]:
    project = get_project(call.actor, slug)
    return project, queries.get_item(call.actor, project, number)


def _find_target_sprint(project: Project, sprint: Any) -> Iteration | None:
    """The open sprint of a number; None for the backlog. Raises `RuleBroken` on `sprint`."""
    if sprint is None:
        return None
    iteration = queries.find_open_iteration(project, sprint)
    if iteration is None:
        raise RuleBroken("sprint", _("Le sprint %(number)s ne prend plus d’élément.", number=sprint))
    return iteration
