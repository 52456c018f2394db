"""Reading recommendations: a project's, one with its names, a coach's basket. Whatever comes back,
the actor may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
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
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.subqueries import rows_subquery
from portal.project.projects import policy as projects
from portal.project.projects.models import Project
from portal.project.projects.numbered_queries import (
    PER_PAGE,
    ListPage,
    get_by_number,
    select_in_project,
)
from portal.sprints.backlog.models import Item

SILENCE_STEPS = (7, 14, 21)  # days of silence after which a recommendation stands out more
BASKET_MAX = 100
RELATED_MAX = 200


def _count(*stages: RecommendationStage) -> Any:
    statement = select(func.count()).where(Recommendation.project_id == bindparam("project"))
    return (
        statement.where(Recommendation.stage.in_(stages)) if stages else statement
    ).scalar_subquery()


# For a project's own page: all, proposed, accepted, done.
PROJECT_FIGURES = (
    _count(),
    _count(RecommendationStage.PROPOSED),
    _count(RecommendationStage.ACCEPTED),
    _count(RecommendationStage.COMPLETED),
)


@dataclass(frozen=True)
class RecommendationDetail:
    """A recommendation with all that its page says of it; `about` is the path of the page that
    shows the thing that it serves."""

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
    """A recommendation in a list."""

    row: Recommendation
    author: str
    about: str | None


@dataclass(frozen=True)
class BasketRecommendation:
    """A recommendation of the coach's basket, and whose team it is for."""

    row: Recommendation
    project: Project


def days_silent(row: Recommendation, today: date) -> int:
    """Since it was proposed, while nobody has answered; 0 once somebody has."""
    if row.stage is not RecommendationStage.PROPOSED:
        return 0
    return max(0, (today - clock.day_of(row.created_at)).days)


def silence_step(days: int) -> int:
    """The longest of the steps that a silence has reached; 0 before the first."""
    return max((step for step in SILENCE_STEPS if days >= step), default=0)


def is_late(row: Recommendation, today: date) -> bool:
    """Neither declined nor done past its day."""
    waits = row.stage in {RecommendationStage.PROPOSED, RecommendationStage.ACCEPTED}
    return waits and row.due_on is not None and row.due_on < today


def get_recommendation(actor: Actor, project: Project, number: int) -> Recommendation:
    return get_by_number(actor, Recommendation, project, number)


def read_recommendation(actor: Actor, project: Project, number: int) -> RecommendationDetail:
    """Raises `NotFound`."""
    names = [aliased(Person) for _person in range(4)]
    author, answered, completer, confirmed = names
    statement = (
        select_in_project(actor, Recommendation, project)
        .where(Recommendation.number == number)
        .add_columns(*(person.name for person in names), Discussion.page)
        .join(author, author.id == Recommendation.author_id)
        .outerjoin(answered, answered.id == Recommendation.answered_by_id)
        .outerjoin(completer, completer.id == Recommendation.done_by_id)
        .outerjoin(confirmed, confirmed.id == Recommendation.confirmed_by_id)
        .outerjoin(Discussion, Discussion.id == Recommendation.about_id)
    )
    result = db.session.execute(statement).first()
    if result is None:
        raise NotFound
    files = count_files_by_subject(Recommendation.__tablename__, [result[0].id])
    row, author, answered_by, done_by, confirmed_by, page = result
    return RecommendationDetail(
        row, author, answered_by, done_by, confirmed_by, page, files.get(row.id, 0)
    )


# What waits for the team, then for the coach, then what is over.
_ORDER = case(
    (Recommendation.stage == RecommendationStage.PROPOSED, 0),
    (Recommendation.stage == RecommendationStage.ACCEPTED, 1),
    (Recommendation.stage == RecommendationStage.COMPLETED, 2),
    else_=3,
)


