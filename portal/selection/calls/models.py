"""Calls for applications and their criteria."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.people.accounts.models import Person
from portal.people.programmes.models import Programme
from portal.platform.kernel.database import Entity, Versioned
from portal.platform.kernel.text import in_reader_language

TITLE_MAX = 200
TEXT_MAX = 4000
LINK_MAX = 300
KEY_MAX = 40
FUNCTION_MAX = 200
NUMBER_MAX = 99
PLACES_MAX = 999
NEEDED_MAX = 20
LOAD_MAX = 999
CRITERIA_MAX = 12
LEVELS = 6  # 0 to 5
LEVEL_MAX = 300
RETENTION_MONTHS = 24
RETENTION_MAX = 120  # months
APPEAL_DAYS = 60
APPEAL_DAYS_MAX = 365
MINIMUM_SCALE = 10  # minima are stored in tenths


class CallState(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    IN_REVIEW = "in_review"
    DELIBERATED = "deliberated"
    PUBLISHED = "published"


class TieRule(StrEnum):
    """What decides between equal totals at the last place."""

    FIRST_CRITERION = "first_criterion"  # the better mean on the criterion of most weight
    JURY = "jury"  # the jury decides, with its reasons
    ALL = "all"  # all of them get a place


class Call(Versioned, Entity):
    """A call of a programme.

    `checklist` holds the conditions of eligibility, one a line. `load_max` is how many applications
    a juror takes at most. `tie_rule` is fixed before scores open. `shown_at` is since when its page
    is public. `retention_months` is how long applications not selected are kept after the last
    publication and appeal. `ranking_due_at`: scores have opened that the stored ranking lacks.
    """

    __tablename__ = "call"
    __table_args__ = (
        UniqueConstraint("programme_id", "number"),
        CheckConstraint(f"places BETWEEN 1 AND {PLACES_MAX}", name="places"),
        CheckConstraint(f"scores_needed BETWEEN 1 AND {NEEDED_MAX}", name="scores_needed"),
        CheckConstraint("(shown_at IS NULL) = (shown_by_id IS NULL)", name="shown_by_name"),
    )

    programme_id: Mapped[UUID] = mapped_column(ForeignKey(Programme.id))
    number: Mapped[int]
    title_fr: Mapped[str] = mapped_column(String(TITLE_MAX))
    title_en: Mapped[str] = mapped_column(String(TITLE_MAX), default="")
    purpose_fr: Mapped[str] = mapped_column(Text, default="")
    purpose_en: Mapped[str] = mapped_column(Text, default="")
    support_fr: Mapped[str] = mapped_column(Text, default="")
    support_en: Mapped[str] = mapped_column(Text, default="")
    apply_url: Mapped[str] = mapped_column(String(LINK_MAX), default="")
    opens_on: Mapped[date]
    closes_on: Mapped[date]
    results_on: Mapped[date | None]
    places: Mapped[int]
    scores_needed: Mapped[int] = mapped_column(default=3)
    load_max: Mapped[int | None]
    tie_rule: Mapped[TieRule | None]
    checklist: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[CallState] = mapped_column(default=CallState.DRAFT)
    shown_at: Mapped[datetime | None]
    shown_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Person.id))
    signatory_name: Mapped[str] = mapped_column(String(FUNCTION_MAX), default="")
    signatory_function: Mapped[str] = mapped_column(String(FUNCTION_MAX), default="")
    appeal_terms: Mapped[str] = mapped_column(Text, default="")
    appeal_days: Mapped[int] = mapped_column(default=APPEAL_DAYS)
    retention_months: Mapped[int] = mapped_column(default=RETENTION_MONTHS)
    ranking_due_at: Mapped[datetime | None]
    ranked_at: Mapped[datetime | None]

    @property
    def title(self) -> str:
        return in_reader_language(self.title_fr, self.title_en)

    @property
    def conditions(self) -> list[str]:
        """The conditions of eligibility, in their order."""
        return [line.strip() for line in self.checklist.splitlines() if line.strip()]


class CallCriterion(Entity):
    """A criterion of a call, with words for each level from 0 to 5."""

    __tablename__ = "call_criterion"
    __table_args__ = (
        UniqueConstraint("call_id", "key"),
        CheckConstraint("weight BETWEEN 0 AND 100", name="weight"),
        CheckConstraint("minimum_tenths BETWEEN 0 AND 50", name="minimum_tenths"),
    )

    call_id: Mapped[UUID] = mapped_column(ForeignKey(Call.id))
    position: Mapped[int]
    key: Mapped[str] = mapped_column(String(KEY_MAX))
    name_fr: Mapped[str] = mapped_column(String(TITLE_MAX))
    name_en: Mapped[str] = mapped_column(String(TITLE_MAX), default="")
    weight: Mapped[int]
    minimum_tenths: Mapped[int | None]
    levels_fr: Mapped[list[str]] = mapped_column(JSON)
    levels_en: Mapped[list[str]] = mapped_column(JSON)

    @property
    def name(self) -> str:
        return in_reader_language(self.name_fr, self.name_en)

    @property
    def levels(self) -> list[str]:
        """The words of each level in the reader's language, from 0 to 5."""
        english = self.levels_en or [""] * LEVELS
        return [in_reader_language(*pair) for pair in zip(self.levels_fr, english, strict=True)]

    @property
    def minimum(self) -> float | None:
        return None if self.minimum_tenths is None else self.minimum_tenths / MINIMUM_SCALE
