"""Lines about rounds on a project’s page."""

from collections.abc import Sequence
from typing import Any

from flask import url_for

from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import gettext as _
from portal.project.projects.models import Project
from portal.project.projects.section_queries import ProjectFold, ProjectSection, SectionLine
from portal.user_tests.rounds import labels
from portal.user_tests.rounds.queries import FIGURES


def list_project_lines(_actor: Actor, project: Project, figures: Sequence[Any]) -> Sequence[SectionLine]:
    rounds, number, version, sessions = figures
    if not rounds:
        url = url_for("rounds.index", slug=project.slug)
        return [SectionLine(_("Tests"), _("Personne n’a encore essayé le prototype."), url, True)]
    url = url_for("rounds.page", slug=project.slug, number=number)
    text = _(
        "série %(n)s, sur la version %(version)s : %(sessions)s",
        n=number,
        version=version,
        sessions=labels.sessions(sessions),
    )
    brief = labels.sessions(sessions) if sessions else ""
    return [SectionLine(_("Tests"), text, url, not sessions, brief)]


PROJECT_SECTION = ProjectSection(list_project_lines, FIGURES, ProjectFold.TESTS)
