"""Raises triggers in the transaction that changed what a decided review knew of.

A fact has one key, unique in its project: what is read twice is raised once. Facts that come with
time, and new editions, are looked for by a job (`jobs`).
"""

from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

from sqlalchemy import select

from portal.ethics.rereviews import fact_queries
from portal.ethics.rereviews.fact_queries import CAUSE_RULES, STEPS, RereviewFact, list_causes_in_audit_line
from portal.ethics.rereviews.models import AwaitedReplyKind, Trigger, TriggeredReview
from portal.ethics.reviews import commands as review_commands
from portal.ethics.reviews import reviewer_commands
from portal.platform.kernel import audit
from portal.platform.kernel.audit import AuditEvent, PendingAuditEvent, list_unsealed_events
from portal.platform.kernel.database import db, flush_session, lock_row
from portal.platform.kernel.projection import Projection, build_dependencies
from portal.project.data_sources import commands as source_commands
from portal.project.framing import commands as framing_commands
from portal.project.projects.models import NUMBER_MAX, Project
from portal.project.projects.path_rules import row_path_by_number
from portal.user_tests.findings import commands as finding_commands

# Read by whatever must know that a decision is in question. Its fact is told already: no sentence.
RAISED = audit.Action("rereview.raised")
_FACT, _STEP = frozenset({"fact"}), frozenset({"step"})
_DEPENDENCIES = build_dependencies((_FACT, [*CAUSE_RULES]), (_STEP, [*STEPS, review_commands.DISCARDED]))
_EXEMPT = frozenset(
    {
        source_commands.CHANGED,
        source_commands.ACCESS_ADVANCED,
        source_commands.ACCESS_MOVED_BACK,
        source_commands.SAMPLED,
        source_commands.JUDGED,
        framing_commands.GROUP_LEFT,
        framing_commands.ASSUMPTION_ADDED,
        framing_commands.ASSUMPTION_CHANGED,
        framing_commands.CONFIRMED,
        framing_commands.REFUTED,
        framing_commands.REOPENED,
        framing_commands.INTERVIEW_LOGGED,
        framing_commands.INTERVIEW_CHANGED,
        finding_commands.PLANNED,
        review_commands.REVIEWER_ASSIGNED,
        review_commands.WITHDRAWN,
        review_commands.WIDENED,
        reviewer_commands.REVIEW_STARTED,
        reviewer_commands.MORE_REQUESTED,
        reviewer_commands.OPINION_WRITTEN,
    }
)


def raise_triggers(lines: Iterable[AuditEvent | PendingAuditEvent]) -> None:
    """Raise the triggers of each project whose reviews or facts these lines changed."""
    changed = [
        line
        for line in lines
        if PROJECTION.changed_parts_of(line) == _STEP or list_causes_in_audit_line(line)
    ]
    for project_id in sorted(PROJECTION.changed_parts_by_scope(changed)):
        raise_project_triggers(project_id)


def raise_triggers_of_transaction(project_id: UUID) -> Sequence[Trigger]:
    """Raise them before the commit, for who says what it opens; none where no line holds a cause."""
    has_cause = any(list_causes_in_audit_line(line) for line in list_unsealed_events(db.session()))
    return raise_project_triggers(project_id) if has_cause else []


def raise_project_triggers(project_id: UUID) -> Sequence[Trigger]:
    """Raise what is not raised yet, in the transaction under way; returns the new triggers."""
    lock_row(Project, project_id)  # whoever changes or looks at the same project waits
    project = db.session.scalars(select(Project).where(Project.id == project_id)).first()
    facts = fact_queries.list_rereview_facts(project) if project else []
    if project is None or not facts:
        return []
    statement = select(Trigger).where(Trigger.project_id == project_id).order_by(Trigger.number)
    triggers_by_key = {trigger.key: trigger for trigger in db.session.scalars(statement)}
    last = max((trigger.number for trigger in triggers_by_key.values()), default=0)
    new = [fact for fact in facts if fact.key not in triggers_by_key][: NUMBER_MAX - last]
    for number, fact in enumerate(new, start=last + 1):
        triggers_by_key[fact.key] = _create_trigger(project, fact, number)
    _link_newly_concerned_reviews(project, facts, triggers_by_key)
    return [triggers_by_key[fact.key] for fact in new]


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
        "path": row_path_by_number(project, Trigger, number),
        "causes": list(fact.causes),
    }
    audit.record(None, RAISED, trigger, scope_id=project.id, facts=event_facts)
    return trigger


def _link_newly_concerned_reviews(
    project: Project, facts: Collection[RereviewFact], triggers_by_key: dict[str, Trigger]
) -> None:
    """A fact that was raised for one review and concerns another one since: while it waits for an
    answer, the same trigger stands for both."""
    statement = select(TriggeredReview).where(TriggeredReview.project_id == project.id)
    there = {(row.trigger_id, row.review_id) for row in db.session.scalars(statement)}
    for fact in facts:
        trigger = triggers_by_key.get(fact.key)
        if trigger is None or trigger.waits is not AwaitedReplyKind.ANSWER:
            continue
        for review_id in sorted(fact.reviews):
            if (trigger.id, review_id) not in there:
                new = {"trigger_id": trigger.id, "review_id": review_id}
                db.session.add(TriggeredReview(project_id=project.id, **new))


PROJECTION = Projection(
    name="re-reviews", depends=_DEPENDENCIES, refresh=raise_triggers, records=(RAISED,), exempt=_EXEMPT
)
