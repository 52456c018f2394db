"""Why a team asks for its coach, as its reader would say it."""

from portal.desk.attention import Code, Level, Reason
from portal.desk.queries import Load
from portal.kernel.text import gettext as _
from portal.kernel.text import lazy_gettext as _l
from portal.kernel.text import ngettext
from portal.portfolio.teams import Team
from portal.web.show import day

KINDS: dict[Level, str | None] = {Level.ALERT: "error", Level.WARN: "warning"}


def why(reason: Reason) -> str:
    """With its date where it has one."""
    said = _said(reason)
    if reason.since is None:
        return said
    return _("%(said)s (%(day)s)", said=said, day=day(reason.since))


_PLAIN = {
    Code.HELP: _l("Aide demandée, que personne n’a prise"),
    Code.UNDATED: _l("Clinique prise, sans date fixée"),
    Code.MISSED: _l("Séance prévue, pas notée"),
}


def _said(reason: Reason) -> str:
    if reason.code in _PLAIN:
        return str(_PLAIN[reason.code])
    if reason.code in {Code.CONTACT, Code.SILENT}:
        return _quiet(reason)
    if reason.code in {Code.ASKED, Code.STALE}:
        return _gates(reason)
    return _counted(reason)


def _quiet(reason: Reason) -> str:
    n = reason.number
    if reason.code is Code.SILENT:
        return ngettext(
            "Aucun sprint clos depuis %(num)s jour", "Aucun sprint clos depuis %(num)s jours", n
        )
    return ngettext(
        "Pas de contact sur votre volet depuis %(num)s jour",
        "Pas de contact sur votre volet depuis %(num)s jours",
        n,
    )


def _gates(reason: Reason) -> str:
    n = reason.number
    if reason.code is Code.STALE:
        return ngettext("%(num)s jalon périmé", "%(num)s jalons périmés", n)
    return ngettext(
        "%(num)s jalon attend votre réponse", "%(num)s jalons attendent votre réponse", n
    )


def _counted(reason: Reason) -> str:
    n = reason.number
    match reason.code:
        case Code.UNANSWERED:
            return ngettext(
                "%(num)s recommandation sans réponse", "%(num)s recommandations sans réponse", n
            )
        case Code.GRAVE:
            return ngettext(
                "%(num)s constat de gravité 4 ouvert", "%(num)s constats de gravité 4 ouverts", n
            )
        case Code.SEVERE:
            return ngettext(
                "%(num)s constat de gravité 3 ouvert", "%(num)s constats de gravité 3 ouverts", n
            )
        case Code.TO_CONFIRM:
            return ngettext(
                "%(num)s recommandation à confirmer", "%(num)s recommandations à confirmer", n
            )
        case _:
            return ngettext("%(num)s commentaire non lu", "%(num)s commentaires non lus", n)


# Where one acts on it, below the project's page; "" is that page.
PLACES = {
    Code.HELP: "clinics.index",
    Code.UNDATED: "clinics.index",
    Code.CONTACT: "coaching.add",
    Code.MISSED: "coaching.add",
    Code.SILENT: "sprints.index",
    Code.ASKED: "gates.index",
    Code.STALE: "gates.index",
    Code.UNANSWERED: "recommendations.index",
    Code.TO_CONFIRM: "recommendations.index",
    Code.GRAVE: "findings.index",
    Code.SEVERE: "findings.index",
    Code.UNREAD: "projects.unread",
}


def calm(team: Team) -> str:
    return _("Rien ne presse.") if team.goes_on else _("Ce projet n’est pas en cours.")


def load(one: Load) -> str:
    """« 4 équipes, 1 clinique ouverte, 2 recommandations à confirmer »."""
    projects = len({held.project.id for held in one.teams})
    parts = [ngettext("%(num)s équipe", "%(num)s équipes", projects)]
    if one.clinics:
        parts.append(
            ngettext("%(num)s clinique ouverte", "%(num)s cliniques ouvertes", one.clinics)
        )
    if one.to_confirm:
        parts.append(
            ngettext(
                "%(num)s recommandation à confirmer",
                "%(num)s recommandations à confirmer",
                one.to_confirm,
            )
        )
    return ", ".join(parts)
