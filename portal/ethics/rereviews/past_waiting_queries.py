"""Answers of no impact that waited for a second person at a past moment, from the audit trail; the
caller checked who may see them."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select

from portal.ethics.rereviews.commands import ANSWERED, RETURNED
from portal.ethics.rereviews.models import Trigger, TriggerAnswer
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db

Answer = tuple[UUID | None, datetime]  # who gave it, and when


def list_unconfirmed_at(project_ids: Collection[UUID], moment: datetime) -> Mapping[UUID, Sequence[Answer]]:
    """Who gave the answers that nobody had confirmed at a moment, and when, by project. One
    statement."""
    last: dict[UUID, tuple[UUID, bool, Answer]] = {}
    for trigger_id, project_id, after, person_id, answered_at in db.session.execute(
        _select_answers(project_ids, moment)
    ):
        is_open = after.get("answer") == TriggerAnswer.NO_IMPACT.value
        last[trigger_id] = project_id, is_open, (person_id, answered_at)
    answers: dict[UUID, list[Answer]] = defaultdict(list)
    for project_id, is_open, answer in last.values():
        if is_open:
            answers[project_id].append(answer)
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
