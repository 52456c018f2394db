"""Labels and sentences inside a sheet, and on the team's pages about it."""

from portal.ethics.transparency.field_rules import TransparencyField, TransparencySectionKind
from portal.ethics.transparency.models import TransparencyPartKind
from portal.ethics.transparency.queries import PublishedSheet, TransparencyFacts, UserTestSums
from portal.platform.kernel.text import LazyString, ngettext
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.template_filters import day
from portal.project.framing.models import TargetAudience, TargetGroup
from portal.project.projects.labels import describe_dated_project_state
from portal.project.projects.models import ProjectState
from portal.sprints.prototypes.labels import AUTOMATIONS, EXPOSURES
from portal.sprints.prototypes.models import PrototypeVersion

PARTS: dict[TransparencyPartKind, LazyString] = {
    TransparencyPartKind.PUBLIC: _l("L’essentiel, pour tout le monde"),
    TransparencyPartKind.EXPERTS: _l("Le détail, pour qui veut comprendre"),
    TransparencyPartKind.CHOICE: _l("Les données et les risques qui paraissent"),
}
# Columns of the tables of a sheet, from 0, that hold what the team wrote in the project's file, in French.
TYPED_COLUMNS: dict[str, tuple[int, ...]] = {
    "metrics": (0,),
    "sources": (0, 1, 2, 4),
    "subgroups": (0,),
    "risks": (0, 1, 4),
}
LANGUAGES: dict[str, LazyString] = {"fr": _l("français"), "en": _l("anglais")}


def missing_field_text(field: TransparencyField, language: str) -> str:
    """« Ce que fait l’outil, en anglais »."""
    if not language:
        return str(field.label)
    return _("%(what)s, en %(language)s", what=field.label, language=LANGUAGES[language])


SECTIONS: dict[TransparencySectionKind, LazyString] = {
    TransparencySectionKind.OVERVIEW: _l("L’essentiel"),
    TransparencySectionKind.OWNER: _l("Qui en répond"),
    TransparencySectionKind.RATIONALE: _l("À quoi il sert, et pourquoi"),
    TransparencySectionKind.DECISION: _l("Sa place dans la décision"),
    TransparencySectionKind.TOOL: _l("L’outil et ses données"),
    TransparencySectionKind.RISKS: _l("Risques, mesures et analyses"),
}
TIERS: dict[int, LazyString] = {1: _l("Pour tout le monde"), 2: _l("Pour aller plus loin")}


def describe_automation(version: PrototypeVersion | None) -> str:
    return str(AUTOMATIONS[version.automation]) if version else ""


def describe_exposure(version: PrototypeVersion | None) -> str:
    return str(EXPOSURES[version.exposure]) if version else ""


def describe_project_state(facts: TransparencyFacts) -> str:
    state_label = describe_dated_project_state(facts.project)
    if facts.version is None:
        return state_label
    return _("%(state)s, version %(n)s", state=state_label, n=facts.version.number)


def describe_state_since_publication(published_sheet: PublishedSheet) -> str:
    """What became of the project of an edition, which keeps what it said; "" while it goes on."""
    project = published_sheet.project
    if project.state is ProjectState.ACTIVE:
        return ""
    return _(
        "%(state)s. La fiche dit où il en était le %(day)s.",
        state=describe_dated_project_state(project),
        day=day(published_sheet.edition.published_on),
    )


def describe_audience(group: TargetGroup) -> str:
    """« Les contrôleurs (40 agents) »."""
    if group.size is None:
        return group.name
    if group.audience is TargetAudience.AGENTS:
        size_text = ngettext("%(num)s agent", "%(num)s agents", group.size)
    else:
        size_text = ngettext("%(num)s usager", "%(num)s usagers", group.size)
    return f"{group.name} ({size_text})"


def describe_tests(test_sums: UserTestSums | None) -> str:
    """Numbers of participations and rounds, and the last version; "" without tests."""
    if test_sums is None:
        return ""
    participations = ngettext("%(num)s participation", "%(num)s participations", test_sums.participants)
    rounds = ngettext("%(num)s série de tests", "%(num)s séries de tests", test_sums.rounds)
    return _(
        "%(came)s, en %(rounds)s, jusqu’à la version %(n)s.",
        came=participations,
        rounds=rounds,
        n=test_sums.last_version,
    )
