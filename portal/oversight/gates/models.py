"""What programmes changed of their gates, what evidence gates ask for that nothing else holds, and
what was judged and decided: the last two are only ever appended to.

What is written at the end of other people's transactions hangs on `ProjectGates`, whose row nobody
else holds: so that end never waits for a row of somebody who waits for it.
"""

from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.collaboration.discussions.models import Discussion
from portal.oversight.gates.definition_rules import MONTH_MAX, WEIGHT_MAX, GateAcceptor, GateVerb
from portal.people.accounts.models import Person
from portal.people.programmes.models import SLUG_MAX, Programme
from portal.platform.kernel.database import Base, Entity, Versioned
from portal.project.projects.models import Numbered, Project
from portal.sprints.prototypes.models import PrototypeVersion

LINE_MAX = 300
REASON_MAX = 2000
TEXT_MAX = 4000
CRITERIA_MAX = 20
FINGERPRINT = 64


class PanelOutcome(StrEnum):
    """What a panel decides of a prototype."""

    CONTINUE = "continue"
    TRANSFER = "transfer"
    PIVOT = "pivot"
    STOP = "stop"


class GateTerms(Entity):
    """What a programme asks at a gate from a moment on, in place of the usual. Never changed:
    another edition comes after it."""

    __tablename__ = "gate_terms"
    __table_args__ = (
        UniqueConstraint("programme_id", "gate", "edition"),
        CheckConstraint(f"weight BETWEEN 0 AND {WEIGHT_MAX}", name="weight"),
        CheckConstraint(f"month BETWEEN 0 AND {MONTH_MAX}", name="month"),
        CheckConstraint("because <> ''", name="says_why"),
    )

    programme_id: Mapped[UUID] = mapped_column(ForeignKey(Programme.id))
    gate: Mapped[int]
    edition: Mapped[int]
    weight: Mapped[int]
    month: Mapped[int]
    acceptor: Mapped[GateAcceptor]
    track: Mapped[str] = mapped_column(String(SLUG_MAX))
    thresholds: Mapped[dict[str, int]] = mapped_column(JSON)
    because: Mapped[str] = mapped_column(String(LINE_MAX))
    changed_by_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id))


class Engagement(Versioned, Entity):
    """When the agreement was signed, and who holds the two key roles of the team."""

    __tablename__ = "engagement"

    project_id: Mapped[UUID] = mapped_column(ForeignKey(Project.id), unique=True)
    agreed_on: Mapped[date | None]
    sponsor_id: Mapped[UUID | None] = mapped_column(ForeignKey(Person.id))
    business_owner_id: Mapped[UUID | None] = mapped_column(ForeignKey(Person.id))


class ChangePlan(Versioned, Entity):
    """What the prototype changes for those who work with it."""

    __tablename__ = "change_plan"

    project_id: Mapped[UUID] = mapped_column(ForeignKey(Project.id), unique=True)
    missions: Mapped[str] = mapped_column(Text, default="")
    workflow: Mapped[str] = mapped_column(Text, default="")
    training: Mapped[str] = mapped_column(Text, default="")


class Panel(Numbered):
    """The prototype before people who decide of it. `members` are functions, never names;
    `criteria` are pairs of a text and whether it is met."""

    __tablename__ = "panel"
    __table_args__ = (
        UniqueConstraint("project_id", "number"),
        CheckConstraint("reasons <> ''", name="decided_with_reasons"),
    )

    held_on: Mapped[date]
    members: Mapped[str] = mapped_column(String(LINE_MAX))
    prototype_version_id: Mapped[UUID | None] = mapped_column(
        ForeignKey(PrototypeVersion.id), index=True
    )
    criteria: Mapped[list[Any]] = mapped_column(JSON)
    outcome: Mapped[PanelOutcome]
    reasons: Mapped[str] = mapped_column(Text)


class ProjectGates(Base):
    """The row to hold while a project's gates are judged."""

    __tablename__ = "project_gates"

    project_id: Mapped[UUID] = mapped_column(ForeignKey(Project.id), primary_key=True)


class GateDiscussion(Base):
    """Where people talk about a gate of a project."""

    __tablename__ = "gate_talk"

    project_id: Mapped[UUID] = mapped_column(ForeignKey(ProjectGates.project_id), primary_key=True)
    gate: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    discussion_id: Mapped[UUID] = mapped_column(ForeignKey(Discussion.id), unique=True)


class GateEvaluation(Entity):
    """What the evidence said of a gate, from a moment on. The database lets nobody change it."""

    __tablename__ = "gate_evaluation"
    __table_args__ = (Index("ix_gate_evaluation_project_id_gate_id", "project_id", "gate", "id"),)

    project_id: Mapped[UUID] = mapped_column(ForeignKey(ProjectGates.project_id))
    gate: Mapped[int]
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)  # as `predicates.as_plain` gives it
    is_proved: Mapped[bool]
    fingerprint: Mapped[str] = mapped_column(String(FINGERPRINT))


class GateDecision(Entity):
    """What somebody decided of a gate, on which evaluation. The database lets nobody change it."""

    __tablename__ = "gate_decision"
    __table_args__ = (
        CheckConstraint(
            "reason <> '' OR verb NOT IN ('refused', 'waived', 'restored')", name="says_why"
        ),
        CheckConstraint(
            "verb <> 'accepted' OR evaluation_id IS NOT NULL", name="accepted_on_evidence"
        ),
        Index("ix_gate_decision_project_id_gate_id", "project_id", "gate", "id"),
    )

    project_id: Mapped[UUID] = mapped_column(ForeignKey(ProjectGates.project_id))
    gate: Mapped[int]
    verb: Mapped[GateVerb]
    reason: Mapped[str] = mapped_column(Text, default="")
    decided_by_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id))
    evaluation_id: Mapped[UUID | None] = mapped_column(ForeignKey(GateEvaluation.id), index=True)
    fingerprint: Mapped[str] = mapped_column(String(FINGERPRINT), default="")
