"""Minutes of a jury, decisions on applications, publications, appeals, and statistics that stay."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.people.accounts.models import Person
from portal.platform.kernel.database import Entity, Versioned
from portal.selection.applications.models import Application, ApplicationOrigin, ApplicationState
from portal.selection.calls.models import FUNCTION_MAX, Call

MINUTES_MAX = 20_000
PLACE_MAX = 200
REASON_MAX = 2000
LETTER_MAX = 4000


class DecisionKind(StrEnum):
    """What a jury decides of an application."""

    LAUREATE = "laureate"
    WAITING_LIST = "waiting_list"
    NOT_SELECTED = "not_selected"


class AppealState(StrEnum):
    RECEIVED = "received"
    EXAMINED = "examined"
    GRANTED = "granted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class Deliberation(Versioned):
    """The meeting of the jury of a call, and its minutes."""

    __tablename__ = "deliberation"

    call_id: Mapped[UUID] = mapped_column(ForeignKey(Call.id), primary_key=True)
    held_on: Mapped[date]
    place: Mapped[str] = mapped_column(String(PLACE_MAX), default="")
    attendees: Mapped[str] = mapped_column(Text, default="")
    minutes: Mapped[str] = mapped_column(Text, default="")


class CallPublication(Entity):
    """Decisions published together, with what their letters say of who signs and of appeals."""

    __tablename__ = "call_publication"
    __table_args__ = (UniqueConstraint("call_id", "number"),)

    call_id: Mapped[UUID] = mapped_column(ForeignKey(Call.id))
    number: Mapped[int]
    published_by_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id))
    published_on: Mapped[date]
    signatory_name: Mapped[str] = mapped_column(String(FUNCTION_MAX))
    signatory_function: Mapped[str] = mapped_column(String(FUNCTION_MAX))
    appeal_terms: Mapped[str] = mapped_column(Text)
    appeal_until: Mapped[date]


class ApplicationDecision(Versioned):
    """What was decided of an application, with reasons by key of the criterion. Fixed once it is
    published: then only an appeal changes the outcome."""

    __tablename__ = "application_decision"

    application_id: Mapped[UUID] = mapped_column(ForeignKey(Application.id), primary_key=True)
    outcome: Mapped[DecisionKind]
    reasons: Mapped[dict[str, str]] = mapped_column(JSON)
    letter_text: Mapped[str] = mapped_column(Text, default="")
    author_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id))
    publication_id: Mapped[UUID | None] = mapped_column(ForeignKey(CallPublication.id), index=True)


class ApplicationAppeal(Versioned, Entity):
    """An appeal against a published decision."""

    __tablename__ = "application_appeal"
    __table_args__ = (
        UniqueConstraint("application_id", "number"),
        CheckConstraint("(state = 'granted') = (new_outcome IS NOT NULL)", name="granted_changes"),
    )

    application_id: Mapped[UUID] = mapped_column(ForeignKey(Application.id))
    number: Mapped[int]
    state: Mapped[AppealState] = mapped_column(default=AppealState.RECEIVED)
    received_on: Mapped[date]
    grounds: Mapped[str] = mapped_column(Text)
    examined_on: Mapped[date | None]
    examination: Mapped[str] = mapped_column(Text, default="")
    closed_on: Mapped[date | None]
    closed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Person.id))
    answer: Mapped[str] = mapped_column(Text, default="")
    old_outcome: Mapped[DecisionKind | None]
    new_outcome: Mapped[DecisionKind | None]


class PurgedApplication(Entity):
    """What stays of an application after its purge: no name, no text."""

    __tablename__ = "purged_application"

    call_id: Mapped[UUID] = mapped_column(ForeignKey(Call.id), index=True)
    origin: Mapped[ApplicationOrigin]
    outcome: Mapped[ApplicationState]
    total_hundredths: Mapped[int | None]
    rank: Mapped[int | None]
    purged_at: Mapped[datetime]
