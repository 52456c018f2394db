"""The gates of one project, as facts of its health."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select

from portal.funding.change_requests.models import GrantedDelay
from portal.funding.change_requests.queries import list_project_delays
from portal.oversight.gates import queries
from portal.oversight.gates.evidence_parameter_queries import PROJECT_PARAMETER, project_parameter_values
from portal.oversight.gates.models import GateDecision, GateEvaluation, GateTerms
from portal.oversight.gates.state_rules import GateSnapshot, derive_states_as_of, first_acceptance_days
from portal.oversight.health.fact_rules import GateFacts, GrantedGateDelay, HealthFacts
from portal.platform.kernel import clock
from portal.platform.kernel.database import fetch_rows
from portal.platform.kernel.months import months_after
from portal.project.projects.models import Project

EDITION = 1  # of the rules that derive `steps`; the next one where they say otherwise of the same rows
EXCERPT_MAX = 160  # characters of the reasons of a refusal
_MARK = select(
    select(func.count()).where(GateEvaluation.project_id == PROJECT_PARAMETER).scalar_subquery(),
    select(func.count()).where(GateDecision.project_id == PROJECT_PARAMETER).scalar_subquery(),
    select(func.count())
    .where(
        GateTerms.programme_id
        == select(Project.programme_id).where(Project.id == PROJECT_PARAMETER).scalar_subquery()
    )
    .scalar_subquery(),
    select(func.count()).where(GrantedDelay.project_id == PROJECT_PARAMETER).scalar_subquery(),
)


def read_gate_fact_fields(project: Project, facts: HealthFacts) -> dict[str, Any]:
    """Return the fields of `HealthFacts` that describe gates; none when they are unchanged.

    The history is read again only if an evaluation, a decision, an edition or a delay was added
    since `facts`, if the project's first day changed, or if other rules read it.
    """
    mark = sum(fetch_rows(_MARK, project_parameter_values(project))[0])
    is_read = facts.steps and (facts.edition, facts.mark) == (EDITION, mark)
    if is_read and facts.starts_on == project.starts_on:
        return {}
    history = queries.read_histories_until([project])[project.id]
    now, today = clock.now(), clock.today()
    decisions = [decision for decision in history.decisions if decision.at <= now]
    accepted_on = first_acceptance_days(decisions)
    steps_before = {step.number: step for step in facts.steps}
    delays = [GrantedGateDelay(*delay) for delay in list_project_delays(project.id)]
    states = derive_states_as_of(history, now, queries.cap_day_at_project_end(project, today))
    return {
        "mark": mark,
        "edition": EDITION,
        "steps": tuple(
            _apply_granted_delays(
                _build_gate_facts(project, state, accepted_on, steps_before.get(state.definition.number)),
                delays,
            )
            for state in states
        ),
    }


def _apply_granted_delays(step: GateFacts, delays: Sequence[GrantedGateDelay]) -> GateFacts:
    """The step with its baseline moved by the delays granted before the day it was passed."""
    passed_on = step.first_passed_on
    moves = tuple(move for move in delays if passed_on is None or move.from_on < passed_on)
    due_on = step.due_on + timedelta(days=sum(move.days for move in moves))
    return replace(step, due_on=due_on, moves=moves) if moves else step


def _build_gate_facts(
    project: Project, state: GateSnapshot, accepted_on: Mapping[int, date], before: GateFacts | None
) -> GateFacts:
    definition, evaluation = state.definition, state.evaluation
    first_accepted_on = accepted_on.get(definition.number)
    stale_on = None
    if state.stale:
        expired = evaluation and evaluation.fresh_until and evaluation.fresh_until < clock.today()
        known_since = before.stale_on if before else None
        stale_on = known_since or (None if expired and len(state.stale) == 1 else clock.today())
    unproved_on = None
    if before and not state.is_proved:
        unproved_on = clock.today() if before.is_proved else before.unproved_on
    return GateFacts(
        number=definition.number,
        key=definition.key,
        weight=definition.weight,
        due_on=months_after(project.starts_on, definition.terms.month),
        is_waived=state.waiver is not None,
        is_declared=state.declared is not None,
        is_asked=state.is_requested,
        is_proved=state.is_proved,
        unproved_on=unproved_on,
        lacking=len(evaluation.missing) if evaluation else len(definition.predicates),
        passed_on=first_accepted_on if state.was_accepted else None,
        revoked_from=None if state.was_accepted else first_accepted_on,
        stale_on=stale_on,
        fresh_until=evaluation.fresh_until if evaluation and state.was_accepted else None,
        turns=tuple(queries.list_turns_today(state)),
        refusal=state.answer.reason[:EXCERPT_MAX] if state.answer and state.is_refused else "",
    )
