"""Putting items elsewhere: in another order, into a sprint, back to the backlog."""

from collections.abc import Sequence

from portal.backlog import order, policy
from portal.backlog.commands import check_target, require_in_time, require_to_move
from portal.backlog.flow import State
from portal.backlog.journal import Journal, Seen, changes_of
from portal.backlog.models import Deed, Item, Iteration
from portal.backlog.order import Place
from portal.kernel import audit
from portal.kernel.access import Actor
from portal.kernel.errors import Conflict
from portal.kernel.text import gettext as _
from portal.kernel.text import lazy_gettext as _l
from portal.projects.models import Project

PLANNED = audit.Action("item.planned", _l("a pris « %(name)s » dans un sprint"))
PLANNED_SEVERAL = audit.Action(
    "item.planned_several", _l("a pris des éléments dans le sprint %(number)s")
)
RETURNED = audit.Action("item.returned", _l("a remis « %(name)s » au carnet"))
RETURNED_SEVERAL = audit.Action("item.returned_several", _l("a remis des éléments au carnet"))
ORDERED = audit.Action("item.ordered")  # too small a deed for a feed; its event is kept


def move_items(
    actor: Actor,
    project: Project,
    seen: Sequence[Seen],
    to: Iteration | None,
    *,
    place: Place = Place.TOP,
) -> list[Item]:
    """Into an open sprint; or to the backlog (None), where they come first or last. All or none.

    Returns those that moved: what is in that sprint already stays as it is. Raises `RuleBroken`
    on `to`, `Conflict` when somebody was quicker with one of them.
    """
    why = _("Un de ces éléments n’est plus à faire.")
    allowed = all(policy.can_move(actor, project, one.item) for one in seen)
    require_in_time(actor, project, allowed, why)
    journal = Journal(actor, project)
    check_target(to)
    target = to.id if to else None
    held = [journal.hold(one) for one in seen]
    moved = [item for item in held if item.iteration_id != target]
    for item in moved:
        put(item, to)
    if to is None:
        in_order = sorted(held, key=lambda item: item.rank)
        order.put_at_end(project.id, in_order, on_top=place is Place.TOP)
    if moved:
        _tell(journal, project, moved, to)
    stayed = [item for item in held if item not in moved]
    if to is None and stayed:
        journal.write(Deed.ORDERED, stayed)
        journal.record_several(ORDERED, project, stayed, len(stayed))
    return held if to is None else moved


def put(item: Item, to: Iteration | None) -> None:
    """What was begun and goes back to the backlog is to do again; a block stays a block."""
    item.iteration_id = to.id if to else None
    item.spill = None
    if to is None and item.state is State.DOING:
        item.state = State.TO_DO


def _tell(journal: Journal, project: Project, moved: Sequence[Item], to: Iteration | None) -> None:
    changes = changes_of(moved[0])
    journal.write(Deed.PLANNED if to else Deed.RETURNED, moved)
    if len(moved) == 1:
        journal.record(PLANNED if to else RETURNED, moved[0], changes)
    elif to:
        journal.record_several(PLANNED_SEVERAL, project, moved, to.number)
    else:
        journal.record_several(RETURNED_SEVERAL, project, moved, len(moved))


def place_item(
    actor: Actor,
    project: Project,
    seen: Seen,
    place: Place,
    other: Item | None = None,
) -> None:
    """Put it first, last, or beside another item that is still to do in the same list.

    Raises `Conflict` when somebody was quicker with it, or has taken the other one away.
    """
    require_to_move(actor, project, seen.item)
    journal = Journal(actor, project)
    item = journal.hold(seen)
    if place in {Place.TOP, Place.BOTTOM}:
        order.put_at_end(project.id, [item], on_top=place is Place.TOP)
    elif other is not None and other.id != item.id:
        journal.hold_again(other)
        if not other.is_open or other.iteration_id != item.iteration_id:
            raise Conflict
        order.put_beside(item, place, other)
    journal.write(Deed.ORDERED, [item])
    journal.record(ORDERED, item, {})
