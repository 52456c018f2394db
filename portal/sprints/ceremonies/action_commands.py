"""Commands on actions of a retrospective: add, change, settle, make an item of the backlog."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from uuid import UUID

from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import lock_row, reload_row
from portal.platform.kernel.errors import RuleBroken, TooLate
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.models import Project
from portal.project.projects.path_rules import row_path
from portal.project.projects.work_commands import (
    apply_values,
    create_row,
    lock_fresh,
    require_person_on_team,
    require_team_may_write,
)
from portal.sprints.backlog.commands import add_item_from_row
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
    require_team_may_write(actor, project)
    require_person_on_team("owner", project, facts.owner_id)
    _check_due_day(facts.due_on, retrospective.held_on)
    parent = {"retrospective_id": retrospective.id}
    action = create_row(RetroAction, project, **parent, **asdict(facts))
    _record_action_change(actor, project, DECIDED, action, apply_values(action, {}))
    return action


def change_action(
    actor: Actor, project: Project, action: RetroAction, facts: ActionFacts, expected_version: int
) -> None:
    """An owner who left the team may stay. Raises as `add_action` does, and `Conflict`."""
    require_team_may_write(actor, project)
    if facts.owner_id != action.owner_id:
        require_person_on_team("owner", project, facts.owner_id)
    if facts.due_on != action.due_on:
        _check_due_day(facts.due_on, action_queries.get_retrospective_day(action))
    changes = apply_values(action, asdict(facts), expected_version)
    if changes:
        _record_action_change(actor, project, CHANGED, action, changes)


def _check_due_day(day: date, held_on: date) -> None:
    if day < held_on:
        raise RuleBroken("due_on", _("Cette date vient avant la rétrospective."))
    if day > clock.today() + timedelta(days=DUE_DAYS_MAX):
        raise RuleBroken("due_on", _("C’est dans plus d’un an : donnez une date plus proche."))


def settle_action(actor: Actor, project: Project, action: RetroAction, to: Settlement | None) -> None:
    """Mark an action as done, dropped or open again (None). Idempotent."""
    require_team_may_write(actor, project)
    lock_fresh(action)
    if not policy.can_settle(actor, project, action, to):
        return
    changes = apply_values(action, {"settlement": to})
    action.settled_at = clock.now() if to else None
    action.settled_by_id = actor.person_id if to else None
    _record_action_change(actor, project, _SETTLEMENT_ACTIONS[to], action, changes)


def create_backlog_item(actor: Actor, project: Project, action: RetroAction) -> Item:
    """Make an item of the backlog from an action. Idempotent: returns the existing item.

    Raises `NotAllowed`, and `TooLate` for a settled action.
    """
    require_team_may_write(actor, project)
    lock_row(Project, project.id)
    reload_row(action)
    existing_item = action_queries.find_backlog_item_of_action(action)
    if existing_item is not None:
        return existing_item
    if not policy.can_make_item(actor, project, action):
        raise TooLate(_("Cette action est réglée : rouvrez-la d’abord."))
    item = add_item_from_row(actor, project, action, ItemKind.RETRO_ACTION, title=action.what)
    _record_action_change(actor, project, PLANNED, action, {"item": (None, item.number)})
    return item


def _record_action_change(
    actor: Actor, project: Project, audit_action: audit.Action, action: RetroAction, changes: audit.Changes
) -> None:
    facts = {"name": action.what, "path": row_path(project, action)}
    audit.record(actor, audit_action, action, scope_id=project.id, facts=facts, changes=changes)
