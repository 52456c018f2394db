"""Who may do what with a file, given what it is attached to. No other file decides this."""

from portal.collaboration.files.models import Attachment
from portal.collaboration.files.subject_queries import AttachmentSubject


def can_attach(place: AttachmentSubject) -> bool:
    """Whoever writes there, while it is written there."""
    return place.is_writer and not place.closed_because


def can_remove(place: AttachmentSubject, attachment: Attachment) -> bool:
    """The same, and whoever may take away what must go."""
    standing = attachment.removed_at is None
    return standing and (can_attach(place) or place.is_moderator)


def may_remove(place: AttachmentSubject) -> bool:
    """The same in some state of things: asked before a form is looked at."""
    return place.is_writer or place.is_moderator
