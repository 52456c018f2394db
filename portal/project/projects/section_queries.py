"""Sections of a project's page: lines that features contribute, with the figures they need."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from portal.platform.kernel.access import Actor
from portal.platform.kernel.contributions import Contribution, list_contributions
from portal.platform.kernel.text import LazyString
from portal.project.projects.models import Project
from portal.project.projects.path_rules import project_path
from portal.project.projects.queries import read_subquery_values


class ProjectFoldKind(StrEnum):
    """The folded parts of a project's page, in their order."""

    FRAMING = "framing"
    DATA = "data"
    TESTS = "tests"
    ETHICS = "ethics"
    SPRINTS = "sprints"
    COACHING = "coaching"
    TEAM = "team"
    RECORDS = "records"
    ACTIVITY = "activity"


@dataclass(frozen=True)
class SectionLine:
    """A line of a section: `url` leads to the page it is about, `is_missing` marks it as empty.

    `brief` says the same in a few words, for the closed fold; "" leaves the line out of it.
    """

    title: str
    text: str
    url: str
    is_missing: bool = False
    brief: str = ""


ListSectionLines = Callable[[Actor, Project, Sequence[Any]], Sequence[SectionLine]]


@dataclass(frozen=True)
class ProjectSection(Contribution):
    """A feature's section in a fold of the project's page. `list_lines` gets the values of
    `figures` in their order: each is a scalar subquery with the project's id bound as `project`."""

    list_lines: ListSectionLines
    figures: Sequence[Any] = ()
    fold: ProjectFoldKind = ProjectFoldKind.RECORDS


def build_count_section(
    title: LazyString,
    page_path: str,
    figures: Sequence[Any],
    describe: Callable[..., str],
    *,
    empty: LazyString,
    fold: ProjectFoldKind,
    brief: Callable[..., str] | None = None,
) -> ProjectSection:
    """A section of one line about a feature's rows, with a link to their list.

    `page_path` is that of the list below the project's. The first figure counts the rows; without
    any, the line says `empty`. `describe` makes a sentence of all figures; `brief` says it in a
    few words, `describe` where it is not given.
    """

    def list_lines(_actor: Actor, project: Project, values: Sequence[Any]) -> Sequence[SectionLine]:
        url = project_path(project) + page_path
        if not values[0]:
            return [SectionLine(str(title), str(empty), url, True)]
        text = describe(*values)
        return [SectionLine(str(title), text, url, brief=brief(*values) if brief else text)]

    return ProjectSection(list_lines, figures, fold)


def read_section_lines(actor: Actor, project: Project) -> Mapping[ProjectFoldKind, Sequence[SectionLine]]:
    """The lines of all sections by fold, of a project that the caller was already allowed to see;
    their figures are read in one statement."""
    sections = list_contributions(ProjectSection)
    values = iter(read_subquery_values(project, tuple(f for each in sections for f in each.figures)))
    own = [(each, [next(values) for _figure in each.figures]) for each in sections]
    lines: dict[ProjectFoldKind, list[SectionLine]] = defaultdict(list)
    for each, figures in own:
        lines[each.fold].extend(each.list_lines(actor, project, figures))
    return lines
