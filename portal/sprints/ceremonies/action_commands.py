"""Commands on actions of a retrospective: add, change, settle, make an item of the backlog."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from uuid import UUID

from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db, lock_row
from portal.platform.kernel.errors import RuleBroken, TooLate
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.models import Project
from portal.project.projects.numbered_queries import next_number
from portal.project.projects.queries import get_team_names
from portal.project.projects.work_commands import UNTRACKED_COLUMNS, apply_values, require_work
from portal.sprints.backlog.commands import ItemText, add_items
from portal.sprints.backlog.models import Item, ItemKind
from portal.sprints.ceremonies import action_queries, policy
from portal.sprints.ceremonies.models import RetroAction, Retrospective, Settlement

DECIDED = audit.Action("retro_action.added", _l("a décidé « %(name)s » en rétrospective"))
CHANGED = audit.Action("retro_action.changed", _l("a modifié l’action « %(name)s »"))
COMPLETED = audit.Action("retro_action.done", _l("a fait l’action « %(name)s »"))
DROPPED = audit.Action("retro_action.dropped", _l("a abandonné l’action « %(name)s »"))
REOPENED = audit.Action("retro_action.reopened", _l("a rouvert l’action « %(name)s »"))
PLANNED = audit.Action("retro_action.planned", _l("a mis l’action « %(name)s » au carnet"))

DUE_DAYS_MAX = 366  # days from today

_SETTLEMENT_ACTIONS: Mapping[Settlement | None, audit.Action] = {
    Settlement.COMPLETED: COMPLETED,
    Settlement.DROPPED: DROPPED,
    None: REOPENED,
}
_UNAUDITED_FIELDS = UNTRACKED_COLUMNS | {"retrospective_id"}


@dataclass(frozen=True, kw_only=True)
class ActionFacts:
    """What is to be done, by which team member, and by which day."""

    what: str
    owner_id: UUID
    due_on: date


def add_action(
    actor: Actor, project: Project, retrospective: Retrospective, facts: ActionFacts
) -> RetroAction:
    """Raises `NotAllowed`, `TooLate`, and `RuleBroken` on `owner` or `due_on`."""
    require_work(actor, project)
    _check_owner(project, facts.owner_id)
    _check_due(facts.due_on, retrospective.held_on)
    action = RetroAction(
        project_id=project.id,
        number=next_number(RetroAction, project),
        retrospective_id=retrospective.id,
        **asdict(facts),
    )
    db.session.add(action)
    _record(actor, project, DECIDED, action, audit.changes_of(action, leave_out=_UNAUDITED_FIELDS))
    return action


def change_action(
    actor: Actor, project: Project, action: RetroAction, facts: ActionFacts, expected_version: int
) -> None:
    """An owner who left the team may stay. Raises as `add_action` does, and `Conflict`."""
    require_work(actor, project)
    if facts.owner_id != action.owner_id:
        _check_owner(project, facts.owner_id)
    if facts.due_on != action.due_on:
        _check_due(facts.due_on, action_queries.get_retrospective_day(action))
    changes = apply_values(action, asdict(facts), expected_version)
    if changes:
        _record(actor, project, CHANGED, action, changes)


def _check_owner(project: Project, owner_id: UUID) -> None:
    if owner_id not in get_team_names(project):
        raise RuleBroken("owner", _("Cette personne n’est pas dans l’équipe."))


def _check_due(day: date, held_on: date) -> None:
    if day < held_on:
        raise RuleBroken("due_on", _("Cette date vient avant la rétrospective."))
    if day > clock.today() + timedelta(days=DUE_DAYS_MAX):
        raise RuleBroken("due_on", _("C’est dans plus d’un an : donnez une date plus proche."))


def settle_action(
    actor: Actor, project: Project, action: RetroAction, to: Settlement | None
) -> None:
    """Mark an action as done, dropped or open again (None). Idempotent."""
    require_work(actor, project)
    lock_row(RetroAction, action.id)
    db.session.refresh(action)
    if not policy.can_settle(actor, project, action, to):
        return
    action.settlement = to
    action.settled_at = clock.now() if to else None
    action.settled_by_id = actor.person_id if to else None
    changes = audit.changes_of(
        action, leave_out=_UNAUDITED_FIELDS | {"settled_at", "settled_by_id"}
    )
    _record(actor, project, _SETTLEMENT_ACTIONS[to], action, changes)


def create_backlog_item(actor: Actor, project: Project, action: RetroAction) -> Item:
    """Make an item of the backlog from an action. Idempotent: returns the existing item.

    Raises `NotAllowed`, and `TooLate` for a settled action.
    """
    require_work(actor, project)
    lock_row(Project, project.id)
    db.session.refresh(action)
    existing_item = action_queries.find_backlog_item(action)
    if existing_item is not None:
        return existing_item
    if not policy.can_make_item(actor, project, action):
        raise TooLate(_("Cette action est réglée : rouvrez-la d’abord."))
    on_team = action.owner_id in get_team_names(project)
    text = ItemText(
        title=action.what,
        kind=ItemKind.RETRO_ACTION,
        assignee_id=action.owner_id if on_team else None,
        origin=f"/projects/{project.slug}/actions/{action.number}",
    )
    (item,) = add_items(actor, project, [text])
    action.item_id = item.id
    _record(actor, project, PLANNED, action, {"item": (None, item.number)})
    return item


def _record(
    actor: Actor,
    project: Project,
    audit_action: audit.Action,
    action: RetroAction,
    changes: audit.Changes,
) -> None:
    facts = {"name": action.what, "path": f"/projects/{project.slug}/actions/{action.number}"}
    audit.record(actor, audit_action, action, scope_id=project.id, facts=facts, changes=changes)
