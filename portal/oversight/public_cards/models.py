"""Row of public cards: four short texts in two languages, and since when they are public."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.people.accounts.models import Person
from portal.platform.kernel.database import Versioned
from portal.project.projects.models import Project

TEXT_MAX = 1000
# The headings of the cards that announced the laureates (numerique.gouv.fr, 2018).
TEXTS = ("objective", "data", "ai", "gains")


class PublicCard(Versioned):
    """The card of a project; `shown_at` None: not public. State and dates are the project's."""

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
        """Return one of `TEXTS` in a language."""
        text: str = getattr(self, f"{name}_{language}")
        return text
