"""Propose, approve and send the decisions of a call to its source; two people see each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from portal.platform.kernel import audit, clock, outbox
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import check_version, db, lock_row, reload_row
from portal.platform.kernel.errors import RuleBroken, TooLate
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.selection.applications.models import Application
from portal.selection.calls import commands as calls
from portal.selection.calls.models import Call, CallState
from portal.selection.imports import queries as imports
from portal.selection.imports.form_rules import ProcedureForm, ProcedureFormField
from portal.selection.imports.models import DETAIL_MAX, ImportedApplication
from portal.selection.source_replies import labels, queries
from portal.selection.source_replies.models import CallReplySetting, ReplyAct, ReplyState, SourceReply
from portal.selection.source_replies.queries import DecidedApplication
from portal.selection.source_replies.rules import ANNOTATION_TYPES, find_reply_act

SWITCHED = audit.Action(
    "call.replies_switched", _l("a réglé l’envoi des décisions de l’appel %(number)s à sa démarche")
)
PROPOSED = audit.Action("call.replies_proposed", _l("propose d’envoyer des décisions de l’appel %(number)s"))
APPROVED = audit.Action("call.replies_approved", _l("a approuvé l’envoi de décisions de l’appel %(number)s"))
REPLIED = audit.Action("application.replied")
LEASE = timedelta(minutes=5)
ATTEMPTS_MAX = 10
RETRY_STEP = timedelta(minutes=1)  # more after each


@dataclass(frozen=True, kw_only=True)
class ClaimedReply:
    """A reply as its sender reads it."""

    id: UUID
    number: str
    source_id: str
    act: ReplyAct
    motivation: str
    instructor_id: str
    is_silent: bool
    annotation: str
    annotation_id: str
    annotation_type: str
    token: str  # encrypted


def list_text_annotations(call: Call) -> Sequence[ProcedureFormField]:
    """The annotations of a call's procedure that take a text."""
    source = imports.find_source(call)
    if source is None or not source.form:
        return []
    form = ProcedureForm.from_json(source.form)
    return [field for field in form.annotations if field.type in ANNOTATION_TYPES]


def save_reply_setting(
    actor: Actor, call: Call, instructor_id: str, version: int, *, is_silent: bool, annotation_id: str = ""
) -> CallReplySetting:
    """Let a call write back, as an instructor of its procedure, who is told the decision by an
    annotation. Raises `RuleBroken` on `annotation_id`, `TooLate`, `Conflict`."""
    _lock_published_call(actor, call)
    types = {"": ""} | {field.id: field.type for field in list_text_annotations(call)}
    if annotation_id not in types:
        raise RuleBroken("annotation_id", _("Choisissez une annotation de la démarche."))
    replies = queries.find_reply_setting(call)
    if replies is None:
        replies = CallReplySetting(call_id=call.id)
        db.session.add(replies)
    else:
        check_version(replies, version)
    replies.instructor_id, replies.is_silent = instructor_id, is_silent
    replies.annotation_id, replies.annotation_type = annotation_id, types[annotation_id]
    _record_reply_act(actor, SWITCHED, call)
    return replies


def list_proposable_replies(actor: Actor, call: Call) -> Sequence[tuple[DecidedApplication, ReplyAct]]:
    """The decided applications without a reply that the source can be told, with what it is told."""
    replies = queries.find_reply_setting(call)
    annotates = bool(replies and replies.annotation_id)
    candidates = [
        (each, find_reply_act(each.application.state, annotates=annotates))
        for each in queries.list_decided_applications_without_reply(actor, call)
    ]
    return [(each, act) for each, act in candidates if act is not None]


def propose_replies(actor: Actor, call: Call) -> int:
    """Propose a reply for each published decision that has none; returns how many.

    Raises `RuleBroken` where nothing is left to propose.
    """
    _lock_published_call(actor, call)
    annotates = bool(_require_reply_setting(call).annotation_id)
    proposable = list_proposable_replies(actor, call)
    if not proposable:
        raise RuleBroken(None, _("Toutes les décisions publiées ont déjà leur envoi."))
    for each, act in proposable:
        reasons = each.decision.reasons.values() if each.decision else ()
        letter = each.decision.letter_text if each.decision else each.application.state_reason
        motivation = "\n\n".join(text for text in (*reasons, letter) if text)
        db.session.add(
            SourceReply(
                application_id=each.application.id,
                act=act,
                motivation=motivation,
                annotation=labels.annotation_text(each.application, each.published_on) if annotates else "",
                proposed_by_id=actor.person_id,
                due_at=clock.now(),
            )
        )
    _record_reply_act(actor, PROPOSED, call)
    return len(proposable)


