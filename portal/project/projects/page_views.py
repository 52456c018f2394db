"""The page of a project, contributed by the feature that knows all others."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Response

from portal.platform.kernel.contributions import Contribution, list_contributions
from portal.project.projects.models import Project


@dataclass(frozen=True)
class ProjectPageRenderer(Contribution):
    """Renders the page of a project that the reader may see."""

    show: Callable[[Project], Response]


def show_project(project: Project) -> Response:
    """The page of a project that the caller was already allowed to see."""
    (page,) = list_contributions(ProjectPageRenderer)
    return page.show(project)
