"""Read a coach's desk, in a number of statements that does not grow with the teams."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from portal.coaching.clinics.models import Clinic, ClinicStep
from portal.coaching.clinics.queries import HelpRequest
from portal.coaching.recommendations.models import Recommendation, RecommendationStage
from portal.coaching.sessions.models import CoachingSession
from portal.collaboration.discussions.models import Comment, Discussion
from portal.collaboration.discussions.queries import filter_new_comments
from portal.oversight.coach_desk import policy
from portal.oversight.coach_desk.attention_rules import DeskReason, DeskSigns, reasons_for, urgency
from portal.oversight.coach_desk.coach_date_queries import IS_CONTACT, CoachDates, read_dates
from portal.oversight.gates.request_queries import RequestedGate
from portal.oversight.health.queries import read_states
from portal.oversight.health.stale_gate_queries import StaleGate
from portal.oversight.health.state_rules import HealthState
from portal.oversight.portfolio.queries import list_coached_teams
from portal.oversight.portfolio.team_queries import PortfolioTeam
from portal.people.accounts.models import Person
from portal.people.programmes.models import RoleAssignment, Track
from portal.people.programmes.queries import list_pool
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import NotFound
from portal.project.projects.models import Project

ASSIGNMENTS_MAX = 1000


@dataclass(frozen=True)
class CoachedTeam:
    """A team that the actor coaches, and why it asks for its coach; `state` is its health."""

    team: PortfolioTeam
    reasons: Sequence[DeskReason]
    state: HealthState | None = None


@dataclass(frozen=True)
class CoachAssignment:
    """A team that somebody coaches on a track; `contact_on` is the last session on that track."""

    assignment: RoleAssignment
    project: Project
    track: Track | None
    contact_on: date | None


@dataclass(frozen=True)
class CoachLoad:
    """What one coach of a programme carries. `clinics` counts open ones, `to_confirm` their
    recommendations that teams say are done."""

    person: Person
    teams: Sequence[CoachAssignment]
    clinics: int
    to_confirm: int


def read_desk(
    actor: Actor,
    requests: Sequence[HelpRequest],
    requested_gates: Sequence[RequestedGate],
    stale: Sequence[StaleGate],
    zone: str,
) -> Sequence[CoachedTeam]:
    """The teams that the actor coaches, the most urgent first.

    `requests` for help, `requested_gates` and `stale` gates are those that wait for the actor.
    """
    teams, today = list_coached_teams(actor, zone), clock.today(zone)
    ids = [team.project.id for team in teams]
    if not ids:
        return []
    dates, unread = read_dates(actor, ids), _unread_signs(actor, ids)
    states = read_states(ids, day=today)
    coached = []
    for team in teams:
        id_ = team.project.id
        signs = DeskSigns(
            goes_on=team.goes_on,
            closed_on=today - timedelta(days=team.days_without_close),
            severe=team.severe,
            grave=team.gravest,
            **_date_signs(dates.get(id_), team, today),
            **unread.get(id_, {}),
            **_help_signs([request for request in requests if request.project.id == id_], actor),
            **_gate_signs([gate for gate in requested_gates if gate.project.id == id_]),
            **_stale_signs([gate for gate in stale if gate.project.id == id_]),
        )
        state = states.get(id_)
        signals = state.signals if state else None
        reasons = reasons_for(signs, team.definitions, today, signals)
        coached.append(CoachedTeam(team, reasons, state))
    return sorted(coached, key=lambda coached_team: urgency(coached_team.reasons), reverse=True)


def _date_signs(dates: CoachDates | None, team: PortfolioTeam, today: date) -> Mapping[str, Any]:
    """The signs of a coach's dates: contact, a session missed, recommendations."""
    if dates is None:
        return {"contact_on": team.project.starts_on}
    last_on, next_on = dates.last_on, dates.next_on
    missed = next_on if next_on and next_on < today and (not last_on or last_on < next_on) else None
    contact_on = last_on or team.project.starts_on
    return {"contact_on": contact_on, "session_missed_on": missed, **dates.advice}


def _help_signs(requests: Sequence[HelpRequest], actor: Actor) -> dict[str, Any]:
    """Since when a request for help waits for a coach, or the actor's clinic for a date."""
    signs: dict[str, Any] = {}
    for request in requests:
        if request.clinic is None:
            signs["help_since"] = clock.day_of(request.requested_at)
        elif request.clinic.taken_by_id == actor.person_id and request.step is ClinicStep.CLAIMED:
            signs["undated_since"] = clock.day_of(request.clinic.taken_at)
    return signs


