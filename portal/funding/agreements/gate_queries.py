"""Gates as conditions of payments, which the features above contribute."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from portal.funding.agreements.condition_rules import GateForPayment
from portal.platform.kernel.contributions import Contribution, list_contributions
from portal.project.projects.models import Project

GatesByProject = Mapping[UUID, Mapping[int, GateForPayment]]
MomentsByProject = Mapping[UUID, Mapping[int, datetime]]


@dataclass(frozen=True, eq=False)
class ProjectGateReader(Contribution):
    """`read_gates` returns the gates of projects at a moment (now), in a constant number of
    statements; `find_sponsor` the sponsor that a team has named; `read_last_acceptances` when gates of
    projects were last accepted or waived, in one statement."""

    read_gates: Callable[[Sequence[Project], datetime | None], GatesByProject]
    find_sponsor: Callable[[Project], UUID | None]
    read_last_acceptances: Callable[[Collection[UUID], datetime | None], MomentsByProject]


def read_gates_by_project(projects: Sequence[Project], moment: datetime | None = None) -> GatesByProject:
    """The gates of projects at a moment (now), by project and number."""
    gates: dict[UUID, Mapping[int, GateForPayment]] = {}
    for book in list_contributions(ProjectGateReader):
        gates.update(book.read_gates(projects, moment))
    return gates


def read_last_acceptances(project_ids: Collection[UUID], moment: datetime | None = None) -> MomentsByProject:
    """When gates were last accepted or waived, until a moment (now), by project and number."""
    moments: dict[UUID, Mapping[int, datetime]] = {}
    for book in list_contributions(ProjectGateReader):
        moments.update(book.read_last_acceptances(project_ids, moment))
    return moments


def find_sponsor_id(project: Project) -> UUID | None:
    """The sponsor of a team, None before one is named."""
    return next(
        (
            sponsor
            for book in list_contributions(ProjectGateReader)
            if (sponsor := book.find_sponsor(project))
        ),
        None,
    )
