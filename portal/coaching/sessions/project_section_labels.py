"""The line about coaching sessions on a project's page."""

from collections.abc import Sequence
from typing import Any

from flask import url_for

from portal.coaching.sessions.queries import PROJECT_FIGURES
from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import ngettext
from portal.platform.web.template_filters import ago
from portal.project.projects.models import Project
from portal.project.projects.section_queries import ProjectSection, SectionLine


def build_project_lines(
    _actor: Actor, project: Project, values: Sequence[Any]
) -> Sequence[SectionLine]:
    total, last = values
    url = url_for("coaching.index", slug=project.slug)
    if not total:
        return [
            SectionLine(_("Séances d’accompagnement"), _("Aucune n’est encore notée."), url, True)
        ]
    count_label = ngettext("%(num)s séance", "%(num)s séances", total)
    sentence = _("%(count)s, la dernière %(when)s", count=count_label, when=ago(last))
    return [SectionLine(_("Séances d’accompagnement"), sentence, url)]


PROJECT_SECTION = ProjectSection(build_project_lines, PROJECT_FIGURES)
