"""Reading what came of a review: its rounds, opinions, decisions and conditions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, select

from portal.kernel.access import Actor
from portal.kernel.db import db
from portal.kernel.errors import NotFound
from portal.projects.models import Project
from portal.projects.numbered import of_project
from portal.prototypes.models import PrototypeVersion
from portal.reviews import policy
from portal.reviews.models import (
    Review,
    ReviewAnswer,
    ReviewCondition,
    ReviewDecision,
    ReviewRound,
    SectionOpinion,
    State,
)

ROUNDS_MAX = 200
CONDITIONS_MAX = 500


@dataclass(frozen=True)
class Turn:
    """A round with what came of it; opinions by section. `version` is the number of the prototype's
    version that stood when it was submitted."""

    round: ReviewRound
    decision: ReviewDecision | None
    opinions: Mapping[str, SectionOpinion]
    version: int | None


def list_turns(actor: Actor, project: Project, review: Review) -> Sequence[Turn]:
    """All rounds, the latest first; the opinions of one under way are its reviewer's alone."""
    chosen = (
        select(ReviewRound, ReviewDecision, PrototypeVersion.number)
        .outerjoin(ReviewDecision, ReviewDecision.round_id == ReviewRound.id)
        .outerjoin(PrototypeVersion, PrototypeVersion.id == ReviewRound.prototype_version_id)
        .where(ReviewRound.review_id == review.id)
        .order_by(ReviewRound.number.desc())
        .limit(ROUNDS_MAX)
    )
    found = db.session.execute(chosen).all()
    own = policy.can_read_opinions(actor, project, review)
    told = [round_.id for round_, *_rest in found if own or round_.ended_at is not None]
    opinions: dict[UUID, dict[str, SectionOpinion]] = {}
    written = select(SectionOpinion).where(SectionOpinion.round_id.in_(told))
    for one in db.session.scalars(written):
        opinions.setdefault(one.round_id, {})[one.section] = one
    return [
        Turn(round_, decision, opinions.get(round_.id, {}), version)
        for round_, decision, version in found
    ]


@dataclass(frozen=True)
class Opinion:
    """What the reviewer wrote of a section last, and in which round."""

    row: SectionOpinion
    round: int


def find_opinion(actor: Actor, project: Project, review: Review, section: str) -> Opinion | None:
    """The last one that the actor may read."""
    chosen = (
        select(SectionOpinion, ReviewRound.number)
        .join(ReviewRound, ReviewRound.id == SectionOpinion.round_id)
        .where(ReviewRound.review_id == review.id, SectionOpinion.section == section)
        .order_by(ReviewRound.number.desc())
        .limit(1)
    )
    if not policy.can_read_opinions(actor, project, review):
        chosen = chosen.where(ReviewRound.ended_at.is_not(None))
    found = db.session.execute(chosen).first()
    return Opinion(found[0], found[1]) if found else None


def get_turn(actor: Actor, project: Project, review: Review, number: int) -> Turn:
    """One round that was given away. Raises `NotFound`."""
    for turn in list_turns(actor, project, review):
        if turn.round.number == number and turn.round.submitted_at is not None:
            return turn
    raise NotFound


def list_opinions(round_: ReviewRound) -> Mapping[str, SectionOpinion]:
    """By section; for the reviewer, while the round goes on."""
    chosen = select(SectionOpinion).where(SectionOpinion.round_id == round_.id)
    return {one.section: one for one in db.session.scalars(chosen)}


def find_last_decision(review: Review) -> ReviewDecision | None:
    """Of a review that the caller may see."""
    chosen = select(ReviewDecision).where(ReviewDecision.review_id == review.id)
    row: ReviewDecision | None = db.session.scalar(
        chosen.order_by(ReviewDecision.id.desc()).limit(1)
    )
    return row


def list_conditions(actor: Actor, project: Project, review: Review) -> Sequence[ReviewCondition]:
    """In force ones by due date; the drafts of a round under way for its reviewer alone."""
    chosen = select(ReviewCondition).where(ReviewCondition.review_id == review.id)
    if not policy.can_read_opinions(actor, project, review):
        chosen = chosen.where(ReviewCondition.decided_at.is_not(None))
    ordered = chosen.order_by(ReviewCondition.due_on, ReviewCondition.number)
    return db.session.scalars(ordered.limit(CONDITIONS_MAX)).all()


def list_drafts(review: Review) -> Sequence[ReviewCondition]:
    """Conditions that are not signed yet; for the reviewer."""
    chosen = select(ReviewCondition).where(
        ReviewCondition.review_id == review.id, ReviewCondition.decided_at.is_(None)
    )
    return db.session.scalars(chosen.order_by(ReviewCondition.due_on, ReviewCondition.number)).all()


def get_condition(actor: Actor, project: Project, number: int) -> tuple[ReviewCondition, Review]:
    """A condition and its review. Raises `NotFound`, for another's draft too."""
    chosen = (
        of_project(actor, ReviewCondition, project)
        .where(ReviewCondition.number == number)
        .add_columns(Review)
        .join(Review, Review.id == ReviewCondition.review_id)
    )
    found = db.session.execute(chosen).first()
    if found is None:
        raise NotFound
    condition, review = found
    if condition.decided_at is None and not policy.can_read_opinions(actor, project, review):
        raise NotFound
    return condition, review


_with_team = and_(Review.state == State.DRAFT, Review.discarded_at.is_(None))


def find_whether_with_team(review_id: UUID) -> bool:
    """Of a review that the caller may see."""
    return db.session.scalars(select(_with_team).where(Review.id == review_id)).one()


def find_question(answer_id: UUID) -> tuple[bool, str]:
    """Whether its review is with its team, and the key of its question, of an answer that the
    caller may see."""
    chosen = (
        select(_with_team, ReviewAnswer.item)
        .join(Review, Review.id == ReviewAnswer.review_id)
        .where(ReviewAnswer.id == answer_id)
    )
    row = db.session.execute(chosen).one()
    return row[0], row[1]
