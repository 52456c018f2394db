"""Rows of gates: terms set by a programme, facts that only gates ask for, evaluations, decisions.

Evaluations and decisions are append-only. The rows that a projection writes at the end of any
transaction reference `ProjectGatesLock` rather than `Project`: no other code locks that row, so two
transactions cannot deadlock there.
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
from portal.people.programmes.models import NAME_MAX, SLUG_MAX, Programme
from portal.platform.kernel.database import Base, Entity, Versioned
from portal.project.projects.models import Numbered, Project
from portal.sprints.prototypes.models import PrototypeVersion

LINE_MAX = 300
REASON_MAX = 2000
TEXT_MAX = 4000
CRITERIA_MAX = 20
FINGERPRINT = 64


class PanelOutcome(StrEnum):
    """What a panel decides about a prototype."""

    CONTINUE = "continue"
    TRANSFER = "transfer"
    PIVOT = "pivot"
    STOP = "stop"


class GateTerms(Entity):
    """What a programme asks at a gate from `created_at` on, instead of the default. Never updated:
    a change adds the next edition. Gates that a programme added have numbers from 12 on. None in
    one of the last five columns stands for the default."""

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
    name_fr: Mapped[str | None] = mapped_column(String(NAME_MAX))
    name_en: Mapped[str | None] = mapped_column(String(NAME_MAX))
    predicates: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    place: Mapped[int | None]
    is_left_out: Mapped[bool | None]


class TeamKeyRoles(Versioned, Entity):
    """The holders of the two key roles of the team. `agreed_on` is read no more: the agreement holds
    its signature."""

    __tablename__ = "engagement"

    project_id: Mapped[UUID] = mapped_column(ForeignKey(Project.id), unique=True)
    agreed_on: Mapped[date | None]
    sponsor_id: Mapped[UUID | None] = mapped_column(ForeignKey(Person.id))
    business_owner_id: Mapped[UUID | None] = mapped_column(ForeignKey(Person.id))


class ChangePlan(Versioned, Entity):
    """What the prototype changes for the people who work with it."""

    __tablename__ = "change_plan"

    project_id: Mapped[UUID] = mapped_column(ForeignKey(Project.id), unique=True)
    missions: Mapped[str] = mapped_column(Text, default="")
    workflow: Mapped[str] = mapped_column(Text, default="")
    training: Mapped[str] = mapped_column(Text, default="")


class Panel(Numbered):
    """A panel that saw the prototype and decided what comes next. `members` are functions, never
    names; `criteria` is a list of [text, is_met]."""

    __tablename__ = "panel"
    __table_args__ = (
        UniqueConstraint("project_id", "number"),
        CheckConstraint("reasons <> ''", name="decided_with_reasons"),
    )

    held_on: Mapped[date]
    members: Mapped[str] = mapped_column(String(LINE_MAX))
    prototype_version_id: Mapped[UUID | None] = mapped_column(ForeignKey(PrototypeVersion.id), index=True)
    criteria: Mapped[list[Any]] = mapped_column(JSON)
    outcome: Mapped[PanelOutcome]
    reasons: Mapped[str] = mapped_column(Text)


class ProjectGatesLock(Base):
    """The row to lock while the gates of a project are evaluated."""

    __tablename__ = "project_gates"

    project_id: Mapped[UUID] = mapped_column(ForeignKey(Project.id), primary_key=True)


class GateDiscussion(Base):
    """The discussion about one gate of a project."""

    __tablename__ = "gate_talk"

    project_id: Mapped[UUID] = mapped_column(ForeignKey(ProjectGatesLock.project_id), primary_key=True)
    gate: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    discussion_id: Mapped[UUID] = mapped_column(ForeignKey(Discussion.id), unique=True)


class GateEvaluation(Entity):
    """What the evidence said about a gate from `created_at` on; a trigger keeps it append-only."""

    __tablename__ = "gate_evaluation"
    __table_args__ = (Index("ix_gate_evaluation_project_id_gate_id", "project_id", "gate", "id"),)

    project_id: Mapped[UUID] = mapped_column(ForeignKey(ProjectGatesLock.project_id))
    gate: Mapped[int]
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)  # `predicate_rules.evaluation_as_plain`
    is_proved: Mapped[bool]
    fingerprint: Mapped[str] = mapped_column(String(FINGERPRINT))


class GateDecision(Entity):
    """A decision about a gate, on which evaluation; a trigger keeps it append-only."""

    __tablename__ = "gate_decision"
    __table_args__ = (
        CheckConstraint("reason <> '' OR verb NOT IN ('refused', 'waived', 'restored')", name="says_why"),
        CheckConstraint("verb <> 'accepted' OR evaluation_id IS NOT NULL", name="accepted_on_evidence"),
        Index("ix_gate_decision_project_id_gate_id", "project_id", "gate", "id"),
    )

    project_id: Mapped[UUID] = mapped_column(ForeignKey(ProjectGatesLock.project_id))
    gate: Mapped[int]
    verb: Mapped[GateVerb]
    reason: Mapped[str] = mapped_column(Text, default="")
    decided_by_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id))
    evaluation_id: Mapped[UUID | None] = mapped_column(ForeignKey(GateEvaluation.id), index=True)
    fingerprint: Mapped[str] = mapped_column(String(FINGERPRINT), default="")
