"""Mentions that reach nobody, to warn the author of the comment."""

from collections.abc import Sequence
from uuid import UUID

from portal.collaboration.discussions.conversation_queries import Conversation
from portal.collaboration.discussions.models import Comment
from portal.collaboration.discussions.queries import get_place, list_citable
from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import find_handles, ngettext


def list_unreached_handles(actor: Actor, comment: Comment) -> Sequence[str]:
    """The handles in a comment that belong to nobody who may read it, sorted."""
    handles = find_handles(comment.body)
    if not handles:
        return []
    _, scope = get_place(actor, comment.discussion_id)
    return sorted(handles - {reader.handle for reader in list_citable(scope)})


def describe_unreached(actor: Actor, conversation: Conversation, sought: UUID | None) -> str:
    """A warning about the comment `sought` if it is the actor's own; else empty."""
    remark = conversation.find_remark(sought)
    is_own = remark is not None and remark.comment.author_id == actor.person_id
    unreached = list_unreached_handles(actor, remark.comment) if remark and is_own else ()
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
