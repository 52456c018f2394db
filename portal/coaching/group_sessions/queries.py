"""Queries of group sessions; results are filtered by what the actor may see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import and_, bindparam, func, or_, select

from portal.coaching.group_sessions import policy
from portal.coaching.group_sessions.models import (
    MARKS,
    NUMBER_MAX,
    QUESTIONS,
    TAKES_PLACE,
    Gathering,
    SatisfactionRespondent,
    SatisfactionTally,
    TeamAttendance,
)
from portal.people.accounts.models import Person
from portal.people.programmes.models import Programme, Scope
from portal.people.programmes.schedule_rules import running_first
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db, get_scalar, lock_row
from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.text import gettext as _
from portal.project.projects.models import Project
from portal.project.projects.numbered_queries import ListPage, read_joined_page

SURVEY_TIME = timedelta(days=21)  # after a session its three questions are announced to the teams
SURVEYS_MAX = 3
ANSWERS_MIN = 3  # answers; with fewer, the tallies would reveal individual answers

_programme_id = select(Project.programme_id).where(Project.id == bindparam("project")).scalar_subquery()
_in_programme = Gathering.programme_id == _programme_id
_today: Any = bindparam("today", callable_=clock.today)


def _read_hour_of_day() -> str:
    return clock.now().astimezone(ZoneInfo(clock.DEFAULT_ZONE)).strftime("%H:%M")


# Still to be held, as `Gathering.is_upcoming`: of those of today, none without an hour, none whose hour came,
# and none whose attendance is recorded.
_is_upcoming = and_(
    TAKES_PLACE,
    or_(
        Gathering.held_on > _today,
        and_(
            Gathering.held_on == _today,
            Gathering.counted_at.is_(None),
            Gathering.hour > bindparam("hour_of_day", callable_=_read_hour_of_day),  # "" is of no later hour
        ),
    ),
)
# For a project's page: the programme's slug, its number of sessions as its list shows them, the day of the
# next one that takes place.
PROJECT_FIGURES = (
    select(Programme.slug).where(Programme.id == _programme_id).scalar_subquery(),
    select(func.count()).select_from(Gathering).where(_in_programme).scalar_subquery(),
    select(func.min(Gathering.held_on)).where(_in_programme, _is_upcoming).scalar_subquery(),
)


@dataclass(frozen=True)
class GatheringRow:
    """A group session in a list; `people` is the attendance, None where it is not recorded."""

    row: Gathering
    people: int | None


@dataclass(frozen=True)
class ProgrammeNextGathering:
    """A programme and its next group session, if one is announced."""

    programme: Programme
    coming: Gathering | None


@dataclass(frozen=True)
class SatisfactionResult:
    """The survey's result: how many people answered; counts by question, then by mark."""

    count: int
    tallies: Mapping[int, Mapping[int, int]]

    @property
    def is_shown(self) -> bool:
        return self.count >= ANSWERS_MIN


def get_programme(actor: Actor, slug: str) -> Programme:
    """A programme whose group sessions the actor may read. Raises `NotFound`."""
    statement = select(Programme).where(Programme.slug == slug, policy.visible_programmes_condition(actor))
    return get_scalar(statement)


def list_programmes_with_next_gathering(actor: Actor) -> Sequence[ProgrammeNextGathering]:
    """The programmes whose group sessions the actor may read, in the order of
    `running_first`."""
    coming = (
        select(Gathering.id)
        .where(Gathering.programme_id == Programme.id, _is_upcoming)
        .order_by(Gathering.held_on, Gathering.number)
        .limit(1)
        .correlate(Programme)
        .scalar_subquery()
    )
    statement = (
        select(Programme, Gathering)
        .outerjoin(Gathering, Gathering.id == coming)
        .where(policy.visible_programmes_condition(actor))
    )
    rows = {row[0]: ProgrammeNextGathering(*row) for row in db.session.execute(statement)}
    return [rows[programme] for programme in running_first(rows)]


def get_gathering(programme: Programme, number: int) -> Gathering:
    """A group session of a programme that the caller may see. Raises `NotFound`."""
    statement = select(Gathering).where(Gathering.programme_id == programme.id, Gathering.number == number)
    return get_scalar(statement)


