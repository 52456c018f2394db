"""Writing items: add, edit, assign, split, drop, take back. Policy, rules, act, audit inside."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from portal.backlog import order, policy, queries, ranks
from portal.backlog.flow import State
from portal.backlog.journal import Journal, Seen, changes_of
from portal.backlog.models import NUMBER_MAX, TITLE_MAX, Deed, Item, Iteration, Kind
from portal.backlog.order import Place
from portal.discussions.commands import open_discussion
from portal.kernel import audit
from portal.kernel.access import Actor, require
from portal.kernel.db import db
from portal.kernel.errors import RuleBroken, TooLate
from portal.kernel.text import fold
from portal.kernel.text import gettext as _
from portal.kernel.text import lazy_gettext as _l
from portal.projects.models import Project
from portal.projects.queries import name_team
from portal.projects.teamwork import only_the_team, require_under_way

ADDED = audit.Action("item.added", _l("a ajouté « %(name)s » au carnet"))
ADDED_SEVERAL = audit.Action("item.added_several", _l("a ajouté des éléments au carnet"))
EDITED = audit.Action("item.edited", _l("a modifié l’élément « %(name)s »"))
ASSIGNED = audit.Action("item.assigned", _l("a changé qui s’occupe de « %(name)s »"))
SPLIT = audit.Action("item.split", _l("a découpé « %(name)s »"))
DROPPED = audit.Action("item.dropped", _l("a abandonné « %(name)s »"))
TAKEN_BACK = audit.Action("item.taken_back", _l("a repris « %(name)s » dans le carnet"))

AT_ONCE_MAX = 100  # items added together


@dataclass(frozen=True, kw_only=True)
class ItemText:
    """What people write about an item. `points` or `assignee_id` may be None: not said."""

    title: str
    kind: Kind = Kind.STORY
    points: int | None = None
    assignee_id: UUID | None = None
    description: str = ""
    origin: str = ""  # the path of what it came from; an edit leaves it as it is


def require_writer(actor: Actor, project: Project) -> None:
    """Raise `NotAllowed` for whoever does not write in this team's name."""
    require(policy.can_write(actor, project), only_the_team())


def require_in_time(actor: Actor, project: Project, allowed: bool, sentence: str) -> None:
    """Raise `TooLate`, with why, when a writer may not do this as things stand by now."""
    require_writer(actor, project)
    require_under_way(project)
    if not allowed:
        raise TooLate(sentence)


def require_to_edit(actor: Actor, project: Project, item: Item) -> None:
    why = _("Cet élément est abandonné : reprenez-le d’abord.")
    require_in_time(actor, project, policy.can_edit(actor, project, item), why)


def require_to_move(actor: Actor, project: Project, item: Item) -> None:
    why = _("Cet élément n’est plus à faire.")
    require_in_time(actor, project, policy.can_move(actor, project, item), why)


def add_items(
    actor: Actor,
    project: Project,
    texts: Sequence[ItemText],
    to: Iteration | None = None,
    *,
    on_top: bool = False,
) -> list[Item]:
    """In this order, to the backlog or an open sprint. Raises `RuleBroken` on `lines` or `to`."""
    require_in_time(actor, project, policy.can_work(actor, project), "")
    _check_texts(project, texts)
    journal = Journal(actor, project)
    check_target(to)
    items = _make(project, texts, to)
    order.put_at_end(project.id, items, on_top=on_top)
    db.session.add_all(items)
    journal.write(Deed.ADDED, items)
    if len(items) == 1:
        journal.record(ADDED, items[0], {})
    else:
        journal.record_several(ADDED_SEVERAL, project, items, len(items))
    return items


def check_target(to: Iteration | None) -> None:
    """Raise `RuleBroken` on `to` unless items may still be put there."""
    if to is None:
        return
    db.session.refresh(to)
    if not to.is_open:
        sentence = _("Le sprint %(number)s ne prend plus d’élément.", number=to.number)
        raise RuleBroken("to", sentence)


def _check_texts(project: Project, texts: Sequence[ItemText]) -> None:
    if not texts:
        raise RuleBroken("lines", _("Écrivez au moins une ligne."))
    if len(texts) > AT_ONCE_MAX:
        raise RuleBroken("lines", _("Au plus %(n)s éléments à la fois.", n=AT_ONCE_MAX))
    for text in texts:
        if len(text.title) > TITLE_MAX:
            start = text.title[:40]
            raise RuleBroken(
                "lines", _("« %(start)s… » dépasse %(n)s caractères.", start=start, n=TITLE_MAX)
            )
        _check_assignee(project, text.assignee_id)


