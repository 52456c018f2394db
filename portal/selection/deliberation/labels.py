"""Sentences and labels of deliberations, decisions and appeals."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from portal.platform.kernel.text import LazyString
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.selection.deliberation.models import AppealState, DecisionKind

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


def join_names(ids: Iterable[UUID], names: Mapping[UUID, str]) -> str:
    """The names of people, sorted."""
    return ", ".join(sorted(names.get(id_, _("une personne")) for id_ in ids))
