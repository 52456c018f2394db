"""Paths of the pages of a review, for audit lines, refusals and links made outside of requests."""

from portal.project.projects.models import Project


def path_of(project: Project, number: int) -> str:
    """The page of a review."""
    return f"/projects/{project.slug}/reviews/{number}"


def path_of_question(project: Project, number: int, item: str) -> str:
    """The page of one question of a review."""
    return f"{path_of(project, number)}/questions/{item}"


def path_of_condition(project: Project, number: int) -> str:
    """The page of a condition."""
    return f"/projects/{project.slug}/reviews/conditions/{number}"
