"""Reading reviews. Whatever comes back, the actor may see."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from sqlalchemy import and_, exists, func, select

from portal.collaboration.discussions.models import Discussion
from portal.ethics.questionnaires.completion_rules import (
    AnswerProgress,
    compute_progress,
    list_missing,
)
from portal.ethics.questionnaires.conclusion_rules import Conclusion, conclude
from portal.ethics.questionnaires.definition_rules import (
    Answer,
    Questionnaire,
    QuestionnaireItem,
    QuestionnaireSection,
)
from portal.ethics.questionnaires.models import QuestionnaireEdition
from portal.ethics.reviews import policy
from portal.ethics.reviews.models import UNDER_WAY, Review, ReviewAnswer, ReviewRound, ReviewState
from portal.ethics.reviews.round_rules import collect_answers, find_open_sections
from portal.people.accounts.models import Person
from portal.people.accounts.queries import names_of
from portal.people.programmes.queries import get_roles, list_holders, list_pool
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import NotFound
from portal.project.projects.models import Project
from portal.project.projects.numbered_queries import (
    get_by_number,
    query_parameters,
    select_bound,
    select_in_project,
)

LISTED_MAX = 200


@dataclass(frozen=True)
class ReviewRecord:
    """A review with the edition that it answers, its answers by item, and its last round."""

    review: Review
    edition: QuestionnaireEdition
    round: ReviewRound
    rows: Mapping[str, ReviewAnswer]

    @cached_property
    def definition(self) -> Questionnaire:
        return self.edition.definition

    @cached_property
    def answers(self) -> dict[str, Answer]:
        return collect_answers(self.definition, self.rows)

    @cached_property
    def progress(self) -> AnswerProgress:
        return compute_progress(self.definition, self.answers)

    @cached_property
    def missing(self) -> Sequence[tuple[QuestionnaireSection, QuestionnaireItem]]:
        """What must be answered before it is submitted."""
        return list_missing(self.definition, self.answers)

    @cached_property
    def conclusion(self) -> Conclusion:
        """As it stands: hidden answers count while it is being answered where the original of the
        questionnaire does so, and never once it is submitted."""
        live = self.review.is_with_team
        return conclude(self.definition, self.answers, live=live)

    @cached_property
    def open_sections(self) -> frozenset[str]:
        """Those that this round lets the team answer."""
        return find_open_sections(self.definition, self.answers, self.round.sections)


@dataclass(frozen=True)
class Reviewer:
    """Who was chosen. `is_involved`: now on the team or a coach; `has_left`: a reviewer of this
    project no more. Either way they decide nothing, and another one is to be chosen."""

    person_id: UUID
    name: str
    is_involved: bool
    has_left: bool

    @property
    def is_flagged(self) -> bool:
        return self.is_involved or self.has_left


@dataclass(frozen=True)
class Candidate:
    """A reviewer of the programme; one who is involved in the project may not."""

    person: Person
    is_involved: bool
    under_way: int  # reviews that wait for them already


def get_review(actor: Actor, project: Project, number: int) -> Review:
    return get_by_number(actor, Review, project, number)


def get_record(actor: Actor, project: Project, number: int) -> ReviewRecord:
    """Raises `NotFound`."""
    row = db.session.execute(
        _RECORD_STATEMENT.where(Review.number == number), query_parameters(actor, project)
    ).first()
    if row is None:
        raise NotFound
    review, edition, round_ = row
    return ReviewRecord(review, edition, round_, list_answer_rows(review))


_CURRENT_ROUND = and_(ReviewRound.review_id == Review.id, ReviewRound.number == Review.round)
_RECORD_STATEMENT = (
    select_bound(Review)
    .add_columns(QuestionnaireEdition, ReviewRound)
    .join(QuestionnaireEdition, QuestionnaireEdition.id == Review.edition_id)
    .join(ReviewRound, _CURRENT_ROUND)
)


def reload_record(review: Review) -> ReviewRecord:
    """The same of a review that the caller may see, as it is now in the transaction."""
    statement = (
        select(QuestionnaireEdition, ReviewRound)
        .select_from(Review)
        .join(QuestionnaireEdition, QuestionnaireEdition.id == Review.edition_id)
        .join(ReviewRound, _CURRENT_ROUND)
        .where(Review.id == review.id)
    )
    edition, round_ = db.session.execute(statement, execution_options=_REFRESH_LOADED).one()
    return ReviewRecord(review, edition, round_, list_answer_rows(review))


def list_answer_rows(review: Review) -> Mapping[str, ReviewAnswer]:
    """Its answers by item, as they are now, of a review that the caller may see."""
    statement = select(ReviewAnswer).where(ReviewAnswer.review_id == review.id)
    rows = db.session.scalars(statement, execution_options=_REFRESH_LOADED)
    return {row.item: row for row in rows}


_REFRESH_LOADED = {
    "populate_existing": True
}  # not as the request read it before it held the review


def get_answer_row(review: Review, item: str) -> ReviewAnswer:
    """The row of one question. Raises `NotFound`."""
    statement = select(ReviewAnswer).where(
        ReviewAnswer.review_id == review.id, ReviewAnswer.item == item
    )
    row = db.session.scalar(statement)
    if row is None:
        raise NotFound
    return row


def count_remarks(rows: Iterable[ReviewAnswer]) -> Mapping[UUID, int]:
    """How many comments stand beside answers, by discussion; those without any are left out."""
    ids = [row.discussion_id for row in rows]
    statement = select(Discussion.id, Discussion.comment_count).where(
        Discussion.id.in_(ids), Discussion.comment_count > 0
    )
    return {row[0]: row[1] for row in db.session.execute(statement)}


def get_person_names(record: ReviewRecord) -> Mapping[UUID, str]:
    """Who answered, began and submitted, by id."""
    people = {row.answered_by_id for row in record.rows.values()}
    review, round_ = record.review, record.round
    people |= {review.opened_by_id, review.reviewer_id}
    people |= {round_.begun_by_id, round_.submitted_by_id}
    return names_of(people)


def find_last(actor: Actor, project: Project, kind: str) -> Review | None:
    """The last review of a questionnaire, whatever its edition; not one that was discarded."""
    statement = select_in_project(actor, Review, project).where(
        Review.kind == kind, Review.discarded_at.is_(None)
    )
    row: Review | None = db.session.scalar(statement.order_by(Review.number.desc()).limit(1))
    return row


def list_reviews(actor: Actor, project: Project) -> Sequence[tuple[Review, QuestionnaireEdition]]:
    """All reviews of a project with their editions, those under way first, the latest first; those
    that were discarded at the end."""
    statement = (
        select_in_project(actor, Review, project)
        .add_columns(QuestionnaireEdition)
        .join(QuestionnaireEdition, QuestionnaireEdition.id == Review.edition_id)
        .order_by(
            Review.discarded_at.is_not(None), Review.state.not_in(UNDER_WAY), Review.number.desc()
        )
        .limit(LISTED_MAX)
    )
    return [(row[0], row[1]) for row in db.session.execute(statement)]


def count_answered(reviews: Sequence[Review]) -> Mapping[UUID, int]:
    """How many questions have an answer, by review; a rough measure for lists."""
    statement = (
        select(ReviewAnswer.review_id, func.count())
        .where(
            ReviewAnswer.review_id.in_([review.id for review in reviews]),
            ReviewAnswer.answered_at.is_not(None),
        )
        .group_by(ReviewAnswer.review_id)
    )
    return {row[0]: row[1] for row in db.session.execute(statement)}


def find_reviewer(review: Review) -> Reviewer | None:
    """Who was chosen for a review that the caller may see, and whether they still do."""
    if review.reviewer_id is None:
        return None
    person = db.session.execute(
        select(Person.name).where(Person.id == review.reviewer_id)
    ).scalar_one()
    roles = get_roles(review.reviewer_id, review.project_id)
    return Reviewer(
        review.reviewer_id,
        person,
        is_involved=bool(roles & set(policy.INVOLVED_ROLES)),
        has_left=policy.REVIEWER not in roles,
    )


def is_involved(person_id: UUID, project: Project) -> bool:
    """On the project's team, or one of its coaches."""
    return bool(get_roles(person_id, project.id) & set(policy.INVOLVED_ROLES))


