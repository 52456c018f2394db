"""Reading many reviews: a programme’s register, what waits for a reviewer, a project’s line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, bindparam, exists, func, or_, select

from portal.accounts.models import Person
from portal.kernel import clock
from portal.kernel.access import Actor
from portal.kernel.db import db
from portal.kernel.lists import rows_of
from portal.programmes.models import Programme, RoleAssignment
from portal.projects.models import Project
from portal.projects.numbered import PER_PAGE, Page
from portal.questionnaires.models import QuestionnaireEdition
from portal.reviews import policy
from portal.reviews.models import DECIDED, UNDER_WAY, Review, ReviewCondition, State

WAITING_MAX = 50
# Conditions that are signed, and that the team has not shown to be met.
TO_MEET = and_(ReviewCondition.decided_at.is_not(None), ReviewCondition.proved_at.is_(None))
_KEPT = Review.discarded_at.is_(None)
_WITH_TEAM = and_(Review.state == State.DRAFT, _KEPT)


@dataclass(frozen=True)
class Filters:
    """What the register is narrowed to. `kind` is a questionnaire's key; `flagged`: reviews whose
    reviewer is none any more."""

    state: State | None = None
    kind: str = ""
    flagged: bool = False
    nobody: bool = False  # submitted, and nobody was chosen
    discarded: bool = False  # given up as drafts; otherwise these are left out


@dataclass(frozen=True)
class Entry:
    """A review in the register. `open_conditions` are signed and not confirmed."""

    review: Review
    edition: QuestionnaireEdition
    project: Project
    reviewer: str | None
    open_conditions: int
    late_conditions: int
    is_flagged: bool
    can_open: bool


@dataclass(frozen=True)
class Waiting:
    """A review on which its reviewer has something to do; `proofs` are to be read."""

    review: Review
    edition: QuestionnaireEdition
    project: Project
    proofs: int
    since: datetime | None


def _conditions(*which: Any) -> Any:
    mine = and_(ReviewCondition.review_id == Review.id, ReviewCondition.decided_at.is_not(None))
    return (
        select(func.count())
        .select_from(ReviewCondition)
        .where(mine, ReviewCondition.confirmed_at.is_(None), *which)
        .correlate(Review)
        .scalar_subquery()
    )


def _late(today: Any) -> Any:
    return _conditions(ReviewCondition.proved_at.is_(None), ReviewCondition.due_on < today)


def _flagged() -> Any:
    """The reviewer is involved in the project by now, or no longer its reviewer."""
    role = RoleAssignment
    held = exists().where(role.scope_id == Review.project_id, role.person_id == Review.reviewer_id)
    waits = or_(Review.state.not_in(DECIDED), _conditions() > 0)
    involved = held.where(role.role.in_(policy.INVOLVED))
    reads = held.where(role.role == policy.REVIEWER)
    return and_(waits, Review.reviewer_id.is_not(None), or_(involved, ~reads))


def read_register(
    actor: Actor, programme: Programme, filters: Filters, page: int = 1
) -> Page[Entry]:
    """Those under way first, the longest submitted at the top; the caller may read the register."""
    chosen = (
        select(
            Review,
            QuestionnaireEdition,
            Project,
            Person.name,
            _conditions(),
            _late(clock.today()),
            _flagged(),
            func.count().over(),
        )
        .join(QuestionnaireEdition, QuestionnaireEdition.id == Review.edition_id)
        .join(Project, Project.id == Review.project_id)
        .outerjoin(Person, Person.id == Review.reviewer_id)
        .where(policy.in_register(actor, programme), *_narrowed(filters))
        .order_by(
            Review.state.not_in(UNDER_WAY),
            Review.submitted_at.is_(None),
            Review.submitted_at,
            Review.id,
        )
    )
    some = chosen.limit(PER_PAGE).offset((page - 1) * PER_PAGE)
    found = db.session.execute(some).all()
    if not found and page > 1:
        return read_register(actor, programme, filters)
    is_told = policy.is_told_who(actor, programme)
    entries = [_entry(actor, row, is_told=is_told) for row in found]
    return Page(entries, found[0][7] if found else 0, page)


def _entry(actor: Actor, row: Any, *, is_told: bool) -> Entry:
    review, edition, project, name, open_, late, flagged, _count = row
    return Entry(
        review,
        edition,
        project,
        name if is_told else None,
        open_,
        late,
        bool(flagged),
        policy.can_open_from_register(actor, project),
    )


def _narrowed(filters: Filters) -> Sequence[Any]:
    which: list[Any] = [Review.discarded_at.is_not(None) if filters.discarded else _KEPT]
    if filters.state is not None:
        which.append(Review.state == filters.state)
    if filters.kind:
        which.append(Review.kind == filters.kind)
    if filters.flagged:
        which.append(_flagged())
    if filters.nobody:
        which.append(and_(Review.reviewer_id.is_(None), Review.state == State.SUBMITTED))
    return which


def list_kinds(actor: Actor, programme: Programme) -> Sequence[QuestionnaireEdition]:
    """The latest edition of each questionnaire that the register holds."""
    chosen = (
        select(QuestionnaireEdition)
        .join(Review, Review.edition_id == QuestionnaireEdition.id)
        .where(policy.in_register(actor, programme))
        .order_by(QuestionnaireEdition.key, QuestionnaireEdition.edition)
        .distinct()
    )
    return list({row.key: row for row in db.session.scalars(chosen)}.values())


def list_waiting(actor: Actor) -> Sequence[Waiting]:
    """What an ethics reviewer has to do, the longest waiting first."""
    proofs = _conditions(ReviewCondition.proved_at.is_not(None))
    waits = or_(Review.state.in_((State.SUBMITTED, State.IN_REVIEW)), proofs > 0)
    chosen = (
        select(Review, QuestionnaireEdition, Project, proofs, Review.submitted_at)
        .join(QuestionnaireEdition, QuestionnaireEdition.id == Review.edition_id)
        .join(Project, Project.id == Review.project_id)
        .where(policy.reviewed_by(actor), waits)
        .order_by(Review.submitted_at, Review.id)
        .limit(WAITING_MAX)
    )
    return [Waiting(*row) for row in db.session.execute(chosen)]


@dataclass(frozen=True)
class Orphan:
    """A review that nobody can take or decide until a programme's lead chooses who."""

    review: Review
    edition: QuestionnaireEdition
    project: Project


