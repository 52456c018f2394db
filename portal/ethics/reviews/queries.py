"""Reads reviews, their answers and their reviewers, limited to what the actor may see."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from sqlalchemy import and_, exists, select

from portal.collaboration.discussions.models import Discussion
from portal.ethics.questionnaires import queries as questionnaires
from portal.ethics.questionnaires.completion_rules import (
    AnswerProgress,
    compute_progress,
    leave_out_unfinished_answers,
    list_unanswered_required_items,
)
from portal.ethics.questionnaires.definition_rules import (
    Answer,
    Questionnaire,
    QuestionnaireItem,
    QuestionnaireSection,
)
from portal.ethics.questionnaires.models import QuestionnaireEdition
from portal.ethics.questionnaires.score_rules import Conclusion, compute_conclusion
from portal.ethics.reviews import policy
from portal.ethics.reviews.models import ACCEPTED, UNDER_WAY, Review, ReviewAnswer, ReviewRound
from portal.ethics.reviews.round_rules import (
    collect_answers,
    count_answers_left_aside,
    list_open_section_keys,
)
from portal.people.accounts.models import Person
from portal.people.accounts.queries import read_person_names
from portal.people.programmes.queries import get_roles_in_scope
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db, get_row
from portal.project.projects.models import Project
from portal.project.projects.numbered_queries import (
    bound_select_parameters,
    get_by_number,
    select_bound_in_project,
    select_in_project,
)

LISTED_MAX = 200


@dataclass(frozen=True)
class ReviewWithAnswers:
    """A review with its edition, its last round, and its answer rows by item key."""

    review: Review
    edition: QuestionnaireEdition
    round: ReviewRound
    rows: Mapping[str, ReviewAnswer]

    @cached_property
    def definition(self) -> Questionnaire:
        return questionnaires.get_definition(self.edition)

    @cached_property
    def answers(self) -> dict[str, Answer]:
        return collect_answers(self.definition, self.rows)

    @cached_property
    def progress(self) -> AnswerProgress:
        return compute_progress(self.definition, self.answers)

    @cached_property
    def missing(self) -> Sequence[tuple[QuestionnaireSection, QuestionnaireItem]]:
        """Required answers that are missing, in order, with their sections."""
        return list_unanswered_required_items(self.definition, self.answers)

    @cached_property
    def conclusion(self) -> Conclusion:
        """Score, verdict and duties, of what is asked alone. While the team has it, answers without
        the reason that they must have do not count."""
        is_unfinished = self.review.is_with_team
        answers = (
            leave_out_unfinished_answers(self.definition, self.answers) if is_unfinished else self.answers
        )
        return compute_conclusion(self.definition, answers)

    @cached_property
    def left_aside(self) -> int:
        """The number of questions that were answered and are not asked any more."""
        return count_answers_left_aside(self.definition, self.answers)

    @cached_property
    def open_sections(self) -> frozenset[str]:
        """Keys of the sections that the team may answer in this round."""
        return list_open_section_keys(self.definition, self.answers, self.round.sections)


@dataclass(frozen=True)
class ChosenReviewer:
    """The chosen reviewer. `is_involved`: now on the team or a coach; `has_left`: lost the role.

    Either way they may decide nothing, and another one has to be chosen.
    """

    person_id: UUID
    name: str
    is_involved: bool
    has_left: bool

    @property
    def is_flagged(self) -> bool:
        return self.is_involved or self.has_left


def get_review(actor: Actor, project: Project, number: int) -> Review:
    return get_by_number(actor, Review, project, number)


def get_review_with_answers(actor: Actor, project: Project, number: int) -> ReviewWithAnswers:
    """A review with its answers. Raises `NotFound`."""
    row = get_row(_RECORD_STATEMENT.where(Review.number == number), bound_select_parameters(actor, project))
    review, edition, round_ = row
    record = ReviewWithAnswers(review, edition, round_, list_answer_rows_by_item(review))
    record.definition  # noqa: B018  loads its text while the session is there
    return record


_CURRENT_ROUND = and_(ReviewRound.review_id == Review.id, ReviewRound.number == Review.round)
_RECORD_STATEMENT = (
    select_bound_in_project(Review)
    .add_columns(QuestionnaireEdition, ReviewRound)
    .join(QuestionnaireEdition, QuestionnaireEdition.id == Review.edition_id)
    .join(ReviewRound, _CURRENT_ROUND)
)


def reload_review(review: Review) -> ReviewWithAnswers:
    """The same of a visible review, refreshed from the database."""
    statement = (
        select(QuestionnaireEdition, ReviewRound)
        .select_from(Review)
        .join(QuestionnaireEdition, QuestionnaireEdition.id == Review.edition_id)
        .join(ReviewRound, _CURRENT_ROUND)
        .where(Review.id == review.id)
    )
    edition, round_ = db.session.execute(statement, execution_options=_REFRESH_LOADED).one()
    return ReviewWithAnswers(review, edition, round_, list_answer_rows_by_item(review))


def list_answer_rows_by_item(review: Review) -> Mapping[str, ReviewAnswer]:
    """Answer rows of a visible review by item key, refreshed from the database."""
    statement = select(ReviewAnswer).where(ReviewAnswer.review_id == review.id)
    rows = db.session.scalars(statement, execution_options=_REFRESH_LOADED)
    return {row.item: row for row in rows}


# Refreshes rows that were loaded before the review was locked.
_REFRESH_LOADED = {"populate_existing": True}


def count_remarks_by_discussion(rows: Iterable[ReviewAnswer]) -> Mapping[UUID, int]:
    """Numbers of comments by discussion id; discussions without any are absent."""
    ids = [row.discussion_id for row in rows]
    statement = select(Discussion.id, Discussion.comment_count).where(
        Discussion.id.in_(ids), Discussion.comment_count > 0
    )
    return {row[0]: row[1] for row in db.session.execute(statement)}


def read_review_person_names(record: ReviewWithAnswers) -> Mapping[UUID, str]:
    """Names of those who answered, opened, review and submitted, by person id."""
    people = {row.answered_by_id for row in record.rows.values()}
    review, round_ = record.review, record.round
    people |= {review.opened_by_id, review.reviewer_id}
    people |= {round_.begun_by_id, round_.submitted_by_id}
    return read_person_names(people)


def find_last_review(actor: Actor, project: Project, kind: str) -> Review | None:
    """The last review of a questionnaire that was not discarded, whatever its edition."""
    statement = select_in_project(actor, Review, project).where(
        Review.kind == kind, Review.discarded_at.is_(None)
    )
    row: Review | None = db.session.scalar(statement.order_by(Review.number.desc()).limit(1))
    return row


def find_accepted_review(actor: Actor, project: Project, kind: str) -> Review | None:
    """A review of a questionnaire that was accepted, with or without conditions, if any."""
    statement = select_in_project(actor, Review, project).where(
        Review.kind == kind, Review.state.in_(ACCEPTED), Review.discarded_at.is_(None)
    )
    row: Review | None = db.session.scalar(statement.order_by(Review.number.desc()).limit(1))
    return row


def list_last_reviews_by_kind(project: Project, kinds: Collection[str]) -> Mapping[str, Review]:
    """The last review of each of these questionnaires in a project that the caller may see, by key;
    discarded ones do not count."""
    statement = select(Review).where(
        Review.project_id == project.id, Review.kind.in_(kinds), Review.discarded_at.is_(None)
    )
    return {review.kind: review for review in db.session.scalars(statement.order_by(Review.number))}


def list_reviews(actor: Actor, project: Project) -> Sequence[tuple[Review, QuestionnaireEdition]]:
    """Reviews of a project with their editions: under way, decided, discarded; latest first."""
    statement = (
        select_in_project(actor, Review, project)
        .add_columns(QuestionnaireEdition)
        .join(QuestionnaireEdition, QuestionnaireEdition.id == Review.edition_id)
        .order_by(Review.discarded_at.is_not(None), Review.state.not_in(UNDER_WAY), Review.number.desc())
        .limit(LISTED_MAX)
    )
    return [(row[0], row[1]) for row in db.session.execute(statement)]


def read_progress_by_review(
    reviews: Sequence[tuple[Review, QuestionnaireEdition]],
) -> Mapping[UUID, AnswerProgress]:
    """The progress of visible reviews by their id, as each page counts it."""
    rows: dict[UUID, dict[str, ReviewAnswer]] = defaultdict(dict)
    ids = [review.id for review, _edition in reviews]
    for row in db.session.scalars(select(ReviewAnswer).where(ReviewAnswer.review_id.in_(ids))):
        rows[row.review_id][row.item] = row
    definitions = {review.id: questionnaires.get_definition(edition) for review, edition in reviews}
    return {
        id_: compute_progress(definition, collect_answers(definition, rows[id_]))
        for id_, definition in definitions.items()
    }


def find_reviewer(review: Review) -> ChosenReviewer | None:
    """The reviewer of a visible review, None before one is chosen."""
    if review.reviewer_id is None:
        return None
    person = db.session.execute(select(Person.name).where(Person.id == review.reviewer_id)).scalar_one()
    roles = get_roles_in_scope(review.reviewer_id, review.project_id)
    return ChosenReviewer(
        review.reviewer_id,
        person,
        is_involved=bool(roles & set(policy.INVOLVED_ROLES)),
        has_left=policy.REVIEWER not in roles,
    )


def is_involved(person_id: UUID, project: Project) -> bool:
    """Whether a person is on the project's team or one of its coaches."""
    return bool(get_roles_in_scope(person_id, project.id) & set(policy.INVOLVED_ROLES))


def has_reviewer_role(person_id: UUID, project: Project) -> bool:
    """Whether a person has the reviewer's role in the project."""
    return policy.REVIEWER in get_roles_in_scope(person_id, project.id)


def get_definition(review: Review) -> Questionnaire:
    """The definition that a review answers."""
    return questionnaires.get_definition(get_edition(review.edition_id))


def get_edition(edition_id: UUID) -> QuestionnaireEdition:
    """An edition by its id."""
    return db.session.get_one(QuestionnaireEdition, edition_id)


def has_person_written_answer(person_id: UUID, review: Review) -> bool:
    """Whether a person wrote one of its answers: nobody reviews their own."""
    own_answer = exists().where(ReviewAnswer.review_id == review.id, ReviewAnswer.answered_by_id == person_id)
    return bool(db.session.scalar(select(own_answer)))


def name_of_reviewer(review: Review) -> str | None:
    """The name of the person to whom a review is given, if anybody."""
    return db.session.scalar(select(Person.name).where(Person.id == review.reviewer_id))
