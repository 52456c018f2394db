"""Reads triggers and the reviews that they concern, limited to what the actor may see."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, select

from portal.ethics.questionnaires.definition_rules import Questionnaire, QuestionnaireSection
from portal.ethics.questionnaires.models import QuestionnaireEdition
from portal.ethics.questionnaires.queries import get_definition
from portal.ethics.rereviews import policy
from portal.ethics.rereviews.models import (
    AWAITS_ANSWER,
    AWAITS_CONFIRMATION,
    OPEN_TRIGGERS,
    Trigger,
    TriggeredReview,
)
from portal.ethics.rereviews.trigger_rules import SOURCE_CAUSES, TriggerCause, list_touched_section_keys
from portal.ethics.reviews.models import Review
from portal.ethics.reviews.queries import list_last_reviews_by_kind
from portal.people.accounts.queries import read_person_names
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db, get_row
from portal.project.projects import policy as projects
from portal.project.projects.models import IS_NOT_OVER, Project
from portal.project.projects.numbered_queries import ListPage, read_list_page, select_in_project
from portal.project.projects.revision_queries import list_revisions
from portal.project.projects.to_decide_queries import WAITING_MAX

OPEN_MAX = 200


@dataclass(frozen=True)
class ConcernedReview:
    """A review that a trigger concerns, and its edition."""

    review: Review
    edition: QuestionnaireEdition

    @property
    def definition(self) -> Questionnaire:
        return get_definition(self.edition)

    def list_touched_sections(self, causes: Sequence[TriggerCause]) -> Sequence[QuestionnaireSection]:
        """The sections about the fact; none when it touches the whole review."""
        sections = self.definition.sections
        keys = list_touched_section_keys({section.key: section.traits for section in sections}, causes)
        return [section for section in sections if section.key in keys]


def list_concerned_reviews(trigger: Trigger) -> Sequence[ConcernedReview]:
    """The reviews that a visible trigger concerns, by number."""
    statement = (
        select(Review, QuestionnaireEdition)
        .join(TriggeredReview, TriggeredReview.review_id == Review.id)
        .join(QuestionnaireEdition, QuestionnaireEdition.id == Review.edition_id)
        .where(TriggeredReview.trigger_id == trigger.id)
        .order_by(Review.number)
    )
    return [ConcernedReview(row[0], row[1]) for row in db.session.execute(statement)]


def can_be_reviewed_in_part(concerned: Iterable[ConcernedReview], trigger: Trigger) -> bool:
    """Whether the fact touches some sections of a review; the others, it touches as a whole."""
    return any(each.list_touched_sections(trigger.typed_causes) for each in concerned)


def pair_reviews_to_reopen(
    project: Project, concerned: Collection[ConcernedReview]
) -> Sequence[tuple[ConcernedReview, Review]]:
    """Each concerned review of a visible project with what is reopened for it: the last of its
    questionnaire."""
    last = list_last_reviews_by_kind(project, {each.review.kind for each in concerned})
    return [(each, last.get(each.review.kind, each.review)) for each in concerned]


def read_triggers_page(actor: Actor, project: Project, page: int = 1) -> ListPage[Trigger]:
    """A page of a project's triggers, those that wait first, then the latest first."""
    statement = select_in_project(actor, Trigger, project)
    return read_list_page(statement, page, OPEN_TRIGGERS.desc(), Trigger.number.desc())


def list_open_triggers(actor: Actor, project: Project, review: Review | None = None) -> Sequence[Trigger]:
    """Triggers of a project, or of one of its reviews, that wait for a reply; the latest first."""
    statement = select_in_project(actor, Trigger, project).where(OPEN_TRIGGERS)
    if review is not None:
        statement = statement.where(Trigger.id.in_(_select_trigger_ids(review)))
    return db.session.scalars(statement.order_by(Trigger.number.desc()).limit(OPEN_MAX)).all()


def list_open_source_triggers(project: Project, source_number: int) -> Sequence[Trigger]:
    """Triggers about a data source, by its number, that wait for a reply, by number; for its editor."""
    statement = select(Trigger).where(Trigger.project_id == project.id, OPEN_TRIGGERS)
    return [
        trigger
        for trigger in db.session.scalars(statement.order_by(Trigger.number).limit(OPEN_MAX))
        if trigger.details.get("number") == source_number
        and not SOURCE_CAUSES.isdisjoint(trigger.typed_causes)
    ]


