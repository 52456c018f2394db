"""Schemas of files."""

from portal.collaboration.files.models import Attachment
from portal.platform.web.api_columns import row_schema

FileSchema = row_schema(
    "FileSchema",
    Attachment,
    *("scope_id", "subject", "subject_id", "name", "media_type", "size", "sha256", "was_scanned"),
    *("author_id", "removed_at", "has_text", "unread_because"),
)
