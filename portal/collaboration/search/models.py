"""What the search index knows of a text: whose it is and where; its words stand beside.

The words are in `search_words`, which no model maps: a table of SQLite's FTS5, or a `tsvector` with
a GIN index on PostgreSQL. Neither keeps the text itself.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.people.programmes.models import Scope
from portal.platform.kernel.database import Base

KIND_MAX = 64


class SearchEntry(Base):
    """An indexed row of a feature. Later entries were written or changed later."""

    __tablename__ = "search_entry"
    __table_args__ = (UniqueConstraint("subject_id", "kind"),)

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer(), "sqlite"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(KIND_MAX))
    subject_id: Mapped[UUID]
    scope_id: Mapped[UUID] = mapped_column(ForeignKey(Scope.id), index=True)
    author_id: Mapped[UUID | None]  # whose text it is, where the feature tells
    changed_at: Mapped[datetime]