def list_triggers_awaiting_actor(actor: Actor) -> Sequence[tuple[Trigger, Project]]:
    """Triggers that wait for the actor, in any project, the longest waiting first."""
    statement = (
        select(Trigger, Project)
        .join(Project, Project.id == Trigger.project_id)
        .where(policy.awaiting_actor_condition(actor))
        .order_by(Trigger.id)
        .limit(OPEN_MAX)
    )
    return [(row[0], row[1]) for row in db.session.execute(statement)]


def list_triggers_to_confirm(actor: Actor) -> Sequence[tuple[Trigger, Project]]:
    """Answers of no impact that the actor may confirm, the longest waiting first."""
    statement = (
        select(Trigger, Project)
        .join(Project, Project.id == Trigger.project_id)
        .where(policy.confirmable_by_actor_condition(actor), *IS_NOT_OVER)
        .order_by(Trigger.answered_at, Trigger.id)
        .limit(WAITING_MAX)
    )
    return [(row[0], row[1]) for row in db.session.execute(statement)]


def list_triggers_by_id(ids: Collection[UUID]) -> Sequence[Trigger]:
    """The triggers of these ids, for whoever was told of them; one statement."""
    return db.session.scalars(select(Trigger).where(Trigger.id.in_(list(ids)))).all()


def find_confirmation_reason(trigger: Trigger) -> str:
    """Why the second person confirmed it, from the trail; "" where nothing was asked."""
    if trigger.confirmed_at is None:
        return ""
    confirmed = list_revisions([trigger.id], ["rereview.confirmed"])
    return (confirmed[0].changes.get("confirmed_because") or ("", ""))[1] if confirmed else ""


def get_project_and_trigger(actor: Actor, id_: UUID) -> tuple[Project, Trigger]:
    """A trigger of any project that the actor reads, and the project. Raises `NotFound`."""
    statement = (
        select(Project, Trigger)
        .join(Trigger, Trigger.project_id == Project.id)
        .where(Trigger.id == id_, projects.visible_to(actor))
    )
    row = get_row(statement)
    return row[0], row[1]


def count_settled_triggers(actor: Actor, project: Project, review: Review | None = None) -> int:
    """How many triggers of a project, or of one of its reviews, are settled."""
    statement = select_in_project(actor, Trigger, project).where(~OPEN_TRIGGERS)
    if review is not None:
        statement = statement.where(Trigger.id.in_(_select_trigger_ids(review)))
    return db.session.scalar(select(func.count()).select_from(statement.subquery())) or 0


def _select_trigger_ids(review: Review) -> Any:
    return select(TriggeredReview.trigger_id).where(TriggeredReview.review_id == review.id)


def get_person_names(triggers: Sequence[Trigger]) -> Mapping[UUID, str]:
    """Names of those who caused, answered and confirmed, by person id."""
    people: set[UUID | None] = set()
    for trigger in triggers:
        people |= {trigger.happened_by_id, trigger.answered_by_id, trigger.confirmed_by_id}
    return read_person_names(people)


def list_other_unanswered_triggers(trigger: Trigger, covered: Sequence[Review]) -> Sequence[Trigger]:
    """Other unanswered triggers of the project that concern none but the covered reviews."""
    ids = [review.id for review in covered]
    beyond = select(TriggeredReview.trigger_id).where(
        TriggeredReview.project_id == trigger.project_id, TriggeredReview.review_id.not_in(ids)
    )
    statement = select(Trigger).where(
        Trigger.project_id == trigger.project_id,
        Trigger.id != trigger.id,
        AWAITS_ANSWER,
        Trigger.id.not_in(beyond),
    )
    return db.session.scalars(statement.order_by(Trigger.number)).all()


# Figures of the project bound as `project`, which the caller may see.
_IN_PROJECT = Trigger.project_id == bindparam("project")
WAITING_COUNTS = (
    select(func.count()).where(_IN_PROJECT, AWAITS_ANSWER).scalar_subquery(),
    select(func.count()).where(_IN_PROJECT, AWAITS_CONFIRMATION).scalar_subquery(),
)
PROJECT_FIGURES = (*WAITING_COUNTS, select(func.count()).where(_IN_PROJECT).scalar_subquery())
