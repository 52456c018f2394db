"""Sections of a project's page: lines that features contribute, with the figures they need."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from portal.platform.kernel.access import Actor
from portal.platform.kernel.contributions import Contribution, contributed
from portal.platform.kernel.text import LazyString
from portal.project.projects.models import Project
from portal.project.projects.path_rules import project_path
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
class ProjectSection(Contribution):
    """A feature's section. `list_lines` gets the values of `figures` in their order: each is a
    scalar subquery with the project's id bound as `project`."""

    list_lines: ListSectionLines
    figures: Sequence[Any] = ()


def counted_section(
    title: LazyString,
    page_path: str,
    figures: Sequence[Any],
    describe: Callable[..., str],
    *,
    empty: LazyString,
) -> ProjectSection:
    """A section of one line about a feature's rows, with a link to their list.

    `page_path` is that of the list below the project's. The first figure counts the rows; without
    any, the line says `empty`. `describe` makes a sentence of all figures.
    """

    def list_lines(_actor: Actor, project: Project, values: Sequence[Any]) -> Sequence[SectionLine]:
        sentence = describe(*values) if values[0] else str(empty)
        return [SectionLine(str(title), sentence, project_path(project) + page_path, not values[0])]

    return ProjectSection(list_lines, figures)


def list_section_lines(actor: Actor, project: Project) -> Sequence[SectionLine]:
    """The lines of all sections, of a project that the caller was already allowed to see; their
    figures are read in one statement."""
    sections = contributed(ProjectSection)
    values = iter(read_figures(project, tuple(f for each in sections for f in each.figures)))
    own = [(each, [next(values) for _figure in each.figures]) for each in sections]
    return [line for each, figures in own for line in each.list_lines(actor, project, figures)]
