"""Read histories and states of gates. The caller was allowed to see the project or the
programme."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, func, or_, select, true, tuple_

from portal.oversight.gates.definition_queries import (
    build_dated_definitions,
    read_dated_definitions_by_programme,
)
from portal.oversight.gates.definition_rules import GateDefinition
from portal.oversight.gates.evidence_queries import gather_evidence
from portal.oversight.gates.evidence_value_queries import build_missing_facts, read_evidence_values
from portal.oversight.gates.models import GateDecision, GateDiscussion, GateEvaluation
from portal.oversight.gates.predicate_rules import (
    GateResult,
    evaluate_gate,
    evaluation_from_plain,
    list_needed_parts,
)
from portal.oversight.gates.state_rules import (
    DatedDecision,
    DatedEvaluation,
    GateHistory,
    GateSnapshot,
    GateStanding,
    derive_state,
    derive_states_as_of,
)
from portal.oversight.gates.turn_rules import GateTurn, list_turns
from portal.people.accounts.models import Person
from portal.platform.kernel import clock
from portal.platform.kernel.database import db
from portal.project.projects.models import IS_NOT_OVER, Project


def read_histories_until(
    projects: Sequence[Project], until: datetime | None = None
) -> Mapping[UUID, GateHistory]:
    """Return by project what `derive_states_as_of` needs for a moment (now). Holds the last evaluation of
    each gate until then and all decisions. Three statements for any number of projects."""
    moment = until or clock.now()
    same_projects = GateEvaluation.project_id.in_([project.id for project in projects])
    newest = (
        select(GateEvaluation.id, _RANK.label("rank"))
        .where(same_projects, GateEvaluation.created_at <= moment)
        .subquery()
    )
    last = select(newest.c.id).where(newest.c.rank == 1)
    return _read_filtered_histories(projects, GateEvaluation.id.in_(last))


# Rank 1 is the last evaluation of a gate.
_RANK = func.row_number().over(
    partition_by=(GateEvaluation.project_id, GateEvaluation.gate),
    order_by=(GateEvaluation.created_at.desc(), GateEvaluation.id.desc()),
)


def _read_filtered_histories(
    projects: Sequence[Project], evaluation_filter: ColumnElement[bool]
) -> Mapping[UUID, GateHistory]:
    ids = [project.id for project in projects]
    changed = read_dated_definitions_by_programme({project.programme_id for project in projects})
    statement = (
        select(GateDecision, Person.name)
        .join(Person, Person.id == GateDecision.decided_by_id)
        .where(GateDecision.project_id.in_(ids))
        .order_by(GateDecision.created_at, GateDecision.id)
    )
    decisions = db.session.execute(statement).all()
    evaluation_ids = {row[0].evaluation_id for row in decisions} - {None}
    evaluations = {
        row.id: (row, evaluation_from_plain(row.payload))
        for row in db.session.scalars(
            select(GateEvaluation)
            .where(
                GateEvaluation.project_id.in_(ids),
                or_(evaluation_filter, GateEvaluation.id.in_(evaluation_ids)),
            )
            .order_by(GateEvaluation.created_at, GateEvaluation.id)
        )
    }
    judged: dict[UUID, list[DatedEvaluation]] = defaultdict(list)
    for evaluation_row, evaluation in evaluations.values():
        judged[evaluation_row.project_id].append(DatedEvaluation(evaluation_row.created_at, evaluation))
    decided: dict[UUID, list[DatedDecision]] = defaultdict(list)
    for row, who in decisions:
        basis = evaluations[row.evaluation_id][1] if row.evaluation_id else None
        decision = DatedDecision(row.created_at, row.gate, row.verb, basis, row.reason, who, row.id)
        decided[row.project_id].append(decision)
    return {
        project.id: GateHistory(
            build_dated_definitions(project, changed[project.programme_id]),
            judged[project.id],
            decided[project.id],
        )
        for project in projects
    }


def read_project_gate_history(project: Project) -> GateHistory:
    """Return all evaluations and decisions of one project, since its beginning."""
    return read_project_gate_histories([project])[project.id]


def read_project_gate_histories(projects: Sequence[Project]) -> Mapping[UUID, GateHistory]:
    """Return all evaluations and decisions by project, in three statements."""
    return _read_filtered_histories(projects, true())


def read_histories_of_gates(
    projects: Sequence[Project], gates: Collection[tuple[UUID, int]]
) -> Mapping[UUID, GateHistory]:
    """Return by project all evaluations of some of its gates, by project and number, and all decisions.
    Three statements."""
    return _read_filtered_histories(
        projects, tuple_(GateEvaluation.project_id, GateEvaluation.gate).in_(list(gates))
    )


def cap_day_at_project_end(project: Project, day: date) -> date:
    """Return `day`, or the day on which the project ended if that is earlier."""
    ended = project.stopped_on or project.finished_on
    return min(day, ended) if ended else day


def read_stored_states(project: Project) -> Sequence[GateSnapshot]:
    """Return the present state of all gates, from stored evaluations only (for the strip)."""
    history = read_histories_until([project])[project.id]
    return derive_states_as_of(history, clock.now(), cap_day_at_project_end(project, clock.today()))


def read_present_standings(projects: Sequence[Project]) -> Mapping[UUID, Mapping[int, GateStanding]]:
    """Return the standings of gates by number, by project, from stored evaluations; in a constant
    number of statements."""
    histories = read_histories_until(projects)
    return {
        project.id: {
            state.definition.number: state.standing
            for state in derive_states_as_of(
                histories[project.id], clock.now(), cap_day_at_project_end(project, clock.today())
            )
        }
        for project in projects
    }


def read_states(project: Project) -> Sequence[GateSnapshot]:
    """Return the present state of all gates; evaluates, without storing, those never evaluated."""
    return derive_states(project, read_histories_until([project])[project.id])


def derive_states(
    project: Project, history: GateHistory, moment: datetime | None = None
) -> Sequence[GateSnapshot]:
    """Return the states of all gates at a moment (now), from a history that was read already."""
    day = clock.day_of(moment) if moment else clock.today()
    states = derive_states_as_of(history, moment or clock.now(), cap_day_at_project_end(project, day))
    unevaluated = [state.definition for state in states if state.evaluation is None]
    if moment is not None or not unevaluated:
        return states
    judged = {evaluation.gate: evaluation for evaluation in evaluate_now(project, unevaluated)}
    return [
        state if state.evaluation else replace(state, evaluation=judged[state.definition.number])
        for state in states
    ]


def evaluate_now(project: Project, definitions: Sequence[GateDefinition]) -> Sequence[GateResult]:
    """Return evaluations of the present evidence, without storing them."""
    needed = frozenset().union(*(list_needed_parts(definition) for definition in definitions))
    evidence = gather_evidence(project, needed)
    return [evaluate_gate(definition, evidence) for definition in definitions]


def read_last_evaluation(project: Project, definition: GateDefinition) -> GateResult:
    """Return the last stored evaluation of a gate; where none is stored, evaluate now."""
    row = read_last_evaluation_rows_by_gate(project).get(definition.number)
    return evaluation_from_plain(row.payload) if row else evaluate_now(project, [definition])[0]


def read_missing_facts(project: Project, row: GateEvaluation) -> list[dict[str, Any]]:
    """Why proofs are missing in an evaluation, as facts of an event."""
    missing = evaluation_from_plain(row.payload).missing
    return build_missing_facts(missing, read_evidence_values(project, missing))


def read_last_evaluations_by_gate(project: Project, numbers: Iterable[int]) -> Mapping[int, GateResult]:
    """Return the last stored evaluation of some gates by number, in one statement; gates that were
    never evaluated are missing."""
    statement = select(GateEvaluation.gate, GateEvaluation.payload).where(
        GateEvaluation.id.in_(select(_ranked.c.id).where(_ranked.c.rank == 1)),
        GateEvaluation.gate.in_(list(numbers)),
    )
    rows = db.session.execute(statement, {"project": project.id})
    return {gate: evaluation_from_plain(payload) for gate, payload in rows}


def list_turns_today(state: GateSnapshot) -> Sequence[GateTurn]:
    """Return whose turns come before an acceptance of a gate would hold, given today."""
    return list_turns(state.definition, state.evaluation, clock.today())


def read_state(project: Project, definition: GateDefinition, evaluation: GateResult | None) -> GateSnapshot:
    """Return the present state of one gate, given its last evaluation. One statement, on the
    decisions of this gate alone; `read_histories_until` takes three, on all gates."""
    statement = (
        select(GateDecision, GateEvaluation.payload)
        .outerjoin(GateEvaluation, GateEvaluation.id == GateDecision.evaluation_id)
        .where(GateDecision.project_id == project.id, GateDecision.gate == definition.number)
        .order_by(GateDecision.created_at, GateDecision.id)
    )
    decisions = [
        DatedDecision(
            row.created_at,
            row.gate,
            row.verb,
            evaluation_from_plain(payload) if payload else None,
            row.reason,
        )
        for row, payload in db.session.execute(statement)
    ]
    return derive_state(definition, evaluation, decisions, cap_day_at_project_end(project, clock.today()))


def read_last_evaluation_rows_by_gate(project: Project) -> Mapping[int, GateEvaluation]:
    """Return the last stored evaluation of each gate of a project."""
    return {row.gate: row for row in db.session.scalars(_LATEST, {"project": project.id})}


_ranked = (
    select(GateEvaluation.id, _RANK.label("rank"))
    .where(GateEvaluation.project_id == bindparam("project"))
    .subquery()
)
_LATEST = select(GateEvaluation).where(GateEvaluation.id.in_(select(_ranked.c.id).where(_ranked.c.rank == 1)))


def find_discussion_id(project: Project, gate: int) -> UUID | None:
    """Return the id of the discussion of a gate."""
    same_gate = GateDiscussion.project_id == project.id, GateDiscussion.gate == gate
    return db.session.scalar(select(GateDiscussion.discussion_id).where(*same_gate))


def list_projects_in_id_order(ids: Iterable[UUID]) -> Sequence[Project]:
    """Return projects in the order of their ids, in which projections lock them."""
    return db.session.scalars(select(Project).where(Project.id.in_(ids)).order_by(Project.id)).all()


def list_open_projects(programme_id: UUID) -> Sequence[Project]:
    """Return the projects of a programme that are not over, by organisation."""
    statement = select(Project).where(Project.programme_id == programme_id, *IS_NOT_OVER)
    return db.session.scalars(statement.order_by(Project.organisation_fold, Project.slug)).all()
