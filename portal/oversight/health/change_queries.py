"""Which projects of a programme may have another state than at an earlier moment."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, exists, or_, select

from portal.oversight.health.models import DeclaredWeather, HealthFigures, HealthReading, LeadOpinion
from portal.oversight.health.progress_rules import goes_stale_between
from portal.platform.kernel import clock
from portal.platform.kernel.database import fetch_rows
from portal.project.projects.models import Project

_moment: Any = bindparam("moment")
_then: Any = bindparam("then")
_today: Any = bindparam("today")


def list_changed_project_ids(programme_id: UUID, moment: datetime, today: date) -> Collection[UUID]:
    """Return the projects whose state today may differ from that at a moment: there is a newer reading or
    opinion, or a day came on which a signal is raised or an acceptance goes stale. One statement."""
    then = clock.day_of(moment)
    parameters = {"programme": programme_id, "moment": moment, "then": then, "today": today}
    return {
        id_
        for id_, is_certain, accepted in fetch_rows(_CANDIDATES, parameters)
        if is_certain or goes_stale_between(accepted or {}, then, today)
    }


def _newer_row_condition(model: Any) -> Any:
    newer = exists().where(model.project_id == HealthFigures.project_id, model.created_at > _moment)
    return newer.correlate(HealthFigures)


def _day_came_condition(day: Any) -> Any:
    """Condition: a day that a column holds came after the moment."""
    return (day > _then) & (day <= _today)


_IS_CERTAIN = or_(
    HealthReading.created_at > _moment,
    _day_came_condition(HealthFigures.known_from),
    _day_came_condition(HealthFigures.watch_from),
    _day_came_condition(HealthFigures.alert_from),
    _newer_row_condition(DeclaredWeather),
    _newer_row_condition(LeadOpinion),
)
_CANDIDATES = (
    select(HealthFigures.project_id, _IS_CERTAIN, HealthFigures.accepted)
    .join(HealthReading, HealthReading.id == HealthFigures.reading_id)
    .join(Project, Project.id == HealthFigures.project_id)
    .where(Project.programme_id == bindparam("programme"))
    .where(or_(_IS_CERTAIN, HealthFigures.stale_from <= _today))
)
