"""Change requests, their decisions, their thread, and the delays that were granted."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.funding.agreements.models import NAME_MAX
from portal.people.accounts.models import Person
from portal.platform.kernel.database import Entity
from portal.project.projects.models import Numbered, Project

MESSAGE_MAX = 4000
DELAY_MAX = 366  # days


class FundingChangeKind(StrEnum):
    DELAY = "delay"
    SCOPE = "scope"
    BUDGET = "budget"
    ABANDONMENT = "abandonment"


class ChangeState(StrEnum):
    FILED = "filed"
    EXAMINED = "examined"
    GRANTED = "granted"
    REFUSED = "refused"
    APPLIED = "applied"
    WITHDRAWN = "withdrawn"


OPEN_STATES = (ChangeState.FILED, ChangeState.EXAMINED, ChangeState.GRANTED)
_IS_OPEN = text("state IN ('filed', 'examined', 'granted')")


class FundingChange(Numbered):
    """A request. `days` is a delay, `amount_cents` a new budget, `purpose` a new scope, `learnings`
    what the team keeps of a project that it abandons. `authority` decides, as its programme's rules
    said when it was filed; the sponsor confirms an abandonment. It waited until `closed_at`, which a
    correction leaves."""

    __tablename__ = "funding_change"
    __table_args__ = (
        UniqueConstraint("project_id", "number"),
        Index(
            "uq_funding_change_open",
            "project_id",
            "kind",
            unique=True,
            sqlite_where=_IS_OPEN,
            postgresql_where=_IS_OPEN,
        ),
        CheckConstraint("reason <> ''", name="says_why"),
    )
    page_path = "/funding/changes/{number}"

    kind: Mapped[FundingChangeKind]
    state: Mapped[ChangeState] = mapped_column(default=ChangeState.FILED)
    authority: Mapped[str] = mapped_column(String(32))
    reason: Mapped[str] = mapped_column(Text)
    days: Mapped[int | None]
    amount_cents: Mapped[int | None] = mapped_column(BigInteger)
    purpose: Mapped[str] = mapped_column(Text, default="")
    learnings: Mapped[str] = mapped_column(Text, default="")
    filed_by_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id))
    examined_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Person.id))
    confirmed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Person.id))
    confirmed_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]


class ChangeDecision(Entity):
    """A decision on a request and what its letter says; a later one corrects it. A trigger keeps it
    append-only."""

    __tablename__ = "change_decision"
    __table_args__ = (
        UniqueConstraint("change_id", "number"),
        CheckConstraint("reasons <> ''", name="says_why"),
    )

    change_id: Mapped[UUID] = mapped_column(ForeignKey(FundingChange.id))
    number: Mapped[int]
    is_granted: Mapped[bool]
    reasons: Mapped[str] = mapped_column(Text)
    days: Mapped[int | None]
    amount_cents: Mapped[int | None] = mapped_column(BigInteger)
    decided_by_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id))
    decided_on: Mapped[date]
    signatory_name: Mapped[str] = mapped_column(String(NAME_MAX))
    signatory_function: Mapped[str] = mapped_column(String(NAME_MAX))
    appeal_terms: Mapped[str] = mapped_column(Text)


class ChangeMessage(Entity):
    """A message between the team and those who examine: coaches do not read it, for its amounts."""

    __tablename__ = "change_message"

    change_id: Mapped[UUID] = mapped_column(ForeignKey(FundingChange.id), index=True)
    author_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id))
    body: Mapped[str] = mapped_column(Text)


class GrantedDelay(Entity):
    """Days by which the plan of a project's gates moves from a day on; negative in a correction.

    A gate passed by that day keeps its baseline, and a past day its plan. A trigger keeps it
    append-only.
    """

    __tablename__ = "granted_delay"
    __table_args__ = (
        Index("ix_granted_delay_project_id_from_on", "project_id", "from_on"),
        CheckConstraint("days <> 0", name="moves"),
    )

    project_id: Mapped[UUID] = mapped_column(ForeignKey(Project.id))
    change_id: Mapped[UUID] = mapped_column(ForeignKey(FundingChange.id))
    days: Mapped[int]
    from_on: Mapped[date]
