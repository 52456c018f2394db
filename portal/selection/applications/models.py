"""Applications, the people they name, their thread, and which leads are shut out of them."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.people.accounts.models import EMAIL_MAX, Person
from portal.platform.kernel.database import Entity, Versioned
from portal.project.projects.models import Project
from portal.selection.calls.jury_models import COMPANY_NUMBER_MAX
from portal.selection.calls.models import FUNCTION_MAX, Call

ORGANISATION_MAX = 200
TITLE_MAX = 200
TEXT_MAX = 8000
REASON_MAX = 2000
NAME_MAX = 120
EXTERNAL_MAX = 100
NUMBER_MAX = 99_999
MEMBERS_MAX = 30
MESSAGE_MAX = 4000


class ApplicationOrigin(StrEnum):
    TYPED = "typed"
    API = "api"
    FILE = "file"


class ApplicationState(StrEnum):
    RECEIVED = "received"
    ELIGIBLE = "eligible"
    NOT_ELIGIBLE = "not_eligible"
    SCORED = "scored"  # its scores are open
    LAUREATE = "laureate"
    WAITING_LIST = "waiting_list"
    NOT_SELECTED = "not_selected"
    WITHDRAWN = "withdrawn"


class Application(Versioned, Entity):
    """An application to a call. Applicants have no account.

    `external_id` is its identifier where it came from; unique in a call. `data_sources` and
    `target_groups` hold one a line. `conditions_met` are the numbers (from 0) of the conditions of
    eligibility that it meets. `opened_at` is when its scores were opened, by the last one sent or
    by a lead (`opened_by_id`) with a reason. `total_hundredths`, `is_below` and `is_dispersed` are
    stored then, for lists. A laureate keeps the way to its `project_id`. One that a lead withdrew keeps who
    (`withdrawn_by_id`) and what it was, so that they can undo it.
    """

    __tablename__ = "application"
    __table_args__ = (
        UniqueConstraint("call_id", "number"),
        UniqueConstraint("call_id", "external_id"),
        Index("ix_application_call_id_state", "call_id", "state"),
        CheckConstraint("(origin = 'typed') = (external_id IS NULL)", name="external_id_of_import"),
    )

    call_id: Mapped[UUID] = mapped_column(ForeignKey(Call.id))
    number: Mapped[int]
    origin: Mapped[ApplicationOrigin] = mapped_column(default=ApplicationOrigin.TYPED)
    external_id: Mapped[str | None] = mapped_column(String(EXTERNAL_MAX))
    organisation: Mapped[str] = mapped_column(String(ORGANISATION_MAX))
    organisation_fold: Mapped[str] = mapped_column(String(2 * ORGANISATION_MAX))
    company_number: Mapped[str] = mapped_column(String(COMPANY_NUMBER_MAX), default="")
    title: Mapped[str] = mapped_column(String(TITLE_MAX))
    summary: Mapped[str] = mapped_column(Text, default="")
    problem: Mapped[str] = mapped_column(Text, default="")
    benefits: Mapped[str] = mapped_column(Text, default="")
    data_sources: Mapped[str] = mapped_column(Text, default="")
    target_groups: Mapped[str] = mapped_column(Text, default="")
    ethical_risks: Mapped[str] = mapped_column(Text, default="")
    contact_name: Mapped[str] = mapped_column(String(NAME_MAX), default="")
    contact_email: Mapped[str] = mapped_column(String(EMAIL_MAX), default="")
    received_on: Mapped[date]
    state: Mapped[ApplicationState] = mapped_column(default=ApplicationState.RECEIVED)
    conditions_met: Mapped[list[int]] = mapped_column(JSON, default=list)
    state_reason: Mapped[str] = mapped_column(Text, default="")
    withdrawn_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Person.id))
    state_before: Mapped[ApplicationState | None]
    reason_before: Mapped[str | None] = mapped_column(Text)
    opened_at: Mapped[datetime | None]
    opened_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Person.id))
    opened_reason: Mapped[str] = mapped_column(Text, default="")
    total_hundredths: Mapped[int | None]
    is_below: Mapped[bool] = mapped_column(default=False)
    is_dispersed: Mapped[bool] = mapped_column(default=False)
    project_id: Mapped[UUID | None] = mapped_column(ForeignKey(Project.id))


class ApplicationMember(Entity):
    """Somebody whom an application names; `email` may be empty."""

    __tablename__ = "application_member"

    application_id: Mapped[UUID] = mapped_column(ForeignKey(Application.id), index=True)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(NAME_MAX))
    email: Mapped[str] = mapped_column(String(EMAIL_MAX), default="")
    function: Mapped[str] = mapped_column(String(FUNCTION_MAX), default="")


class ApplicationMessage(Entity):
    """A message between its leads and its jury. `is_from_jury`: written by a juror, and read by
    leads and that juror alone until scores open."""

    __tablename__ = "application_message"

    application_id: Mapped[UUID] = mapped_column(ForeignKey(Application.id), index=True)
    author_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id))
    is_from_jury: Mapped[bool]
    body: Mapped[str] = mapped_column(Text)


class LeadConflict(Entity):
    """A lead with a conflict of interest: shut out of the application until two people end it."""

    __tablename__ = "lead_conflict"
    __table_args__ = (
        Index("ix_lead_conflict_person_id_application_id", "person_id", "application_id"),
        CheckConstraint("ended_by_id <> undo_asked_by_id", name="ended_by_two"),
    )

    application_id: Mapped[UUID] = mapped_column(ForeignKey(Application.id), index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id))
    reason: Mapped[str] = mapped_column(Text, default="")
    undo_asked_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Person.id))
    undo_reason: Mapped[str] = mapped_column(Text, default="")
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Person.id))


class SubstituteLead(Entity):
    """The lead named for an application in place of one in conflict, until two people end it."""

    __tablename__ = "named_lead"
    __table_args__ = (CheckConstraint("ended_by_id <> undo_asked_by_id", name="ended_by_two"),)

    application_id: Mapped[UUID] = mapped_column(ForeignKey(Application.id), index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id))
    named_by_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id))
    undo_asked_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Person.id))
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Person.id))
