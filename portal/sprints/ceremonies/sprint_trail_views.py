"""The breadcrumb of the pages about a sprint's ceremonies."""

from flask import url_for

from portal.platform.kernel.text import gettext as _
from portal.project.projects.models import Project
from portal.project.projects.workspace_views import Trail, build_trail
from portal.sprints.sprints.models import Sprint


def sprint_trail(project: Project, sprint: Sprint) -> Trail:
    n = sprint.number
    page = url_for("sprints.page", slug=project.slug, number=n)
    return build_trail(
        project,
        (_("Sprints"), url_for("sprints.index", slug=project.slug)),
        (_("Sprint %(number)s", number=n), page),
    )
