"""Reading triggers, what they concern, and whom they wait for. What comes back, they may see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, select

from portal.accounts.queries import names_of
from portal.kernel.access import Actor
from portal.kernel.db import db
from portal.projects.models import Project
from portal.projects.numbered import Page, get_one, of_project, read_page
from portal.questionnaires.definition import Section
from portal.questionnaires.models import QuestionnaireEdition
from portal.rereviews import policy
from portal.rereviews.models import OPEN, TO_ANSWER, TO_CONFIRM, Trigger, TriggeredReview
from portal.rereviews.triggers import Cause, touched
from portal.reviews.models import Review

OPEN_MAX = 200


@dataclass(frozen=True)
class Concerned:
    """A review that a trigger has looked at again, and the edition that it answers."""

    review: Review
    edition: QuestionnaireEdition

    def touched(self, causes: Sequence[Cause]) -> Sequence[Section]:
        """The sections that are about the fact; none when it touches the whole."""
        sections = self.edition.definition.sections
        keys = touched({one.key: one.traits for one in sections}, causes)
        return [one for one in sections if one.key in keys]


def get_trigger(actor: Actor, project: Project, number: int) -> Trigger:
    """Raises `NotFound`."""
    return get_one(actor, Trigger, project, number)


def list_concerned(trigger: Trigger) -> Sequence[Concerned]:
    """The reviews of a trigger that the caller may see, by number."""
    chosen = (
        select(Review, QuestionnaireEdition)
        .join(TriggeredReview, TriggeredReview.review_id == Review.id)
        .join(QuestionnaireEdition, QuestionnaireEdition.id == Review.edition_id)
        .where(TriggeredReview.trigger_id == trigger.id)
        .order_by(Review.number)
    )
    return [Concerned(row[0], row[1]) for row in db.session.execute(chosen)]


def read_triggers(actor: Actor, project: Project, page: int = 1) -> Page[Trigger]:
    """Those that wait first, the latest first."""
    mine = of_project(actor, Trigger, project)
    return read_page(mine, page, OPEN.desc(), Trigger.number.desc())


def list_open(actor: Actor, project: Project, review: Review | None = None) -> Sequence[Trigger]:
    """Those that wait for somebody, of a project or of one of its reviews, the latest first."""
    mine = of_project(actor, Trigger, project).where(OPEN)
    if review is not None:
        mine = mine.where(Trigger.id.in_(_of_review(review)))
    return db.session.scalars(mine.order_by(Trigger.number.desc()).limit(OPEN_MAX)).all()


def list_waiting(actor: Actor) -> Sequence[tuple[Trigger, Project]]:
    """Those that wait for this person, in any project, the longest first."""
    chosen = (
        select(Trigger, Project)
        .join(Project, Project.id == Trigger.project_id)
        .where(policy.waits_for(actor))
        .order_by(Trigger.id)
        .limit(OPEN_MAX)
    )
    return [(row[0], row[1]) for row in db.session.execute(chosen)]


def count_settled(actor: Actor, project: Project, review: Review | None = None) -> int:
    """Those that wait for nobody any more."""
    mine = of_project(actor, Trigger, project).where(~OPEN)
    if review is not None:
        mine = mine.where(Trigger.id.in_(_of_review(review)))
    return db.session.scalar(select(func.count()).select_from(mine.subquery())) or 0


def _of_review(review: Review) -> Any:
    return select(TriggeredReview.trigger_id).where(TriggeredReview.review_id == review.id)


def names_beside(triggers: Sequence[Trigger]) -> Mapping[UUID, str]:
    """Who did what is told, answered and confirmed, by id."""
    people: set[UUID | None] = set()
    for one in triggers:
        people |= {one.happened_by_id, one.answered_by_id, one.confirmed_by_id}
    return names_of(people)


def list_others(trigger: Trigger, covered: Sequence[Review]) -> Sequence[Trigger]:
    """Other triggers of the project that wait for an answer and concern none but these reviews."""
    ids = [one.id for one in covered]
    beyond = select(TriggeredReview.trigger_id).where(
        TriggeredReview.project_id == trigger.project_id, TriggeredReview.review_id.not_in(ids)
    )
    chosen = select(Trigger).where(
        Trigger.project_id == trigger.project_id,
        Trigger.id != trigger.id,
        TO_ANSWER,
        Trigger.id.not_in(beyond),
    )
    return db.session.scalars(chosen.order_by(Trigger.number)).all()


# Of the project that is bound, which the caller was already allowed to see.
_bound = Trigger.project_id == bindparam("project")
WAITING = (
    select(func.count()).where(_bound, TO_ANSWER).scalar_subquery(),
    select(func.count()).where(_bound, TO_CONFIRM).scalar_subquery(),
)
FIGURES = (*WAITING, select(func.count()).where(_bound).scalar_subquery())
