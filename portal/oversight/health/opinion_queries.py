"""What people declared about a project's health: weathers of its lead, overrides of the programme.
The caller was allowed to see the project."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, String, exists, select, type_coerce

from portal.oversight.health.definition_rules import LeadOpinionLevel
from portal.oversight.health.models import DeclaredWeather, LeadOpinion, WithdrawnWeather
from portal.oversight.health.state_rules import DatedLeadOpinion, WeatherDeclaration
from portal.people.accounts.models import Person
from portal.platform.kernel import clock
from portal.platform.kernel.database import db
from portal.project.projects.models import Project, ProjectFigures


def _select_opinions(model: Any, author_id: Any, *columns: Any) -> Select[Any]:
    statement: Select[Any] = select(model.created_at, *columns, Person.name)
    statement = statement.join(Person, Person.id == author_id)
    return statement.order_by(model.created_at.desc(), model.id.desc())


_IS_WITHDRAWN = exists().where(WithdrawnWeather.weather_id == DeclaredWeather.id)
# Columns of `WeatherDeclaration` and of `make_lead_opinion`, the latest row first.
WEATHERS = _select_opinions(
    DeclaredWeather, DeclaredWeather.declared_by_id, DeclaredWeather.outlook, DeclaredWeather.sentence
).where(~_IS_WITHDRAWN)
# The outlook that a project of `ProjectFigures` told last, as its value; NULL before any.
LAST_OUTLOOK = type_coerce(
    select(DeclaredWeather.outlook)
    .where(DeclaredWeather.project_id == ProjectFigures.project_id, ~_IS_WITHDRAWN)
    .order_by(DeclaredWeather.created_at.desc(), DeclaredWeather.id.desc())
    .limit(1)
    .correlate(ProjectFigures)
    .scalar_subquery(),
    String,
)
OVERRIDES = _select_opinions(
    LeadOpinion, LeadOpinion.said_by_id, LeadOpinion.level, LeadOpinion.text, LeadOpinion.until
)


def make_lead_opinion(at: datetime, level: int, *rest: Any) -> DatedLeadOpinion:
    """Return the override of a row of `OVERRIDES`."""
    return DatedLeadOpinion(at, LeadOpinionLevel(level), *rest)


def list_weathers(project: Project, until: datetime | None = None) -> Sequence[WeatherDeclaration]:
    """Return all declared weathers until a moment (now), the latest first."""
    return [WeatherDeclaration(*row) for row in _read_opinions(WEATHERS, DeclaredWeather, project, until)]


def find_weather_id_at(project_id: UUID, moment: datetime) -> UUID | None:
    """The weather that was declared at exactly this moment; for the projection."""
    same = DeclaredWeather.project_id == project_id, DeclaredWeather.created_at == moment
    return db.session.scalar(select(DeclaredWeather.id).where(*same))


def is_weather_withdrawn(weather_id: UUID) -> bool:
    """Whether the close that said a weather was undone."""
    return bool(db.session.scalar(select(exists().where(WithdrawnWeather.weather_id == weather_id))))


def list_lead_opinions(project: Project, until: datetime | None = None) -> Sequence[DatedLeadOpinion]:
    """Return all overrides until a moment (now), the latest first."""
    return [make_lead_opinion(*row) for row in _read_opinions(OVERRIDES, LeadOpinion, project, until)]


def _read_opinions(
    statement: Select[Any], model: Any, project: Project, until: datetime | None
) -> Sequence[Any]:
    moment = until or clock.now()
    conditions = model.project_id == project.id, model.created_at <= moment
    return db.session.execute(statement.where(*conditions)).all()
