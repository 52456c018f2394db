"""Answering what somebody wrote, with their words above one's own. Pure."""

from uuid import UUID

from portal.collaboration.discussions.conversation_queries import CommentView, Conversation

QUOTE_MAX = 2000  # characters of what is quoted


def find_comment(conversation: Conversation, comment_id: UUID | None) -> CommentView | None:
    """A standing comment of the page that is shown."""
    remarks = (candidate for each in conversation.exchanges for candidate in each.remarks)
    matches = (candidate for candidate in remarks if candidate.comment.id == comment_id)
    remark = next(matches, None)
    return remark if remark is not None and remark.comment.deleted_at is None else None


def quote_comment(remark: CommentView) -> str:
    """Its text in Markdown, each line as a quotation, and room for the answer."""
    text = remark.comment.body
    text = text if len(text) <= QUOTE_MAX else text[:QUOTE_MAX] + "…"
    lines = "\n".join(f"> {line}".rstrip() for line in text.splitlines())
    return f"@{remark.handle}\n\n{lines}\n\n"
