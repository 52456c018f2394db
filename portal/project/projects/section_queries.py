"""Sections of a project's page: lines that features contribute, with the figures they need.

The application passes the sections in, because features of other wings depend on projects.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from portal.platform.kernel.access import Actor
from portal.project.projects.models import Project
from portal.project.projects.queries import read_figures


@dataclass(frozen=True)
class SectionLine:
    """A line of a section: `url` leads to the page it is about, `is_missing` marks it as empty."""

    title: str
    text: str
    url: str
    is_missing: bool = False


ListSectionLines = Callable[[Actor, Project, Sequence[Any]], Sequence[SectionLine]]


@dataclass(frozen=True)
class ProjectSection:
    """A feature's section. `list_lines` gets the values of `figures` in their order: each is a
    scalar subquery with the project's id bound as `project`.
    """

    list_lines: ListSectionLines
    figures: Sequence[Any] = ()


class ProjectSections:
    """All sections in page order; their figures are read in one statement."""

    def __init__(self, *sections: ProjectSection) -> None:
        self._sections = sections
        self._figures = tuple(figure for section in sections for figure in section.figures)

    def list_lines(self, actor: Actor, project: Project) -> Sequence[SectionLine]:
        """List all lines of a project that the caller was allowed to see."""
        values = iter(read_figures(project, self._figures))
        return [
            line
            for section in self._sections
            for line in section.list_lines(
                actor, project, [next(values) for _figure in section.figures]
            )
        ]
