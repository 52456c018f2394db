"""The section of a project's page about its prototype and its evaluation."""

from collections.abc import Sequence
from typing import Any

from flask import url_for

from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lower_first, ngettext
from portal.platform.web.template_filters import day
from portal.project.projects.models import Project
from portal.project.projects.section_queries import ProjectFoldKind, ProjectSection, SectionLine
from portal.sprints.prototypes import labels
from portal.sprints.prototypes.queries import PROJECT_FIGURES, PrototypeSummary, build_prototype_summary


def list_project_lines(_actor: Actor, project: Project, values: Sequence[Any]) -> Sequence[SectionLine]:
    latest = build_prototype_summary(values)
    versions = url_for("prototypes.index", slug=project.slug)
    evaluation = url_for("evaluation.index", slug=project.slug)
    version = latest.version
    brief = _("version %(n)s du %(day)s", n=version.number, day=day(version.released_on)) if version else ""
    return [
        SectionLine(_("Prototype"), _describe_latest_version(latest), versions, version is None, brief),
        SectionLine(_("Évaluation"), _describe_latest_evaluation(latest), evaluation, not latest.protocols),
    ]


def _describe_latest_version(latest: PrototypeSummary) -> str:
    version = latest.version
    if version is None:
        return _("Aucune version n’est encore sortie.")
    return _(
        "version %(n)s, sortie le %(day)s : %(how)s",
        n=version.number,
        day=day(version.released_on),
        how=lower_first(labels.AUTOMATIONS_IN_SHORT[version.automation]),
    )


def _describe_latest_evaluation(latest: PrototypeSummary) -> str:
    if not latest.protocols:
        return _("Rien ne dit encore à partir de quand l’IA est assez bonne.")
    if latest.run is None or latest.protocol is None:
        n = latest.protocols
        return ngettext("%(num)s protocole, sans essai", "%(num)s protocoles, sans essai", n)
    return labels.verdict_sentence(latest.protocol, latest.run)


CHAPTER = ProjectSection(list_project_lines, PROJECT_FIGURES, ProjectFoldKind.TESTS)
