"""What was known of a project's health, what people said of it, and what a programme asks."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from portal.oversight.gates.models import ProjectGates
from portal.oversight.health.definition_rules import THRESHOLD_MAX, THRESHOLD_MIN, SignalCode
from portal.people.accounts.models import Person
from portal.people.programmes.models import Programme
from portal.platform.kernel.database import Base, Entity
from portal.project.projects.models import Project
from portal.sprints.sprints.outlook_rules import Outlook

LINE_MAX = 300


class HealthReading(Entity):
    """What was known of a project from a moment on: its facts, and the signals that followed from
    them. The database lets nobody change it."""

    __tablename__ = "health_reading"
    __table_args__ = (Index("ix_health_reading_project_id_created_at", "project_id", "created_at"),)

    project_id: Mapped[UUID] = mapped_column(ForeignKey(ProjectGates.project_id))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)  # as `facts.as_plain` gives it
    signals: Mapped[list[dict[str, Any]]] = mapped_column(JSON)


class HealthFigures(Base):
    """What lists sort and filter by, of the last reading: kept with it, in the same transaction.

    From `watch_from` on a project asks to be watched, from `alert_from` on it alerts, if nothing
    happens. `mark` is another number after every reading."""

    __tablename__ = "health_figures"

    project_id: Mapped[UUID] = mapped_column(ForeignKey(ProjectGates.project_id), primary_key=True)
    reading_id: Mapped[UUID] = mapped_column(ForeignKey(HealthReading.id))
    mark: Mapped[int] = mapped_column(BigInteger)
    watch_from: Mapped[date | None]
    alert_from: Mapped[date | None]
    next_gate: Mapped[int | None]  # the first one that no acceptance holds
    stale_from: Mapped[date | None]  # from when an acceptance is stale
    slips: Mapped[list[int]] = mapped_column(JSON)  # of the gates passed, in days


class DeclaredWeather(Entity):
    """What whoever carries the project says of it, with a sentence. Never changed."""

    __tablename__ = "declared_weather"
    __table_args__ = (
        CheckConstraint("sentence <> ''", name="says_why"),
        Index("ix_declared_weather_project_id_created_at", "project_id", "created_at"),
    )

    project_id: Mapped[UUID] = mapped_column(ForeignKey(Project.id))
    outlook: Mapped[Outlook]
    sentence: Mapped[str] = mapped_column(String(LINE_MAX))
    declared_by_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id))


class HealthOverride(Entity):
    """What a programme's lead says of a project beside what was computed, until a day. Never
    changed: what takes it back comes after it."""

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


def _in_bounds(name: str) -> CheckConstraint:
    bounds = f"{name} IS NULL OR {name} BETWEEN {THRESHOLD_MIN} AND {THRESHOLD_MAX}"
    return CheckConstraint(bounds, name=f"{name}_in_bounds")


class HealthTerms(Entity):
    """From which numbers a signal speaks in a programme, from a moment on, in place of the usual.
    Never changed: another edition comes after it."""

    __tablename__ = "health_terms"
    __table_args__ = (
        UniqueConstraint("programme_id", "code", "edition"),
        CheckConstraint("because <> ''", name="says_why"),
        _in_bounds("watch"),
        _in_bounds("alert"),
    )

    programme_id: Mapped[UUID] = mapped_column(ForeignKey(Programme.id))
    code: Mapped[SignalCode]
    edition: Mapped[int]
    watch: Mapped[int | None]
    alert: Mapped[int | None]
    because: Mapped[str] = mapped_column(String(LINE_MAX))
    changed_by_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id))
