"""The figures that a feature reads for its section of a sprint's page, and its lines."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from portal.platform.kernel.access import Actor
from portal.platform.kernel.contributions import Contribution, list_contributions
from portal.project.projects.models import Project
from portal.project.projects.section_queries import SectionLine
from portal.sprints.sprints.models import Sprint


class SprintClosingPartKind(StrEnum):
    """A folded part of the close about which another feature knows something."""

    DECISION = "decision"
    OUTLOOK = "outlook"


@dataclass(frozen=True)
class ClosingSummarySource(Contribution):
    """What a feature knows about a part of the close, in a few words; "" for nothing."""

    topic: SprintClosingPartKind
    describe: Callable[[Project], str]


SprintLineProvider = Callable[[Actor, Project, Sprint, Sequence[Any]], Sequence[SectionLine]]


@dataclass(frozen=True)
class SprintStartUndoBlocker(Contribution):
    """What a feature notes of a started sprint: where there is any, its start is not undone."""

    exists: Callable[[UUID], bool]


@dataclass(frozen=True)
class SprintHelpFollowUp(Contribution):
    """What becomes of the help that sprints ask for.

    `reopen` takes the time, and whether help was just ticked: it leaves the place of a closed request to a
    new one, where help was ticked or the words are others, and returns whether it did. `take_back` makes
    the closed one count again when what asked anew at a time is undone or withdrawn. `find_claimant`
    gives the name of whoever has the open request, "" for nobody.
    """

    reopen: Callable[[Actor, Project, Sprint, datetime, bool], bool]
    take_back: Callable[[Actor, Project, Sprint, datetime | None], object]
    find_claimant: Callable[[Sprint], str]


@dataclass(frozen=True)
class SprintPageSection(Contribution):
    """One feature's lines about a started sprint.

    `figures` are scalar subqueries about the sprint bound as `sprint`; `list_lines` gets their
    values in the same order.
    """

    list_lines: SprintLineProvider
    figures: Sequence[Any] = ()


AwaitedHelp = tuple[datetime, bool]  # when help was asked for, and whether somebody took the request


@dataclass(frozen=True, eq=False, kw_only=True)
class HelpSource(Contribution):
    """Where else than in its sprints a project asks for help: what it awaits, by the project's id."""

    list_awaited: Callable[[UUID], Sequence[AwaitedHelp]]


@dataclass(frozen=True)
class HelpLine:
    """A request for help that no sprint made, in words, for the list of a project's requests: its state and
    the kind of its badge, how long it waits or waited, the name of whoever has it, "" while nobody has."""

    path: str
    name: str
    text: str
    state: str
    state_kind: str | None
    wait: str
    owner: str
    is_open: bool


@dataclass(frozen=True, eq=False, kw_only=True)
class HelpLineSource(Contribution):
    """What lists the requests for help of a project that no sprint made, those that wait first."""

    list_lines: Callable[[Actor, Project], Sequence[HelpLine]]


def list_help_lines(actor: Actor, project: Project) -> Sequence[HelpLine]:
    return [
        line for source in list_contributions(HelpLineSource) for line in source.list_lines(actor, project)
    ]


def list_help_awaited_elsewhere(project_id: UUID) -> Sequence[AwaitedHelp]:
    """What a project awaits of the sources of help beside its sprints."""
    return [each for source in list_contributions(HelpSource) for each in source.list_awaited(project_id)]
