"""The worker's part: it reads on in the trail, and raises each trigger once.

It follows the numbers of the seals, which have no gaps and are in the order of commits: nothing
that was committed is passed over. What is read twice is raised once: a fact has one key, unique in
its project. So it needs no callback from whoever causes a fact, and may be stopped at any moment.
"""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

import structlog
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from portal.ethics.questionnaires.commands import EDITION_STORED
from portal.ethics.rereviews import fact_queries
from portal.ethics.rereviews.fact_queries import RereviewFact
from portal.ethics.rereviews.models import (
    CURSOR_ID,
    AwaitedReply,
    Trigger,
    TriggerCursor,
    TriggeredReview,
)
from portal.ethics.rereviews.trigger_rules import FACT_ACTIONS, STEP_BY_ACTION
from portal.ethics.reviews.commands import DISCARDED
from portal.ethics.reviews.models import Review
from portal.platform.kernel import audit, clock
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.audit_chain import AuditSeal
from portal.platform.kernel.database import db, flush_session, lock_row, transaction
from portal.project.projects.models import NUMBER_MAX, Project
from portal.project.projects.path_rules import path_to

log = structlog.get_logger("portal")

BATCH_SIZE = 500  # lines of the trail read in a step
WATCHED_ACTIONS = FACT_ACTIONS | STEP_BY_ACTION.keys() | {DISCARDED.code}

# Read by whatever must know that a decision is in question. Its fact is told already: no sentence.
RAISED = audit.Action("rereview.raised")
_CURSOR = select(TriggerCursor).where(TriggerCursor.id == CURSOR_ID)


@dataclass(frozen=True)
class TrailBatch:
    """What the next lines of the trail are about; `seal` is the number of the last one."""

    seal: int
    projects: Collection[UUID]
    has_edition: bool
    is_new_day: bool


def raise_due_triggers() -> int:
    """How many triggers were raised: of what was done since, and, once a day, of what came due."""
    raised_count = 0
    while (news := _read_batch()) is not None:
        looked = {*news.projects}
        if news.has_edition or news.is_new_day:
            looked |= _list_decided_projects()
        raised_count += sum(_raise_safely(project_id) for project_id in sorted(looked))
        _save_cursor(news)
    return raised_count


def _raise_safely(project_id: UUID) -> int:
    """A fault of ours in one project holds no other up: it is read again as a whole with its next
    news, and every day. While the database is away nothing is noted as read."""
    try:
        with transaction():
            return raise_project_triggers(project_id)
    except DBAPIError:
        raise
    except Exception as fault:  # noqa: BLE001  whatever it is, the trail must be read on
        log.error("re-review", project_id=str(project_id), fault=type(fault).__name__)
        return 0


def _read_batch() -> TrailBatch | None:
    """None when there is nothing to look at."""
    with transaction():
        cursor = db.session.scalar(_CURSOR)
        seal = cursor.seal if cursor else 0
        is_new_day = cursor is None or cursor.looked_on != clock.today()
        statement = (
            select(AuditSeal.number, AuditEvent.scope_id, AuditEvent.action)
            .join(AuditEvent, AuditEvent.id == AuditSeal.event_id)
            .where(AuditSeal.number > seal)
            .order_by(AuditSeal.number)
            .limit(BATCH_SIZE)
        )
        lines = db.session.execute(statement).all()
    if not lines and not is_new_day:
        return None
    projects = {line[1] for line in lines if line[1] is not None and line[2] in WATCHED_ACTIONS}
    has_edition = any(line[2] == EDITION_STORED.code for line in lines)
    return TrailBatch(lines[-1][0] if lines else seal, projects, has_edition, is_new_day)


def _save_cursor(news: TrailBatch) -> None:
    with transaction():
        cursor = db.session.scalar(_CURSOR.with_for_update())
        if cursor is None:
            cursor = TriggerCursor(id=CURSOR_ID, seal=0)
            db.session.add(cursor)
        cursor.seal, cursor.looked_on = max(cursor.seal, news.seal), clock.today()


def _list_decided_projects() -> set[UUID]:
    """Projects that have a decided review."""
    statement = select(Review.project_id).where(Review.decided_at.is_not(None)).distinct()
    with transaction():
        return set(db.session.scalars(statement))


def raise_project_triggers(project_id: UUID) -> int:
    """Raise what is not raised yet, in the transaction under way; how many that was."""
    lock_row(Project, project_id)  # two workers take turns
    project = db.session.scalars(select(Project).where(Project.id == project_id)).first()
    facts = fact_queries.list_facts(project) if project else []
    if project is None or not facts:
        return 0
    statement = select(Trigger).where(Trigger.project_id == project_id).order_by(Trigger.number)
    triggers_by_key = {trigger.key: trigger for trigger in db.session.scalars(statement)}
    last = max((trigger.number for trigger in triggers_by_key.values()), default=0)
    new = [fact for fact in facts if fact.key not in triggers_by_key][: NUMBER_MAX - last]
    for number, fact in enumerate(new, start=last + 1):
        triggers_by_key[fact.key] = _create_trigger(project, fact, number)
    _link_reviews(project, facts, triggers_by_key)
    return len(new)


def _create_trigger(project: Project, fact: RereviewFact, number: int) -> Trigger:
    trigger = Trigger(
        project_id=project.id,
        number=number,
        key=fact.key,
        causes=list(fact.causes),
        happened_at=fact.happened_at,
        happened_by_id=fact.happened_by_id,
        details=dict(fact.details),
    )
    db.session.add(trigger)
    flush_session()
    event_facts = {
        "number": number,
        "path": path_to(project, Trigger, number),
        "causes": list(fact.causes),
    }
    audit.record(None, RAISED, trigger, scope_id=project.id, facts=event_facts)
    return trigger


def _link_reviews(
    project: Project, facts: Collection[RereviewFact], triggers_by_key: dict[str, Trigger]
) -> None:
    """A fact that was raised for one review and concerns another one since: while it waits for an
    answer, the same trigger stands for both."""
    statement = select(TriggeredReview).where(TriggeredReview.project_id == project.id)
    there = {(row.trigger_id, row.review_id) for row in db.session.scalars(statement)}
    for fact in facts:
        trigger = triggers_by_key.get(fact.key)
        if trigger is None or trigger.waits is not AwaitedReply.ANSWER:
            continue
        for review_id in sorted(fact.reviews):
            if (trigger.id, review_id) not in there:
                new = {"trigger_id": trigger.id, "review_id": review_id}
                db.session.add(TriggeredReview(project_id=project.id, **new))
