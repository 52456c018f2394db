"""Queries of decisions of one project; results are filtered by what the actor may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, bindparam, case, func, or_, select
from sqlalchemy.orm import aliased

from portal.oversight.decisions import policy
from portal.oversight.decisions.models import AwaitedDecision, DecisionAddressee, DecisionStage
from portal.people.accounts.models import Person
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db, get_scalar
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.subqueries import rows_subquery
from portal.platform.kernel.text import fold_words
from portal.project.projects import policy as projects
from portal.project.projects.models import IS_NOT_OVER, Project
from portal.project.projects.numbered_queries import PER_PAGE, ListPage, select_in_project
from portal.project.projects.to_decide_queries import WAITING_MAX
from portal.project.projects.to_decide_rules import WaitingLineProject
from portal.sprints.sprints.models import Sprint

SPRINTS_MAX = 60


@dataclass(frozen=True)
class DecisionDetail:
    """A decision with what its page shows: names of people and numbers of its sprints."""

    row: AwaitedDecision
    asked_by: str | None
    owner: str | None
    closed_by: str | None
    seen_by: str | None
    origin: int | None  # the sprint at whose close it was asked
    blocked: int | None  # the sprint that waits for it


@dataclass(frozen=True)
class DecisionRow:
    """A decision in a project's list."""

    row: AwaitedDecision
    owner: str | None


# Waiting for an answer first, then for the team to read it, then closed.
_ORDER = case(
    (AwaitedDecision.stage == DecisionStage.REQUESTED, 0),
    ((AwaitedDecision.stage == DecisionStage.ANSWERED) & AwaitedDecision.seen_at.is_(None), 1),
    else_=2,
)


def get_project_and_decision(actor: Actor, slug: str, number: int) -> tuple[Project, AwaitedDecision]:
    """A decision and its project, also for the operator who is asked. Raises `NotFound`."""
    statement = (
        select(Project, AwaitedDecision)
        .join(AwaitedDecision, AwaitedDecision.project_id == Project.id)
        .where(Project.slug == slug, AwaitedDecision.number == number, policy.visible_to(actor))
    )
    line = db.session.execute(statement).first()
    if line is None:
        raise NotFound
    return line[0], line[1]


def visible_condition(actor: Actor) -> ColumnElement[bool]:
    """Condition: the actor sees the decision, also as the operator who is asked."""
    return policy.visible_to(actor)


def get_project_of_decisions(actor: Actor, slug: str) -> Project:
    """A project of which the actor sees decisions, also as the operator who is asked. Raises `NotFound`."""
    put_to_actor = select(AwaitedDecision.project_id).where(policy.visible_to(actor))
    reads = or_(projects.visible_by_project_column(actor, Project.id), Project.id.in_(put_to_actor))
    return get_scalar(select(Project).where(Project.slug == slug, reads))


def get_project_and_decision_detail(actor: Actor, slug: str, number: int) -> tuple[Project, DecisionDetail]:
    """The same with its names. Raises `NotFound`."""
    project, row = get_project_and_decision(actor, slug, number)
    return project, DecisionDetail(row, *db.session.execute(_NAMES, {"decision": row.id}).one())


_asker, _owner, _closer, _viewer = (aliased(Person) for _person in range(4))
_origin, _blocked = aliased(Sprint), aliased(Sprint)
_NAMES = (
    select(_asker.name, _owner.name, _closer.name, _viewer.name, _origin.number, _blocked.number)
    .select_from(AwaitedDecision)
    .outerjoin(_asker, _asker.id == AwaitedDecision.asked_by_id)
    .outerjoin(_owner, _owner.id == AwaitedDecision.owner_id)
    .outerjoin(_closer, _closer.id == AwaitedDecision.closed_by_id)
    .outerjoin(_viewer, _viewer.id == AwaitedDecision.seen_by_id)
    .outerjoin(_origin, _origin.id == AwaitedDecision.origin_sprint_id)
    .outerjoin(_blocked, _blocked.id == AwaitedDecision.sprint_id)
    .where(AwaitedDecision.id == bindparam("decision", type_=Uuid()))
)


