"""Mentions that reach nobody: what the writer of a comment is told when they look at it."""

from collections.abc import Sequence
from uuid import UUID

from portal.collaboration.discussions.conversation_queries import Conversation
from portal.collaboration.discussions.models import Comment
from portal.collaboration.discussions.queries import get_place, list_citable
from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import find_handles, ngettext


def list_unreached_handles(actor: Actor, comment: Comment) -> Sequence[str]:
    """The handles that a comment writes and that reach nobody who may read it."""
    cited = find_handles(comment.body)
    if not cited:
        return []
    _, scope = get_place(actor, comment.discussion_id)
    return sorted(cited - {who.handle for who in list_citable(scope)})


def describe_unreached(actor: Actor, conversation: Conversation, sought: UUID | None) -> str:
    """A sentence, where the comment that is sought is the actor's own; or nothing."""
    own = (
        remark.comment
        for exchange in conversation.exchanges
        for remark in exchange.remarks
        if remark.comment.id == sought and remark.comment.author_id == actor.person_id
    )
    comment = next(own, None)
    unreached = list_unreached_handles(actor, comment) if comment else ()
    if not unreached:
        return ""
    return ngettext(
        "%(handles)s ne correspond à personne qui lit cette page : la mention"
        " ne prévient personne.",
        "%(handles)s ne correspondent à personne qui lit cette page : ces mentions"
        " ne préviennent personne.",
        len(unreached),
        handles=", ".join(f"@{handle}" for handle in unreached),
    )
