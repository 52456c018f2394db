"""What people declared about a project's health: weathers of its lead, overrides of the programme.

The caller was allowed to see the project.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from portal.oversight.health.definition_rules import OverrideLevel
from portal.oversight.health.models import DeclaredWeather, HealthOverride
from portal.oversight.health.state_rules import Override, Weather
from portal.people.accounts.models import Person
from portal.platform.kernel import clock
from portal.platform.kernel.database import db
from portal.project.projects.models import Project


def list_weathers(project: Project, until: datetime | None = None) -> Sequence[Weather]:
    """Return all declared weathers until a moment (now), the latest first."""
    statement = (
        select(
            DeclaredWeather.created_at,
            DeclaredWeather.outlook,
            DeclaredWeather.sentence,
            Person.name,
        )
        .join(Person, Person.id == DeclaredWeather.declared_by_id)
        .where(
            DeclaredWeather.project_id == project.id,
            DeclaredWeather.created_at <= (until or clock.now()),
        )
        .order_by(DeclaredWeather.created_at.desc(), DeclaredWeather.id.desc())
    )
    return [Weather(*row) for row in db.session.execute(statement)]


def list_overrides(project: Project, until: datetime | None = None) -> Sequence[Override]:
    """Return all overrides until a moment (now), the latest first."""
    statement = (
        select(
            HealthOverride.created_at,
            HealthOverride.level,
            HealthOverride.text,
            HealthOverride.until,
            Person.name,
        )
        .join(Person, Person.id == HealthOverride.said_by_id)
        .where(
            HealthOverride.project_id == project.id,
            HealthOverride.created_at <= (until or clock.now()),
        )
        .order_by(HealthOverride.created_at.desc(), HealthOverride.id.desc())
    )
    return [
        Override(at, OverrideLevel(level), text, until, who)
        for at, level, text, until, who in db.session.execute(statement)
    ]
