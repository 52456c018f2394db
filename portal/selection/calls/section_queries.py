"""What other features show on the page of a call: tiles that lead to them, and notes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from portal.people.programmes.models import Programme
from portal.platform.kernel.access import Actor
from portal.platform.kernel.contributions import Contribution
from portal.selection.calls.models import Call


@dataclass(frozen=True)
class CallTile:
    """A tile: its name leads to `path`; `figure` is a count or "", `note` what it counts."""

    name: str
    path: str
    figure: str = ""
    note: str = ""


def _list_no_notes(_actor: Actor, _call: Call) -> Sequence[str]:
    return ()


def _list_no_acts(_actor: Actor, _programme: Programme, _call: Call) -> Sequence[tuple[str, str]]:
    return ()


@dataclass(frozen=True, eq=False)
class CallTiles(Contribution):
    """The tiles of a feature for a lead of the call, and sentences that ask for an act. `list_acts`: what
    comes next for the call, by label and path; `list_undone`: what would stay undone if its deliberation
    closed now."""

    list_tiles: Callable[[Actor, Programme, Call], Sequence[CallTile]]
    list_notes: Callable[[Actor, Call], Sequence[str]] = field(default=_list_no_notes)
    list_acts: Callable[[Actor, Programme, Call], Sequence[tuple[str, str]]] = field(default=_list_no_acts)
    list_undone: Callable[[Actor, Call], Sequence[str]] = field(default=_list_no_notes)
