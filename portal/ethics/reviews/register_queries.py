"""Reads many reviews: a programme’s register, tasks of reviewers, figures of a project."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, bindparam, case, func, not_, or_, select

from portal.ethics.questionnaires.definition_rules import Questionnaire
from portal.ethics.questionnaires.models import QuestionnaireEdition
from portal.ethics.questionnaires.queries import get_definition
from portal.ethics.reviews import policy
from portal.ethics.reviews.models import (
    DECIDED,
    UNDER_REVIEW,
    UNDER_WAY,
    Review,
    ReviewCondition,
    ReviewState,
)
from portal.ethics.reviews.reviewer_queries import IS_REVIEWER_TASK, LACKS_REVIEWER, REVIEWER_IS_INDEPENDENT
from portal.people.accounts.models import Person
from portal.people.programmes.models import Programme
from portal.people.programmes.schedule_rules import running_first
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.platform.kernel.subqueries import rows_subquery
from portal.project.projects.models import IS_NOT_OVER, Project
from portal.project.projects.numbered_queries import PER_PAGE, ListPage
from portal.sprints.sprints.models import Sprint

WAITING_MAX = 50
# Signed conditions without a proof.
UNMET_CONDITIONS = and_(ReviewCondition.decided_at.is_not(None), ReviewCondition.proved_at.is_(None))
_NOT_DISCARDED = Review.discarded_at.is_(None)
_WITH_TEAM = and_(Review.state == ReviewState.DRAFT, _NOT_DISCARDED)


@dataclass(frozen=True)
class ReviewFilters:
    """Filters of the register. `kind` is a questionnaire's key; `flagged`: reviews whose reviewer
    is no longer independent or lost the role."""

    state: ReviewState | None = None
    kind: str = ""
    flagged: bool = False
    nobody: bool = False  # submitted without a reviewer
    discarded: bool = False  # discarded drafts instead of the others


@dataclass(frozen=True)
class ListedReview:
    """A review with its edition and its project."""

    review: Review
    edition: QuestionnaireEdition
    project: Project

    @property
    def definition(self) -> Questionnaire:
        return get_definition(self.edition)


@dataclass(frozen=True)
class ReviewRegisterEntry(ListedReview):
    """A row of the register. `open_conditions` are signed and not confirmed."""

    reviewer: str | None
    open_conditions: int
    late_conditions: int
    is_flagged: bool
    can_open: bool


@dataclass(frozen=True)
class ReviewAwaitingReviewer(ListedReview):
    """A review that waits for its reviewer since a moment: its submission or, once it is decided, the first
    proof to confirm; `proofs` is how many conditions have one."""

    proofs: int
    since: datetime | None

    @property
    def is_decided(self) -> bool:
        """Whether only proofs of conditions are left to confirm."""
        return self.review.state.is_decided


def _select_open_condition_count(*clauses: Any) -> Any:
    return _select_open_conditions(func.count(), *clauses)


def _select_open_conditions(figure: Any, *clauses: Any) -> Any:
    """Subquery of a figure about the signed conditions of a review that are not confirmed yet."""
    is_decided_condition = and_(
        ReviewCondition.review_id == Review.id, ReviewCondition.decided_at.is_not(None)
    )
    return (
        select(figure)
        .select_from(ReviewCondition)
        .where(is_decided_condition, ReviewCondition.confirmed_at.is_(None), *clauses)
        .correlate(Review)
        .scalar_subquery()
    )


def _select_late_condition_count(today: Any) -> Any:
    return _select_open_condition_count(ReviewCondition.proved_at.is_(None), ReviewCondition.due_on < today)


def _flagged_reviewer_condition() -> Any:
    """Whether the reviewer became involved or lost the role while something waits for them."""
    waits = or_(Review.state.not_in(DECIDED), _select_open_condition_count() > 0)
    return and_(waits, Review.reviewer_id.is_not(None), not_(REVIEWER_IS_INDEPENDENT))


def read_register_page(
    actor: Actor, programme: Programme, filters: ReviewFilters, page: int = 1
) -> ListPage[ReviewRegisterEntry]:
    """A page of the register, whose caller may read it: under way first, longest waiting first."""
    statement = (
        select(
            Review,
            QuestionnaireEdition,
            Project,
            Person.name,
            _select_open_condition_count(),
            _select_late_condition_count(clock.today()),
            _flagged_reviewer_condition(),
            func.count().over(),
        )
        .join(QuestionnaireEdition, QuestionnaireEdition.id == Review.edition_id)
        .join(Project, Project.id == Review.project_id)
        .outerjoin(Person, Person.id == Review.reviewer_id)
        .where(policy.listed_in_register_condition(actor, programme), *_filter_clauses(filters))
        .order_by(
            Review.state.not_in(UNDER_WAY), Review.submitted_at.is_(None), Review.submitted_at, Review.id
        )
    )
    page_statement = statement.limit(PER_PAGE).offset((page - 1) * PER_PAGE)
    rows = db.session.execute(page_statement).all()
    if not rows and page > 1:
        return read_register_page(actor, programme, filters)
    can_see_reviewers = policy.can_see_reviewers(actor, programme)
    entries = [_make_entry(actor, row, can_see_reviewers=can_see_reviewers) for row in rows]
    return ListPage(entries, rows[0][7] if rows else 0, page)


def _make_entry(actor: Actor, row: Any, *, can_see_reviewers: bool) -> ReviewRegisterEntry:
    review, edition, project, name, open_, late, flagged, _count = row
    return ReviewRegisterEntry(
        review,
        edition,
        project,
        name if can_see_reviewers else None,
        open_,
        late,
        bool(flagged),
        policy.can_follow_register_link(actor, project),
    )


def _filter_clauses(filters: ReviewFilters) -> Sequence[Any]:
    clauses: list[Any] = [Review.discarded_at.is_not(None) if filters.discarded else _NOT_DISCARDED]
    if filters.state is not None:
        clauses.append(Review.state == filters.state)
    if filters.kind:
        clauses.append(Review.kind == filters.kind)
    if filters.flagged:
        clauses.append(_flagged_reviewer_condition())
    if filters.nobody:
        clauses.append(and_(Review.reviewer_id.is_(None), Review.state == ReviewState.SUBMITTED))
    return clauses


def list_register_questionnaires(actor: Actor, programme: Programme) -> Sequence[QuestionnaireEdition]:
    """The latest edition of each questionnaire in the register."""
    statement = (
        select(QuestionnaireEdition)
        .join(Review, Review.edition_id == QuestionnaireEdition.id)
        .where(policy.listed_in_register_condition(actor, programme))
        .order_by(QuestionnaireEdition.key, QuestionnaireEdition.edition)
        .distinct()
    )
    return list({row.key: row for row in db.session.scalars(statement)}.values())


def list_reviewer_tasks(actor: Actor) -> Sequence[ReviewAwaitingReviewer]:
    """The tasks of a reviewer who may still do them, in projects that go on; the longest waiting first."""
    proofs = _select_open_condition_count(ReviewCondition.proved_at.is_not(None))
    first_proved_at = _select_open_conditions(func.min(ReviewCondition.proved_at))
    since = case((Review.state.in_(DECIDED), first_proved_at), else_=Review.submitted_at)
    statement = (
        select(Review, QuestionnaireEdition, Project, proofs, since)
        .join(QuestionnaireEdition, QuestionnaireEdition.id == Review.edition_id)
        .join(Project, Project.id == Review.project_id)
        .where(policy.reviewed_by_actor_condition(actor), *IS_REVIEWER_TASK)
        .order_by(since, Review.id)
        .limit(WAITING_MAX)
    )
    return [ReviewAwaitingReviewer(*row) for row in db.session.execute(statement)]


def list_reviews_without_reviewer(actor: Actor) -> Sequence[ListedReview]:
    """Submitted reviews without an independent reviewer, for the lead of their programme; the
    longest waiting first."""
    statement = (
        select(Review, QuestionnaireEdition, Project)
        .join(QuestionnaireEdition, QuestionnaireEdition.id == Review.edition_id)
        .join(Project, Project.id == Review.project_id)
        .where(
            policy.led_by_actor_condition(actor),
            LACKS_REVIEWER,
            *IS_NOT_OVER,
        )
        .order_by(Review.submitted_at, Review.id)
        .limit(WAITING_MAX)
    )
    return [ListedReview(*row) for row in db.session.execute(statement)]


def list_reviewer_programmes(actor: Actor) -> Sequence[Programme]:
    """The programmes in which the actor is a reviewer, in the order of `running_first`."""
    statement = select(Programme).where(policy.programme_reviewed_by_actor_condition(actor))
    return running_first(db.session.scalars(statement))


@dataclass(frozen=True)
class ConditionToMeet:
    """A condition that the team still has to meet."""

    number: int
    what: str
    due_on: date


@dataclass(frozen=True)
class DraftedReview:
    """A draft: returned to its team, or not submitted yet."""

    number: int
    round: int


def select_conditions_to_meet(limit: int) -> Any:
    """Subquery of `ConditionToMeet`s, nearest first, of the visible project bound as `project`."""
    statement = select(ReviewCondition.number, ReviewCondition.what, ReviewCondition.due_on)
    due_conditions = statement.where(ReviewCondition.project_id == bindparam("project"), UNMET_CONDITIONS)
    ordered = due_conditions.order_by(ReviewCondition.due_on, ReviewCondition.number)
    return rows_subquery(ordered.limit(limit), ConditionToMeet)


def select_drafted_reviews(limit: int) -> Any:
    """Subquery of `DraftedReview`s of the same project, returned ones first."""
    statement = select(Review.number, Review.round)
    drafts = statement.where(Review.project_id == bindparam("project"), _WITH_TEAM)
    return rows_subquery(drafts.order_by(Review.round.desc(), Review.number).limit(limit), DraftedReview)


# Figures of the project bound as `project`, which the caller may see.
_of_project = Review.project_id == bindparam("project")
_signed = and_(ReviewCondition.project_id == bindparam("project"), UNMET_CONDITIONS)
_today: Any = bindparam("today", callable_=clock.today)


def _select_count_where(*clauses: Any) -> Any:
    return select(func.count()).where(*clauses).scalar_subquery()


# Of the sprint bound as `sprint`: the reviews that were submitted or decided meanwhile.
SPRINT_REVIEWS = rows_subquery(
    select(Review.number, Review.state)
    .join(Sprint, Sprint.project_id == Review.project_id)
    .where(
        Sprint.id == bindparam("sprint"),
        _NOT_DISCARDED,
        func.coalesce(Review.decided_at, Review.submitted_at) >= Sprint.started_at,
        or_(
            Sprint.closed_at.is_(None),
            func.coalesce(Review.decided_at, Review.submitted_at) <= Sprint.closed_at,
        ),
    )
    .order_by(Review.number),
    lambda *values: values,
)
PROJECT_FIGURES = (
    _select_count_where(_of_project, _NOT_DISCARDED),
    _select_count_where(_of_project, _WITH_TEAM),
    _select_count_where(_of_project, Review.state.in_(UNDER_REVIEW)),
    _select_count_where(_signed),
    _select_count_where(_signed, ReviewCondition.due_on < _today),
)
