"""Reads what has decided reviews looked at again: from the trail, and from the calendar.

For the worker, which sees every project. The same facts come out however often it is asked.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.kernel import clock
from portal.kernel.audit import AuditEvent
from portal.kernel.audit_chain import AuditSeal
from portal.kernel.db import db
from portal.projects import policy as projects
from portal.projects.models import Project
from portal.questionnaires.definition import Questionnaire
from portal.questionnaires.library import COMPARISON
from portal.questionnaires.models import QuestionnaireEdition
from portal.questionnaires.queries import get_questionnaire
from portal.rereviews.triggers import (
    FACTS,
    MANY_DAYS,
    STEPS,
    Cause,
    Deed,
    Dossier,
    Line,
    Step,
    causes_of,
    concerned,
)
from portal.reviews.models import Review, ReviewRound, State
from portal.risks.listing import OPEN
from portal.risks.models import Mitigation, Risk

STANDING = frozenset({State.ACCEPTED, State.ACCEPTED_WITH_CONDITIONS})
# What a sentence about a version says of before and after.
COMPARED = ("automation", "exposure", "model_family", "model_provider")


@dataclass(frozen=True)
class Fact:
    """Something that has these reviews looked at again. `key` is the same whenever it is read."""

    key: str
    causes: tuple[Cause, ...]
    happened_at: datetime
    happened_by_id: UUID | None
    told: Mapping[str, Any]
    reviews: frozenset[UUID]


Held = tuple[Review, QuestionnaireEdition]


def list_facts(project: Project) -> Sequence[Fact]:
    """All facts of a project that have a review of its looked at again, those of the trail first.

    Nothing for a project that has no decided review, which is most of them, at the price of a
    statement.
    """
    held = _list_reviews(project)
    if not any(review.decided_at for review, _edition in held):
        return []
    return [*_of_trail(project, held), *_of_time(project, held)]


def _list_reviews(project: Project) -> Sequence[Held]:
    """With their editions, in the order of their numbers; not those that only compare, nor drafts
    that were given up, which take no decision's place."""
    chosen = (
        select(Review, QuestionnaireEdition)
        .join(QuestionnaireEdition, QuestionnaireEdition.id == Review.edition_id)
        .where(Review.project_id == project.id, Review.discarded_at.is_(None))
        .order_by(Review.number)
    )
    found = db.session.execute(chosen).all()
    if not any(row[0].decided_at for row in found):
        return []
    return [(row[0], row[1]) for row in found if COMPARISON not in row[1].definition.traits]


def _of_trail(project: Project, held: Sequence[Held]) -> Iterator[Fact]:
    chosen = (
        select(AuditEvent, AuditSeal.number)
        .join(AuditSeal, AuditSeal.event_id == AuditEvent.id)
        .where(AuditEvent.scope_id == project.id, AuditEvent.action.in_([*FACTS, *STEPS]))
        .order_by(AuditSeal.number)
    )
    lines = [(row[0], row[1]) for row in db.session.execute(chosen)]
    dossiers = _dossiers(project, held, [one for one in lines if one[0].action in STEPS])
    for event, place in lines:
        causes = causes_of(Line(event.action, event.before, event.after))
        found = [concerned(dossier, place, causes) for dossier in dossiers if causes]
        reviews = frozenset(one for one in found if one is not None)
        if reviews:
            told = {name: event.facts.get(name) for name in ("number", "name")} | _compared(event)
            when, who = event.created_at, event.actor_id
            yield Fact(str(event.id), causes, when, who, told, reviews)


def _compared(event: AuditEvent) -> dict[str, Any]:
    return {
        name: [event.before.get(name), event.after.get(name)]
        for name in COMPARED
        if event.before.get(name) != event.after.get(name)
    }


