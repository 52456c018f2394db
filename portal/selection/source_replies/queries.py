"""Replies of a call: those that the reader may see, and those that are due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, or_, select

from portal.people.programmes.models import Programme
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db, get_row
from portal.platform.kernel.text import in_reader_language
from portal.selection.applications import policy as applications
from portal.selection.applications.models import Application, ApplicationOrigin
from portal.selection.calls.models import Call
from portal.selection.deliberation.models import ApplicationDecision, CallPublication
from portal.selection.imports.models import ImportedApplication
from portal.selection.source_replies.models import CallReplySetting, ReplyState, SourceReply


@dataclass(frozen=True)
class DecidedApplication:
    """An imported application whose decision is published, without a reply yet."""

    application: Application
    decision: ApplicationDecision | None
    published_on: date | None


@dataclass(frozen=True)
class RepliesToApproveCount:
    """How many replies of a call wait for another lead, since when."""

    call_id: UUID
    programme_id: UUID
    slug: str
    call: int
    title_fr: str
    title_en: str
    count: int
    since: datetime

    @property
    def waits_since(self) -> date:
        return clock.day_of(self.since)

    @property
    def title(self) -> str:
        """That of the call, in the reader's language."""
        return in_reader_language(self.title_fr, self.title_en)


def list_reply_counts_to_approve_by_call(actor: Actor) -> Sequence[RepliesToApproveCount]:
    """The replies that others proposed for applications that the actor leads, by call."""
    place = Call.id, Call.programme_id, Programme.slug, Call.number, Call.title_fr, Call.title_en
    rows = (
        select(*place, func.count(), func.min(SourceReply.created_at))
        .select_from(SourceReply)
        .join(Application, Application.id == SourceReply.application_id)
        .join(Call, Call.id == Application.call_id)
        .join(Programme, Programme.id == Call.programme_id)
        .where(
            SourceReply.state == ReplyState.PROPOSED,
            SourceReply.proposed_by_id != actor.person_id,
            applications.led_by_condition(actor),
        )
        .group_by(*place)
        .order_by(func.min(SourceReply.created_at))
    )
    return [RepliesToApproveCount(*row) for row in db.session.execute(rows)]


def find_reply_setting(call: Call) -> CallReplySetting | None:
    """The setting of a call; None while it writes nothing back."""
    return db.session.scalar(select(CallReplySetting).where(CallReplySetting.call_id == call.id))


def list_decided_applications_without_reply(actor: Actor, call: Call) -> Sequence[DecidedApplication]:
    """Imported applications that the actor leads and that have no reply yet, by number."""
    replied = select(SourceReply.application_id)
    rows = (
        select(Application, ApplicationDecision, CallPublication.published_on)
        .join(Call, Call.id == Application.call_id)
        .join(ImportedApplication, ImportedApplication.application_id == Application.id)
        .outerjoin(
            ApplicationDecision,
            (ApplicationDecision.application_id == Application.id)
            & ApplicationDecision.publication_id.is_not(None),
        )
        .outerjoin(CallPublication, CallPublication.id == ApplicationDecision.publication_id)
        .where(
            Application.call_id == call.id,
            Application.origin == ApplicationOrigin.API,
            Application.id.not_in(replied),
            applications.led_by_condition(actor),
        )
        .order_by(Application.number)
    )
    return [DecidedApplication(*row) for row in db.session.execute(rows)]


def list_replies(actor: Actor, call: Call) -> Sequence[tuple[SourceReply, Application]]:
    """The replies of applications that the actor leads, by number."""
    rows = (
        select(SourceReply, Application)
        .join(Application, Application.id == SourceReply.application_id)
        .join(Call, Call.id == Application.call_id)
        .where(Application.call_id == call.id, applications.led_by_condition(actor))
        .order_by(Application.number)
    )
    return [(row[0], row[1]) for row in db.session.execute(rows)]


def get_reply(actor: Actor, call: Call, number: int) -> SourceReply:
    """The reply of an application that the actor leads. Raises `NotFound`."""
    rows = (
        select(SourceReply)
        .join(Application, Application.id == SourceReply.application_id)
        .join(Call, Call.id == Application.call_id)
        .where(
            Application.call_id == call.id, Application.number == number, applications.led_by_condition(actor)
        )
    )
    return get_row(rows)[0]


def find_due_reply_id(now: datetime) -> UUID | None:
    """The approved reply that waits longest for a sender."""
    free = or_(SourceReply.leased_until.is_(None), SourceReply.leased_until <= now)
    due = select(SourceReply.id).where(
        SourceReply.state == ReplyState.APPROVED, SourceReply.due_at <= now, free
    )
    return db.session.scalar(due.order_by(SourceReply.due_at, SourceReply.id).limit(1))


def get_reply_with_related_rows(
    reply_id: UUID,
) -> tuple[SourceReply, Application, ImportedApplication, CallReplySetting]:
    """A reply with what its sender needs, as it is now. Raises `NotFound`."""
    rows = (
        select(SourceReply, Application, ImportedApplication, CallReplySetting)
        .join(Application, Application.id == SourceReply.application_id)
        .join(ImportedApplication, ImportedApplication.application_id == Application.id)
        .join(CallReplySetting, CallReplySetting.call_id == Application.call_id)
        .where(SourceReply.id == reply_id)
        .execution_options(populate_existing=True)
    )
    row = get_row(rows)
    return row[0], row[1], row[2], row[3]
