"""What a line of a file would change of an item: field by field, between three states of it. Pure.

What the file said at the last import is the third state: where the item is not as the file left it,
somebody changed it here, and the reader chooses.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from portal.backlog.flow import State

FIELDS = ("title", "kind", "points", "state", "assignee", "description")


class Place(StrEnum):
    """Where an item stands, which says what may become of its state."""

    BACKLOG = "backlog"
    PLANNED = "planned"  # in a sprint that has not begun
    ACTIVE = "active"
    CLOSED = "closed"  # finished in a sprint that is closed: its figures are frozen
    GONE = "gone"  # dropped


class Outcome(StrEnum):
    """What would become of a line."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    ASIDE = "aside"  # put away in the tool, or dropped here
    ERROR = "error"


@dataclass(frozen=True)
class Change:
    """A field that is not here as the file has it; `mine`: it was changed here since the last."""

    field: str
    here: Any
    file: Any
    mine: bool

    def as_json(self) -> dict[str, Any]:
        return {"field": self.field, "here": self.here, "file": self.file, "mine": self.mine}


def state_at(place: Place, wanted: str, here: str) -> str:
    """The state that an import may give an item where it stands.

    Work begins and ends in the active sprint alone; what was done elsewhere may come in as done, as
    long as it is in no sprint. What stands so already stays: an item that a close carried into a
    planned sprint is still being worked on.
    """
    if place is Place.ACTIVE or wanted == here:
        return wanted
    if place is Place.CLOSED or (place is Place.PLANNED and wanted == State.DONE):
        return here
    return State.TO_DO.value if wanted == State.DOING else wanted


def _says_nothing(name: str, base: Mapping[str, Any] | None, file: Mapping[str, Any]) -> bool:
    """An empty cell takes an item from somebody only where the tool had given it to them."""
    if name != "assignee" or file[name] is not None or base is None:
        return False
    return base.get(name) is None


def compare(
    here: Mapping[str, Any], base: Mapping[str, Any] | None, file: Mapping[str, Any], place: Place
) -> Sequence[Change]:
    """`base` is what the file said at the last import; None before any."""
    found = []
    for name in FIELDS:
        if name not in file or _says_nothing(name, base, file):
            continue
        new = state_at(place, file[name], here[name]) if name == "state" else file[name]
        if new == here[name]:
            continue
        then = None
        if base is not None and name in base:
            then = state_at(place, base[name], here[name]) if name == "state" else base[name]
        mine = base is not None and name in base and then != here[name]
        found.append(Change(name, here[name], new, mine))
    return found
