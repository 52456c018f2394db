"""The line about its programme's group sessions on a project's page."""

from collections.abc import Sequence
from typing import Any

from flask import url_for

from portal.coaching.group_sessions.queries import PROJECT_FIGURES
from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import ngettext
from portal.platform.web.template_filters import day
from portal.project.projects.models import Project
from portal.project.projects.section_queries import ProjectSection, SectionLine


def build_project_lines(
    _actor: Actor, _project: Project, values: Sequence[Any]
) -> Sequence[SectionLine]:
    """One line, or none before the first session is announced."""
    programme, total, coming = values
    if not total:
        return []
    sentence = ngettext("%(num)s séance", "%(num)s séances", total)
    if coming is not None:
        sentence = _("la prochaine le %(day)s", day=day(coming))
    return [
        SectionLine(_("Séances collectives"), sentence, url_for("gatherings.index", slug=programme))
    ]


PROJECT_SECTION = ProjectSection(build_project_lines, PROJECT_FIGURES)