def read_project_decisions_page(actor: Actor, project: Project, page: int = 1) -> ListPage[DecisionRow]:
    """A page of a project's decisions: those that wait first, then the latest first; page 1 when
    `page` is beyond the last."""
    lines = (
        select_in_project(actor, AwaitedDecision, project)
        .add_columns(Person.name, func.count().over())
        .outerjoin(Person, Person.id == AwaitedDecision.owner_id)
        .order_by(
            _ORDER, AwaitedDecision.due_on.is_(None), AwaitedDecision.due_on, AwaitedDecision.number.desc()
        )
    )
    rows = db.session.execute(lines.limit(PER_PAGE).offset((page - 1) * PER_PAGE)).all()
    if not rows and page > 1:
        return read_project_decisions_page(actor, project)
    return ListPage([DecisionRow(*row[:2]) for row in rows], rows[0][2] if rows else 0, page)


@dataclass(frozen=True)
class DecisionToAnswer:
    """An open decision that the actor may answer, as plain values; `origin` as in
    `DecisionDetail`."""

    project: WaitingLineProject
    id: UUID
    number: int
    question: str
    created_at: datetime
    due_on: date | None
    addressee: DecisionAddressee
    owner_id: UUID | None
    owner: str | None
    origin: int | None


def list_decisions_to_answer(actor: Actor, *, is_help: bool) -> Sequence[DecisionToAnswer]:
    """Open decisions that the actor may answer in projects that are not over, the oldest first: requests for
    help put as questions, or all others."""
    statement = (
        select(
            AwaitedDecision.id,
            AwaitedDecision.number,
            AwaitedDecision.question,
            AwaitedDecision.created_at,
            AwaitedDecision.due_on,
            AwaitedDecision.addressee,
            AwaitedDecision.owner_id,
            Person.name,
            Sprint.number,
            Project.id,
            Project.programme_id,
            Project.slug,
            Project.acronym,
            Project.organisation,
        )
        .select_from(AwaitedDecision)
        .join(Project, Project.id == AwaitedDecision.project_id)
        .outerjoin(Person, Person.id == AwaitedDecision.owner_id)
        .outerjoin(Sprint, Sprint.id == AwaitedDecision.origin_sprint_id)
        .where(
            policy.answerable_by_condition(actor),
            AwaitedDecision.closed_at.is_(None),
            AwaitedDecision.asks_for_help == is_help,
            *IS_NOT_OVER,
        )
        .order_by(AwaitedDecision.created_at, AwaitedDecision.id)
        .limit(WAITING_MAX)
    )
    return [_build_decision_to_answer(row) for row in db.session.execute(statement)]


def _build_decision_to_answer(row: Any) -> DecisionToAnswer:
    """From a row of `list_decisions_to_answer`: the decision's columns, then the project's."""
    *values, project_id, programme_id, slug, acronym, organisation = row
    project = WaitingLineProject(project_id, programme_id, slug, acronym or organisation)
    return DecisionToAnswer(project, *values)


def get_project_and_decision_by_id(actor: Actor, id_: UUID) -> tuple[Project, AwaitedDecision]:
    """A decision that the actor sees, by its id, with its project. Raises `NotFound`."""
    statement = (
        select(Project, AwaitedDecision)
        .join(AwaitedDecision, AwaitedDecision.project_id == Project.id)
        .where(AwaitedDecision.id == id_, policy.visible_to(actor))
    )
    line = db.session.execute(statement).first()
    if line is None:
        raise NotFound
    return line[0], line[1]


def name_of_owner(row: AwaitedDecision) -> str | None:
    """The name of whoever has the decision, if anybody."""
    return db.session.scalar(select(Person.name).where(Person.id == row.owner_id))


def has_sprint(project: Project, sprint_id: UUID) -> bool:
    """Whether a sprint is of the project."""
    statement = select(Sprint.id).where(Sprint.id == sprint_id, Sprint.project_id == project.id)
    return db.session.scalar(statement) is not None


def list_open_sprints(project: Project) -> Sequence[Sprint]:
    """The sprints that are not closed, in order."""
    statement = select(Sprint).where(Sprint.project_id == project.id, Sprint.closed_at.is_(None))
    return db.session.scalars(statement.order_by(Sprint.number).limit(SPRINTS_MAX)).all()


