"""Sentences of a coach's desk: why a team asks for its coach, and what a coach carries."""

from portal.oversight.coach_desk.attention_rules import DeskLevel, DeskReason, DeskReasonCode
from portal.oversight.coach_desk.queries import CoachLoad
from portal.oversight.portfolio.team_queries import PortfolioTeam
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.kernel.text import ngettext
from portal.platform.web.template_filters import day

KINDS: dict[DeskLevel, str | None] = {DeskLevel.ALERT: "error", DeskLevel.WARN: "warning"}


def why(reason: DeskReason) -> str:
    """A reason as a sentence, with its date where it has one."""
    sentence = _describe(reason)
    if reason.since is None:
        return sentence
    return _("%(said)s (%(day)s)", said=sentence, day=day(reason.since))


_PLAIN_SENTENCES = {
    DeskReasonCode.HELP: _l("Aide demandée, que personne n’a prise"),
    DeskReasonCode.UNDATED: _l("Clinique prise, sans date fixée"),
    DeskReasonCode.MISSED: _l("Séance prévue, pas notée"),
}


def _describe(reason: DeskReason) -> str:
    if reason.code in _PLAIN_SENTENCES:
        return str(_PLAIN_SENTENCES[reason.code])
    if reason.code in {DeskReasonCode.CONTACT, DeskReasonCode.SILENT}:
        return _silence(reason)
    if reason.code in {DeskReasonCode.GATES_REQUESTED, DeskReasonCode.STALE}:
        return _gates(reason)
    return _counted(reason)


def _silence(reason: DeskReason) -> str:
    n = reason.number
    if reason.code is DeskReasonCode.SILENT:
        return ngettext(
            "Aucun sprint clos depuis %(num)s jour", "Aucun sprint clos depuis %(num)s jours", n
        )
    return ngettext(
        "Pas de contact sur votre volet depuis %(num)s jour",
        "Pas de contact sur votre volet depuis %(num)s jours",
        n,
    )


def _gates(reason: DeskReason) -> str:
    n = reason.number
    if reason.code is DeskReasonCode.STALE:
        return ngettext("%(num)s jalon périmé", "%(num)s jalons périmés", n)
    return ngettext(
        "%(num)s jalon attend votre réponse", "%(num)s jalons attendent votre réponse", n
    )


def _counted(reason: DeskReason) -> str:
    n = reason.number
    match reason.code:
        case DeskReasonCode.UNANSWERED:
            return ngettext(
                "%(num)s recommandation sans réponse", "%(num)s recommandations sans réponse", n
            )
        case DeskReasonCode.GRAVE:
            return ngettext(
                "%(num)s constat de gravité 4 ouvert", "%(num)s constats de gravité 4 ouverts", n
            )
        case DeskReasonCode.SEVERE:
            return ngettext(
                "%(num)s constat de gravité 3 ouvert", "%(num)s constats de gravité 3 ouverts", n
            )
        case DeskReasonCode.TO_CONFIRM:
            return ngettext(
                "%(num)s recommandation à confirmer", "%(num)s recommandations à confirmer", n
            )
        case _:
            return ngettext("%(num)s commentaire non lu", "%(num)s commentaires non lus", n)


# The page of the project where the coach acts on a reason.
ENDPOINTS = {
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
        parts.append(
            ngettext("%(num)s clinique ouverte", "%(num)s cliniques ouvertes", load.clinics)
        )
    if load.to_confirm:
        parts.append(
            ngettext(
                "%(num)s recommandation à confirmer",
                "%(num)s recommandations à confirmer",
                load.to_confirm,
            )
        )
    return ", ".join(parts)
