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

from portal.kernel import audit, clock
from portal.kernel.audit import AuditEvent
from portal.kernel.audit_chain import AuditSeal
from portal.kernel.db import db, lock_row, save, transaction
from portal.projects.models import NUMBER_MAX, Project
from portal.questionnaires.commands import KEPT
from portal.rereviews import journal
from portal.rereviews.journal import Fact
from portal.rereviews.models import CURSOR, Trigger, TriggerCursor, TriggeredReview, Waits
from portal.rereviews.places import path_of
from portal.rereviews.triggers import FACTS, STEPS
from portal.reviews.commands import DISCARDED
from portal.reviews.models import Review

log = structlog.get_logger("portal")

AT_ONCE = 500  # lines of the trail read in a step
NEWS = FACTS | STEPS.keys() | {DISCARDED.code}

# Read by whatever must know that a decision is in question. Its fact is told already: no sentence.
RAISED = audit.Action("rereview.raised")
_CURSOR = select(TriggerCursor).where(TriggerCursor.id == CURSOR)


@dataclass(frozen=True)
class News:
    """What the next lines of the trail are about; `seal` is the number of the last one."""

    seal: int
    projects: Collection[UUID]
    has_edition: bool
    is_new_day: bool


def raise_due() -> int:
    """How many triggers were raised: of what was done since, and, once a day, of what came due."""
    made = 0
    while (news := _read_on()) is not None:
        looked = {*news.projects}
        if news.has_edition or news.is_new_day:
            looked |= _list_decided()
        made += sum(_try(project_id) for project_id in sorted(looked))
        _note(news)
    return made


def _try(project_id: UUID) -> int:
    """A fault of ours in one project holds no other up: it is read again as a whole with its next
    news, and every day. While the database is away nothing is noted as read."""
    try:
        with transaction():
            return raise_for(project_id)
    except DBAPIError:
        raise
    except Exception as fault:  # noqa: BLE001  whatever it is, the trail must be read on
        log.error("re-review", project_id=str(project_id), fault=type(fault).__name__)
        return 0


def _read_on() -> News | None:
    """None when there is nothing to look at."""
    with transaction():
        cursor = db.session.scalar(_CURSOR)
        seal = cursor.seal if cursor else 0
        is_new_day = cursor is None or cursor.looked_on != clock.today()
        chosen = (
            select(AuditSeal.number, AuditEvent.scope_id, AuditEvent.action)
            .join(AuditEvent, AuditEvent.id == AuditSeal.event_id)
            .where(AuditSeal.number > seal)
            .order_by(AuditSeal.number)
            .limit(AT_ONCE)
        )
        lines = db.session.execute(chosen).all()
    if not lines and not is_new_day:
        return None
    projects = {line[1] for line in lines if line[1] is not None and line[2] in NEWS}
    has_edition = any(line[2] == KEPT.code for line in lines)
    return News(lines[-1][0] if lines else seal, projects, has_edition, is_new_day)


def _note(news: News) -> None:
    with transaction():
        cursor = db.session.scalar(_CURSOR.with_for_update())
        if cursor is None:
            cursor = TriggerCursor(id=CURSOR, seal=0)
            db.session.add(cursor)
        cursor.seal, cursor.looked_on = max(cursor.seal, news.seal), clock.today()


def _list_decided() -> set[UUID]:
    """Projects that have a decided review."""
    chosen = select(Review.project_id).where(Review.decided_at.is_not(None)).distinct()
    with transaction():
        return set(db.session.scalars(chosen))


def raise_for(project_id: UUID) -> int:
    """Raise what is not raised yet, in the transaction under way; how many that was."""
    lock_row(Project, project_id)  # two workers take turns
    project = db.session.scalars(select(Project).where(Project.id == project_id)).first()
    facts = journal.list_facts(project) if project else []
    if project is None or not facts:
        return 0
    mine = select(Trigger).where(Trigger.project_id == project_id).order_by(Trigger.number)
    known = {trigger.key: trigger for trigger in db.session.scalars(mine)}
    last = max((trigger.number for trigger in known.values()), default=0)
    new = [fact for fact in facts if fact.key not in known][: NUMBER_MAX - last]
    for number, fact in enumerate(new, start=last + 1):
        known[fact.key] = _raise(project, fact, number)
    _concern(project, facts, known)
    return len(new)


def _raise(project: Project, fact: Fact, number: int) -> Trigger:
    trigger = Trigger(
        project_id=project.id,
        number=number,
        key=fact.key,
        causes=list(fact.causes),
        happened_at=fact.happened_at,
        happened_by_id=fact.happened_by_id,
        told=dict(fact.told),
    )
    db.session.add(trigger)
    save()
    told = {"number": number, "path": path_of(project, number), "causes": list(fact.causes)}
    audit.record(None, RAISED, trigger, scope_id=project.id, facts=told)
    return trigger


def _concern(project: Project, facts: Collection[Fact], known: dict[str, Trigger]) -> None:
    """A fact that was raised for one review and concerns another one since: while it waits for an
    answer, the same trigger stands for both."""
    chosen = select(TriggeredReview).where(TriggeredReview.project_id == project.id)
    there = {(row.trigger_id, row.review_id) for row in db.session.scalars(chosen)}
    for fact in facts:
        trigger = known.get(fact.key)
        if trigger is None or trigger.waits is not Waits.ANSWER:
            continue
        for review_id in sorted(fact.reviews):
            if (trigger.id, review_id) not in there:
                new = {"trigger_id": trigger.id, "review_id": review_id}
                db.session.add(TriggeredReview(project_id=project.id, **new))