def get_person_name(person_id: UUID) -> str:
    return db.session.scalar(select(Person.name).where(Person.id == person_id)) or ""


def read_gatherings_page(programme: Programme, page: int = 1) -> ListPage[GatheringRow]:
    """A page of group sessions, latest day first; page 1 when `page` is beyond the last."""
    attendance_total = select(func.sum(TeamAttendance.people)).where(
        TeamAttendance.gathering_id == Gathering.id
    )
    lines = (
        select(Gathering, attendance_total.correlate(Gathering).scalar_subquery())
        .where(Gathering.programme_id == programme.id)
        .order_by(Gathering.held_on.desc(), Gathering.number.desc())
    )
    return read_joined_page(lines, page, GatheringRow)


def list_programme_projects(programme: Programme) -> Sequence[Project]:
    statement = select(Project).where(Project.programme_id == programme.id)
    return db.session.scalars(statement.order_by(Project.organisation_fold, Project.slug)).all()


def read_attendance(row: Gathering) -> Mapping[UUID, int]:
    """Recorded attendance by project id."""
    statement = select(TeamAttendance.project_id, TeamAttendance.people).where(
        TeamAttendance.gathering_id == row.id
    )
    return {result[0]: result[1] for result in db.session.execute(statement)}


def read_satisfaction(row: Gathering) -> SatisfactionResult:
    tallies = select(
        SatisfactionTally.question, SatisfactionTally.mark, SatisfactionTally.answer_count
    ).where(SatisfactionTally.gathering_id == row.id)
    counts = {question: dict.fromkeys(MARKS, 0) for question in QUESTIONS}
    for question, mark, count in db.session.execute(tallies):
        counts[question][mark] = count
    return SatisfactionResult(sum(counts[QUESTIONS[0]].values()), counts)


def has_answered_survey(actor: Actor, row: Gathering) -> bool:
    statement = select(SatisfactionRespondent.person_id).where(
        SatisfactionRespondent.gathering_id == row.id, SatisfactionRespondent.person_id == actor.person_id
    )
    return db.session.scalar(statement) is not None


def list_unanswered_surveys(actor: Actor, project: Project) -> Sequence[Gathering]:
    """The group sessions of the last weeks of which a member of the project's team may still say what
    they thought, the latest first: where attendance is recorded, those to which the team came."""
    came = select(TeamAttendance.people).where(
        TeamAttendance.gathering_id == Gathering.id,
        TeamAttendance.project_id == project.id,
        TeamAttendance.people > 0,
    )
    answered = select(SatisfactionRespondent.person_id).where(
        SatisfactionRespondent.gathering_id == Gathering.id,
        SatisfactionRespondent.person_id == actor.person_id,
    )
    today = clock.today()
    statement = select(Gathering).where(
        Gathering.programme_id == project.programme_id,
        TAKES_PLACE,
        Gathering.held_on.between(today - SURVEY_TIME, today),
        or_(Gathering.counted_at.is_(None), came.exists()),
        ~answered.exists(),
    )
    rows = db.session.scalars(statement.order_by(Gathering.held_on.desc()).limit(SURVEYS_MAX))
    is_on_team = project.id in policy.own_team_project_ids(actor)
    return [row for row in rows if policy.can_answer_survey(row, is_on_a_team=is_on_team, has_answered=False)]


def is_on_a_team(actor: Actor, programme: Programme) -> bool:
    """Whether the actor belongs to the team of a project of the programme."""
    project_ids: Any = policy.own_team_project_ids(actor)
    statement = select(Scope.id).where(Scope.id.in_(project_ids), Scope.parent_id == programme.id)
    return db.session.scalar(statement.limit(1)) is not None


def reserve_gathering_number(programme: Programme) -> int:
    """The next free number; locks the programme until the end of the transaction.

    Raises `RuleBroken` when the programme has `NUMBER_MAX` sessions.
    """
    lock_row(Scope, programme.id)
    statement = select(func.max(Gathering.number)).where(Gathering.programme_id == programme.id)
    last = db.session.scalar(statement) or 0
    if last >= NUMBER_MAX:
        raise RuleBroken(None, _("Ce programme en a déjà %(n)s, c’est la limite.", n=NUMBER_MAX))
    return last + 1
