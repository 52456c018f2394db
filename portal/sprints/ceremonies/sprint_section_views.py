"""The section of a sprint's page about its demonstrations and its retrospective."""

from collections.abc import Sequence
from typing import Any

from flask import url_for

from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import ngettext
from portal.platform.web.template_filters import day
from portal.project.projects.models import Project
from portal.project.projects.section_queries import SectionLine
from portal.sprints.ceremonies import labels, policy
from portal.sprints.ceremonies.queries import SPRINT_FIGURES, DemonstrationLine, SprintCeremonies
from portal.sprints.sprints.models import Sprint
from portal.sprints.sprints.section_queries import SprintPageSection


def list_sprint_lines(
    actor: Actor, project: Project, sprint: Sprint, figures: Sequence[Any]
) -> Sequence[SectionLine]:
    ceremonies = SprintCeremonies(*figures)
    demonstrations = ceremonies.demonstrations
    lines = [_build_demonstration_line(project, demonstration) for demonstration in demonstrations]
    if policy.can_note_ceremony(actor, project, sprint):
        url = url_for("demonstrations.add", slug=project.slug, sprint=sprint.number)
        text = _("En noter une autre.") if demonstrations else _("Noter ce qui a été montré, et à qui.")
        lines.append(SectionLine(_("Démonstration"), text, url, is_missing=True))
    elif not demonstrations:
        url = url_for("demonstrations.index", slug=project.slug)
        lines.append(SectionLine(_("Démonstration"), _("aucune de notée"), url, is_missing=True))
    return [*lines, _build_retrospective_line(project, sprint, ceremonies)]


def _build_demonstration_line(project: Project, demonstration: DemonstrationLine) -> SectionLine:
    details = [day(demonstration.held_on), labels.describe_attendance(demonstration)]
    if demonstration.version:
        details.insert(1, _("version %(n)s", n=demonstration.version))
    url = url_for("demonstrations.page", slug=project.slug, number=demonstration.number)
    return SectionLine(_("Démonstration %(n)s", n=demonstration.number), ", ".join(details), url)


def _build_retrospective_line(project: Project, sprint: Sprint, ceremonies: SprintCeremonies) -> SectionLine:
    url = url_for("retrospectives.page", slug=project.slug, number=sprint.number)
    if not ceremonies.is_written:
        return SectionLine(_("Rétrospective"), _("pas encore écrite"), url, is_missing=True)
    if not ceremonies.actions:
        return SectionLine(_("Rétrospective"), _("écrite, sans action"), url)
    decided_actions = ngettext("%(num)s action décidée", "%(num)s actions décidées", ceremonies.actions)
    still = ngettext("%(num)s encore ouverte", "%(num)s encore ouvertes", ceremonies.still_open)
    return SectionLine(_("Rétrospective"), f"{decided_actions}, {still}", url)


SPRINT_PAGE_SECTION = SprintPageSection(list_sprint_lines, SPRINT_FIGURES)
