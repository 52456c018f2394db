"""What a line of a file would change of an item: field by field, between three states of it. Pure.

What the file said at the last import is the third state: where the item is not as the file left it,
somebody changed it here, and the reader chooses.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from portal.sprints.backlog.flow_rules import ItemState

FIELDS = ("title", "kind", "points", "state", "assignee", "description")


class ItemLocation(StrEnum):
    """Where an item stands, which says what may become of its state."""

    BACKLOG = "backlog"
    PLANNED = "planned"  # in a sprint that has not begun
    ACTIVE = "active"
    CLOSED = "closed"  # finished in a sprint that is closed: its figures are frozen
    DROPPED = "gone"  # dropped


class ImportLineOutcome(StrEnum):
    """What would become of a line."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    ASIDE = "aside"  # put away in the tool, or dropped here
    ERROR = "error"


@dataclass(frozen=True)
class ImportFieldChange:
    """A field that is not here as the file has it; `is_changed_here`: it was changed here since the last."""

    field: str
    here: Any
    file: Any
    is_changed_here: bool

    def as_json(self) -> dict[str, Any]:
        return {
            "field": self.field,
            "here": self.here,
            "file": self.file,
            "mine": self.is_changed_here,
        }


def allowed_state(place: ItemLocation, requested_state: str, here: str) -> str:
    """The state that an import may give an item where it stands.

    Work begins and ends in the active sprint alone; what was done elsewhere may come in as done, as
    long as it is in no sprint. What stands so already stays: an item that a close carried into a
    planned sprint is still being worked on.
    """
    if place is ItemLocation.ACTIVE or requested_state == here:
        return requested_state
    if place is ItemLocation.CLOSED or (
        place is ItemLocation.PLANNED and requested_state == ItemState.DONE
    ):
        return here
    return ItemState.TO_DO.value if requested_state == ItemState.DOING else requested_state


def _ignores_empty_assignee(
    name: str, base: Mapping[str, Any] | None, file: Mapping[str, Any]
) -> bool:
    """An empty cell takes an item from somebody only where the tool had given it to them."""
    if name != "assignee" or file[name] is not None or base is None:
        return False
    return base.get(name) is None


def compare_fields(
    here: Mapping[str, Any],
    base: Mapping[str, Any] | None,
    file: Mapping[str, Any],
    place: ItemLocation,
) -> Sequence[ImportFieldChange]:
    """`base` is what the file said at the last import; None before any."""
    changes = []
    for name in FIELDS:
        if name not in file or _ignores_empty_assignee(name, base, file):
            continue
        new = allowed_state(place, file[name], here[name]) if name == "state" else file[name]
        if new == here[name]:
            continue
        then = None
        if base is not None and name in base:
            then = allowed_state(place, base[name], here[name]) if name == "state" else base[name]
        is_changed_here = base is not None and name in base and then != here[name]
        changes.append(ImportFieldChange(name, here[name], new, is_changed_here))
    return changes
