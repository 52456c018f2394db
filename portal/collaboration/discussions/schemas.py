"""Schemas of comments."""

from marshmallow import fields

from portal.collaboration.discussions.models import COMMENT_MAX
from portal.platform.web.api_fields import ApiSchema, count, id_, line, moment, query_flag, version


class CommentBodySchema(ApiSchema):
    """The text of a comment, in Markdown."""

    body = line(COMMENT_MAX, "In Markdown; @name mentions a person.", required=True)


class CommentSchema(CommentBodySchema):
    """A comment. A deleted one keeps its place and loses its text."""

    body = line(COMMENT_MAX, dump_only=True)
    id = id_(dump_only=True)
    version = version()
    thread_id = id_(dump_only=True)
    discussion_id = id_(dump_only=True)
    author_id = id_(dump_only=True)
    created_at = moment()
    edited_at = moment(allow_none=True)
    deleted_at = moment(allow_none=True)


class ThreadSchema(ApiSchema):
    """A thread of comments."""

    id = id_(dump_only=True)
    discussion_id = id_(dump_only=True)
    created_at = moment()
    resolved_at = moment(allow_none=True)
    resolved_by_id = id_(dump_only=True, allow_none=True)


class EarlierTextSchema(ApiSchema):
    """The text of a comment before a change, and when it was written."""

    id = id_(dump_only=True)
    body = line(COMMENT_MAX, dump_only=True)
    written_at = moment()


class UnresolvedThreadSchema(ApiSchema):
    """An open thread, by its first comment; `unread` counts the reader's new comments in it."""

    thread_id = id_(dump_only=True)
    page = fields.String(dump_only=True, metadata={"description": "The page that shows it."})
    comment_id = id_(dump_only=True)
    author = fields.String(dump_only=True)
    body = fields.String(dump_only=True, attribute="first_text")
    comments = count()
    last_at = moment()
    unread = count(attribute="new")


class UnreadCommentSchema(ApiSchema):
    """A comment that the reader has not read."""

    comment_id = id_(dump_only=True)
    author = fields.String(dump_only=True)
    body = fields.String(dump_only=True)
    at = moment()
    page = fields.String(dump_only=True, metadata={"description": "The page that shows it."})


class CommentQuerySchema(ApiSchema):
    """Which comments."""

    with_deleted = query_flag("Also those that were deleted, without text.")
