"""Assignments of jurors in search: once published, jurors find the applications that they judge,
and their messages."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from portal.collaboration.search.search import SearchReindexRule
from portal.platform.kernel.audit import PendingAuditEvent
from portal.platform.kernel.database import db
from portal.selection.applications.models import Application, ApplicationMessage
from portal.selection.applications.search import APPLICATIONS, MESSAGES
from portal.selection.jury import commands


def _list_message_ids(lines: Sequence[PendingAuditEvent]) -> Sequence[UUID]:
    """All messages of the lines' calls."""
    of_calls = ApplicationMessage.application_id.in_(_list_application_ids(lines))
    return db.session.scalars(select(ApplicationMessage.id).where(of_calls)).all()


def _list_application_ids(lines: Sequence[PendingAuditEvent]) -> Sequence[UUID]:
    """All applications of the lines' calls."""
    calls = [line.subject_id for line in lines]
    return db.session.scalars(select(Application.id).where(Application.call_id.in_(calls))).all()


SEARCH = (
    SearchReindexRule(
        source=APPLICATIONS,
        actions=(commands.SPREAD, commands.PUBLISHED, commands.ASSIGNED),
        list_ids=_list_application_ids,
    ),
    SearchReindexRule(
        source=MESSAGES,
        actions=(commands.SPREAD, commands.PUBLISHED, commands.ASSIGNED),
        list_ids=_list_message_ids,
    ),
)