def _dossiers(
    project: Project, held: Sequence[Held], steps: Sequence[tuple[AuditEvent, int]]
) -> Sequence[Dossier[UUID]]:
    """One for each questionnaire. A review that its next replaced is in the same."""
    chosen = (
        select(ReviewRound.review_id, ReviewRound.number, ReviewRound.sections)
        .join(Review, Review.id == ReviewRound.review_id)
        .where(Review.project_id == project.id)
    )
    sections = {(row[0], row[1]): frozenset(row[2]) for row in db.session.execute(chosen)}
    latest = {review.kind: edition.definition for review, edition in held}
    kinds = {review.id: review.kind for review, _edition in held}
    deeds: dict[str, list[Deed[UUID]]] = {kind: [] for kind in latest}
    for event, place in steps:
        review, step = event.subject_id, STEPS[event.action]
        if review in kinds:
            submitted = step is Step.SUBMITTED
            asked = sections.get((review, event.facts.get("round", 0))) if submitted else None
            deeds[kinds[review]].append(Deed(place, step, review, asked or frozenset()))
    return [Dossier(traits_of(latest[kind]), deeds[kind]) for kind in latest]


def traits_of(of: Questionnaire) -> Mapping[str, frozenset[str]]:
    """Which facts each section is about."""
    return {section.key: section.traits for section in of.sections}


def _of_time(project: Project, held: Sequence[Held]) -> Iterator[Fact]:
    """What no deed brings about, while the project goes on."""
    last = {review.kind: (review, edition) for review, edition in held}
    standing = [one for one in last.values() if one[0].state in STANDING]
    if not standing or not projects.is_open(project):
        return
    for review, edition in standing:
        yield from _after_many_days(review)
        yield from _after_an_edition(review, edition)
    yield from _after_due_dates(project, [review for review, _edition in standing])


def _after_many_days(review: Review) -> Iterator[Fact]:
    """Once for each decision."""
    if review.decided_at is None:
        return
    due = review.decided_at + timedelta(days=MANY_DAYS)
    if due <= clock.now():
        key = f"days:{review.id}:{review.round}"
        told = {"number": review.number, "since": clock.day_of(review.decided_at).isoformat()}
        yield Fact(key, (Cause.MANY_DAYS,), due, None, told, frozenset({review.id}))


def _after_an_edition(review: Review, edition: QuestionnaireEdition) -> Iterator[Fact]:
    latest = get_questionnaire(review.kind)
    if latest.edition > edition.edition:
        key = f"edition:{latest.key}:{latest.edition}"
        told = {"number": review.number, "kind": latest.key, "edition": latest.edition}
        yield Fact(key, (Cause.EDITION,), clock.now(), None, told, frozenset({review.id}))


def _after_due_dates(project: Project, standing: Collection[Review]) -> Iterator[Fact]:
    """Open mitigations past their date, where it was still to come as the answers were given."""
    chosen = (
        select(Mitigation.id, Mitigation.number, Mitigation.due_on)
        .join(Risk, Risk.id == Mitigation.risk_id)
        .where(
            Mitigation.project_id == project.id,
            OPEN,
            Mitigation.due_on < clock.today(),
            Risk.closed_at.is_(None),
        )
        .order_by(Mitigation.due_on, Mitigation.number)
    )
    late = [(row[0], row[1], row[2]) for row in db.session.execute(chosen) if row[2]]
    given = _submitted(standing) if late else {}
    for id_, number, due_on in late:
        reviews = frozenset(one for one, at in given.items() if clock.day_of(at) <= due_on)
        if reviews:
            key, told = f"late:{id_}:{due_on}", {"number": number, "due_on": due_on.isoformat()}
            when = clock.end_of(due_on)
            yield Fact(key, (Cause.OVERDUE,), when, None, told, reviews)


def _submitted(standing: Collection[Review]) -> Mapping[UUID, datetime]:
    """When what was decided on was given away, by review."""
    rounds = {(review.id, review.round) for review in standing}
    chosen = select(ReviewRound.review_id, ReviewRound.number, ReviewRound.submitted_at).where(
        ReviewRound.review_id.in_([review.id for review in standing])
    )
    found = db.session.execute(chosen)
    return {row[0]: row[2] for row in found if row[2] and (row[0], row[1]) in rounds}
