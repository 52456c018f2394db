"""Attached files. Their bytes are stored outside the database."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.people.accounts.models import Person
from portal.people.programmes.models import Scope
from portal.platform.kernel.database import Base, Entity
from portal.platform.storage.extraction import UnreadReason
from portal.platform.storage.names import NAME_MAX
from portal.platform.storage.storage import KEY_LENGTH

KIND_MAX = 32
SHA256_LENGTH = 64


class Attachment(Entity):
    """`subject` (a table's name) and `subject_id` name the object it is attached to, without a
    foreign key, so that the row outlives that object. `number` is the object's number (0: none),
    `key` the key of the bytes in the storage.

    A removed file keeps its row and loses its bytes. `has_text` tells whether search finds it by its
    text, None until it was read; `unread_because` why not by all of it.
    """

    __tablename__ = "attachment"
    __table_args__ = (
        CheckConstraint("size > 0", name="holds_something"),
        CheckConstraint("(removed_at IS NULL) = (removed_by_id IS NULL)", name="removed_by_somebody"),
        Index("ix_attachment_subject_id_id", "subject_id", "id"),
        Index("ix_attachment_scope_id_id", "scope_id", "id"),
        Index(
            "ix_attachment_unread",
            "id",
            sqlite_where=text("unread_because IS NOT NULL"),
            postgresql_where=text("unread_because IS NOT NULL"),
        ),
    )

    scope_id: Mapped[UUID] = mapped_column(ForeignKey(Scope.id))
    subject: Mapped[str] = mapped_column(String(KIND_MAX))
    subject_id: Mapped[UUID]
    number: Mapped[int]
    name: Mapped[str] = mapped_column(String(NAME_MAX))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(BigInteger)  # bytes
    sha256: Mapped[str] = mapped_column(String(SHA256_LENGTH))
    key: Mapped[str] = mapped_column(String(KEY_LENGTH), unique=True)
    was_scanned: Mapped[bool]  # by ClamAV, at upload
    has_text: Mapped[bool | None]
    unread_because: Mapped[UnreadReason | None]
    author_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id))
    removed_at: Mapped[datetime | None]
    removed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Person.id))


class AttachmentText(Base):
    """The text of a file, as far as it could be read: "" where it has none. Gone with the file."""

    __tablename__ = "attachment_text"

    attachment_id: Mapped[UUID] = mapped_column(
        ForeignKey(Attachment.id, ondelete="CASCADE"), primary_key=True
    )
    body: Mapped[str] = mapped_column(Text)
    read_at: Mapped[datetime]
