"""Reads the facts that put decided reviews in question, from the audit trail and from due dates.

Run by the worker, which sees every project. Idempotent: the same facts have the same keys.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.ethics.questionnaires.definition_rules import Questionnaire
from portal.ethics.questionnaires.library_documents import COMPARISON
from portal.ethics.questionnaires.models import QuestionnaireEdition
from portal.ethics.questionnaires.queries import get_definition, get_questionnaire
from portal.ethics.rereviews.trigger_rules import (
    FACT_ACTIONS,
    REREVIEW_AFTER_DAYS,
    STEP_BY_ACTION,
    AuditedChange,
    Cause,
    ReviewEvent,
    ReviewHistory,
    ReviewStep,
    causes_of,
    find_concerned_review,
)
from portal.ethics.reviews.models import Review, ReviewRound, ReviewState
from portal.ethics.risks.models import Mitigation, Risk
from portal.ethics.risks.register_queries import OPEN_MITIGATIONS
from portal.platform.kernel import clock
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.audit_chain import AuditSeal
from portal.platform.kernel.database import db
from portal.project.projects import policy as projects
from portal.project.projects.models import Project

ACCEPTED_STATES = frozenset({ReviewState.ACCEPTED, ReviewState.ACCEPTED_WITH_CONDITIONS})
# Fields of a prototype version whose change the sentence of a trigger mentions.
COMPARED_FIELDS = ("automation", "exposure", "model_family", "model_provider")


@dataclass(frozen=True)
class RereviewFact:
    """A fact and the ids of the reviews that it concerns; `key` identifies it in its project."""

    key: str
    causes: tuple[Cause, ...]
    happened_at: datetime
    happened_by_id: UUID | None
    details: Mapping[str, Any]
    reviews: frozenset[UUID]


ReviewEdition = tuple[Review, QuestionnaireEdition]


def list_facts(project: Project) -> Sequence[RereviewFact]:
    """All facts of a project that concern a decided review, those of the audit trail first.

    Costs one statement for a project without decided reviews.
    """
    review_editions = _list_reviews(project)
    if not any(review.decided_at for review, _edition in review_editions):
        return []
    return [
        *_list_trail_facts(project, review_editions),
        *_list_time_facts(project, review_editions),
    ]


def _list_reviews(project: Project) -> Sequence[ReviewEdition]:
    """Reviews with their editions by number, without comparisons and discarded drafts; empty when
    none is decided."""
    statement = (
        select(Review, QuestionnaireEdition)
        .join(QuestionnaireEdition, QuestionnaireEdition.id == Review.edition_id)
        .where(Review.project_id == project.id, Review.discarded_at.is_(None))
        .order_by(Review.number)
    )
    rows = db.session.execute(statement).all()
    if not any(row[0].decided_at for row in rows):
        return []
    return [(row[0], row[1]) for row in rows if COMPARISON not in get_definition(row[1]).traits]


def _list_trail_facts(
    project: Project, review_editions: Sequence[ReviewEdition]
) -> Iterator[RereviewFact]:
    statement = (
        select(AuditEvent, AuditSeal.number)
        .join(AuditSeal, AuditSeal.event_id == AuditEvent.id)
        .where(
            AuditEvent.scope_id == project.id,
            AuditEvent.action.in_([*FACT_ACTIONS, *STEP_BY_ACTION]),
        )
        .order_by(AuditSeal.number)
    )
    lines = [(row[0], row[1]) for row in db.session.execute(statement)]
    histories = _build_histories(
        project, review_editions, [line for line in lines if line[0].action in STEP_BY_ACTION]
    )
    for event, position in lines:
        causes = causes_of(AuditedChange(event.action, event.before, event.after))
        concerned_reviews = [
            find_concerned_review(history, position, causes) for history in histories if causes
        ]
        reviews = frozenset(review for review in concerned_reviews if review is not None)
        if reviews:
            details = {
                name: event.facts.get(name) for name in ("number", "name")
            } | _compare_fields(event)
            when, who = event.created_at, event.actor_id
            yield RereviewFact(str(event.id), causes, when, who, details, reviews)


def _compare_fields(event: AuditEvent) -> dict[str, Any]:
    return {
        name: [event.before.get(name), event.after.get(name)]
        for name in COMPARED_FIELDS
        if event.before.get(name) != event.after.get(name)
    }


def _build_histories(
    project: Project,
    review_editions: Sequence[ReviewEdition],
    steps: Sequence[tuple[AuditEvent, int]],
) -> Sequence[ReviewHistory[UUID]]:
    """One history per questionnaire; it includes reviews replaced by later ones."""
    statement = (
        select(ReviewRound.review_id, ReviewRound.number, ReviewRound.sections)
        .join(Review, Review.id == ReviewRound.review_id)
        .where(Review.project_id == project.id)
    )
    sections = {(row[0], row[1]): frozenset(row[2]) for row in db.session.execute(statement)}
    latest = {review.kind: get_definition(edition) for review, edition in review_editions}
    kinds = {review.id: review.kind for review, _edition in review_editions}
    events_by_kind: dict[str, list[ReviewEvent[UUID]]] = {kind: [] for kind in latest}
    for event, position in steps:
        review, step = event.subject_id, STEP_BY_ACTION[event.action]
        if review in kinds:
            round_key = (review, event.facts.get("round", 0))
            round_sections = sections.get(round_key) if step is ReviewStep.SUBMITTED else None
            events_by_kind[kinds[review]].append(
                ReviewEvent(position, step, review, round_sections or frozenset())
            )
    return [ReviewHistory(traits_of(latest[kind]), events_by_kind[kind]) for kind in latest]


def traits_of(definition: Questionnaire) -> Mapping[str, frozenset[str]]:
    """The traits of each section by its key."""
    return {section.key: section.traits for section in definition.sections}


def _list_time_facts(
    project: Project, review_editions: Sequence[ReviewEdition]
) -> Iterator[RereviewFact]:
    """Facts that come with time rather than an action, while the project is open."""
    last = {review.kind: (review, edition) for review, edition in review_editions}
    standing = [
        review_edition
        for review_edition in last.values()
        if review_edition[0].state in ACCEPTED_STATES
    ]
    if not standing or not projects.is_open(project):
        return
    for review, edition in standing:
        yield from _list_age_facts(review)
        yield from _list_edition_facts(review, edition)
    yield from _list_overdue_facts(project, [review for review, _edition in standing])


def _list_age_facts(review: Review) -> Iterator[RereviewFact]:
    """A decision older than `REREVIEW_AFTER_DAYS`; one fact per decision."""
    if review.decided_at is None:
        return
    due = review.decided_at + timedelta(days=REREVIEW_AFTER_DAYS)
    if due <= clock.now():
        key = f"days:{review.id}:{review.round}"
        details = {"number": review.number, "since": clock.day_of(review.decided_at).isoformat()}
        yield RereviewFact(key, (Cause.MANY_DAYS,), due, None, details, frozenset({review.id}))


def _list_edition_facts(review: Review, edition: QuestionnaireEdition) -> Iterator[RereviewFact]:
    latest = get_questionnaire(review.kind)
    if latest.edition > edition.edition:
        key = f"edition:{latest.key}:{latest.edition}"
        details = {"number": review.number, "kind": latest.key, "edition": latest.edition}
        yield RereviewFact(
            key, (Cause.EDITION,), clock.now(), None, details, frozenset({review.id})
        )


def _list_overdue_facts(project: Project, standing: Collection[Review]) -> Iterator[RereviewFact]:
    """Open mitigations past their due date, if that date was in the future at submission."""
    statement = (
        select(Mitigation.id, Mitigation.number, Mitigation.due_on)
        .join(Risk, Risk.id == Mitigation.risk_id)
        .where(
            Mitigation.project_id == project.id,
            OPEN_MITIGATIONS,
            Mitigation.due_on < clock.today(),
            Risk.closed_at.is_(None),
        )
        .order_by(Mitigation.due_on, Mitigation.number)
    )
    late = [(row[0], row[1], row[2]) for row in db.session.execute(statement) if row[2]]
    submissions = _find_submission_times(standing) if late else {}
    for id_, number, due_on in late:
        reviews = frozenset(
            review_id for review_id, at in submissions.items() if clock.day_of(at) <= due_on
        )
        if reviews:
            key, details = f"late:{id_}:{due_on}", {"number": number, "due_on": due_on.isoformat()}
            when = clock.end_of_day(due_on)
            yield RereviewFact(key, (Cause.OVERDUE,), when, None, details, reviews)


def _find_submission_times(standing: Collection[Review]) -> Mapping[UUID, datetime]:
    """Times of the submissions that were decided on, by review id."""
    rounds = {(review.id, review.round) for review in standing}
    statement = select(ReviewRound.review_id, ReviewRound.number, ReviewRound.submitted_at).where(
        ReviewRound.review_id.in_([review.id for review in standing])
    )
    rows = db.session.execute(statement)
    return {row[0]: row[2] for row in rows if row[2] and (row[0], row[1]) in rounds}
