"""What the worker does: send approved decisions to the source, each once.

No key makes a decision idempotent there, so its state is read before each attempt: a decision whose
answer was lost is found made, and not sent again.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import structlog

from portal.platform.kernel import clock
from portal.platform.kernel.database import read_only_transaction, transaction
from portal.selection.imports.procedure_commands import make_procedure_reader
from portal.selection.imports.procedure_queries import ProcedureReader, SourceRefused, SourceUnreachable
from portal.selection.source_replies import commands, queries
from portal.selection.source_replies.commands import ClaimedReply
from portal.selection.source_replies.models import ReplyAct
from portal.selection.source_replies.rules import ANNOTATION_TYPES, ReplyStep, find_next_step

log = structlog.get_logger("portal")

BATCH = 20  # replies a round
STEPS_MAX = 4  # examined, decided, annotated, and read before, between and after
_MUTATIONS = {
    ReplyAct.ACCEPT: "dossierAccepter",
    ReplyAct.REFUSE: "dossierRefuser",
    ReplyAct.CLOSE: "dossierClasserSansSuite",
}


def send_due_replies() -> int:
    """Send what is due; returns how many decisions were handled."""
    for count in range(BATCH):
        with read_only_transaction():
            reply_id = queries.find_due_reply_id(clock.now())
        if reply_id is None:
            return count
        send_reply(reply_id)
    return BATCH


def send_reply(reply_id: UUID) -> None:
    """Send a decision, or note why it did not leave."""
    with transaction():
        claimed = commands.claim_reply(reply_id)
    if claimed is None:
        return
    reader = make_procedure_reader(claimed.token, None)
    try:
        if reader is None:
            raise SourceRefused("token_unreadable")
        _send_missing_steps(claimed, reader)
    except SourceRefused as stopped:
        log.warning("reply refused", reply_id=str(reply_id), code=stopped.code)
        with transaction():
            commands.note_reply_failed(claimed, stopped.code, stopped.detail)
    except SourceUnreachable as away:
        log.warning("reply postponed", reply_id=str(reply_id), code=away.code)
        with transaction():
            commands.postpone_reply(claimed, away.code, away.detail)


def _send_missing_steps(claimed: ClaimedReply, reader: ProcedureReader) -> None:
    """Send what is missing until the source tells decision and annotation. Raises `SourceRefused`,
    `SourceUnreachable`."""
    for _step in range(STEPS_MAX):
        node = reader.read_state_and_annotation(claimed.number, claimed.annotation_id)
        if node is None:
            raise SourceRefused("not_found")
        step = find_next_step(str(node.get("state")), claimed.act, is_annotated=_is_annotated(claimed, node))
        if step is ReplyStep.ANNOTATE:
            _send_annotation(claimed, reader)
        if step in {ReplyStep.ANNOTATE, ReplyStep.DONE}:
            with transaction():
                commands.note_reply_sent(claimed)
            return
        if step is ReplyStep.OTHER:
            raise SourceRefused("other_decision", str(node.get("state")))
        _send_decision(claimed, reader, step)
    raise SourceRefused("not_decided")


def _is_annotated(claimed: ClaimedReply, node: Mapping[str, Any]) -> bool:
    texts = {each.get("champDescriptorId"): each.get("stringValue") for each in node.get("annotations") or ()}
    return not claimed.annotation or texts.get(claimed.annotation_id) == claimed.annotation


def _send_annotation(claimed: ClaimedReply, reader: ProcedureReader) -> None:
    value = {ANNOTATION_TYPES[claimed.annotation_type]: claimed.annotation}
    values = {
        "dossierId": claimed.source_id,
        "instructeurId": claimed.instructor_id,
        "annotations": [{"id": claimed.annotation_id, "value": value}],
    }
    reader.send_act("dossierModifierAnnotations", values)


def _send_decision(claimed: ClaimedReply, reader: ProcedureReader, step: ReplyStep) -> None:
    common = {
        "dossierId": claimed.source_id,
        "instructeurId": claimed.instructor_id,
        "disableNotification": claimed.is_silent,
    }
    if step is ReplyStep.INSTRUCT:
        reader.send_act("dossierPasserEnInstruction", common)
    else:
        reader.send_act(_MUTATIONS[claimed.act], common | {"motivation": claimed.motivation})
