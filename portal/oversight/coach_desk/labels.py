"""Sentences of a coach's desk: why a team asks for its coach, and what a coach carries."""

from collections.abc import Callable, Mapping

from portal.oversight.coach_desk.attention_rules import DeskLevel, DeskReason, DeskReasonCode
from portal.oversight.coach_desk.queries import CoachLoad
from portal.oversight.health import labels as health
from portal.oversight.health.remedy_labels import charge as charge_of
from portal.oversight.health.remedy_labels import remedy as remedy_of
from portal.oversight.health.state_rules import HealthState
from portal.oversight.portfolio.team_queries import PortfolioTeam
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import ngettext
from portal.platform.web.template_filters import day

KINDS: dict[DeskLevel, str | None] = {DeskLevel.ALERT: "error", DeskLevel.WARN: "warning"}


def why(reason: DeskReason, state: HealthState | None = None) -> str:
    """A reason as a sentence, with its date where it has one; a signal speaks as everywhere."""
    if reason.signal is not None and state is not None:
        return health.why(reason.signal, state)
    sentence = _SENTENCES[reason.code](reason.number)
    if reason.since is None:
        return sentence
    return _("%(said)s (%(day)s)", said=sentence, day=day(reason.since))


def remedy(reason: DeskReason, state: HealthState | None) -> str:
    """What would turn a signal green, "" for other reasons."""
    return remedy_of(reason.signal, state) if reason.signal and state else ""


def charge(reason: DeskReason, state: HealthState | None) -> str:
    """Who is in charge of a signal and until when, "" without anybody."""
    return charge_of(reason.signal, state) if reason.signal and state else ""


def _count_to_confirm(n: int) -> str:
    return ngettext("%(num)s recommandation à confirmer", "%(num)s recommandations à confirmer", n)


_SENTENCES: Mapping[DeskReasonCode, Callable[[int], str]] = {
    DeskReasonCode.SIGNAL: lambda _n: _("Un signal de santé"),
    DeskReasonCode.HELP: lambda _n: _("Aide demandée, que personne n’a prise"),
    DeskReasonCode.UNDATED: lambda _n: _("Clinique prise, sans date fixée"),
    DeskReasonCode.MISSED: lambda _n: _("Séance prévue, pas notée"),
    DeskReasonCode.SILENT: lambda n: ngettext(
        "Aucun sprint clos depuis %(num)s jour", "Aucun sprint clos depuis %(num)s jours", n
    ),
    DeskReasonCode.CONTACT: lambda n: ngettext(
        "Pas de contact sur votre volet depuis %(num)s jour",
        "Pas de contact sur votre volet depuis %(num)s jours",
        n,
    ),
    DeskReasonCode.STALE: lambda n: ngettext("%(num)s jalon périmé", "%(num)s jalons périmés", n),
    DeskReasonCode.GATES_REQUESTED: lambda n: ngettext(
        "%(num)s jalon attend votre réponse", "%(num)s jalons attendent votre réponse", n
    ),
    DeskReasonCode.UNANSWERED: lambda n: ngettext(
        "%(num)s recommandation sans réponse", "%(num)s recommandations sans réponse", n
    ),
    DeskReasonCode.GRAVE: lambda n: ngettext(
        "%(num)s constat de gravité 4 ouvert", "%(num)s constats de gravité 4 ouverts", n
    ),
    DeskReasonCode.SEVERE: lambda n: ngettext(
        "%(num)s constat de gravité 3 ouvert", "%(num)s constats de gravité 3 ouverts", n
    ),
    DeskReasonCode.TO_CONFIRM: _count_to_confirm,
    DeskReasonCode.UNREAD: lambda n: ngettext("%(num)s message non lu", "%(num)s messages non lus", n),
}


# The page of the project where the coach acts on a reason.
ENDPOINTS = {
    DeskReasonCode.SIGNAL: "project_health.index",
    DeskReasonCode.HELP: "clinics.index",
    DeskReasonCode.UNDATED: "clinics.index",
    DeskReasonCode.CONTACT: "coaching.add",
    DeskReasonCode.MISSED: "coaching.add",
    DeskReasonCode.SILENT: "sprints.index",
    DeskReasonCode.GATES_REQUESTED: "gates.index",
    DeskReasonCode.STALE: "gates.index",
    DeskReasonCode.UNANSWERED: "recommendations.index",
    DeskReasonCode.TO_CONFIRM: "recommendations.index",
    DeskReasonCode.GRAVE: "findings.index",
    DeskReasonCode.SEVERE: "findings.index",
    DeskReasonCode.UNREAD: "projects.unread",
}


def calm(team: PortfolioTeam) -> str:
    return _("Rien ne presse.") if team.goes_on else _("Ce projet n’est pas en cours.")


def describe_load(load: CoachLoad) -> str:
    """« 4 équipes, 1 clinique ouverte, 2 recommandations à confirmer »."""
    projects = len({assignment.project.id for assignment in load.teams})
    parts = [ngettext("%(num)s équipe", "%(num)s équipes", projects)]
    if load.clinics:
        parts.append(ngettext("%(num)s clinique ouverte", "%(num)s cliniques ouvertes", load.clinics))
    if load.to_confirm:
        parts.append(_count_to_confirm(load.to_confirm))
    return ", ".join(parts)
