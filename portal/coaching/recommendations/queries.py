"""Queries of recommendations; results are filtered by what the actor may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, bindparam, case, func, or_, select
from sqlalchemy.orm import aliased

from portal.coaching.recommendations import policy
from portal.coaching.recommendations.models import Recommendation, RecommendationStage
from portal.collaboration.discussions.models import Discussion
from portal.collaboration.files.queries import count_files_by_subject
from portal.people.accounts.models import Person
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.audit import Action, AuditEvent
from portal.platform.kernel.database import db, get_row
from portal.platform.kernel.subqueries import rows_subquery
from portal.project.projects import policy as projects
from portal.project.projects.models import Project
from portal.project.projects.numbered_queries import (
    ListPage,
    bound_select_parameters,
    read_joined_page,
    select_bound_in_project,
    select_in_project,
)
from portal.project.projects.to_decide_queries import WAITING_MAX
from portal.project.projects.to_decide_rules import WaitingLineProject
from portal.sprints.backlog.models import Item

SILENCE_STEPS = (7, 14, 21)  # days without an answer after which a recommendation is highlighted
BASKET_MAX = 100


def _select_stage_count(*stages: RecommendationStage) -> Any:
    statement = select(func.count()).where(Recommendation.project_id == bindparam("project"))
    return (statement.where(Recommendation.stage.in_(stages)) if stages else statement).scalar_subquery()


# For a project's page: how many in all, proposed, accepted, completed.
PROJECT_FIGURES = (
    _select_stage_count(),
    _select_stage_count(RecommendationStage.PROPOSED),
    _select_stage_count(RecommendationStage.ACCEPTED),
    _select_stage_count(RecommendationStage.COMPLETED),
)


@dataclass(frozen=True)
class RecommendationDetail:
    """A recommendation with what its page shows: names of people, `about` (the path of the page of
    the object that it serves) and how many files are attached."""

    row: Recommendation
    author: str
    answered_by: str | None
    done_by: str | None
    confirmed_by: str | None
    about: str | None
    files: int

    @property
    def has_proof(self) -> bool:
        return bool(self.row.proof or self.row.proof_link or self.files)


@dataclass(frozen=True)
class RecommendationRow:
    """A recommendation in a list; `about` as in `RecommendationDetail`."""

    row: Recommendation
    author: str
    about: str | None


@dataclass(frozen=True)
class CoachBasketRecommendation:
    """A recommendation in the coach's basket, with its project."""

    row: Recommendation
    project: Project


def count_days_unanswered(row: Recommendation, today: date) -> int:
    """Days since it was proposed; 0 once it is answered."""
    if row.stage is not RecommendationStage.PROPOSED:
        return 0
    return max(0, (today - clock.day_of(row.created_at)).days)


def find_silence_step(days: int) -> int:
    """The highest of `SILENCE_STEPS` that `days` reaches; 0 before the first."""
    return max((step for step in SILENCE_STEPS if days >= step), default=0)


def is_late(row: Recommendation, today: date) -> bool:
    """Whether it is past its due date and the team has neither declined nor completed it."""
    is_pending = row.stage in {RecommendationStage.PROPOSED, RecommendationStage.ACCEPTED}
    return is_pending and row.due_on is not None and row.due_on < today


_author, _answerer, _completer, _confirmer = [aliased(Person) for _person in range(4)]
_RECOMMENDATION = (
    select_bound_in_project(Recommendation)
    .where(Recommendation.number == bindparam("number"))
    .add_columns(_author.name, _answerer.name, _completer.name, _confirmer.name, Discussion.page)
    .join(_author, _author.id == Recommendation.author_id)
    .outerjoin(_answerer, _answerer.id == Recommendation.answered_by_id)
    .outerjoin(_completer, _completer.id == Recommendation.done_by_id)
    .outerjoin(_confirmer, _confirmer.id == Recommendation.confirmed_by_id)
    .outerjoin(Discussion, Discussion.id == Recommendation.about_id)
)


def read_recommendation(actor: Actor, project: Project, number: int) -> RecommendationDetail:
    """A recommendation with its names. Raises `NotFound`."""
    values = {"number": number, **bound_select_parameters(actor, project)}
    result: Any = get_row(_RECOMMENDATION, values)
    row, author_name, answered_by, done_by, confirmed_by, page = result
    files = count_files_by_subject(Recommendation.__tablename__, [row.id]).get(row.id, 0)
    return RecommendationDetail(row, author_name, answered_by, done_by, confirmed_by, page, files)


# Waiting for the team first, then for a coach, then closed.
_ORDER = case(
    (Recommendation.stage == RecommendationStage.PROPOSED, 0),
    (Recommendation.stage == RecommendationStage.ACCEPTED, 1),
    (Recommendation.stage == RecommendationStage.COMPLETED, 2),
    else_=3,
)


def read_recommendations_page(actor: Actor, project: Project, page: int = 1) -> ListPage[RecommendationRow]:
    """A page of a project's recommendations: waiting ones first, then by due date; page 1 when
    `page` is beyond the last."""
    lines = (
        select_in_project(actor, Recommendation, project)
        .add_columns(Person.name, Discussion.page)
        .join(Person, Person.id == Recommendation.author_id)
        .outerjoin(Discussion, Discussion.id == Recommendation.about_id)
        .order_by(
            _ORDER, Recommendation.due_on.is_(None), Recommendation.due_on, Recommendation.number.desc()
        )
    )
    return read_joined_page(lines, page, RecommendationRow)


