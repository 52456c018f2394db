"""Three-way comparison of a line of a file with an item, field by field. Pure.

The base is what the file said at the last import: where the item differs from it, somebody changed
the item here, and the person chooses.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from portal.sprints.backlog.flow_rules import ItemState

FIELDS = ("title", "kind", "points", "state", "assignee", "description")


class ItemLocation(StrEnum):
    """Where an item is; its state may change accordingly (`find_allowed_state`)."""

    BACKLOG = "backlog"
    PLANNED = "planned"  # in a sprint that has not begun
    ACTIVE = "active"
    CLOSED = "closed"  # done in a closed sprint, whose figures never change
    DROPPED = "gone"


class ImportLineOutcome(StrEnum):
    """What an import would do with a line."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    ASIDE = "aside"  # archived in the tool, or dropped here
    ERROR = "error"


@dataclass(frozen=True)
class ImportFieldChange:
    """A field that differs from the file; `is_changed_here`: changed here since the last import."""

    field: str
    here: Any
    file: Any
    is_changed_here: bool

    def as_json(self) -> dict[str, Any]:
        return {"field": self.field, "here": self.here, "file": self.file, "mine": self.is_changed_here}


def find_allowed_state(place: ItemLocation, requested_state: str, here: str) -> str:
    """The state that an import may set for an item at this place.

    Items start and finish in the active sprint only; items in no sprint may be imported as done. An
    unchanged state always stays: an item carried over into a planned sprint remains in progress.
    """
    if place is ItemLocation.ACTIVE or requested_state == here:
        return requested_state
    if place is ItemLocation.CLOSED or (place is ItemLocation.PLANNED and requested_state == ItemState.DONE):
        return here
    return ItemState.TO_DO.value if requested_state == ItemState.DOING else requested_state


def _ignores_empty_assignee(name: str, base: Mapping[str, Any] | None, file: Mapping[str, Any]) -> bool:
    """Whether to ignore an empty assignee: it counts only where the last import had one."""
    if name != "assignee" or file[name] is not None or base is None:
        return False
    return base.get(name) is None


def compare_fields(
    here: Mapping[str, Any], base: Mapping[str, Any] | None, file: Mapping[str, Any], place: ItemLocation
) -> Sequence[ImportFieldChange]:
    """The fields that differ; `base` is what the file said at the last import, None before any."""
    changes = []
    for name in FIELDS:
        if name not in file or _ignores_empty_assignee(name, base, file):
            continue
        new = find_allowed_state(place, file[name], here[name]) if name == "state" else file[name]
        if new == here[name]:
            continue
        base_value = None
        if base is not None and name in base:
            base_value = find_allowed_state(place, base[name], here[name]) if name == "state" else base[name]
        is_changed_here = base is not None and name in base and base_value != here[name]
        changes.append(ImportFieldChange(name, here[name], new, is_changed_here))
    return changes
