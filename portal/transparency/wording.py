"""The sentences that a sheet is made of, from what rows of the project say."""

from portal.framing.models import Audience, TargetGroup
from portal.kernel.text import LazyString, ngettext
from portal.kernel.text import gettext as _
from portal.kernel.text import lazy_gettext as _l
from portal.projects.models import ProjectState
from portal.prototypes.models import PrototypeVersion
from portal.prototypes.words import AUTOMATIONS, EXPOSURES
from portal.transparency.contents import Section
from portal.transparency.queries import Facts, Tests

SECTIONS: dict[Section, LazyString] = {
    Section.OVERVIEW: _l("L’essentiel"),
    Section.OWNER: _l("Qui en répond"),
    Section.RATIONALE: _l("À quoi il sert, et pourquoi"),
    Section.DECISION: _l("Sa place dans la décision"),
    Section.TOOL: _l("L’outil et ses données"),
    Section.RISKS: _l("Risques, mesures et analyses"),
}
TIERS: dict[int, LazyString] = {
    1: _l("Pour tout le monde"),
    2: _l("Pour aller plus loin"),
}
STATES: dict[ProjectState, LazyString] = {
    ProjectState.ACTIVE: _l("Essai en cours"),
    ProjectState.PAUSED: _l("Essai en pause"),
    ProjectState.STOPPED: _l("Essai arrêté"),
    ProjectState.FINISHED: _l("Essai terminé"),
}


def automation(version: PrototypeVersion | None) -> str:
    return str(AUTOMATIONS[version.automation]) if version else ""


def exposure(version: PrototypeVersion | None) -> str:
    return str(EXPOSURES[version.exposure]) if version else ""


def state(facts: Facts) -> str:
    said = str(STATES[facts.project.state])
    if facts.version is None:
        return said
    return _("%(state)s, version %(n)s", state=said, n=facts.version.number)


def audience(group: TargetGroup) -> str:
    """« Les contrôleurs, environ 40 »."""
    if group.size is None:
        return group.name
    if group.audience is Audience.AGENTS:
        told = ngettext("%(num)s agent", "%(num)s agents", group.size)
    else:
        told = ngettext("%(num)s usager", "%(num)s usagers", group.size)
    return f"{group.name} ({told})"


def tests(known: Tests | None) -> str:
    """Sums alone: how many, and up to which version."""
    if known is None:
        return ""
    came = ngettext("%(num)s participation", "%(num)s participations", known.participants)
    rounds = ngettext("%(num)s série de tests", "%(num)s séries de tests", known.rounds)
    return _(
        "%(came)s, en %(rounds)s, jusqu’à la version %(n)s.",
        came=came,
        rounds=rounds,
        n=known.last_version,
    )
