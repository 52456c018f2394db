"""The stored ranking of a call, so that its page reads one page of lines."""

from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from portal.platform.kernel.database import Entity
from portal.selection.applications.models import Application


class StoredRank(Entity):
    """The place of an application in the ranking of its call, and its ranges; None: not ranked."""

    __tablename__ = "stored_rank"

    application_id: Mapped[UUID] = mapped_column(ForeignKey(Application.id), unique=True)
    rank: Mapped[int | None]
    best_by_jurors: Mapped[int | None]
    worst_by_jurors: Mapped[int | None]
    best_by_weights: Mapped[int | None]
    worst_by_weights: Mapped[int | None]
    is_on_line: Mapped[bool] = mapped_column(default=False)
