"""Acceptances that have gone stale, for whoever accepts those gates: a desk and a home ask at each
visit. Nobody has to ask for them again before they are seen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from portal.gates import policy
from portal.gates.definition import Definition, Stale
from portal.gates.queries import read_histories
from portal.gates.standing import Staleness, as_of
from portal.gates.waiting import WAITING_MAX, own_gates
from portal.health.models import HealthFigures
from portal.health.queries import states_of
from portal.kernel import clock
from portal.kernel.access import Actor
from portal.kernel.db import db
from portal.projects.models import Project

# What makes any acceptance stale for as long as it is so.
LASTING = frozenset({Stale.TRIGGER_OPEN, Stale.VERSIONS_LATER, Stale.DAYS_LATER})
Gate = tuple[UUID, int]  # of a project, by its number


@dataclass(frozen=True)
class StaleGate:
    """`since` is the day from which its acceptance is stale, `causes` what made it so."""

    project: Project
    definition: Definition
    since: date
    causes: Sequence[Staleness]
    is_proved: bool

    @property
    def holds_anew(self) -> bool:
        """Whether it could be accepted at once and not be stale again the same moment."""
        return self.is_proved and LASTING.isdisjoint(one.cause for one in self.causes)


def list_stale(actor: Actor) -> Sequence[StaleGate]:
    """Those that are the actor's to accept and that nobody asks for, the longest stale first; in a
    constant number of statements."""
    if not policy.accepts_somewhere(actor):
        return []
    today = clock.today()
    candidates = (
        select(Project)
        .join(HealthFigures, HealthFigures.project_id == Project.id)
        .where(
            policy.asks(actor),
            Project.stopped_on.is_(None),
            Project.finished_on.is_(None),
            HealthFigures.stale_from <= today,
        )
    )
    projects = {one.id: one for one in db.session.scalars(candidates)}
    if not projects:
        return []
    since = _since(projects, today)
    own = own_gates(actor, list(projects.values()))
    mine = {gate: day for gate, day in since.items() if gate[1] in own[gate[0]]}
    told = _told({id_: projects[id_] for id_, _number in mine}, mine, today)
    return sorted(told, key=lambda one: (one.since, one.project.slug))[:WAITING_MAX]


def _since(projects: Mapping[UUID, Project], today: date) -> Mapping[Gate, date]:
    """From when each is stale that is so today, and that its team has not asked for again."""
    return {
        (id_, step.number): day
        for id_, state in states_of(list(projects)).items()
        for step in state.facts.steps
        if (day := step.stale_since()) is not None
        and day <= today
        and not step.is_waived
        and not step.is_asked
    }


def _told(
    projects: Mapping[UUID, Project], since: Mapping[Gate, date], today: date
) -> Sequence[StaleGate]:
    if not projects:
        return []
    histories = read_histories(list(projects.values()))
    return [
        StaleGate(projects[id_], state.definition, since[gate], state.stale, state.is_proved)
        for id_, history in histories.items()
        for state in as_of(history, clock.now(), today)
        if state.stale and (gate := (id_, state.definition.number)) in since
    ]
