"""Paths of the pages of triggers."""

from portal.project.projects.models import Project


def path_of(project: Project, number: int) -> str:
    """The page on which a trigger is read and answered."""
    return f"/projects/{project.slug}/reviews/triggers/{number}"
