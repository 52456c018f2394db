"""How urgent teams are, as expressions on their figures: the database sorts, counts and pages.

`attention` says the same of one team, with its reasons; a test holds the two together. The day is
given as parameters (`day_of`), so that a statement is made once and serves every day.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, bindparam, case, literal, or_
from sqlalchemy.orm import InstrumentedAttribute

from portal.oversight.health.models import HealthFigures
from portal.oversight.portfolio.attention_rules import (
    MISSED_IN_A_ROW,
    SILENT_DAYS,
    TeamAttentionLevel,
)
from portal.platform.kernel.database import UtcDateTime
from portal.project.projects.models import ProjectFigures, ProjectState
from portal.sprints.sprints.outlook_rules import Outlook

WEIGHT = 10  # more than the reasons that one level can hold
_figures = ProjectFigures

goes_on: ColumnElement[bool] = _figures.state == ProjectState.ACTIVE


def _silent_for(days: int) -> ColumnElement[bool]:
    """At least so many days, counted in the reader's calendar."""
    return _figures.silent_since < bindparam(f"silent_for_{days}", type_=UtcDateTime())


def _count_if(*conditions: ColumnElement[bool] | InstrumentedAttribute[bool]) -> ColumnElement[int]:
    return case((and_(*conditions), 1), else_=0)


# What a list reads of health stands beside the figures, where anything was ever read of a team.
health_join = HealthFigures.project_id == _figures.project_id
_unread: ColumnElement[bool] = HealthFigures.project_id.is_(None)
_today: Any = bindparam("today")
is_alert: ColumnElement[bool] = and_(goes_on, HealthFigures.alert_from <= _today)
is_watched: ColumnElement[bool] = and_(
    goes_on,
    HealthFigures.watch_from <= _today,
    or_(HealthFigures.alert_from.is_(None), HealthFigures.alert_from > _today),
)
stale: ColumnElement[bool] = HealthFigures.stale_from <= _today

_watch, _alert = SILENT_DAYS
_storm_or_rain = _figures.outlook.in_([Outlook.STORMY.value, Outlook.RAINY.value])
_alerts = (
    _count_if(_figures.help_wanted)
    + _count_if(is_alert)
    + _count_if(_unread, _figures.missed_in_a_row >= MISSED_IN_A_ROW[1])
    + _count_if(_unread, _silent_for(_alert))
)
_warnings = (
    _count_if(is_watched)
    + _count_if(
        _unread,
        _figures.missed_in_a_row >= MISSED_IN_A_ROW[0],
        _figures.missed_in_a_row < MISSED_IN_A_ROW[1],
    )
    + _count_if(_unread, _silent_for(_watch), ~_silent_for(_alert))
    + _count_if(_figures.running_ends_on < _today)
    + _count_if(_storm_or_rain)
)
_notes = _count_if(_figures.decision_awaited)

# One number that orders as `attention.urgency` does; 0 for a project at rest.
score: ColumnElement[int] = case(
    (goes_on, (_alerts * WEIGHT + _warnings) * WEIGHT + _notes), else_=literal(0)
)
SCORE_MIN: Mapping[TeamAttentionLevel, int] = {
    TeamAttentionLevel.ALERT: WEIGHT**2,
    TeamAttentionLevel.WARN: WEIGHT,
}
asks_help: ColumnElement[bool] = and_(goes_on, _figures.help_wanted)
# No log for more than three weeks, of a team that goes on.
silent: ColumnElement[bool] = and_(goes_on, _silent_for(_watch + 1))


def day_parameters(today: date, zone: str) -> dict[str, Any]:
    """The parameters of these expressions for one day in a reader's calendar."""
    return {"today": today} | {
        f"silent_for_{days}": _begin_of(today - timedelta(days=days - 1), zone)
        for days in (_watch, _watch + 1, _alert)
    }


def _begin_of(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)
