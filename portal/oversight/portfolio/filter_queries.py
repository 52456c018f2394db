"""Filters, orders, health and help of teams as SQL on their figures.

Urgency and silence depend on the programme's thresholds: `ranking_queries` sorts and filters by
them afterwards. Expressions that depend on the day compare with the bind parameter `today`, so that
a statement is compiled once and serves every day.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, case, func, not_, or_, select

from portal.oversight.health.definition_rules import HealthLevel
from portal.oversight.health.models import HealthFigures
from portal.oversight.health.opinion_queries import LAST_OUTLOOK
from portal.oversight.portfolio import policy
from portal.oversight.portfolio.attention_rules import TeamAttentionLevel
from portal.oversight.portfolio.filter_rules import (
    HealthFilter,
    PortfolioFilters,
    PortfolioSort,
)
from portal.people.programmes.models import RoleAssignment, Track
from portal.platform.kernel.text import fold
from portal.project.projects.models import Project, ProjectFigures, ProjectState, ProjectTrack

goes_on: ColumnElement[bool] = ProjectFigures.state == ProjectState.ACTIVE
health_join = HealthFigures.project_id == ProjectFigures.project_id  # an outer join

_today: Any = bindparam("today")
is_alert: ColumnElement[bool] = and_(goes_on, HealthFigures.alert_from <= _today)
is_watched: ColumnElement[bool] = and_(
    goes_on,
    HealthFigures.watch_from <= _today,
    or_(HealthFigures.alert_from.is_(None), HealthFigures.alert_from > _today),
)
is_known: ColumnElement[bool] = HealthFigures.known_from <= _today
# At its level, a signal is in nobody's charge.
is_new: ColumnElement[bool] = or_(
    and_(is_alert, HealthFigures.new_alert_from <= _today),
    and_(is_watched, HealthFigures.new_watch_from <= _today),
)
is_in_charge: ColumnElement[bool] = and_(or_(is_alert, is_watched), not_(is_new))
stale: ColumnElement[bool] = HealthFigures.stale_from <= _today
asks_help: ColumnElement[bool] = and_(goes_on, ProjectFigures.help_wanted, not_(ProjectFigures.help_taken))

# A `HealthLevel`; NULL for a team without a health reading.
health_level: ColumnElement[int | None] = case(
    (HealthFigures.project_id.is_(None), None),
    (is_alert, TeamAttentionLevel.ALERT.value),
    (is_watched, TeamAttentionLevel.WARN.value),
    (is_known, TeamAttentionLevel.FINE.value),
    else_=HealthLevel.UNKNOWN.value,
)

_figures = ProjectFigures
told_outlook: Any = func.coalesce(LAST_OUTLOOK, ProjectFigures.outlook)  # "" before any
in_programme = _figures.programme_id == bindparam("programme")
by_name = (_figures.organisation_fold, _figures.acronym_fold, _figures.project_id)
_has_running_sprint = and_(goes_on, _figures.running_number.is_not(None))
_at_rest = case((goes_on, 0), else_=1)

ORDERS: Mapping[PortfolioSort, Sequence[Any]] = {
    # Before the sort by urgency: the longest silent first, projects that do not go on last.
    PortfolioSort.ATTENTION: (_at_rest, _figures.silent_since, *by_name),
    PortfolioSort.ORGANISATION: by_name,
    PortfolioSort.LAST_LOG: (_at_rest, _figures.silent_since, *by_name),
    PortfolioSort.SPRINT_END: (
        case((_has_running_sprint, 0), else_=1),
        case((_has_running_sprint, _figures.running_ends_on)),
        *by_name,
    ),
    # Before the sort by accepted progress, which depends on the day.
    PortfolioSort.GATE: (_at_rest, *by_name),
}

FILTER_CONDITIONS: Mapping[str, ColumnElement[bool]] = {
    "coach": _figures.project_id.in_(
        select(RoleAssignment.scope_id).where(
            RoleAssignment.person_id == bindparam("coach"), RoleAssignment.role.in_(policy.COACHES)
        )
    ),
    "track": _figures.project_id.in_(
        select(ProjectTrack.project_id)
        .join(Track, Track.id == ProjectTrack.track_id)
        .where(Track.key == bindparam("track"))
    ),
    "organisation": or_(
        _figures.organisation_fold.like(bindparam("organisation"), escape="/"),
        _figures.acronym_fold.like(bindparam("organisation"), escape="/"),
    ),
    "health": case(
        (is_alert, HealthFilter.ALERT.value),
        (is_watched, HealthFilter.WATCH.value),
        (is_known, HealthFilter.FINE.value),
        else_=HealthFilter.UNKNOWN.value,
    )
    == bindparam("health"),
    "gate": HealthFigures.next_gate == bindparam("gate"),
    "stale": stale,
    "outlook": told_outlook == bindparam("outlook"),
    "state": _figures.state == bindparam("state"),
    "help": asks_help,
    "teams": _figures.project_id.in_(
        select(Project.id).where(Project.slug.in_(bindparam("teams", expanding=True)))
    ),
}

# Filters that depend on the figures alone: their ranking may be cached by the figures' marks.
FIGURE_FILTERS = frozenset(
    {"attention", "organisation", "health", "charge", "gate", "stale", "outlook", "state", "help", "silent"}
)
# Filters that depend on the programme's thresholds or on all reasons: applied after the statement.
RANKED_FILTERS = frozenset({"attention", "charge", "silent"})


def filter_bind_parameters(filters: PortfolioFilters) -> tuple[tuple[str, Any], ...]:
    """The bind parameters of the conditions, by name."""
    pattern = fold(filters.organisation).strip()
    for sign in "/%_":
        pattern = pattern.replace(sign, f"/{sign}")
    return (
        ("attention", filters.attention),
        ("coach", filters.coach),
        ("track", filters.track),
        ("organisation", f"%{pattern}%"),
        ("health", filters.health and filters.health.value),
        ("charge", filters.charge),
        ("gate", int(filters.gate) if filters.gate else None),
        ("outlook", filters.outlook and filters.outlook.value),
        ("state", filters.state),
        ("teams", filters.teams),
    )
