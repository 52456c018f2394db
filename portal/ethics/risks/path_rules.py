"""Paths of the pages of risks and mitigations."""

from portal.project.projects.models import Project


def path_of(project: Project, number: int) -> str:
    """The page of a risk."""
    return f"/projects/{project.slug}/risks/{number}"


def path_of_mitigation(project: Project, number: int) -> str:
    """The page of a mitigation."""
    return f"/projects/{project.slug}/mitigations/{number}"
