"""A card: four short texts in both languages, and since when anybody may read them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.people.accounts.models import Person
from portal.platform.kernel.database import Versioned
from portal.project.projects.models import Project

TEXT_MAX = 1000
# After the cards with which the laureates were announced: what for, from which data, how, to what
# good (numerique.gouv.fr, 2018).
TEXTS = ("objective", "data", "ai", "gains")


class PublicCard(Versioned):
    """`shown_at` None: nobody reads it without an account. Its project's state and dates are those
    of the project, whenever it is read."""

    __tablename__ = "public_card"
    __table_args__ = (
        CheckConstraint("(shown_at IS NULL) = (shown_by_id IS NULL)", name="shown_by_somebody"),
    )

    project_id: Mapped[UUID] = mapped_column(ForeignKey(Project.id), primary_key=True)
    objective_fr: Mapped[str] = mapped_column(Text, default="")
    objective_en: Mapped[str] = mapped_column(Text, default="")
    data_fr: Mapped[str] = mapped_column(Text, default="")
    data_en: Mapped[str] = mapped_column(Text, default="")
    ai_fr: Mapped[str] = mapped_column(Text, default="")
    ai_en: Mapped[str] = mapped_column(Text, default="")
    gains_fr: Mapped[str] = mapped_column(Text, default="")
    gains_en: Mapped[str] = mapped_column(Text, default="")
    shown_at: Mapped[datetime | None]
    shown_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Person.id))

    def text(self, name: str, language: str) -> str:
        """One of `TEXTS`."""
        text: str = getattr(self, f"{name}_{language}")
        return text
