"""What the pages around a sprint share: the sprint they tell of, and the way back to it."""

from flask import request, url_for

from portal.ceremonies import commands
from portal.kernel.engines import SAFE_METHODS
from portal.kernel.text import gettext as _
from portal.projects.models import Project
from portal.projects.queries import get_project
from portal.projects.workplace import Trail, open_to_write, trail
from portal.sprints.models import Sprint
from portal.sprints.queries import get_sprint
from portal.web.actor import current_actor as actor


def open_sprint(slug: str, number: int) -> tuple[Project, Sprint]:
    project = get_project(actor, slug)
    return project, get_sprint(actor, project, number)


def open_to_hold(slug: str, number: int) -> tuple[Project, Sprint]:
    """The same for whoever may tell what was shown and learnt.

    A page that asks is refused before the sprint has begun; what was typed comes back with the
    command's own refusal.
    """
    project = open_to_write(slug)
    sprint = get_sprint(actor, project, number)
    if request.method in SAFE_METHODS:
        commands.require_to_hold(actor, project, sprint)
    return project, sprint


def trail_to(project: Project, sprint: Sprint) -> Trail:
    n = sprint.number
    page = url_for("sprints.page", slug=project.slug, number=n)
    return trail(
        project,
        (_("Sprints"), url_for("sprints.index", slug=project.slug)),
        (_("Sprint %(number)s", number=n), page),
    )