def get_decision_asked_by_sprint(actor: Actor, project: Project, number: int) -> AwaitedDecision:
    """The decision asked at the close of a sprint, by the sprint's number. Raises `NotFound`."""
    statement = (
        select_in_project(actor, AwaitedDecision, project)
        .join(Sprint, Sprint.id == AwaitedDecision.origin_sprint_id)
        .where(Sprint.number == number)
    )
    row = db.session.scalar(statement)
    if row is None:
        raise NotFound
    return row


def find_project_and_decision_by_origin(sprint_id: UUID) -> tuple[Project, AwaitedDecision | None]:
    """The project of a sprint, and the decision asked at its close; for projections."""
    statement = (
        select(Project, AwaitedDecision)
        .join(Sprint, Sprint.project_id == Project.id)
        .outerjoin(AwaitedDecision, AwaitedDecision.origin_sprint_id == Sprint.id)
        .where(Sprint.id == sprint_id)
    )
    row = db.session.execute(statement).one()
    return row[0], row[1]


def is_already_asked(project: Project, question: str) -> bool:
    """Whether a text reads the same as a question that waits, or that a close asked and was
    answered; for projections."""
    is_settled = (AwaitedDecision.stage == DecisionStage.ANSWERED) & AwaitedDecision.origin_sprint_id.is_not(
        None
    )
    statement = select(AwaitedDecision.question).where(AwaitedDecision.project_id == project.id)
    questions = db.session.scalars(statement.where(AwaitedDecision.closed_at.is_(None) | is_settled))
    return fold_words(question) in {fold_words(text) for text in questions}


def read_awaited_figures(project_id: UUID) -> tuple[int, str, datetime]:
    """How many decisions are open in a project, the oldest question, and when it was asked."""
    statement = (
        select(func.count().over(), AwaitedDecision.question, AwaitedDecision.created_at)
        .where(
            AwaitedDecision.project_id == project_id,
            AwaitedDecision.closed_at.is_(None),
            ~AwaitedDecision.asks_for_help,
        )
        .order_by(AwaitedDecision.created_at, AwaitedDecision.number)
        .limit(1)
    )
    row = db.session.execute(statement).first()
    return (row[0], row[1], row[2]) if row else (0, "", clock.now())


_IN_PROJECT = AwaitedDecision.project_id == bindparam("project")
_OPEN = AwaitedDecision.closed_at.is_(None)
_TO_READ = (AwaitedDecision.stage == DecisionStage.ANSWERED) & AwaitedDecision.seen_at.is_(None)
_OF_DECISIONS = _IN_PROJECT & ~AwaitedDecision.asks_for_help
# For a project's page: how many decisions in all, and open; answers not read, those to requests for help too;
# the first due date of a decision.
PROJECT_FIGURES = (
    select(func.count()).where(_OF_DECISIONS).scalar_subquery(),
    select(func.count()).where(_OF_DECISIONS, _OPEN).scalar_subquery(),
    select(func.count()).where(_IN_PROJECT, _TO_READ).scalar_subquery(),
    select(func.min(AwaitedDecision.due_on)).where(_OF_DECISIONS, _OPEN).scalar_subquery(),
)
# For the page of the sprint bound as `sprint`: the number of the decision asked at its close.
SPRINT_FIGURES = (
    select(AwaitedDecision.number)
    .where(AwaitedDecision.origin_sprint_id == bindparam("sprint"))
    .scalar_subquery(),
)


@dataclass(frozen=True)
class UnreadAnswer:
    """A decision whose answer the team has not read."""

    number: int
    question: str
    closed_at: datetime


def select_unread_answers(limit: int) -> Any:
    """A subquery of `UnreadAnswer` rows of the project bound as `project`, the oldest first; the
    statement around it checks that the actor sees the project."""
    columns = AwaitedDecision.number, AwaitedDecision.question, AwaitedDecision.closed_at
    unread = select(*columns).where(_IN_PROJECT, _TO_READ).order_by(AwaitedDecision.closed_at)
    return rows_subquery(unread.limit(limit), UnreadAnswer)
