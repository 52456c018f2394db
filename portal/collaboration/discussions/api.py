"""Operations on comments. Most things of a project have a `discussion_id`: comments hang there."""

from uuid import UUID

from portal.collaboration.discussions import commands, queries
from portal.collaboration.discussions.models import Comment, Thread
from portal.collaboration.discussions.schemas import (
    CommentBodySchema,
    CommentQuerySchema,
    CommentSchema,
    EarlierTextSchema,
    ThreadSchema,
)
from portal.platform.web.api_operations import ApiArea, ApiCall
from portal.platform.web.api_pages import ApiPage

area = ApiArea("discussions")


@area.list("/discussions/<uuid:discussion_id>/comments", CommentSchema, query=CommentQuerySchema)
def list_comments(call: ApiCall, discussion_id: UUID) -> ApiPage:
    """List the comments of a discussion, the oldest first."""
    rows = queries.list_comments(
        call.actor,
        discussion_id,
        after=call.page.after_id,
        limit=call.page.limit + 1,
        with_deleted=call.query["with_deleted"],
    )
    return call.page.cut_by_id(rows)


@area.get("/comments/<uuid:comment_id>", CommentSchema)
def get_comment(call: ApiCall, comment_id: UUID) -> Comment:
    """Read a comment."""
    return queries.get_comment(call.actor, comment_id)


@area.create("/discussions/<uuid:discussion_id>/comments", CommentSchema, body=CommentBodySchema)
def start_thread(call: ApiCall, discussion_id: UUID) -> Comment:
    """Post a comment, which begins a thread."""
    comment = commands.start_thread(call.actor, discussion_id, call.body["body"]).comment
    call.location = f"/comments/{comment.id}"
    return comment


@area.create("/threads/<uuid:thread_id>/comments", CommentSchema, body=CommentBodySchema)
def reply_to_thread(call: ApiCall, thread_id: UUID) -> Comment:
    """Answer in a thread; a resolved one opens again."""
    thread = queries.get_thread(call.actor, thread_id)
    comment = commands.reply_to_thread(call.actor, thread, call.body["body"]).comment
    call.location = f"/comments/{comment.id}"
    return comment


@area.change("/comments/<uuid:comment_id>", CommentSchema, body=CommentBodySchema)
def edit_comment(call: ApiCall, comment_id: UUID) -> Comment:
    """Change one's own comment; the earlier text stays in its history."""
    comment = queries.get_comment(call.actor, comment_id)
    commands.edit_comment(call.actor, comment, call.body["body"], call.version)
    return comment


@area.list("/comments/<uuid:comment_id>/history", EarlierTextSchema)
def list_comment_history(call: ApiCall, comment_id: UUID) -> ApiPage:
    """List the earlier texts of a comment, the latest first."""
    return call.page.cut_whole_list(
        queries.list_earlier_texts(call.actor, queries.get_comment(call.actor, comment_id))
    )


@area.delete("/comments/<uuid:comment_id>")
def delete_comment(call: ApiCall, comment_id: UUID) -> None:
    """Delete the text of a comment."""
    commands.delete_comment(call.actor, queries.get_comment(call.actor, comment_id))


@area.get("/threads/<uuid:thread_id>", ThreadSchema)
def get_thread(call: ApiCall, thread_id: UUID) -> Thread:
    """Read whether a thread is resolved."""
    return queries.get_thread(call.actor, thread_id)


@area.act("/threads/<uuid:thread_id>/resolve", ThreadSchema)
def resolve_thread(call: ApiCall, thread_id: UUID) -> Thread:
    """Mark a thread as resolved."""
    thread = queries.get_thread(call.actor, thread_id)
    commands.resolve_thread(call.actor, thread)
    return thread


@area.act("/threads/<uuid:thread_id>/reopen", ThreadSchema)
def reopen_thread(call: ApiCall, thread_id: UUID) -> Thread:
    """Open a resolved thread again."""
    thread = queries.get_thread(call.actor, thread_id)
    commands.reopen_thread(call.actor, thread)
    return thread
