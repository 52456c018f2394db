"""Health and help of teams as SQL expressions on their figures, for filters and columns.

Day-dependent expressions compare with the bind parameter `today`, so that a statement is compiled
once and serves every day.
"""

from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, case, or_

from portal.oversight.health.models import HealthFigures
from portal.oversight.portfolio.attention_rules import TeamAttentionLevel
from portal.project.projects.models import ProjectFigures, ProjectState

goes_on: ColumnElement[bool] = ProjectFigures.state == ProjectState.ACTIVE
health_join = HealthFigures.project_id == ProjectFigures.project_id  # an outer join

_today: Any = bindparam("today")
is_alert: ColumnElement[bool] = and_(goes_on, HealthFigures.alert_from <= _today)
is_watched: ColumnElement[bool] = and_(
    goes_on,
    HealthFigures.watch_from <= _today,
    or_(HealthFigures.alert_from.is_(None), HealthFigures.alert_from > _today),
)
stale: ColumnElement[bool] = HealthFigures.stale_from <= _today
asks_help: ColumnElement[bool] = and_(goes_on, ProjectFigures.help_wanted)

# A `TeamAttentionLevel`; NULL for a team without a health reading.
health_level: ColumnElement[int | None] = case(
    (HealthFigures.project_id.is_(None), None),
    (is_alert, TeamAttentionLevel.ALERT.value),
    (is_watched, TeamAttentionLevel.WARN.value),
    else_=TeamAttentionLevel.FINE.value,
)
