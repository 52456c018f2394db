"""Commands that change the state of items: start, block, unblock, finish, reopen."""

from portal.platform.kernel import audit
from portal.platform.kernel.access import Actor
from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.models import Project
from portal.sprints.backlog import policy, queries
from portal.sprints.backlog.commands import require_team_and_still_allowed
from portal.sprints.backlog.flow_rules import ItemState
from portal.sprints.backlog.journal_commands import ItemAtVersion, ItemEventJournal
from portal.sprints.backlog.models import Item, ItemEventKind

AUDIT_ACTIONS = {
    ItemEventKind.STARTED: audit.Action("item.started", _l("a commencé « %(name)s »")),
    ItemEventKind.PUT_BACK: audit.Action("item.put_back", _l("a remis « %(name)s » à faire")),
    ItemEventKind.BLOCKED: audit.Action("item.blocked", _l("a signalé un blocage sur « %(name)s »")),
    ItemEventKind.UNBLOCKED: audit.Action("item.unblocked", _l("a débloqué « %(name)s »")),
    ItemEventKind.FINISHED: audit.Action("item.finished", _l("a terminé « %(name)s »")),
    ItemEventKind.REOPENED: audit.Action("item.reopened", _l("a rouvert « %(name)s »")),
}


def set_item_state(
    actor: Actor, project: Project, item_at_version: ItemAtVersion, state: ItemState, reason: str = ""
) -> None:
    """Set the state of an item; idempotent. Outside the active sprint only blocks are allowed.

    Raises `NotAllowed`, `TooLate`, `RuleBroken` on `state`, or on `reason` for a block without one,
    and `Conflict` for a stale version.
    """
    in_active = queries.is_in_active_iteration(item_at_version.item)
    allowed = policy.can_set_state(actor, project, item_at_version.item, in_active=in_active)
    require_team_and_still_allowed(
        actor, project, allowed, _("Cet élément n’est plus dans le sprint en cours.")
    )
    journal = ItemEventJournal(actor, project)
    item = journal.lock_item(item_at_version)
    if state in {ItemState.DOING, ItemState.DONE} and not queries.is_in_active_iteration(item):
        raise RuleBroken("state", _("Placez d’abord cet élément dans le sprint en cours."))
    if state is ItemState.BLOCKED and not reason:
        raise RuleBroken("reason", _("Dites ce qui bloque : c’est ce que vos coachs liront."))
    if state is item.state and (state is not ItemState.BLOCKED or reason == item.block_reason):
        return
    kind = _apply_state_and_find_event_kind(item, state, reason, journal)
    journal.record_item_event(kind, AUDIT_ACTIONS[kind], item)


def change_item_state_unaudited(journal: ItemEventJournal, item: Item, state: ItemState, reason: str) -> None:
    """Set the state with an event but no audit line: for imports, which record one for all."""
    journal.add_events(_apply_state_and_find_event_kind(item, state, reason, journal), [item])


def _find_event_kind(before: ItemState, after: ItemState) -> ItemEventKind:
    """The kind of event for a change of state."""
    if after in {ItemState.BLOCKED, ItemState.DONE}:
        return ItemEventKind.BLOCKED if after is ItemState.BLOCKED else ItemEventKind.FINISHED
    if before is ItemState.BLOCKED:
        return ItemEventKind.UNBLOCKED
    if before is ItemState.DONE:
        return ItemEventKind.REOPENED
    return ItemEventKind.STARTED if after is ItemState.DOING else ItemEventKind.PUT_BACK


def _apply_state_and_find_event_kind(
    item: Item, state: ItemState, reason: str, journal: ItemEventJournal
) -> ItemEventKind:
    kind = _find_event_kind(item.state, state)
    item.state = state
    item.block_reason = reason if state is ItemState.BLOCKED else ""
    item.done_at = journal.at if state is ItemState.DONE else None
    if state is not ItemState.TO_DO and item.started_at is None:
        item.started_at = journal.at
    return kind
