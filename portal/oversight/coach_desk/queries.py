"""What each coach carries, and who may take a team over, in a constant number of statements."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased

from portal.coaching.clinics.models import Clinic
from portal.coaching.recommendations.models import Recommendation, RecommendationStage
from portal.coaching.sessions.models import CoachingSession
from portal.oversight.coach_desk import policy
from portal.oversight.coach_desk.coach_date_queries import IS_CONTACT
from portal.oversight.decisions.models import AwaitedDecision
from portal.oversight.health.silent_coach_queries import count_silent_days_by_project
from portal.people.accounts.models import Person
from portal.people.programmes.models import RoleAssignment, Track
from portal.people.programmes.queries import list_role_pool
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import NotFound
from portal.project.projects.models import Project
from portal.project.projects.queries import count_teams_by_person

ASSIGNMENTS_MAX = 1000
LEADS_MAX = 20


@dataclass(frozen=True)
class CoachAssignment:
    """A team that somebody coaches on a track; `contact_on` is the last session on that track, and
    `silent_days` the days since, 0 unless the team's health counts them."""

    assignment: RoleAssignment
    project: Project
    track: Track | None
    contact_on: date | None
    silent_days: int = 0


@dataclass(frozen=True)
class CoachLoad:
    """What one coach of a programme carries. `team_count` counts all their teams, `teams` are those among
    the assignments that the list holds, `help_requests` counts the open ones that they have, `to_confirm`
    their recommendations that teams say are done."""

    person: Person
    team_count: int
    teams: Sequence[CoachAssignment]
    help_requests: int
    to_confirm: int


def list_coach_loads(actor: Actor) -> Sequence[CoachLoad]:
    """The coaches of the programmes that the actor leads, whoever has most teams first: those of the first
    `ASSIGNMENTS_MAX` assignments by the coach's name."""
    led = policy.list_led_programme_ids(actor)
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
    rows = db.session.execute(statement).all()
    silent_days = count_silent_days_by_project({project.id for _assignment, project, *_others in rows})
    for assignment, project, track, person, contact_on in rows:
        people[person.id] = person
        days = silent_days.get(project.id, {}).get(track.key, 0) if track else 0
        teams[person.id].append(CoachAssignment(assignment, project, track, contact_on, days))
    team_counts = count_teams_by_person(actor, list(people.values()))
    help_requests = _count_help_requests_by_person(led)
    to_confirm = _count_rows_by_person(
        Recommendation.author_id, Recommendation, Recommendation.stage == RecommendationStage.COMPLETED, led
    )
    loads = [
        CoachLoad(
            person=person,
            team_count=team_counts.get(id_, 0),
            teams=sorted(teams[id_], key=_silence_key),
            help_requests=help_requests.get(id_, 0),
            to_confirm=to_confirm.get(id_, 0),
        )
        for id_, person in people.items()
    ]
    return sorted(loads, key=lambda load: -load.team_count)


def is_list_cut(loads: Sequence[CoachLoad]) -> bool:
    """Whether a list of coaches may miss assignments."""
    return sum(len(load.teams) for load in loads) >= ASSIGNMENTS_MAX


def _silence_key(assigned: CoachAssignment) -> int:
    return -assigned.silent_days


def _count_help_requests_by_person(led: Sequence[UUID]) -> Mapping[UUID, int]:
    """Open requests for help that people have, of sprints and put as questions."""
    is_open_question = AwaitedDecision.asks_for_help, AwaitedDecision.closed_at.is_(None)
    counts = Counter(_count_rows_by_person(Clinic.taken_by_id, Clinic, Clinic.closed_at.is_(None), led))
    counts.update(
        _count_rows_by_person(AwaitedDecision.owner_id, AwaitedDecision, and_(*is_open_question), led)
    )
    return counts


def _count_rows_by_person(person: Any, model: Any, condition: Any, led: Sequence[UUID]) -> Mapping[UUID, int]:
    """Rows of a model in the projects of these programmes, by person."""
    counts = (
        select(person, func.count())
        .select_from(model)
        .join(Project, Project.id == model.project_id)
        .where(condition, Project.programme_id.in_(led))
        .group_by(person)
    )
    return {row[0]: row[1] for row in db.session.execute(counts)}


def list_lead_names_for_coach(actor: Actor) -> Sequence[str]:
    """The names of those who lead the programmes of the teams that the actor coaches."""
    coached = select(Project.programme_id).where(Project.id.in_(policy.list_coached_project_ids(actor)))
    statement = (
        select(Person.name)
        .join(RoleAssignment, RoleAssignment.person_id == Person.id)
        .where(
            RoleAssignment.role == policy.LEAD,
            RoleAssignment.scope_id.in_(coached),
            Person.disabled_at.is_(None),
        )
        .distinct()
        .order_by(Person.name)
        .limit(LEADS_MAX)
    )
    return db.session.scalars(statement).all()


def list_possible_successors(project: Project, assignment: RoleAssignment) -> Sequence[Person]:
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
    pool = list_role_pool(project.programme_id, policy.COACH)
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