def list_orphans(actor: Actor) -> Sequence[Orphan]:
    """Submitted, and nobody was chosen or who was chosen is independent no more; for the leads of
    its programme, the longest waiting first."""
    given = Review.state.in_((State.SUBMITTED, State.IN_REVIEW))
    chosen = (
        select(Review, QuestionnaireEdition, Project)
        .join(QuestionnaireEdition, QuestionnaireEdition.id == Review.edition_id)
        .join(Project, Project.id == Review.project_id)
        .where(policy.led_by(actor), given, or_(Review.reviewer_id.is_(None), _flagged()))
        .order_by(Review.submitted_at, Review.id)
        .limit(WAITING_MAX)
    )
    return [Orphan(*row) for row in db.session.execute(chosen)]


def list_registers(actor: Actor) -> Sequence[Programme]:
    """The programmes among whose reviewers the actor is."""
    chosen = select(Programme).where(policy.reviews_in(actor)).order_by(Programme.starts_on.desc())
    return db.session.scalars(chosen).all()


@dataclass(frozen=True)
class Dated:
    """A condition that the team has still to meet."""

    number: int
    what: str
    due_on: date


@dataclass(frozen=True)
class Returned:
    """A review that came back to its team, or that nobody gave away yet."""

    number: int
    round: int


def dated_conditions(limit: int) -> Any:
    """`Dated` of the project that is bound as `project`, late or not, the nearest first: a list
    for a statement of whoever sees the project."""
    chosen = select(ReviewCondition.number, ReviewCondition.what, ReviewCondition.due_on)
    mine = chosen.where(ReviewCondition.project_id == bindparam("project"), TO_MEET)
    ordered = mine.order_by(ReviewCondition.due_on, ReviewCondition.number)
    return rows_of(ordered.limit(limit), Dated)


def drafted_reviews(limit: int) -> Any:
    """`Returned` of the same project, those that came back first."""
    chosen = select(Review.number, Review.round)
    mine = chosen.where(Review.project_id == bindparam("project"), _WITH_TEAM)
    return rows_of(mine.order_by(Review.round.desc(), Review.number).limit(limit), Returned)


# Of the project that is bound, which the caller was already allowed to see.
_of_project = Review.project_id == bindparam("project")
_signed = and_(ReviewCondition.project_id == bindparam("project"), TO_MEET)
_today: Any = bindparam("today", callable_=clock.today)


def _count(*which: Any) -> Any:
    return select(func.count()).where(*which).scalar_subquery()


FIGURES = (
    _count(_of_project, _KEPT),
    _count(_of_project, _WITH_TEAM),
    _count(_of_project, Review.state.in_((State.SUBMITTED, State.IN_REVIEW))),
    _count(_signed),
    _count(_signed, ReviewCondition.due_on < _today),
)
