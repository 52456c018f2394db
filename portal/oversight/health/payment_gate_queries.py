"""Gates as conditions of payments: their standing and their forecast, from stored readings."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select

from portal.funding.agreements.condition_rules import GateForPayment
from portal.funding.agreements.gate_queries import GatesByProject, MomentsByProject, ProjectGateReader
from portal.oversight.gates.definition_rules import GateVerb
from portal.oversight.gates.forecast_rules import LatenessIncrements
from portal.oversight.gates.models import GateDecision, TeamKeyRoles
from portal.oversight.health.queries import compute_lateness_increments, read_lateness_increments, read_states
from portal.oversight.health.state_rules import HealthSnapshot
from portal.people.programmes.models import RoleAssignment
from portal.people.programmes.policy import TEAM
from portal.platform.kernel import clock
from portal.platform.kernel.database import db
from portal.project.projects.models import Project


def read_payment_gates(projects: Sequence[Project], moment: datetime | None = None) -> GatesByProject:
    """The gates of projects at a moment (now): one statement for all, one more a programme."""
    programmes = {project.programme_id for project in projects}
    states = read_states([project.id for project in projects], moment)
    steps = {id_: _read_lateness_increments_at(id_, moment) for id_ in programmes}
    today = clock.day_of(moment) if moment else clock.today()
    return {
        project.id: _map_payment_gates(states[project.id], steps[project.programme_id], today)
        for project in projects
        if project.id in states
    }


def _read_lateness_increments_at(programme_id: UUID, moment: datetime | None) -> LatenessIncrements:
    if moment is None:
        return read_lateness_increments(programme_id)
    ids = db.session.scalars(select(Project.id).where(Project.programme_id == programme_id)).all()
    return compute_lateness_increments(read_states(ids, moment).values())


def _map_payment_gates(
    state: HealthSnapshot, steps: LatenessIncrements, today: date
) -> Mapping[int, GateForPayment]:
    forecasts = {forecast.number: forecast for forecast in state.forecast(steps)}
    gates = {}
    for step in state.facts.steps:
        forecast = forecasts.get(step.number)
        gates[step.number] = GateForPayment(
            number=step.number,
            due_on=step.due_on,
            accepted_on=step.passed_on,
            first_accepted_on=step.first_passed_on,
            is_stale=step.is_stale(today),
            is_waived=step.is_waived,
            expected_on=forecast.expected_on if forecast else None,
            latest_on=forecast.latest_on if forecast else None,
        )
    return gates


def find_sponsor_id(project: Project) -> UUID | None:
    """The sponsor that the team has named, while that person is on the team."""
    statement = (
        select(TeamKeyRoles.sponsor_id)
        .join(
            RoleAssignment,
            (RoleAssignment.scope_id == TeamKeyRoles.project_id)
            & (RoleAssignment.person_id == TeamKeyRoles.sponsor_id),
        )
        .where(TeamKeyRoles.project_id == project.id, RoleAssignment.role.in_(TEAM))
    )
    return db.session.scalar(statement.limit(1))


def read_last_acceptances(project_ids: Collection[UUID], moment: datetime | None) -> MomentsByProject:
    """When gates of projects were last accepted or waived, until a moment if any: one statement."""
    statement = (
        select(GateDecision.project_id, GateDecision.gate, func.max(GateDecision.created_at))
        .where(
            GateDecision.project_id.in_(project_ids),
            GateDecision.verb.in_((GateVerb.ACCEPTED, GateVerb.WAIVED)),
        )
        .group_by(GateDecision.project_id, GateDecision.gate)
    )
    if moment is not None:
        statement = statement.where(GateDecision.created_at <= moment)
    moments: dict[UUID, dict[int, datetime]] = defaultdict(dict)
    for project_id, gate, accepted_at in db.session.execute(statement):
        moments[project_id][gate] = accepted_at
    return moments


BOOK = ProjectGateReader(read_payment_gates, find_sponsor_id, read_last_acceptances)
