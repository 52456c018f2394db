"""Paths of a project's pages, for audit facts, discussions and refusals. Pure."""

from typing import ClassVar, Protocol

from portal.project.projects.models import Numbered, Project


class HasPage(Protocol):
    """A model whose rows are shown on a page below their project's."""

    page_path: ClassVar[str]


def project_path(project: Project) -> str:
    return project_path_of_slug(project.slug)


def project_path_of_slug(slug: str) -> str:
    """Return the path of a project, below which its pages stand."""
    return f"/projects/{slug}"


def row_path_by_number(project: Project, model: type[HasPage], number: int) -> str:
    """Return the path of the page of row `number`; the row need not exist yet."""
    return project_path(project) + model.page_path.format(number=number)


def row_path(project: Project, row: Numbered) -> str:
    """Return the path of the page that shows a row."""
    return row_path_by_number(project, type(row), row.number)
