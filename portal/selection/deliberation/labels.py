"""Sentences and labels of deliberations, decisions and appeals."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

from portal.platform.kernel.text import LazyString, format_day, ngettext
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.selection.deliberation.models import AppealState, DecisionKind
from portal.selection.deliberation.project_commands import SupportFacts

OUTCOMES: Mapping[DecisionKind, LazyString] = {
    DecisionKind.LAUREATE: _l("Lauréate"),
    DecisionKind.WAITING_LIST: _l("Liste d’attente"),
    DecisionKind.NOT_SELECTED: _l("Non retenue"),
}
APPEAL_STATES: Mapping[AppealState, LazyString] = {
    AppealState.RECEIVED: _l("Reçu"),
    AppealState.EXAMINED: _l("Examiné"),
    AppealState.GRANTED: _l("Accueilli"),
    AppealState.REJECTED: _l("Rejeté"),
    AppealState.WITHDRAWN: _l("Retiré par son auteur"),
}
APPEAL_ENDS = {
    state: label
    for state, label in APPEAL_STATES.items()
    if state in {AppealState.GRANTED, AppealState.REJECTED, AppealState.WITHDRAWN}
}


def founded_project_message(invited: int, uninvited: int) -> str:
    """What was done for a laureate's new project, of whose team so many are invited, and so many not."""
    if not invited:
        return _("Projet créé, sa présentation est commencée. Personne n’est invité : invitez son équipe.")
    if uninvited:
        return _("Projet créé : une partie de son équipe est invitée, sa présentation est commencée.")
    return _("Projet créé : son équipe est invitée, sa présentation est commencée.")


def laureates_beyond_places_sentence(laureates: int, places: int) -> str:
    """That a call has more laureates than places; "" where it has not."""
    if laureates <= places:
        return ""
    return _(
        "L’appel offre %(places)s et compte %(laureates)s lauréates.",
        places=ngettext("%(num)s place", "%(num)s places", places),
        laureates=laureates,
    )


def describe_support_days(support: SupportFacts, programme_ends_on: date) -> Sequence[str]:
    """How long a new team would be supported, and that this goes on after the programme."""
    days = (support.ends_on - support.starts_on).days + 1
    sentences = [
        _(
            "Du %(first)s au %(last)s, l’équipe est accompagnée %(days)s jours : ses jalons s’y comptent.",
            first=format_day(support.starts_on),
            last=format_day(support.ends_on),
            days=days,
        )
    ]
    if support.ends_on > programme_ends_on:
        sentences.append(
            _(
                "Le programme finit le %(day)s : cette équipe finirait après lui.",
                day=format_day(programme_ends_on),
            )
        )
    return sentences


def join_names(ids: Iterable[UUID], names: Mapping[UUID, str]) -> str:
    """The names of people, sorted."""
    return ", ".join(sorted(names.get(id_, _("une personne")) for id_ in ids))
