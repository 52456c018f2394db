"""Operations on projects: the list, one, its people, and the edit of its file."""

from portal.platform.web.api_operations import ApiArea, ApiCall, ApiPage
from portal.project.projects import commands, queries
from portal.project.projects.commands import ProjectDetails
from portal.project.projects.models import Project
from portal.project.projects.schemas import ProjectDetailsSchema, ProjectPersonSchema, ProjectSchema

area = ApiArea("projects")


@area.list("/projects", ProjectSchema)
def list_projects(call: ApiCall) -> ApiPage:
    """List the projects that one reads, by organisation."""
    first, limit = call.page.first, call.page.limit
    rows = queries.list_projects(call.actor, limit=limit + 1, offset=first)
    return ApiPage(rows[:limit], first + limit if len(rows) > limit else None)


@area.get("/projects/<slug>", ProjectSchema)
def get_project(call: ApiCall, slug: str) -> Project:
    """Read a project."""
    return queries.get_project(call.actor, slug)


@area.list("/projects/<slug>/people", ProjectPersonSchema)
def list_project_people(call: ApiCall, slug: str) -> ApiPage:
    """List the team, the coaches and the reviewers of a project."""
    people = queries.read_people(queries.get_project(call.actor, slug))
    return call.page.cut([*people.team, *people.coaches, *people.reviewers])


@area.change("/projects/<slug>", ProjectSchema, body=ProjectDetailsSchema)
def edit_project(call: ApiCall, slug: str) -> Project:
    """Change what a project says of itself."""
    project = queries.get_project(call.actor, slug)
    commands.edit_project(call.actor, project, ProjectDetails(**call.body), call.version)
    return project