def list_recommendations(
    actor: Actor, project: Project, page: int = 1
) -> ListPage[RecommendationRow]:
    """What waits first, the nearest date first; the first page where it is beyond the last."""
    lines = (
        select_in_project(actor, Recommendation, project)
        .add_columns(Person.name, Discussion.page, func.count().over())
        .join(Person, Person.id == Recommendation.author_id)
        .outerjoin(Discussion, Discussion.id == Recommendation.about_id)
        .order_by(
            _ORDER,
            Recommendation.due_on.is_(None),
            Recommendation.due_on,
            Recommendation.number.desc(),
        )
    )
    rows = db.session.execute(lines.limit(PER_PAGE).offset((page - 1) * PER_PAGE)).all()
    if not rows and page > 1:
        return list_recommendations(actor, project)
    return ListPage([RecommendationRow(*row[:3]) for row in rows], rows[0][3] if rows else 0, page)


@dataclass(frozen=True)
class PendingRecommendation:
    """A recommendation that waits for its team: for an answer, or to be done."""

    number: int
    what: str
    stage: RecommendationStage
    due_on: date | None


def select_pending(limit: int) -> Any:
    """`Asked` of the project that is bound as `project`, what waits for an answer first: a list for
    a statement of whoever sees the project."""
    waiting = (
        select(
            Recommendation.number,
            Recommendation.what,
            Recommendation.stage,
            Recommendation.due_on,
        )
        .where(
            Recommendation.project_id == bindparam("project"),
            Recommendation.stage.in_([RecommendationStage.PROPOSED, RecommendationStage.ACCEPTED]),
        )
        .order_by(_ORDER, Recommendation.due_on.is_(None), Recommendation.due_on)
        .order_by(Recommendation.number)
    )
    return rows_subquery(waiting.limit(limit), PendingRecommendation)


def list_basket(actor: Actor) -> Sequence[BasketRecommendation]:
    """Of the teams that the actor coaches: done and to be confirmed, then silent since the first
    step (the longest first), then past their day; while the team can answer at all."""
    from_step = clock.now() - timedelta(days=SILENCE_STEPS[0])
    silent = and_(
        Recommendation.stage == RecommendationStage.PROPOSED, Recommendation.created_at <= from_step
    )
    is_completed = Recommendation.stage == RecommendationStage.COMPLETED
    late = and_(
        Recommendation.stage.in_([RecommendationStage.PROPOSED, RecommendationStage.ACCEPTED]),
        Recommendation.due_on < clock.today(),
    )
    waiting = (
        select(Recommendation, Project)
        .join(Project, Project.id == Recommendation.project_id)
        .where(
            policy.coached_by(actor),
            or_(is_completed, and_(or_(silent, late), *projects.IS_ACTIVE)),
        )
        .order_by(
            case((is_completed, 0), (silent, 1), else_=2),
            Recommendation.created_at,
            Recommendation.id,
        )
        .limit(BASKET_MAX)
    )
    return [BasketRecommendation(*row) for row in db.session.execute(waiting)]


def list_related(actor: Actor, project: Project, discussion_id: Any) -> Sequence[Recommendation]:
    """Those that serve the thing beside which a discussion stands."""
    statement = select_in_project(actor, Recommendation, project).where(
        Recommendation.about_id == discussion_id
    )
    return db.session.scalars(statement.order_by(Recommendation.number).limit(RELATED_MAX)).all()


def find_project(scope_id: UUID) -> Project | None:
    """The project of a scope that the caller was allowed to see; a page has read it already."""
    return db.session.get(Project, scope_id)


def get_project_of_scope(actor: Actor, scope_id: UUID) -> Project:
    """Raises `NotFound`."""
    project = find_project(scope_id)
    if project is None or not projects.can_read(actor, project):
        raise NotFound
    return project


def find_item_by_origin(project: Project, origin: str) -> Item | None:
    """The standing item that came from the page of that path."""
    statement = select(Item).where(
        Item.project_id == project.id, Item.origin == origin, Item.gone_at.is_(None)
    )
    return db.session.scalar(statement.order_by(Item.number).limit(1))
