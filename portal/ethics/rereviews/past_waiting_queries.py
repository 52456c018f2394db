"""Answers of no impact that waited for a second person at a past moment, from the audit trail, for a
lead of their programme."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from portal.ethics.rereviews.commands import ANSWERED, CONFIRMATION_UNDONE, CONFIRMED, RETURNED
from portal.ethics.rereviews.models import Trigger, TriggerAnswer
from portal.ethics.reviews.policy import INVOLVED_ROLES
from portal.platform.kernel.access import Actor
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db

_ACTIONS = (ANSWERED, RETURNED, CONFIRMED, CONFIRMATION_UNDONE)


def list_unconfirmed_answer_times(
    actor: Actor | None, project_ids: Collection[UUID], moment: datetime
) -> Mapping[UUID, Sequence[datetime]]:
    """When the answers were given that nobody had confirmed at a moment, by project: those that the
    actor may confirm, not their own and not of a team to which they belong; without an actor, all. One
    statement."""
    involved = actor.scopes_with(*INVOLVED_ROLES) if actor else ()
    ids = [id_ for id_ in project_ids if id_ not in involved]
    open_rows: dict[UUID, Any] = {}
    confirmed_rows: dict[UUID, Any] = {}
    for row in db.session.execute(_select_answers(ids, moment)):
        if row.action == CONFIRMED.code and row.id in open_rows:
            confirmed_rows[row.id] = open_rows.pop(row.id)
        elif row.action == CONFIRMATION_UNDONE.code and row.id in confirmed_rows:
            open_rows[row.id] = confirmed_rows.pop(row.id)
        elif row.action == ANSWERED.code and row.after.get("answer") == TriggerAnswer.NO_IMPACT.value:
            open_rows[row.id] = row
        elif row.action in {ANSWERED.code, RETURNED.code}:
            open_rows.pop(row.id, None)
    answers: dict[UUID, list[datetime]] = defaultdict(list)
    for row in open_rows.values():
        if not (actor and row.actor_id == actor.person_id):
            answers[row.project_id].append(row.created_at)
    return answers


def _select_answers(project_ids: Collection[UUID], moment: datetime) -> Select[Any]:
    """Answers until a moment, their returns and confirmations, and what undid these, in their order."""
    return (
        select(
            Trigger.id,
            Trigger.project_id,
            AuditEvent.action,
            AuditEvent.after,
            AuditEvent.actor_id,
            AuditEvent.created_at,
        )
        .join(AuditEvent, AuditEvent.subject_id == Trigger.id)
        .where(
            Trigger.project_id.in_(project_ids),
            AuditEvent.action.in_([each.code for each in _ACTIONS]),
            AuditEvent.created_at <= moment,
        )
        .order_by(AuditEvent.id)
        # by actions SQLite would read the answers of all programmes
        .with_hint(AuditEvent.__table__, "INDEXED BY ix_audit_event_subject_id_id", "sqlite")
    )
