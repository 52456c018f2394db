"""Shared by the pages about a sprint's ceremonies: loading the sprint, and the breadcrumb."""

from flask import request, url_for

from portal.platform.kernel.engines import SAFE_METHODS
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.project.projects.models import Project
from portal.project.projects.workspace_views import Trail, build_trail, get_writable_project
from portal.sprints.ceremonies import commands
from portal.sprints.sprints.models import Sprint
from portal.sprints.sprints.queries import get_sprint


def load_sprint_to_note(slug: str, number: int) -> tuple[Project, Sprint]:
    """The project and its sprint, for the team. Raises `NotFound` and `NotAllowed`.

    A GET raises `TooLate` before the start of the sprint; a POST leaves that to the command, so
    that the form comes back with what was typed.
    """
    project = get_writable_project(slug)
    sprint = get_sprint(actor, project, number)
    if request.method in SAFE_METHODS:
        commands.require_begun_sprint(actor, project, sprint)
    return project, sprint


def sprint_trail(project: Project, sprint: Sprint) -> Trail:
    n = sprint.number
    page = url_for("sprints.page", slug=project.slug, number=n)
    return build_trail(
        project,
        (_("Sprints"), url_for("sprints.index", slug=project.slug)),
        (_("Sprint %(number)s", number=n), page),
    )
