"""Line about the final report in the sections of a project's page."""

from collections.abc import Sequence
from typing import Any

from flask import url_for

from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import gettext as _
from portal.project.projects.models import Project, ProjectState
from portal.project.projects.section_queries import ProjectSection, SectionLine


def list_project_lines(
    _actor: Actor, project: Project, _values: Sequence[Any]
) -> Sequence[SectionLine]:
    """Return the line that links to the report."""
    is_over = project.state in {ProjectState.STOPPED, ProjectState.FINISHED}
    status = _("À lire") if is_over else _("Tel qu’il serait aujourd’hui")
    url = url_for("outcomes.landing", slug=project.slug)
    return [SectionLine(_("Rapport de fin d’accompagnement"), status, url, not is_over)]


PROJECT_SECTION = ProjectSection(list_project_lines)
