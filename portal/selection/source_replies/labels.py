"""Sentences and labels of decisions that are written back."""

from collections.abc import Mapping

from portal.platform.kernel.text import LazyString
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.selection.imports.labels import problem_sentence
from portal.selection.source_replies.models import ReplyAct, ReplyState, SourceReply

ACTS: Mapping[ReplyAct, LazyString] = {
    ReplyAct.ACCEPT: _l("Accepter"),
    ReplyAct.REFUSE: _l("Refuser"),
    ReplyAct.CLOSE: _l("Classer sans suite"),
}
STATES: Mapping[ReplyState, LazyString] = {
    ReplyState.PROPOSED: _l("À approuver"),
    ReplyState.APPROVED: _l("En cours d’envoi"),
    ReplyState.SENT: _l("Envoyée"),
    ReplyState.FAILED: _l("Non envoyée"),
}
STATE_KINDS: Mapping[ReplyState, str] = {ReplyState.SENT: "success", ReplyState.FAILED: "error"}


def problem(reply: SourceReply) -> str:
    """Why a reply has not left; "" for none."""
    if not reply.problem:
        return ""
    if reply.problem == "other_decision":
        return _("Une autre décision a été prise dans la démarche.")
    return problem_sentence(reply.problem, reply.detail)