def has_reviewer_role(person_id: UUID, project: Project) -> bool:
    """Whether the project was opened to them as its reviewer already."""
    return policy.REVIEWER in get_roles(person_id, project.id)


def definition_of(review: Review) -> Questionnaire:
    """The edition that a review answers."""
    return get_edition(review.edition_id).definition


def get_edition(edition_id: UUID) -> QuestionnaireEdition:
    """The one that a review, or one of its rounds, answers."""
    statement = select(QuestionnaireEdition).where(QuestionnaireEdition.id == edition_id)
    return db.session.scalars(statement).one()


def has_answered(person_id: UUID, review: Review) -> bool:
    """Whether something in it is their own answer: nobody reviews what they wrote."""
    own_answer = exists().where(
        ReviewAnswer.review_id == review.id, ReviewAnswer.answered_by_id == person_id
    )
    return bool(db.session.scalar(select(own_answer)))


def list_candidates(project: Project) -> Sequence[Candidate]:
    """The programme's ethics reviewers by name, with who may not and how much each has."""
    pool = list_pool(project.programme_id, policy.REVIEWER)
    waiting = (
        select(Review.reviewer_id, func.count())
        .where(
            Review.reviewer_id.in_([person.id for person in pool]),
            Review.state.in_((ReviewState.SUBMITTED, ReviewState.IN_REVIEW)),
        )
        .group_by(Review.reviewer_id)
    )
    loads = {row[0]: row[1] for row in db.session.execute(waiting)}
    inside = {holder.person.id for holder in list_holders(project.id, *policy.INVOLVED_ROLES)}
    return [Candidate(person, person.id in inside, loads.get(person.id, 0)) for person in pool]