def approve_replies(actor: Actor, call: Call) -> int:
    """Approve what somebody else proposed: the worker sends it. Returns how many.

    Raises `RuleBroken` where the actor proposed all of them.
    """
    _lock_published_call(actor, call)
    _require_reply_setting(call)
    count = 0
    for reply, _application in queries.list_replies(actor, call):
        if reply.state is ReplyState.PROPOSED and reply.proposed_by_id != actor.person_id:
            reply.state, reply.approved_by_id, reply.due_at = (
                ReplyState.APPROVED,
                actor.person_id,
                clock.now(),
            )
            count += 1
    if not count:
        raise RuleBroken(None, _("Une autre direction que celle qui propose doit approuver."))
    _record_reply_act(actor, APPROVED, call)
    outbox.wake_sender_after_commit()
    return count


def take_back_reply(actor: Actor, call: Call, reply: SourceReply) -> None:
    """Take back a reply that did not leave. Raises `TooLate` once it is approved or sent."""
    _lock_published_call(actor, call)
    lock_row(SourceReply, reply.id)
    reload_row(reply)
    if reply.state not in {ReplyState.PROPOSED, ReplyState.FAILED}:
        raise TooLate(_("Cet envoi est approuvé : il ne se reprend plus."))
    db.session.delete(reply)


def claim_reply(reply_id: UUID) -> ClaimedReply | None:
    """Reserve a reply for its sender; None where somebody else has it, or the token is gone."""
    lock_row(SourceReply, reply_id)
    reply, application, stored, replies = queries.get_reply_with_related_rows(reply_id)
    now = clock.now()
    if reply.state is not ReplyState.APPROVED or (reply.leased_until and reply.leased_until > now):
        return None
    reply.leased_until = now + LEASE
    return ClaimedReply(
        id=reply.id,
        number=str(application.external_id),
        source_id=stored.source_id,
        act=reply.act,
        motivation=reply.motivation,
        instructor_id=replies.instructor_id,
        is_silent=replies.is_silent,
        annotation=reply.annotation if replies.annotation_id else "",
        annotation_id=replies.annotation_id,
        annotation_type=replies.annotation_type,
        token=imports.get_source(application.call_id).token,
    )


def note_reply_sent(claimed: ClaimedReply) -> None:
    """The source has the decision."""
    reply, application, _source, _replies = _lock_claimed_reply_with_related_rows(claimed)
    reply.state, reply.sent_at, reply.leased_until = ReplyState.SENT, clock.now(), None
    reply.problem = reply.detail = ""
    audit.record(None, REPLIED, application, scope_id=None, facts={"act": reply.act})


def note_reply_failed(claimed: ClaimedReply, code: str, detail: str) -> None:
    """The source refuses the decision: somebody must look."""
    reply = _lock_claimed_reply_with_related_rows(claimed)[0]
    reply.state, reply.leased_until = ReplyState.FAILED, None
    reply.problem, reply.detail = code, detail[:DETAIL_MAX]


def postpone_reply(claimed: ClaimedReply, code: str, detail: str) -> None:
    """The source does not answer: try again later, or give up after `ATTEMPTS_MAX`."""
    reply = _lock_claimed_reply_with_related_rows(claimed)[0]
    reply.attempts += 1
    if reply.attempts >= ATTEMPTS_MAX:
        note_reply_failed(claimed, code, detail)
        return
    reply.due_at, reply.leased_until = clock.now() + reply.attempts * RETRY_STEP, None
    reply.problem, reply.detail = code, detail[:DETAIL_MAX]


def _lock_claimed_reply_with_related_rows(
    claimed: ClaimedReply,
) -> tuple[SourceReply, Application, ImportedApplication, CallReplySetting]:
    lock_row(SourceReply, claimed.id)
    return queries.get_reply_with_related_rows(claimed.id)


def _lock_published_call(actor: Actor, call: Call) -> None:
    calls.lock_call(actor, call)
    if call.state is not CallState.PUBLISHED:
        raise TooLate(_("Les décisions s’envoient une fois publiées."), calls.call_path(call))


def _require_reply_setting(call: Call) -> CallReplySetting:
    source, replies = imports.find_source(call), queries.find_reply_setting(call)
    if replies is None or source is None or not source.token:
        raise RuleBroken(None, _("Réglez d’abord l’envoi : il faut un jeton qui écrit, et qui instruit."))
    return replies


def _record_reply_act(actor: Actor, action: audit.Action, call: Call) -> None:
    audit.record(actor, action, call, scope_id=call.programme_id, facts=calls.call_audit_facts(call))
