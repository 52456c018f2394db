"""Stale acceptances, for the acceptors of those gates and the leads of their programmes: no new
request is needed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import load_only

from portal.oversight.gates import policy
from portal.oversight.gates.acceptor_queries import map_gates_actor_accepts_by_project
from portal.oversight.gates.completion_queries import GateKey, read_completion_moments
from portal.oversight.gates.definition_queries import read_definitions_by_programme
from portal.oversight.gates.definition_rules import GateAcceptor, GateDefinition
from portal.oversight.gates.queries import read_histories_of_gates
from portal.oversight.gates.staleness_day_rules import date_staleness
from portal.oversight.gates.state_rules import GateSnapshot, derive_states_as_of
from portal.oversight.gates.turn_rules import LEAD_TURNS, GateTurn
from portal.oversight.health.models import HealthFigures
from portal.oversight.health.queries import read_states
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.project.projects.models import IS_NOT_OVER, Project
from portal.project.projects.to_decide_queries import WAITING_MAX


@dataclass(frozen=True)
class StaleGateForActor:
    """A stale gate that waits for the actor (`is_own`), or of a programme that the actor leads.

    It waits for its acceptors once nobody else's turn is left in `turns`, `since` that day.
    """

    project: Project
    definition: GateDefinition
    since: date
    is_own: bool
    turns: Sequence[GateTurn]


def list_stale_gates_for_actor(actor: Actor) -> Sequence[StaleGateForActor]:
    """Return the stale gates that the actor accepts (as a reviewer: once it is their turn) and all those of
    the programmes that the actor leads, not requested, the oldest first, at most `WAITING_MAX`; without
    their causes, which cost more. A bounded number of statements."""
    if not policy.has_role_accepting_some_gate(actor):
        return []
    today = clock.today()
    columns = load_only(Project.programme_id, Project.slug, Project.acronym, Project.organisation)
    projects = {
        project.id: project
        for project in db.session.scalars(_select_projects_with_stale_gates(actor, today).options(columns))
    }
    if not projects:
        return []
    own = map_gates_actor_accepts_by_project(actor, list(projects.values()))
    definitions = read_definitions_by_programme({project.programme_id for project in projects.values()})
    followed = []
    for (id_, number), (stale_day, turns) in _read_stale_since_and_turns(projects, today).items():
        project, accepts = projects[id_], number in own[id_]
        leads = policy.can_see_all_requests(actor, project)
        definition = definitions[project.programme_id].get(number)
        if definition is not None and (leads or (accepts and not _is_left_to_others(definition, turns))):
            is_own = leads and not LEAD_TURNS.isdisjoint(turns) if turns else accepts
            followed.append(StaleGateForActor(project, definition, stale_day, is_own, turns))
    listed = sorted(followed, key=_age_key)[:WAITING_MAX]
    ready_days = _read_ready_days(listed)
    return sorted(
        (replace(gate, since=ready_days.get(_key_of(gate), gate.since)) for gate in listed), key=_age_key
    )


def _is_left_to_others(definition: GateDefinition, turns: Sequence[GateTurn]) -> bool:
    """Whether its reviewer has nothing to do yet: what is theirs of it is a re-review, listed by itself."""
    return bool(turns) and definition.terms.acceptor is GateAcceptor.REVIEWER


def _age_key(gate: StaleGateForActor) -> tuple[date, str, int]:
    return gate.since, gate.project.slug, gate.definition.number


def _key_of(gate: StaleGateForActor) -> GateKey:
    return gate.project.id, gate.definition.number


def _read_ready_days(stale_gates: Sequence[StaleGateForActor]) -> Mapping[GateKey, date]:
    """The day since which stale gates wait for their acceptors alone."""
    ready = {_key_of(gate): gate for gate in stale_gates if not gate.turns}
    moments = read_completion_moments(
        {key: clock.end_of_day(gate.since - timedelta(days=1)) for key, gate in ready.items()},
        {key: gate.definition for key, gate in ready.items()},
    )
    return {key: max(ready[key].since, clock.day_of(moment)) for key, moment in moments.items()}


def read_stale_gate_states(
    projects: Sequence[Project], gates: Collection[GateKey]
) -> Mapping[UUID, Mapping[int, GateSnapshot]]:
    """Return the states of those of some gates that are stale, by project and number; their causes say since
    when. Three statements."""
    today, histories = clock.today(), read_histories_of_gates(projects, gates)
    return {
        id_: {
            state.definition.number: replace(state, stale=tuple(date_staleness(state, history)))
            for state in derive_states_as_of(history, clock.now(), today)
            if state.stale
        }
        for id_, history in histories.items()
    }


def _select_projects_with_stale_gates(actor: Actor, today: date) -> Select[Project]:
    """Projects under way where an acceptance is stale and the actor may be the acceptor of some
    gates."""
    return (
        select(Project)
        .join(HealthFigures, HealthFigures.project_id == Project.id)
        .where(
            policy.may_accept_some_gate_condition(actor),
            *IS_NOT_OVER,
            HealthFigures.stale_from <= today,
        )
    )


def _read_stale_since_and_turns(
    projects: Mapping[UUID, Project], today: date
) -> Mapping[GateKey, tuple[date, Sequence[GateTurn]]]:
    """First day of each acceptance stale today, and whose turn comes before its acceptors'; of gates
    not waived and not requested."""
    return {
        (id_, step.number): (day, step.list_turns_on(today))
        for id_, state in read_states(list(projects)).items()
        for step in state.facts.steps
        if (day := step.stale_since()) is not None
        and day <= today
        and not step.is_waived
        and not step.is_asked
    }
