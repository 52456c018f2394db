"""Reads the facts that put decided reviews in question, from the audit trail and from due dates.

Read for a whole project, whoever acts. Idempotent: the same facts have the same keys.
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
from portal.ethics.rereviews.purpose_queries import (
    TrailLine,
    TrailLines,
    list_positions_of_first_purposes,
    map_completed_positions,
)
from portal.ethics.rereviews.trigger_rules import (
    REREVIEW_AFTER_DAYS,
    AuditedChange,
    CauseRule,
    Causes,
    ReviewEvent,
    ReviewEventKind,
    ReviewHistory,
    TriggerCause,
    find_concerned_review,
    find_review_concerned_by_completion,
    list_finding_causes,
    list_purpose_causes,
    list_target_group_causes,
    list_version_causes,
    make_unconditional_rule,
)
from portal.ethics.reviews import commands as review_commands
from portal.ethics.reviews.models import Review, ReviewRound, ReviewState
from portal.ethics.reviews.reviewer_commands import DECISIONS
from portal.ethics.risks.models import Mitigation, Risk
from portal.ethics.risks.register_queries import OPEN_MITIGATIONS
from portal.platform.kernel import clock
from portal.platform.kernel.audit import ACTIONS, Action, AuditEvent, PendingAuditEvent
from portal.platform.kernel.audit_chain import AuditSeal
from portal.platform.kernel.database import db
from portal.platform.kernel.identifiers import new_id
from portal.project.data_sources import commands as source_commands
from portal.project.data_sources.models import DataSource
from portal.project.framing import commands as framing_commands
from portal.project.projects import policy as projects
from portal.project.projects.models import Project
from portal.sprints.prototypes import commands as prototype_commands
from portal.user_tests.findings import commands as finding_commands

ACCEPTED_STATES = frozenset({ReviewState.ACCEPTED, ReviewState.ACCEPTED_WITH_CONDITIONS})
# Fields of a prototype version whose change the sentence of a trigger mentions.
COMPARED_FIELDS = ("automation", "exposure", "model_family", "model_provider")
CAUSE_RULES: Mapping[Action, CauseRule] = {
    source_commands.ADDED: make_unconditional_rule(TriggerCause.DATA_ADDED),
    source_commands.REPURPOSED: list_purpose_causes,
    framing_commands.GROUP_ADDED: make_unconditional_rule(TriggerCause.GROUP_ADDED),
    framing_commands.GROUP_CHANGED: list_target_group_causes,
    prototype_commands.RELEASED: list_version_causes,
    prototype_commands.CHANGED: list_version_causes,
    finding_commands.NOTED: list_finding_causes,
    finding_commands.CHANGED: list_finding_causes,
    finding_commands.RATED: list_finding_causes,
}
STEPS: Mapping[Action, ReviewEventKind] = {
    review_commands.OPENED: ReviewEventKind.OPENED,
    review_commands.REOPENED: ReviewEventKind.OPENED,
    review_commands.SUBMITTED: ReviewEventKind.SUBMITTED,
    DECISIONS[ReviewState.ACCEPTED]: ReviewEventKind.ACCEPTED,
    DECISIONS[ReviewState.ACCEPTED_WITH_CONDITIONS]: ReviewEventKind.ACCEPTED,
    DECISIONS[ReviewState.REFUSED]: ReviewEventKind.REFUSED,
}
_TRAIL_CODES = [action.code for action in (*CAUSE_RULES, *STEPS)]


@dataclass(frozen=True)
class RereviewFact:
    """A fact and the ids of the reviews that it concerns; `key` identifies it in its project."""

    key: str
    causes: tuple[TriggerCause, ...]
    happened_at: datetime
    happened_by_id: UUID | None
    details: Mapping[str, Any]
    reviews: frozenset[UUID]


ReviewEdition = tuple[Review, QuestionnaireEdition]


def list_causes_in_audit_line(line: TrailLine) -> Causes:
    """The causes in a line of the audit trail; none in most lines."""
    find_causes = CAUSE_RULES.get(ACTIONS[line.action]) if line.action in ACTIONS else None
    return find_causes(AuditedChange(line.before, line.after)) if find_causes else ()


def list_rereview_facts(project: Project) -> Sequence[RereviewFact]:
    """All facts of a project that concern a decided review, those of the audit trail first.

    Costs one statement for a project without decided reviews.
    """
    review_editions = _list_reviews_with_editions(project)
    if not any(review.decided_at for review, _edition in review_editions):
        return []
    return [
        *_iterate_audit_trail_facts(project, review_editions),
        *_iterate_time_facts(project, review_editions),
    ]


def _list_reviews_with_editions(project: Project) -> Sequence[ReviewEdition]:
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


def find_fact_of_source_change(project: Project, source_id: UUID | None, purpose: str) -> RereviewFact | None:
    """The fact that a purpose of a data source never written before, in place of the present one, would
    be, or a further source, without an id; None if it would concern no decided review."""
    review_editions = _list_reviews_with_editions(project)
    expected_line = PendingAuditEvent(
        id=new_id(),
        created_at=clock.now(),
        actor_id=None,
        action=(source_commands.REPURPOSED if source_id else source_commands.ADDED).code,
        subject=DataSource.__tablename__,
        subject_id=source_id or new_id(),
        scope_id=project.id,
        facts={},
        before={"purpose": purpose},
        after={"purpose": f"{purpose}…"},
        request_id=None,
    )
    facts = _iterate_audit_trail_facts(project, review_editions, [expected_line]) if review_editions else ()
    return next((fact for fact in facts if fact.key == str(expected_line.id)), None)


def _iterate_audit_trail_facts(
    project: Project,
    review_editions: Sequence[ReviewEdition],
    expected_lines: Sequence[PendingAuditEvent] = (),
) -> Iterator[RereviewFact]:
    """In the order of commits; lines of the transaction under way are not sealed yet, and last, but for
    those that are only expected."""
    unsealed = AuditSeal.number.is_(None)
    statement = (
        select(AuditEvent)
        .outerjoin(AuditSeal, AuditSeal.event_id == AuditEvent.id)
        .where(AuditEvent.scope_id == project.id, AuditEvent.action.in_(_TRAIL_CODES))
        .order_by(unsealed, AuditSeal.number, AuditEvent.id)
    )
    lines: TrailLines = list(enumerate([*db.session.scalars(statement), *expected_lines]))
    first_purposes = list_positions_of_first_purposes(lines)
    histories = _build_histories(project, review_editions, lines)
    completed = map_completed_positions(project, lines)
    for position, event in lines:
        causes = list_causes_in_audit_line(event)
        completed_at = completed.get(position)
        concerned_reviews = [
            find_concerned_review(history, position, causes)
            if completed_at is None
            else find_review_concerned_by_completion(history, completed_at, position, causes)
            for history in histories
            if causes
        ]
        reviews = frozenset(review for review in concerned_reviews if review is not None)
        if reviews:
            details = {name: event.facts.get(name) for name in ("number", "name")} | _compare_fields(event)
            if position in first_purposes:
                details["is_first"] = True
            when, who = event.created_at, event.actor_id
            yield RereviewFact(str(event.id), causes, when, who, details, reviews)


def _compare_fields(event: TrailLine) -> dict[str, Any]:
    return {
        name: [event.before.get(name), event.after.get(name)]
        for name in COMPARED_FIELDS
        if event.before.get(name) != event.after.get(name)
    }


def _build_histories(
    project: Project, review_editions: Sequence[ReviewEdition], lines: TrailLines
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
    for position, event in lines:
        review, step = event.subject_id, STEPS.get(ACTIONS[event.action])
        if step is not None and review in kinds:
            round_key = (review, event.facts.get("round", 0))
            round_sections = sections.get(round_key) if step is ReviewEventKind.SUBMITTED else None
            events_by_kind[kinds[review]].append(
                ReviewEvent(position, step, review, round_sections or frozenset())
            )
    return [ReviewHistory(list_traits_by_section(latest[kind]), events_by_kind[kind]) for kind in latest]


def list_traits_by_section(definition: Questionnaire) -> Mapping[str, frozenset[str]]:
    """The traits of each section by its key."""
    return {section.key: section.traits for section in definition.sections}


def _iterate_time_facts(project: Project, review_editions: Sequence[ReviewEdition]) -> Iterator[RereviewFact]:
    """Facts that come with time rather than an action, while the project is open."""
    last = {review.kind: (review, edition) for review, edition in review_editions}
    standing = [
        review_edition for review_edition in last.values() if review_edition[0].state in ACCEPTED_STATES
    ]
    if not standing or not projects.is_project_active(project):
        return
    for review, edition in standing:
        yield from _iterate_age_facts(review)
        yield from _iterate_edition_facts(review, edition)
    yield from _iterate_overdue_mitigation_facts(project, [review for review, _edition in standing])


def _iterate_age_facts(review: Review) -> Iterator[RereviewFact]:
    """A decision older than `REREVIEW_AFTER_DAYS`; one fact per decision."""
    if review.decided_at is None:
        return
    due = review.decided_at + timedelta(days=REREVIEW_AFTER_DAYS)
    if due <= clock.now():
        key = f"days:{review.id}:{review.round}"
        details = {"number": review.number, "since": clock.day_of(review.decided_at).isoformat()}
        yield RereviewFact(key, (TriggerCause.MANY_DAYS,), due, None, details, frozenset({review.id}))


def _iterate_edition_facts(review: Review, edition: QuestionnaireEdition) -> Iterator[RereviewFact]:
    latest = get_questionnaire(review.kind)
    if latest.edition > edition.edition:
        key = f"edition:{latest.key}:{latest.edition}"
        details = {"number": review.number, "kind": latest.key, "edition": latest.edition}
        yield RereviewFact(key, (TriggerCause.EDITION,), clock.now(), None, details, frozenset({review.id}))


def _iterate_overdue_mitigation_facts(
    project: Project, standing: Collection[Review]
) -> Iterator[RereviewFact]:
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
    submissions = _list_submission_times_by_review(standing) if late else {}
    for id_, number, due_on in late:
        reviews = frozenset(review_id for review_id, at in submissions.items() if clock.day_of(at) <= due_on)
        if reviews:
            key, details = f"late:{id_}:{due_on}", {"number": number, "due_on": due_on.isoformat()}
            when = clock.end_of_day(due_on)
            yield RereviewFact(key, (TriggerCause.OVERDUE,), when, None, details, reviews)


def _list_submission_times_by_review(standing: Collection[Review]) -> Mapping[UUID, datetime]:
    """Times of the submissions that were decided on, by review id."""
    rounds = {(review.id, review.round) for review in standing}
    statement = select(ReviewRound.review_id, ReviewRound.number, ReviewRound.submitted_at).where(
        ReviewRound.review_id.in_([review.id for review in standing])
    )
    rows = db.session.execute(statement)
    return {row[0]: row[2] for row in rows if row[2] and (row[0], row[1]) in rounds}
