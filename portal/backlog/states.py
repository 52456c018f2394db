"""Working on items: start, block, unblock, finish, reopen. One verb, by the state wanted."""

from portal.backlog import policy, queries
from portal.backlog.commands import require_in_time
from portal.backlog.flow import State
from portal.backlog.journal import Journal, Seen, changes_of
from portal.backlog.models import Deed, Item
from portal.kernel import audit
from portal.kernel.access import Actor
from portal.kernel.errors import RuleBroken
from portal.kernel.text import gettext as _
from portal.kernel.text import lazy_gettext as _l
from portal.projects.models import Project

ACTIONS = {
    Deed.STARTED: audit.Action("item.started", _l("a commencé « %(name)s »")),
    Deed.PUT_BACK: audit.Action("item.put_back", _l("a remis « %(name)s » à faire")),
    Deed.BLOCKED: audit.Action("item.blocked", _l("a signalé un blocage sur « %(name)s »")),
    Deed.UNBLOCKED: audit.Action("item.unblocked", _l("a débloqué « %(name)s »")),
    Deed.FINISHED: audit.Action("item.finished", _l("a terminé « %(name)s »")),
    Deed.REOPENED: audit.Action("item.reopened", _l("a rouvert « %(name)s »")),
}


def set_state(actor: Actor, project: Project, seen: Seen, state: State, reason: str = "") -> None:
    """Outside the active sprint an item can be blocked and unblocked, no more.

    Raises `RuleBroken` on `reason` when a block has none, or `state`; `Conflict` when somebody
    was quicker.
    """
    in_active = queries.is_in_active(seen.item)
    allowed = policy.can_set_state(actor, project, seen.item, in_active=in_active)
    require_in_time(actor, project, allowed, _("Cet élément n’est plus dans le sprint en cours."))
    journal = Journal(actor, project)
    item = journal.hold(seen)
    if state in {State.DOING, State.DONE} and not queries.is_in_active(item):
        raise RuleBroken("state", _("Placez d’abord cet élément dans le sprint en cours."))
    if state is State.BLOCKED and not reason:
        raise RuleBroken("reason", _("Dites ce qui bloque : c’est ce que vos coachs liront."))
    if state is item.state and (state is not State.BLOCKED or reason == item.block_reason):
        return
    deed = _stand(item, state, reason, journal)
    changes = changes_of(item)
    journal.write(deed, [item])
    journal.record(ACTIONS[deed], item, changes)


def change_state(journal: Journal, item: Item, state: State, reason: str) -> None:
    """With its event and no line of the trail: for whoever changes many and tells it once."""
    journal.write(_stand(item, state, reason, journal), [item])


def _deed(before: State, after: State) -> Deed:
    """What a change of state is called."""
    if after in {State.BLOCKED, State.DONE}:
        return Deed.BLOCKED if after is State.BLOCKED else Deed.FINISHED
    if before is State.BLOCKED:
        return Deed.UNBLOCKED
    if before is State.DONE:
        return Deed.REOPENED
    return Deed.STARTED if after is State.DOING else Deed.PUT_BACK


def _stand(item: Item, state: State, reason: str, journal: Journal) -> Deed:
    deed = _deed(item.state, state)
    item.state = state
    item.block_reason = reason if state is State.BLOCKED else ""
    item.done_at = journal.at if state is State.DONE else None
    if state is not State.TO_DO and item.started_at is None:
        item.started_at = journal.at
    return deed
