"""Shared by the pages about a sprint's ceremonies: loading the sprint, and the breadcrumb."""

from flask import url_for

from portal.platform.kernel.text import gettext as _
from portal.project.projects.models import Project
from portal.project.projects.workspace_views import Trail, build_trail, open_row_to_write
from portal.sprints.ceremonies import commands
from portal.sprints.sprints.models import Sprint
from portal.sprints.sprints.queries import get_sprint


def load_sprint_to_note(slug: str, number: int) -> tuple[Project, Sprint]:
    """The project and its sprint, for the team. Raises `NotFound` and `NotAllowed`.

    A GET raises `TooLate` before the start of the sprint; a POST leaves that to the command, so
    that the form comes back with what was typed.
    """
    project, sprint = open_row_to_write(slug, number, get_sprint, commands.require_begun_sprint)
    return project, sprint


def sprint_trail(project: Project, sprint: Sprint) -> Trail:
    n = sprint.number
    page = url_for("sprints.page", slug=project.slug, number=n)
    return build_trail(
        project,
        (_("Sprints"), url_for("sprints.index", slug=project.slug)),
        (_("Sprint %(number)s", number=n), page),
    )
