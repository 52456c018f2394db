"""Sentences and labels of deliberations, decisions and appeals."""

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from portal.platform.kernel.text import LazyString, format_day
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.selection.applications.models import ApplicationState
from portal.selection.deliberation.models import AppealState, ApplicationAppeal, DecisionKind
from portal.selection.deliberation.policy import DECIDED_STATES

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
WITHDRAWN_ALONE = {AppealState.WITHDRAWN: APPEAL_STATES[AppealState.WITHDRAWN]}


def current_outcome(outcome: DecisionKind, state: ApplicationState) -> DecisionKind:
    """What the decision on an application is today: an appeal may have changed what was published."""
    return DecisionKind(state.value) if state in DECIDED_STATES else outcome


def outcome_note(outcome: DecisionKind, state: ApplicationState) -> str:
    """What explains that an application's state and its decision have two words; "" where they are one."""
    if state is ApplicationState.NOT_ELIGIBLE:
        return _("non éligible")
    if state in DECIDED_STATES and state.value != outcome.value:
        return _("par un recours, d’abord « %(outcome)s »", outcome=OUTCOMES[outcome])
    return ""


def appeal_limit_sentence(limit: date, today: date) -> str:
    """Until when one may appeal, before an appeal is noted."""
    day = format_day(limit)
    if today > limit:
        return _("Le délai de recours est passé : il allait jusqu’au %(day)s.", day=day)
    return _("Le délai de recours va jusqu’au %(day)s.", day=day)


def late_appeal_sentence(appeal: ApplicationAppeal, limit: date) -> str:
    """That an appeal came after its time limit; "" where it did not."""
    if appeal.received_on <= limit:
        return ""
    day = format_day(limit)
    return _("Reçu après le délai, qui allait jusqu’au %(day)s.", day=day)


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