def _check_assignee(project: Project, assignee_id: UUID | None) -> None:
    if assignee_id and assignee_id not in name_team(project):
        raise RuleBroken("assignee_id", _("Cette personne n’est pas dans l’équipe."))


def _make(project: Project, texts: Sequence[ItemText], to: Iteration | None) -> list[Item]:
    """Items without a rank yet. The project is held, so each number is given once."""
    first = queries.last_item_number(project) + 1
    if first + len(texts) - 1 > NUMBER_MAX:
        raise RuleBroken("lines", _("Ce projet a atteint %(n)s éléments.", n=NUMBER_MAX))
    return [
        Item(
            project_id=project.id,
            number=number,
            discussion_id=open_discussion(
                project.id, page=f"/projects/{project.slug}/backlog/{number}"
            ).id,
            iteration_id=to and to.id,
            title=text.title,
            title_fold=fold(text.title),
            kind=text.kind,
            points=text.points,
            description=text.description,
            assignee_id=text.assignee_id,
            state=State.TO_DO,
            origin=text.origin,
        )
        for number, text in enumerate(texts, first)
    ]


def edit_item(actor: Actor, project: Project, seen: Seen, text: ItemText) -> None:
    """Raises `RuleBroken` on `assignee_id`, `Conflict` when somebody saved in between."""
    why = _("Cet élément est abandonné : reprenez-le d’abord.")
    require_in_time(actor, project, policy.can_edit(actor, project, seen.item), why)
    journal = Journal(actor, project)
    item = journal.hold(seen)
    if text.assignee_id != item.assignee_id:
        _check_assignee(project, text.assignee_id)
    for name in ("title", "kind", "points", "assignee_id", "description"):
        setattr(item, name, getattr(text, name))
    item.title_fold = fold(item.title)
    changes = changes_of(item)
    if changes:
        journal.write(Deed.EDITED, [item])
        journal.record(EDITED, item, changes)


def assign_item(actor: Actor, project: Project, seen: Seen, assignee_id: UUID | None) -> None:
    """Raises `RuleBroken` on `assignee_id`, `Conflict` when somebody saved in between."""
    require_to_move(actor, project, seen.item)
    journal = Journal(actor, project)
    item = journal.hold(seen)
    _check_assignee(project, assignee_id)
    item.assignee_id = assignee_id
    changes = changes_of(item)
    if changes:
        journal.write(Deed.ASSIGNED, [item])
        journal.record(ASSIGNED, item, changes)


def split_item(
    actor: Actor,
    project: Project,
    seen: Seen,
    texts: Sequence[ItemText],
    points: int | None,
) -> list[Item]:
    """Parts of an item become items of their own, right after it; it keeps these points.

    Raises `RuleBroken` on `lines`, `Conflict` when somebody saved in between.
    """
    why = _("Cet élément n’est plus à faire : il ne se découpe plus.")
    require_in_time(actor, project, policy.can_move(actor, project, seen.item), why)
    _check_texts(project, texts)
    journal = Journal(actor, project)
    item = journal.hold(seen)
    home = queries.find_iteration(item.iteration_id)
    item.points = points
    changes = changes_of(item)
    parts = _make(project, texts, home)
    for part in parts:
        part.origin = f"/projects/{project.slug}/backlog/{item.number}"
        part.rank = item.rank + ranks.GAP  # until it is given its place, below
    db.session.add_all(parts)
    for part in reversed(parts):
        order.put_beside(part, Place.AFTER, item)
    journal.write(Deed.SPLIT, [item])
    journal.write(Deed.ADDED, parts)
    journal.record(SPLIT, item, changes)
    return parts


def drop_item(actor: Actor, project: Project, seen: Seen) -> None:
    """It will not be done; its page and its history stay."""
    require_to_move(actor, project, seen.item)
    journal = Journal(actor, project)
    item = journal.hold(seen)
    item.gone_at = journal.at
    item.spill = None
    journal.write(Deed.DROPPED, [item])
    journal.record(DROPPED, item, {})


def take_back(actor: Actor, project: Project, seen: Seen) -> None:
    """What was dropped, or done in a sprint that is closed, is to do: first in the backlog."""
    in_active = queries.is_in_active(seen.item)
    allowed = policy.can_take_back(actor, project, seen.item, in_active=in_active)
    require_in_time(actor, project, allowed, _("Cet élément est déjà à faire."))
    journal = Journal(actor, project)
    item = journal.hold(seen)
    item.iteration_id = item.gone_at = item.done_at = item.spill = None
    item.state, item.block_reason = State.TO_DO, ""
    order.put_at_end(project.id, [item], on_top=True)
    changes = changes_of(item)
    journal.write(Deed.TAKEN_BACK, [item])
    journal.record(TAKEN_BACK, item, changes)
