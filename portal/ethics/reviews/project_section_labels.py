"""The line about ethics reviews on a project's page."""

from collections.abc import Sequence
from typing import Any

from flask import url_for

from portal.ethics.reviews.register_queries import PROJECT_FIGURES
from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import ngettext
from portal.project.projects.models import Project
from portal.project.projects.section_queries import ProjectSection, SectionLine


def list_project_lines(
    _actor: Actor, project: Project, figures: Sequence[Any]
) -> Sequence[SectionLine]:
    """Late conditions first, then the team's tasks, then what waits for others."""
    total, drafts, submitted, to_prove, late = figures
    url = url_for("reviews.index", slug=project.slug)
    if not total:
        return [
            SectionLine(_("Revues éthiques"), _("Aucune revue n’est encore ouverte."), url, True)
        ]
    parts = []
    if late:
        parts.append(ngettext("%(num)s condition en retard", "%(num)s conditions en retard", late))
    if to_prove - late:
        waiting = to_prove - late
        parts.append(
            ngettext("%(num)s condition à remplir", "%(num)s conditions à remplir", waiting)
        )
    if drafts:
        parts.append(ngettext("%(num)s en préparation", "%(num)s en préparation", drafts))
    if submitted:
        parts.append(ngettext("%(num)s chez le relecteur", "%(num)s chez le relecteur", submitted))
    if not parts:
        parts.append(ngettext("%(num)s revue décidée", "%(num)s revues décidées", total))
    return [SectionLine(_("Revues éthiques"), ", ".join(parts), url)]


CHAPTER = ProjectSection(list_project_lines, PROJECT_FIGURES)
