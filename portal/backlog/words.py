"""What items, their states and their history are called, for whoever reads them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from portal.backlog.flow import State
from portal.backlog.listing import Where
from portal.backlog.models import Deed, Item, Kind, Spill
from portal.backlog.queries import Change
from portal.kernel.text import LazyString, ngettext
from portal.kernel.text import gettext as _
from portal.kernel.text import lazy_gettext as _l

KINDS: dict[Kind, LazyString] = {
    Kind.STORY: _l("Besoin d’utilisateur"),
    Kind.DATA: _l("Données"),
    Kind.MODEL: _l("Modèle"),
    Kind.TEST_FINDING: _l("Constat de test"),
    Kind.RETRO_ACTION: _l("Action de rétrospective"),
    Kind.BUG: _l("Anomalie"),
}

STATES: dict[State, LazyString] = {
    State.TO_DO: _l("À faire"),
    State.DOING: _l("En cours"),
    State.BLOCKED: _l("Bloqué"),
    State.DONE: _l("Fait"),
}

# What a button says that brings an item there.
VERBS: dict[State, LazyString] = {
    State.TO_DO: _l("Remettre à faire"),
    State.DOING: _l("Commencer"),
    State.BLOCKED: _l("Bloquer…"),
    State.DONE: _l("Terminer"),
}

# The filters, by what the page calls them.
FILTERS: dict[str, LazyString] = {
    "where": _l("Quels éléments ?"),
    "q": _l("Mots du titre"),
    "kind": _l("Nature"),
    "state": _l("État"),
    "assignee": _l("Qui s’en occupe ?"),
    "page": _l("Page"),
}

PLACES: dict[Where, LazyString] = {
    Where.BACKLOG: _l("Au carnet"),
    Where.SPRINTS: _l("Dans un sprint"),
    Where.DONE: _l("Faits"),
    Where.DROPPED: _l("Abandonnés"),
}

SPILLS: dict[Spill, LazyString] = {
    Spill.MOVED_ON: _l("Reporté au sprint suivant"),
    Spill.KEPT: _l("Remis au carnet"),
    Spill.DROPPED: _l("Abandonné"),
}

DEEDS: dict[Deed, LazyString] = {
    Deed.ADDED: _l("Ajouté"),
    Deed.EDITED: _l("Modifié"),
    Deed.ASSIGNED: _l("Confié"),
    Deed.ORDERED: _l("Changé de place"),
    Deed.PLANNED: _l("Pris dans un sprint"),
    Deed.RETURNED: _l("Remis au carnet"),
    Deed.SPLIT: _l("Découpé"),
    Deed.STARTED: _l("Commencé"),
    Deed.PUT_BACK: _l("Remis à faire"),
    Deed.BLOCKED: _l("Bloqué"),
    Deed.UNBLOCKED: _l("Débloqué"),
    Deed.FINISHED: _l("Terminé"),
    Deed.REOPENED: _l("Rouvert"),
    Deed.DROPPED: _l("Abandonné"),
    Deed.TAKEN_BACK: _l("Repris"),
}


def verb(before: State, after: State) -> str:
    """What a button says: to begin what is blocked is to unblock it, what is done to reopen it."""
    if after == State.DOING and before == State.BLOCKED:
        return _("Débloquer")
    if after in {State.DOING, State.TO_DO} and before == State.DONE:
        return _("Rouvrir")
    return str(VERBS[after])


def points(number: int | None) -> str:
    """« 5 points »; what is not estimated says so."""
    if number is None:
        return _("non estimé")
    return ngettext("%(num)s point", "%(num)s points", number)


def what_changed(change: Change) -> list[str]:
    """An event in detail: only what is not as it was before."""
    event, before = change.event, change.before
    told = []
    if event.deed in {Deed.ADDED, Deed.PLANNED} and change.sprint:
        told.append(_("sprint %(number)s", number=change.sprint))
    if event.reason and (before is None or before.reason != event.reason):
        told.append(_("« %(reason)s »", reason=event.reason))
    if before is None:
        return told
    if before.title != event.title:
        told.append(_("auparavant « %(title)s »", title=before.title))
    if before.points != event.points:
        told.append(
            _(
                "%(after)s, auparavant %(before)s",
                after=points(event.points),
                before=points(before.points),
            )
        )
    if before.assignee_id != event.assignee_id:
        told.append(change.assignee or _("à personne"))
    return told


def what_happened(items: Iterable[Item], deeds: Mapping[UUID, tuple[Deed, str, datetime]]) -> str:
    """For whoever came second: what somebody did to these items in between."""
    told = []
    for item in items:
        if item.id not in deeds:
            continue
        deed, who, _at = deeds[item.id]
        told.append(
            _(
                "« %(title)s » : %(deed)s par %(who)s à l’instant.",
                title=item.title,
                deed=str(DEEDS[deed]).lower(),
                who=who or _("quelqu’un"),
            )
        )
    return " ".join(told) or _("Un élément a changé de place à l’instant.")
