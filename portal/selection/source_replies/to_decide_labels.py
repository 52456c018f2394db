"""Replies to a procedure that another lead proposed, on the page of what is to decide."""

from collections.abc import Sequence

from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.kernel.text import ngettext
from portal.project.projects.to_decide_queries import WaitingKind
from portal.project.projects.to_decide_rules import PATIENCE, WaitingLine
from portal.selection.calls.to_decide_labels import build_call_in_place_of_project
from portal.selection.source_replies.queries import list_reply_counts_to_approve_by_call

CODE = "source_replies"


def list_lines(actor: Actor) -> Sequence[WaitingLine]:
    """A line a call with replies that the actor may approve, the longest waiting first."""
    return [
        WaitingLine(
            id=each.call_id,
            project=build_call_in_place_of_project(each.call_id, each.programme_id, each.call, each.title),
            path=f"/programmes/{each.slug}/calls/{each.call}/imports/replies",
            title=ngettext(
                "%(num)s envoi à la démarche à approuver",
                "%(num)s envois à la démarche à approuver",
                each.count,
            ),
            since=each.waits_since,
            patience=PATIENCE,
            is_own=True,
        )
        for each in list_reply_counts_to_approve_by_call(actor)
    ]


WAITING = WaitingKind(
    code=CODE,
    title=lambda count: ngettext(
        "Décisions à envoyer à une démarche (%(num)s)", "Décisions à envoyer à des démarches (%(num)s)", count
    ),
    short=_l("Envoi"),
    list_lines=list_lines,
    rank=4,
)