def _gate_signs(gates: Sequence[RequestedGate]) -> dict[str, Any]:
    first = min((clock.day_of(gate.requested_at) for gate in gates), default=None)
    return {"requested_gates": len(gates), "gates_requested_since": first}


def _stale_signs(gates: Sequence[StaleGate]) -> dict[str, Any]:
    return {"stale": len(gates), "stale_since": min((gate.since for gate in gates), default=None)}


def _unread_signs(actor: Actor, ids: Sequence[UUID]) -> Mapping[UUID, dict[str, Any]]:
    """Per project: how many comments the actor has not read, and since when."""
    news = filter_new_comments(select(Discussion.scope_id, func.count(), func.min(Comment.created_at)))
    rows = db.session.execute(
        news.where(Discussion.scope_id.in_(ids)).group_by(Discussion.scope_id), {"reader": actor.person_id}
    )
    return {id_: {"unread": count, "unread_since": clock.day_of(first)} for id_, count, first in rows}


def list_loads(actor: Actor) -> Sequence[CoachLoad]:
    """The coaches of the programmes that the actor leads, whoever has most teams first."""
    led = policy.list_led_programmes(actor)
    if not led:
        return []
    contact = select(func.max(CoachingSession.held_on)).where(IS_CONTACT).correlate(RoleAssignment)
    statement = (
        select(RoleAssignment, Project, Track, Person, contact.scalar_subquery())
        .join(Project, Project.id == RoleAssignment.scope_id)
        .join(Person, Person.id == RoleAssignment.person_id)
        .outerjoin(Track, Track.id == RoleAssignment.track_id)
        .where(RoleAssignment.role == policy.COACH, Project.programme_id.in_(led))
        .order_by(Person.name, Project.organisation_fold, Track.position)
        .limit(ASSIGNMENTS_MAX)
    )
    teams: dict[UUID, list[CoachAssignment]] = defaultdict(list)
    people: dict[UUID, Person] = {}
    for assignment, project, track, person, contact_on in db.session.execute(statement):
        people[person.id] = person
        teams[person.id].append(CoachAssignment(assignment, project, track, contact_on))
    clinics = _count_by(Clinic.taken_by_id, Clinic, Clinic.closed_at.is_(None), led)
    to_confirm = _count_by(
        Recommendation.author_id, Recommendation, Recommendation.stage == RecommendationStage.COMPLETED, led
    )
    loads = [
        CoachLoad(person, teams[id_], clinics.get(id_, 0), to_confirm.get(id_, 0))
        for id_, person in people.items()
    ]
    return sorted(loads, key=lambda load: -len(load.teams))


def _count_by(person: Any, model: Any, condition: Any, led: Sequence[UUID]) -> Mapping[UUID, int]:
    """Rows of a model in the projects of these programmes, by person."""
    counts = (
        select(person, func.count())
        .select_from(model)
        .join(Project, Project.id == model.project_id)
        .where(condition, Project.programme_id.in_(led))
        .group_by(person)
    )
    return {row[0]: row[1] for row in db.session.execute(counts)}


def list_successors(project: Project, assignment: RoleAssignment) -> Sequence[Person]:
    """Coaches of the programme's pool who do not have this assignment already."""
    same = aliased(RoleAssignment)
    holders = set(
        db.session.scalars(
            select(same.person_id).where(
                same.scope_id == project.id,
                same.role == policy.COACH,
                same.track_id.is_not_distinct_from(assignment.track_id),
            )
        )
    )
    pool = list_pool(project.programme_id, policy.COACH)
    return [person for person in pool if person.id not in holders]


def get_assignment(project: Project, assignment_id: UUID) -> CoachAssignment:
    """The assignment of a coach in a project. Raises `NotFound`."""
    statement = (
        select(RoleAssignment, Track)
        .outerjoin(Track, Track.id == RoleAssignment.track_id)
        .where(
            RoleAssignment.id == assignment_id,
            RoleAssignment.scope_id == project.id,
            RoleAssignment.role == policy.COACH,
        )
    )
    row = db.session.execute(statement).first()
    if row is None:
        raise NotFound
    return CoachAssignment(row[0], project, row[1], None)
