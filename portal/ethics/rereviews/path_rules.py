"""Where a trigger is read and answered."""

from portal.project.projects.models import Project


def path_of(project: Project, number: int) -> str:
    return f"/projects/{project.slug}/reviews/triggers/{number}"
