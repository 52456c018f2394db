"""Labels and sentences for items, their states and their history."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from portal.platform.kernel.text import LazyString, lower_first, ngettext
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.sprints.backlog.flow_rules import ItemState
from portal.sprints.backlog.item_list_queries import BacklogTab
from portal.sprints.backlog.models import Item, ItemEventKind, ItemKind, SpillTarget
from portal.sprints.backlog.queries import ItemEventWithPrevious

KINDS: dict[ItemKind, LazyString] = {
    ItemKind.STORY: _l("Besoin d’utilisateur"),
    ItemKind.DATA: _l("Données"),
    ItemKind.MODEL: _l("Modèle"),
    ItemKind.TEST_FINDING: _l("Constat de test"),
    ItemKind.RETRO_ACTION: _l("Action de rétrospective"),
    ItemKind.BUG: _l("Anomalie"),
}

KINDS_IN_SHORT: dict[ItemKind, LazyString] = {
    ItemKind.STORY: _l("Besoin"),
    ItemKind.DATA: _l("Données"),
    ItemKind.MODEL: _l("Modèle"),
    ItemKind.TEST_FINDING: _l("Constat"),
    ItemKind.RETRO_ACTION: _l("Action"),
    ItemKind.BUG: _l("Anomalie"),
}

STATES: dict[ItemState, LazyString] = {
    ItemState.TO_DO: _l("À faire"),
    ItemState.DOING: _l("En cours"),
    ItemState.BLOCKED: _l("Bloqué"),
    ItemState.DONE: _l("Fait"),
}

STATE_KINDS: dict[ItemState, str | None] = {
    ItemState.DOING: "info",
    ItemState.BLOCKED: "error",
    ItemState.DONE: "success",
}

# The button that brings an item to a state.
STATE_BUTTONS: dict[ItemState, LazyString] = {
    ItemState.TO_DO: _l("Remettre à faire"),
    ItemState.DOING: _l("Commencer"),
    ItemState.BLOCKED: _l("Bloquer…"),
    ItemState.DONE: _l("Terminer"),
}

# The labels of the filters, by field of `BacklogFilters`.
FILTERS: dict[str, LazyString] = {
    "where": _l("Quels éléments ?"),
    "q": _l("Mots du titre"),
    "kind": _l("Nature"),
    "state": _l("État"),
    "assignee": _l("Qui s’en occupe ?"),
    "page": _l("Page"),
}

TAB_LABELS: dict[BacklogTab, LazyString] = {
    BacklogTab.BACKLOG: _l("Au carnet"),
    BacklogTab.SPRINTS: _l("Dans un sprint"),
    BacklogTab.DONE: _l("Faits"),
    BacklogTab.DROPPED: _l("Abandonnés"),
}

SPILLS: dict[SpillTarget, LazyString] = {
    SpillTarget.MOVED_ON: _l("Reporté au sprint suivant"),
    SpillTarget.TO_BACKLOG: _l("Remis au carnet"),
    SpillTarget.DROPPED: _l("Abandonné"),
}

EVENT_LABELS: dict[ItemEventKind, LazyString] = {
    ItemEventKind.ADDED: _l("Ajouté"),
    ItemEventKind.EDITED: _l("Modifié"),
    ItemEventKind.ASSIGNED: _l("Confié"),
    ItemEventKind.ORDERED: _l("Changé de place"),
    ItemEventKind.PLANNED: _l("Pris dans un sprint"),
    ItemEventKind.RETURNED: _l("Remis au carnet"),
    ItemEventKind.SPLIT: _l("Découpé"),
    ItemEventKind.STARTED: _l("Commencé"),
    ItemEventKind.PUT_BACK: _l("Remis à faire"),
    ItemEventKind.BLOCKED: _l("Bloqué"),
    ItemEventKind.UNBLOCKED: _l("Débloqué"),
    ItemEventKind.FINISHED: _l("Terminé"),
    ItemEventKind.REOPENED: _l("Rouvert"),
    ItemEventKind.DROPPED: _l("Abandonné"),
    ItemEventKind.TAKEN_BACK: _l("Repris"),
}


def badge(item: Item) -> tuple[LazyString, str | None]:
    """The words of an item's state and the kind of its badge."""
    if item.gone_at:
        return _l("Abandonné"), None
    return STATES[item.state], STATE_KINDS.get(item.state)


def state_message(item: Item) -> str:
    """The message after a change of state: « « Title » : fait. »."""
    return _("« %(title)s » : %(state)s.", title=item.title, state=lower_first(STATES[item.state]))


def state_button_label(before: ItemState, after: ItemState) -> str:
    """The button from one state to another: « Débloquer », « Rouvrir », or that of the state."""
    if after == ItemState.DOING and before == ItemState.BLOCKED:
        return _("Débloquer")
    if after in {ItemState.DOING, ItemState.TO_DO} and before == ItemState.DONE:
        return _("Rouvrir")
    return str(STATE_BUTTONS[after])


def format_points(number: int | None) -> str:
    """« 5 points », or « non estimé » for None."""
    if number is None:
        return _("non estimé")
    return ngettext("%(num)s point", "%(num)s points", number)


def list_change_details(change: ItemEventWithPrevious) -> list[str]:
    """The details of an event: only what it changed."""
    event, before = change.event, change.before
    details = []
    if event.kind in {ItemEventKind.ADDED, ItemEventKind.PLANNED} and change.sprint:
        details.append(_("sprint %(number)s", number=change.sprint))
    if event.reason and (before is None or before.reason != event.reason):
        details.append(_("« %(reason)s »", reason=event.reason))
    if before is None:
        return details
    if before.title != event.title:
        details.append(_("auparavant « %(title)s »", title=before.title))
    if before.points != event.points:
        details.append(
            _(
                "%(after)s, auparavant %(before)s",
                after=format_points(event.points),
                before=format_points(before.points),
            )
        )
    if before.assignee_id != event.assignee_id:
        details.append(change.assignee or _("à personne"))
    return details


def describe_latest_events(
    items: Iterable[Item], latest_events: Mapping[UUID, tuple[ItemEventKind, str, datetime]]
) -> str:
    """What somebody else did to these items: shown beside a refused edit (`Conflict`)."""
    sentences = []
    for item in items:
        if item.id not in latest_events:
            continue
        kind, who, _at = latest_events[item.id]
        sentences.append(
            _(
                "« %(title)s » : %(deed)s par %(who)s à l’instant.",
                title=item.title,
                deed=lower_first(EVENT_LABELS[kind]),
                who=who or _("quelqu’un"),
            )
        )
    return " ".join(sentences) or _("Un élément a changé de place à l’instant.")
