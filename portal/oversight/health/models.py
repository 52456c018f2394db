"""Rows of health: readings and figures, what people declared, terms of a programme."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.oversight.gates.models import ProjectGatesLock
from portal.oversight.health.definition_rules import THRESHOLD_MAX, THRESHOLD_MIN, SignalCode
from portal.people.accounts.models import Person
from portal.people.programmes.models import Programme
from portal.platform.kernel.database import Base, Entity
from portal.project.projects.models import Project
from portal.sprints.sprints.outlook_rules import OutlookLevel

LINE_MAX = 300


class HealthReading(Entity):
    """Facts of a project and the signals computed from them, valid from `created_at` on.
    Append-only: a trigger refuses changes."""

    __tablename__ = "health_reading"
    __table_args__ = (Index("ix_health_reading_project_id_created_at", "project_id", "created_at"),)

    project_id: Mapped[UUID] = mapped_column(ForeignKey(ProjectGatesLock.project_id))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)  # `fact_rules.facts_as_plain`
    signals: Mapped[list[dict[str, Any]]] = mapped_column(JSON)


class HealthFigures(Base):
    """Columns of the last reading that lists sort and filter by, written in its transaction.

    Unless an event changes a fact, the project is known from `known_from` on, at WATCH from
    `watch_from` on and at ALERT from `alert_from` on; from `new_watch_from` and `new_alert_from` on
    a signal at that level is in nobody's charge. `mark` is a random number that changes with every
    reading (cache key).
    """

    __tablename__ = "health_figures"

    project_id: Mapped[UUID] = mapped_column(ForeignKey(ProjectGatesLock.project_id), primary_key=True)
    reading_id: Mapped[UUID] = mapped_column(ForeignKey(HealthReading.id))
    mark: Mapped[int] = mapped_column(BigInteger)
    watch_from: Mapped[date | None]
    alert_from: Mapped[date | None]
    known_from: Mapped[date | None]
    new_watch_from: Mapped[date | None]
    new_alert_from: Mapped[date | None]
    next_gate: Mapped[int | None]  # the first gate not accepted
    stale_from: Mapped[date | None]  # first day on which an acceptance is stale
    accepted: Mapped[dict[str, Any] | None] = mapped_column(JSON)  # `progress_rules.accepted_as_plain`
    slips: Mapped[list[int | None]] = mapped_column(JSON)  # latenesses of passed gates, in days, in order


class SignalCharge(Entity):
    """Somebody took charge of a signal: what is done, until when. Never updated: the next one of
    the same signal adds an edition."""

    __tablename__ = "signal_charge"
    __table_args__ = (
        UniqueConstraint("project_id", "code", "edition"),
        CheckConstraint("text <> ''", name="says_what"),
    )

    project_id: Mapped[UUID] = mapped_column(ForeignKey(Project.id))
    code: Mapped[SignalCode]
    edition: Mapped[int]
    text: Mapped[str] = mapped_column(String(LINE_MAX))
    taken_on: Mapped[date]
    until: Mapped[date]
    taken_by_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id))


class DeclaredWeather(Entity):
    """The weather that a team's lead declared, with a sentence. Never updated."""

    __tablename__ = "declared_weather"
    __table_args__ = (
        CheckConstraint("sentence <> ''", name="says_why"),
        Index("ix_declared_weather_project_id_created_at", "project_id", "created_at"),
    )

    project_id: Mapped[UUID] = mapped_column(ForeignKey(Project.id))
    outlook: Mapped[OutlookLevel]
    sentence: Mapped[str] = mapped_column(String(LINE_MAX))
    declared_by_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id))


class WithdrawnWeather(Base):
    """A declared weather that counts no more: the close that said it was undone. Never updated."""

    __tablename__ = "withdrawn_weather"

    weather_id: Mapped[UUID] = mapped_column(ForeignKey(DeclaredWeather.id), primary_key=True)


class LeadOpinion(Entity):
    """How a programme's lead sees a project, until a day. Never updated: a later row ends it."""

    __tablename__ = "health_override"
    __table_args__ = (
        CheckConstraint("text <> ''", name="says_why"),
        Index("ix_health_override_project_id_created_at", "project_id", "created_at"),
    )

    project_id: Mapped[UUID] = mapped_column(ForeignKey(Project.id))
    level: Mapped[int]
    text: Mapped[str] = mapped_column(String(LINE_MAX))
    until: Mapped[date]
    said_by_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id))


def _make_bounds_constraint(name: str) -> CheckConstraint:
    bounds = f"{name} IS NULL OR {name} BETWEEN {THRESHOLD_MIN} AND {THRESHOLD_MAX}"
    return CheckConstraint(bounds, name=f"{name}_in_bounds")


class SignalTerms(Entity):
    """Thresholds of a signal in a programme, from `created_at` on, instead of the default. Never
    updated: a change adds the next edition."""

    __tablename__ = "health_terms"
    __table_args__ = (
        UniqueConstraint("programme_id", "code", "edition"),
        CheckConstraint("because <> ''", name="says_why"),
        _make_bounds_constraint("watch"),
        _make_bounds_constraint("alert"),
    )

    programme_id: Mapped[UUID] = mapped_column(ForeignKey(Programme.id))
    code: Mapped[SignalCode]
    edition: Mapped[int]
    watch: Mapped[int | None]
    alert: Mapped[int | None]
    because: Mapped[str] = mapped_column(String(LINE_MAX))
    changed_by_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id))
