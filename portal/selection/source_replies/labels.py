"""Sentences and labels of decisions that are written back."""

from collections.abc import Mapping
from datetime import date

from portal.platform.kernel.text import LazyString, format_day, lower_first, using_language
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.selection.applications.labels import STATES as APPLICATION_STATES
from portal.selection.applications.models import Application
from portal.selection.imports.labels import stopped_run_sentence
from portal.selection.source_replies.models import ReplyAct, ReplyState, SourceReply

ACTS: Mapping[ReplyAct, LazyString] = {
    ReplyAct.ACCEPT: _l("Accepter"),
    ReplyAct.REFUSE: _l("Refuser"),
    ReplyAct.CLOSE: _l("Classer sans suite"),
    ReplyAct.ANNOTATE: _l("Annoter, sans décider"),
}
STATES: Mapping[ReplyState, LazyString] = {
    ReplyState.FAILED: _l("Non envoyées"),
    ReplyState.PROPOSED: _l("À approuver"),
    ReplyState.APPROVED: _l("En cours d’envoi"),
    ReplyState.SENT: _l("Envoyées"),
}


def annotation_text(application: Application, published_on: date | None) -> str:
    """What instructors are told of a decision, in French: the procedure is."""
    with using_language("fr"):
        outcome = lower_first(APPLICATION_STATES[application.state])
        if published_on is None:
            return _("Candidature n° %(n)s : %(outcome)s.", n=application.number, outcome=outcome)
        return _(
            "Candidature n° %(n)s : %(outcome)s. Décision publiée le %(day)s.",
            n=application.number,
            outcome=outcome,
            day=format_day(published_on),
        )


def unsent_reply_reason(reply: SourceReply) -> str:
    """Why a reply has not left; "" for none."""
    if not reply.problem:
        return ""
    if reply.problem == "other_decision":
        return _("Une autre décision a été prise dans la démarche.")
    return stopped_run_sentence(reply.problem, reply.detail)
