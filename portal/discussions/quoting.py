"""Answering what somebody wrote, with their words above one's own. Pure."""

from uuid import UUID

from portal.discussions.conversation import Conversation, Remark

QUOTE_MAX = 2000  # characters of what is quoted


def find_remark(conversation: Conversation, comment_id: UUID | None) -> Remark | None:
    """A standing comment of the page that is shown."""
    remarks = (one for each in conversation.exchanges for one in each.remarks)
    found = (one for one in remarks if one.comment.id == comment_id)
    remark = next(found, None)
    return remark if remark is not None and remark.comment.deleted_at is None else None


def quoted(remark: Remark) -> str:
    """Its text in Markdown, each line as a quotation, and room for the answer."""
    text = remark.comment.body
    text = text if len(text) <= QUOTE_MAX else text[:QUOTE_MAX] + "…"
    lines = "\n".join(f"> {line}".rstrip() for line in text.splitlines())
    return f"@{remark.handle}\n\n{lines}\n\n"
