"""Reading recommendations: a project's, one with its names, a coach's basket. Whatever comes back,
the actor may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, bindparam, case, func, or_, select
from sqlalchemy.orm import aliased

from portal.accounts.models import Person
from portal.backlog.models import Item
from portal.discussions.models import Discussion
from portal.files.queries import count_of_each
from portal.kernel import clock
from portal.kernel.access import Actor
from portal.kernel.db import db
from portal.kernel.errors import NotFound
from portal.kernel.lists import rows_of
from portal.projects import policy as projects
from portal.projects.models import Project
from portal.projects.numbered import PER_PAGE, Page, get_one, of_project
from portal.recommendations import policy
from portal.recommendations.models import Recommendation, Stage

STEPS = (7, 14, 21)  # days of silence after which a recommendation stands out more
BASKET_MAX = 100
OF_COMMENTS_MAX = 200


def _count(*stages: Stage) -> Any:
    mine = select(func.count()).where(Recommendation.project_id == bindparam("project"))
    return (mine.where(Recommendation.stage.in_(stages)) if stages else mine).scalar_subquery()


# For a project's own page: all, proposed, accepted, done.
FIGURES = (_count(), _count(Stage.PROPOSED), _count(Stage.ACCEPTED), _count(Stage.DONE))


@dataclass(frozen=True)
class Told:
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
class Line:
    """A recommendation in a list."""

    row: Recommendation
    author: str
    about: str | None


@dataclass(frozen=True)
class Waiting:
    """A recommendation of the coach's basket, and whose team it is for."""

    row: Recommendation
    project: Project


def days_silent(row: Recommendation, today: date) -> int:
    """Since it was proposed, while nobody has answered; 0 once somebody has."""
    if row.stage is not Stage.PROPOSED:
        return 0
    return max(0, (today - clock.day_of(row.created_at)).days)


def step_of(days: int) -> int:
    """The longest of the steps that a silence has reached; 0 before the first."""
    return max((step for step in STEPS if days >= step), default=0)


def is_late(row: Recommendation, today: date) -> bool:
    """Neither declined nor done past its day."""
    waits = row.stage in {Stage.PROPOSED, Stage.ACCEPTED}
    return waits and row.due_on is not None and row.due_on < today


def get_recommendation(actor: Actor, project: Project, number: int) -> Recommendation:
    return get_one(actor, Recommendation, project, number)


def read_recommendation(actor: Actor, project: Project, number: int) -> Told:
    """Raises `NotFound`."""
    names = [aliased(Person) for _person in range(4)]
    author, answered, done, confirmed = names
    one = (
        of_project(actor, Recommendation, project)
        .where(Recommendation.number == number)
        .add_columns(*(one.name for one in names), Discussion.page)
        .join(author, author.id == Recommendation.author_id)
        .outerjoin(answered, answered.id == Recommendation.answered_by_id)
        .outerjoin(done, done.id == Recommendation.done_by_id)
        .outerjoin(confirmed, confirmed.id == Recommendation.confirmed_by_id)
        .outerjoin(Discussion, Discussion.id == Recommendation.about_id)
    )
    found = db.session.execute(one).first()
    if found is None:
        raise NotFound
    files = count_of_each(Recommendation.__tablename__, [found[0].id])
    row, author, answered_by, done_by, confirmed_by, page = found
    return Told(row, author, answered_by, done_by, confirmed_by, page, files.get(row.id, 0))


# What waits for the team, then for the coach, then what is over.
_ORDER = case(
    (Recommendation.stage == Stage.PROPOSED, 0),
    (Recommendation.stage == Stage.ACCEPTED, 1),
    (Recommendation.stage == Stage.DONE, 2),
    else_=3,
)


def list_recommendations(actor: Actor, project: Project, page: int = 1) -> Page[Line]:
    """What waits first, the nearest date first; the first page where it is beyond the last."""
    lines = (
        of_project(actor, Recommendation, project)
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
    found = db.session.execute(lines.limit(PER_PAGE).offset((page - 1) * PER_PAGE)).all()
    if not found and page > 1:
        return list_recommendations(actor, project)
    return Page([Line(*row[:3]) for row in found], found[0][3] if found else 0, page)


@dataclass(frozen=True)
class Asked:
    """A recommendation that waits for its team: for an answer, or to be done."""

    number: int
    what: str
    stage: Stage
    due_on: date | None


def asked_of_team(limit: int) -> Any:
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
            Recommendation.stage.in_([Stage.PROPOSED, Stage.ACCEPTED]),
        )
        .order_by(_ORDER, Recommendation.due_on.is_(None), Recommendation.due_on)
        .order_by(Recommendation.number)
    )
    return rows_of(waiting.limit(limit), Asked)


def list_basket(actor: Actor) -> Sequence[Waiting]:
    """Of the teams that the actor coaches: done and to be confirmed, then silent since the first
    step (the longest first), then past their day; while the team can answer at all."""
    from_step = clock.now() - timedelta(days=STEPS[0])
    silent = and_(Recommendation.stage == Stage.PROPOSED, Recommendation.created_at <= from_step)
    done = Recommendation.stage == Stage.DONE
    late = and_(
        Recommendation.stage.in_([Stage.PROPOSED, Stage.ACCEPTED]),
        Recommendation.due_on < clock.today(),
    )
    waiting = (
        select(Recommendation, Project)
        .join(Project, Project.id == Recommendation.project_id)
        .where(policy.coached_by(actor), or_(done, and_(or_(silent, late), *projects.GOES_ON)))
        .order_by(
            case((done, 0), (silent, 1), else_=2), Recommendation.created_at, Recommendation.id
        )
        .limit(BASKET_MAX)
    )
    return [Waiting(*row) for row in db.session.execute(waiting)]


def list_of_thing(actor: Actor, project: Project, discussion_id: Any) -> Sequence[Recommendation]:
    """Those that serve the thing beside which a discussion stands."""
    mine = of_project(actor, Recommendation, project).where(
        Recommendation.about_id == discussion_id
    )
    return db.session.scalars(mine.order_by(Recommendation.number).limit(OF_COMMENTS_MAX)).all()


def find_project(scope_id: UUID) -> Project | None:
    """The project of a scope that the caller was allowed to see; a page has read it already."""
    return db.session.get(Project, scope_id)


def get_project_of(actor: Actor, scope_id: UUID) -> Project:
    """Raises `NotFound`."""
    project = find_project(scope_id)
    if project is None or not projects.can_read(actor, project):
        raise NotFound
    return project


def find_item_from(project: Project, origin: str) -> Item | None:
    """The standing item that came from the page of that path."""
    mine = select(Item).where(
        Item.project_id == project.id, Item.origin == origin, Item.gone_at.is_(None)
    )
    return db.session.scalar(mine.order_by(Item.number).limit(1))