@dataclass(frozen=True)
class RecommendationAwaitingTeam:
    """A recommendation that waits for its team: to be answered or completed."""

    number: int
    what: str
    stage: RecommendationStage
    due_on: date | None
    created_at: datetime
    version: int


def pending_recommendations_subquery(limit: int) -> Any:
    """A subquery of `RecommendationAwaitingTeam` rows of the project bound as `project`, unanswered ones
    first; the statement around it checks that the actor sees the project."""
    pending = (
        select(
            Recommendation.number,
            Recommendation.what,
            Recommendation.stage,
            Recommendation.due_on,
            Recommendation.created_at,
            Recommendation.version,
        )
        .where(
            Recommendation.project_id == bindparam("project"),
            Recommendation.stage.in_([RecommendationStage.PROPOSED, RecommendationStage.ACCEPTED]),
        )
        .order_by(_ORDER, Recommendation.due_on.is_(None), Recommendation.due_on)
        .order_by(Recommendation.number)
    )
    return rows_subquery(pending.limit(limit), RecommendationAwaitingTeam)


def list_recommendations_needing_coach(actor: Actor) -> Sequence[CoachBasketRecommendation]:
    """The open recommendations of the projects that the actor coaches: those to confirm, and those past
    the first step of silence, before the others; by their due date, those without one last, the oldest
    first. Of paused projects only those that wait for a confirmation."""
    is_completed = Recommendation.stage == RecommendationStage.COMPLETED
    is_with_team = Recommendation.stage.in_([RecommendationStage.PROPOSED, RecommendationStage.ACCEPTED])
    silent_until = clock.end_of_day(clock.today() - timedelta(days=SILENCE_STEPS[0]))
    is_silent = and_(
        Recommendation.stage == RecommendationStage.PROPOSED, Recommendation.created_at <= silent_until
    )
    has_no_date = Recommendation.due_on.is_(None)
    open_ones = (
        select(Recommendation, Project)
        .join(Project, Project.id == Recommendation.project_id)
        .where(
            policy.coached_projects_condition(actor),
            or_(is_completed, and_(is_with_team, *projects.IS_ACTIVE)),
        )
        .order_by(
            case((or_(is_completed, is_silent), 0), else_=1),
            has_no_date,
            Recommendation.due_on,
            Recommendation.created_at,
            Recommendation.id,
        )
        .limit(BASKET_MAX)
    )
    return [CoachBasketRecommendation(*row) for row in db.session.execute(open_ones)]


@dataclass(frozen=True)
class RecommendationAwaitingCoach:
    """A recommendation that waits for a coach's confirmation, as plain values."""

    project: WaitingLineProject
    id: UUID
    number: int
    what: str
    proof: str
    proof_link: str
    done_at: datetime


def list_recommendations_to_confirm(actor: Actor) -> Sequence[RecommendationAwaitingCoach]:
    """Those of active teams that the actor coaches, the longest waiting first."""
    statement = (
        select(
            Recommendation.id,
            Recommendation.number,
            Recommendation.what,
            Recommendation.proof,
            Recommendation.proof_link,
            Recommendation.done_at,
            Project.id,
            Project.programme_id,
            Project.slug,
            Project.acronym,
            Project.organisation,
        )
        .join(Project, Project.id == Recommendation.project_id)
        .where(
            policy.coached_projects_condition(actor),
            Recommendation.stage == RecommendationStage.COMPLETED,
            *projects.IS_ACTIVE,
        )
        .order_by(Recommendation.done_at, Recommendation.id)
        .limit(WAITING_MAX)
    )
    return [_build_recommendation_awaiting_coach(row) for row in db.session.execute(statement)]


def _build_recommendation_awaiting_coach(row: Any) -> RecommendationAwaitingCoach:
    """From a row of `list_recommendations_to_confirm`: the recommendation's columns, then the project's."""
    *values, project_id, programme_id, slug, acronym, organisation = row
    project = WaitingLineProject(project_id, programme_id, slug, acronym or organisation)
    return RecommendationAwaitingCoach(project, *values)


def get_project_and_recommendation(actor: Actor, id_: UUID) -> tuple[Project, Recommendation]:
    """A recommendation of any project that the actor reads, and the project. Raises `NotFound`."""
    statement = (
        select(Project, Recommendation)
        .join(Recommendation, Recommendation.project_id == Project.id)
        .where(Recommendation.id == id_, projects.visible_to(actor))
    )
    row = get_row(statement)
    return row[0], row[1]


def find_backlog_item_by_origin(project: Project, origin: str) -> Item | None:
    """The item in the backlog whose origin is that path."""
    statement = select(Item).where(
        Item.project_id == project.id, Item.origin == origin, Item.gone_at.is_(None)
    )
    return db.session.scalar(statement.order_by(Item.number).limit(1))


def find_last_withdrawn_number(project: Project, withdrawn: Action) -> int:
    """The greatest number that a withdrawn recommendation of a project had, from the trail; 0 for none."""
    events = select(AuditEvent).where(AuditEvent.scope_id == project.id, AuditEvent.action == withdrawn.code)
    return max((int(event.facts["number"]) for event in db.session.scalars(events)), default=0)
