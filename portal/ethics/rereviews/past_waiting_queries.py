"""Answers of no impact that waited for a second person at a past moment, from the audit trail, for a
lead of their programme."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select

from portal.ethics.rereviews.commands import ANSWERED, RETURNED
from portal.ethics.rereviews.models import Trigger, TriggerAnswer
from portal.ethics.reviews.policy import INVOLVED_ROLES
from portal.platform.kernel.access import Actor
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db


def list_unconfirmed_answer_times(
    actor: Actor | None, project_ids: Collection[UUID], moment: datetime
) -> Mapping[UUID, Sequence[datetime]]:
    """When the answers were given that nobody had confirmed at a moment, by project: those that the
    actor may confirm, not their own and not of a team to which they belong; without an actor, all. One
    statement."""
    involved = actor.scopes_with(*INVOLVED_ROLES) if actor else ()
    ids = [id_ for id_ in project_ids if id_ not in involved]
    last = {row.id: row for row in db.session.execute(_select_answers(ids, moment))}
    answers: dict[UUID, list[datetime]] = defaultdict(list)
    for row in last.values():
        is_open = row.after.get("answer") == TriggerAnswer.NO_IMPACT.value
        if is_open and not (actor and row.actor_id == actor.person_id):
            answers[row.project_id].append(row.created_at)
    return answers


def _select_answers(project_ids: Collection[UUID], moment: datetime) -> Select[Any]:
    """Answers and their returns until a moment, of what was not confirmed then, in their order."""
    is_unconfirmed = or_(Trigger.confirmed_at.is_(None), Trigger.confirmed_at > moment)
    return (
        select(Trigger.id, Trigger.project_id, AuditEvent.after, AuditEvent.actor_id, AuditEvent.created_at)
        .join(AuditEvent, AuditEvent.subject_id == Trigger.id)
        .where(
            Trigger.project_id.in_(project_ids),
            is_unconfirmed,
            AuditEvent.action.in_((ANSWERED.code, RETURNED.code)),
            AuditEvent.created_at <= moment,
        )
        .order_by(AuditEvent.id)
        # by actions SQLite would read the answers of all programmes
        .with_hint(AuditEvent.__table__, "INDEXED BY ix_audit_event_subject_id_id", "sqlite")
    )
