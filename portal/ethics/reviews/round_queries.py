"""Reads rounds, opinions, decisions and conditions of reviews."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, select

from portal.collaboration.discussions.models import Comment, Thread
from portal.ethics.questionnaires.definition_rules import Questionnaire
from portal.ethics.questionnaires.visibility_rules import list_visible_items
from portal.ethics.reviews import policy
from portal.ethics.reviews.models import (
    Review,
    ReviewAnswer,
    ReviewCondition,
    ReviewDecision,
    ReviewRound,
    ReviewState,
    SectionOpinion,
)
from portal.ethics.reviews.round_rules import collect_answers
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import NotFound
from portal.project.projects.models import Project
from portal.project.projects.numbered_queries import get_row_with_parent
from portal.sprints.prototypes.models import PrototypeVersion

ROUNDS_MAX = 200
CONDITIONS_MAX = 500


@dataclass(frozen=True)
class ReviewRoundWithOpinions:
    """A round with its decision and its opinions by section key.

    `version` is the number of the prototype's latest version at submission.
    """

    round: ReviewRound
    decision: ReviewDecision | None
    opinions: Mapping[str, SectionOpinion]
    version: int | None


def list_rounds(actor: Actor, project: Project, review: Review) -> Sequence[ReviewRoundWithOpinions]:
    """All rounds, the latest first; opinions of a round under way only for its reviewer."""
    statement = (
        select(ReviewRound, ReviewDecision, PrototypeVersion.number)
        .outerjoin(ReviewDecision, ReviewDecision.round_id == ReviewRound.id)
        .outerjoin(PrototypeVersion, PrototypeVersion.id == ReviewRound.prototype_version_id)
        .where(ReviewRound.review_id == review.id)
        .order_by(ReviewRound.number.desc())
        .limit(ROUNDS_MAX)
    )
    rows = db.session.execute(statement).all()
    own = policy.can_read_opinions(actor, project, review)
    readable_rounds = [round_.id for round_, *_rest in rows if own or round_.ended_at is not None]
    opinions: dict[UUID, dict[str, SectionOpinion]] = {}
    written = select(SectionOpinion).where(SectionOpinion.round_id.in_(readable_rounds))
    for opinion in db.session.scalars(written):
        opinions.setdefault(opinion.round_id, {})[opinion.section] = opinion
    return [
        ReviewRoundWithOpinions(round_, decision, opinions.get(round_.id, {}), version)
        for round_, decision, version in rows
    ]


@dataclass(frozen=True)
class LastOpinion:
    """The last opinion of a section, and the number of its round."""

    row: SectionOpinion
    round: int


def find_last_opinion(actor: Actor, project: Project, review: Review, section: str) -> LastOpinion | None:
    """The last opinion of a section that the actor may read."""
    statement = (
        select(SectionOpinion, ReviewRound.number)
        .join(ReviewRound, ReviewRound.id == SectionOpinion.round_id)
        .where(ReviewRound.review_id == review.id, SectionOpinion.section == section)
        .order_by(ReviewRound.number.desc())
        .limit(1)
    )
    if not policy.can_read_opinions(actor, project, review):
        statement = statement.where(ReviewRound.ended_at.is_not(None))
    row = db.session.execute(statement).first()
    return LastOpinion(row[0], row[1]) if row else None


def get_round(actor: Actor, project: Project, review: Review, number: int) -> ReviewRoundWithOpinions:
    """One submitted round. Raises `NotFound`."""
    for details in list_rounds(actor, project, review):
        if details.round.number == number and details.round.submitted_at is not None:
            return details
    raise NotFound


def list_opinions_by_section(round_: ReviewRound) -> Mapping[str, SectionOpinion]:
    """Opinions of a round by section key, for its reviewer."""
    statement = select(SectionOpinion).where(SectionOpinion.round_id == round_.id)
    return {opinion.section: opinion for opinion in db.session.scalars(statement)}


def list_conditions(actor: Actor, project: Project, review: Review) -> Sequence[ReviewCondition]:
    """Conditions by due date; drafts only for the reviewer."""
    statement = select(ReviewCondition).where(ReviewCondition.review_id == review.id)
    if not policy.can_read_opinions(actor, project, review):
        statement = statement.where(ReviewCondition.decided_at.is_not(None))
    ordered = statement.order_by(ReviewCondition.due_on, ReviewCondition.number)
    return db.session.scalars(ordered.limit(CONDITIONS_MAX)).all()


def list_drafted_conditions(review: Review) -> Sequence[ReviewCondition]:
    """Conditions that are not signed yet, for the reviewer."""
    statement = select(ReviewCondition).where(
        ReviewCondition.review_id == review.id, ReviewCondition.decided_at.is_(None)
    )
    return db.session.scalars(statement.order_by(ReviewCondition.due_on, ReviewCondition.number)).all()


def get_condition_and_review(actor: Actor, project: Project, number: int) -> tuple[ReviewCondition, Review]:
    """A condition and its review. Raises `NotFound`, also for a draft of somebody else."""
    condition, review = get_row_with_parent(
        actor, ReviewCondition, (Review, ReviewCondition.review_id), project, number
    )
    if condition.decided_at is None and not policy.can_read_opinions(actor, project, review):
        raise NotFound
    return condition, review


_WITH_TEAM = and_(Review.state == ReviewState.DRAFT, Review.discarded_at.is_(None))


def is_with_team(review_id: UUID) -> bool:
    """Whether a visible review is with its team."""
    return db.session.scalars(select(_WITH_TEAM).where(Review.id == review_id)).one()


def read_answer_is_with_team_and_item_key(answer_id: UUID) -> tuple[bool, str]:
    """Of a visible answer: whether its review is with the team, and the key of its item."""
    statement = (
        select(_WITH_TEAM, ReviewAnswer.item)
        .join(Review, Review.id == ReviewAnswer.review_id)
        .where(ReviewAnswer.id == answer_id)
    )
    row = db.session.execute(statement).one()
    return row[0], row[1]


def list_item_keys_with_open_threads(review: Review) -> Collection[str]:
    """The questions of a visible review under which its reviewer wrote in a thread that nobody resolved."""
    statement = (
        select(ReviewAnswer.item)
        .join(Thread, Thread.discussion_id == ReviewAnswer.discussion_id)
        .join(Comment, Comment.thread_id == Thread.id)
        .where(
            ReviewAnswer.review_id == review.id,
            Thread.resolved_at.is_(None),
            Comment.author_id == review.reviewer_id,
            Comment.deleted_at.is_(None),
        )
        .distinct()
    )
    return db.session.scalars(statement).all()


def map_question_sections(definitions: Mapping[UUID, Questionnaire]) -> Mapping[UUID, Mapping[str, str]]:
    """The key of the section of each question that a review asks now, by the question's and by review;
    the caller was allowed to see the reviews, whose definitions these are."""
    rows: dict[UUID, dict[str, ReviewAnswer]] = defaultdict(dict)
    own = select(ReviewAnswer).where(ReviewAnswer.review_id.in_(definitions))
    for row in db.session.scalars(own) if definitions else ():
        rows[row.review_id][row.item] = row
    answers = {id_: collect_answers(definition, rows[id_]) for id_, definition in definitions.items()}
    return {
        id_: {
            item.key: section.key
            for section in definition.sections
            for item in list_visible_items(definition, section, answers[id_])
        }
        for id_, definition in definitions.items()
    }
