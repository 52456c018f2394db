"""Who may do what with a file, given its subject. No other file decides this."""

from portal.collaboration.files.models import Attachment
from portal.collaboration.files.subject_queries import AttachmentSubject


def can_attach(place: AttachmentSubject) -> bool:
    """Whoever may write there, while it is not closed."""
    return place.is_writer and not place.closed_because


def can_remove(place: AttachmentSubject, attachment: Attachment) -> bool:
    """Whoever may attach, or moderates."""
    return attachment.removed_at is None and (can_attach(place) or place.is_moderator)


def may_ever_remove(place: AttachmentSubject) -> bool:
    """May remove in some state of the subject: checked before the form is validated."""
    return place.is_writer or place.is_moderator
