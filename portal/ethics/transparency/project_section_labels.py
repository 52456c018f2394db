"""The line about the transparency sheet on the project's page: published, withdrawn and why, or not yet."""

from collections.abc import Sequence
from typing import Any

from portal.ethics.transparency.queries import PROJECT_FIGURES
from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import format_day, format_moment
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.models import Project
from portal.project.projects.path_rules import project_path
from portal.project.projects.section_queries import ProjectFoldKind, ProjectSection, SectionLine

TITLE = _l("Transparence")


def list_section_lines(_actor: Actor, project: Project, values: Sequence[Any]) -> Sequence[SectionLine]:
    """Whether anybody reads the sheet; once it was withdrawn, since when and why."""
    published_on, ended_at, reason = values
    url = f"{project_path(project)}/transparency"
    if published_on is None:
        return [SectionLine(str(TITLE), _("La fiche n’est pas publiée."), url)]
    if ended_at is None:
        return [SectionLine(str(TITLE), _("fiche publiée le %(day)s", day=format_day(published_on)), url)]
    text = _("fiche retirée le %(day)s\u00a0: %(why)s", day=format_moment(ended_at, "d MMMM y"), why=reason)
    brief = _("fiche de transparence retirée")
    return [SectionLine(str(TITLE), text, url, brief=brief)]


SECTION = ProjectSection(list_section_lines, PROJECT_FIGURES, ProjectFoldKind.ETHICS)
