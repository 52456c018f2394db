"""A team on one day: the columns that a list reads, and the record built from a row.

The draft of a running sprint is never read.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from portal.oversight.decisions.awaited_queries import select_oldest_open_question
from portal.oversight.gates.forecast_rules import GateForecast, LatenessIncrements
from portal.oversight.health.definition_rules import Definitions, HealthLevel
from portal.oversight.health.models import SignalTerms
from portal.oversight.health.state_rules import HealthSnapshot
from portal.oversight.health.threshold_queries import build_definitions, select_editions
from portal.oversight.portfolio import attention_rules, filter_queries, policy
from portal.oversight.portfolio.attention_rules import (
    TeamAttentionLevel,
    TeamReason,
    TeamSigns,
)
from portal.oversight.portfolio.models import ListedProject, ListedRunningSprint, ListedSprintLog
from portal.platform.kernel.access import Actor
from portal.project.projects.models import Project, ProjectFigures, ProjectState
from portal.sprints.sprints.models import Sprint
from portal.sprints.sprints.outlook_rules import OutlookLevel

# The columns that a statement which selects teams passes on to `select_team_lines`.
FIGURE_COLUMNS = (
    ProjectFigures.project_id,
    ProjectFigures.state,
    ProjectFigures.silent_since,
    ProjectFigures.missed_in_a_row,
    ProjectFigures.running_number,
    ProjectFigures.last_number,
    ProjectFigures.severe_open,
    ProjectFigures.gravest_open,
    ProjectFigures.help_wanted,
    ProjectFigures.help_taken,
    filter_queries.told_outlook.label("outlook"),
    filter_queries.health_level.label("health"),
    filter_queries.is_in_charge.label("in_charge"),
)


@dataclass(frozen=True)
class PortfolioTeam:
    """A line of a list. `state` is the team's health, compared by `state_key`; `definitions` are
    the health signals of its programme, with its thresholds."""

    project: ListedProject
    running: ListedRunningSprint | None
    last: ListedSprintLog | None  # the closed sprint whose work came last
    days_without_close: int  # since that close, or since the start when there was none
    days_left: int | None  # of the running sprint; negative: overdue by
    reasons: Sequence[TeamReason]
    is_followed: bool  # by `has_person_in_charge`
    severe: int  # findings of its tests that are open and severe
    gravest: int  # those of them that are as grave as can be
    opens: bool  # the reader may open the project and read what is said in it
    definitions: Definitions = field(compare=False)
    question_awaited: str = ""  # the one that its programme has owed an answer longest
    state: HealthSnapshot | None = field(default=None, compare=False)
    state_key: Hashable = None
    end: GateForecast | None = None  # of the last gate that counts, while it is open
    awaits_help: bool = False  # nobody took its request for help
    days_waiting_for_help: int | None = None  # for somebody to take its request; None: it does not

    @property
    def slug(self) -> str:
        return self.project.slug

    @property
    def short_name(self) -> str:
        return self.project.short_name

    @property
    def goes_on(self) -> bool:
        return self.project.state is ProjectState.ACTIVE

    @property
    def outlook(self) -> OutlookLevel | None:
        """The weather that the team told last."""
        if self.state is not None and self.state.weather is not None:
            return self.state.weather.outlook
        return self.last.outlook if self.last else None

    @property
    def level(self) -> TeamAttentionLevel:
        return attention_rules.attention_level(self.reasons)


def get_accepted_percent(team: PortfolioTeam) -> int:
    """The accepted progress of a team in per cent; 0 without a health reading."""
    return team.state.numbers.accepted if team.state else 0


def select_team_lines(selected: Subquery) -> Select[Any]:
    """The lines of selected teams: their projects, two of their sprints, their thresholds."""
    running, last = aliased(Sprint, name="running"), aliased(Sprint, name="last")
    figures = selected.c
    return (
        select(
            figures.silent_since,
            figures.missed_in_a_row,
            figures.severe_open,
            figures.gravest_open,
            figures.health,
            figures.in_charge,
            _EDITIONS,
            Project.id,
            Project.programme_id,
            Project.slug,
            Project.organisation,
            Project.acronym,
            Project.title_fr,
            Project.title_en,
            Project.starts_on,
            figures.state,
            func.coalesce(Project.stopped_on, Project.finished_on, Project.paused_on),
            Project.stop_reason,
            running.number,
            running.goal,
            running.ends_on,
            last.number,
            last.outcome,
            last.summary,
            last.outlook,
            last.outlook_note,
            case(
                (_asks_for_help(running), func.coalesce(running.help_blocker, running.blocker)),
                else_=_request_part(last, last.help_blocker, last.blocker),
            ),
            case(
                (_asks_for_help(running), func.coalesce(running.help_text, running.blocker_text)),
                else_=_request_part(last, last.help_text, last.blocker_text),
            ),
            figures.help_wanted,
            or_(_asks_for_help(running), _asks_for_help(last)),
            figures.help_taken,
            select_oldest_open_question(),
            figures.outlook,
        )
        .select_from(selected)
        .join(Project, Project.id == figures.project_id)
        .outerjoin(running, _sprint_condition(running, selected, figures.running_number))
        .outerjoin(last, _sprint_condition(last, selected, figures.last_number))
    )


_EDITIONS = select_editions(SignalTerms.programme_id == Project.programme_id, beside=[Project])


def _request_part(sprint: Any, requested: Any, logged: Any) -> Any:
    """What a sprint's own request for help says, until the help is given; else what its log says."""
    return func.coalesce(case((sprint.helped_at.is_(None), requested)), logged)


def _asks_for_help(sprint: Any) -> ColumnElement[bool]:
    """Condition: the sprint awaits help, as `Sprint.awaits_help`; not of an outer join's missing one."""
    is_requested = or_(
        sprint.help_asked_at.is_not(None), and_(sprint.closed_at.is_not(None), sprint.help_wanted)
    )
    return and_(sprint.id.is_not(None), is_requested, sprint.helped_at.is_(None))


def _sprint_condition(sprint: Any, selected: Subquery, number: Any) -> Any:
    return and_(sprint.project_id == selected.c.project_id, sprint.number == number)


def build_team(row: Sequence[Any], actor: Actor, today: date, zone: ZoneInfo) -> PortfolioTeam:
    """From a row of `select_team_lines`, on a day of the reader's calendar."""
    silent_since, missed, severe, gravest, health, in_charge, editions = row[:7]
    project = ListedProject(*row[7:18])
    running = ListedRunningSprint(*row[18:21]) if row[18] is not None else None
    last = ListedSprintLog(*row[21:30]) if row[21] is not None else None
    definitions = build_definitions(editions)
    left = (running.ends_on - today).days if running else None
    signs = TeamSigns(
        goes_on=project.state is ProjectState.ACTIVE,
        health=None if health is None else HealthLevel(health),
        in_charge=bool(in_charge),
        days_without_close=count_days_silent(silent_since, today, zone),
        missed_in_a_row=missed,
        days_overdue=max(0, -(left or 0)),
        help_wanted=bool(row[28]),
        help_taken=bool(row[30]),
        storm=row[32] == OutlookLevel.STORMY.value,
        rain=row[32] == OutlookLevel.RAINY.value,
        decision_awaited=bool(row[31]),
    )
    return PortfolioTeam(
        project=project,
        running=running,
        last=last,
        days_without_close=signs.days_without_close,
        days_left=left,
        awaits_help=attention_rules.asks_help(signs),
        reasons=(reasons := attention_rules.list_reasons(signs, definitions)),
        is_followed=attention_rules.has_person_in_charge(reasons, signs),
        severe=severe,
        gravest=gravest,
        opens=policy.can_read_team(actor, project),
        definitions=definitions,
        question_awaited=row[31] or "",
    )


def count_days_silent(silent_since: datetime, today: date, zone: ZoneInfo) -> int:
    """Days of the reader's calendar since the last close, never negative."""
    return max(0, (today - silent_since.astimezone(zone).date()).days)


def with_states(
    teams: Mapping[UUID, PortfolioTeam], states: Mapping[UUID, HealthSnapshot], steps: LatenessIncrements
) -> Mapping[UUID, PortfolioTeam]:
    """The same teams, each with its health state and the forecast of its last gate."""
    return {id_: _with_state(team, states.get(id_), steps) for id_, team in teams.items()}


def _with_state(
    team: PortfolioTeam, state: HealthSnapshot | None, steps: LatenessIncrements
) -> PortfolioTeam:
    if state is None:
        return team
    ahead = state.forecast(steps)
    return replace(team, state=state, state_key=state.cache_key, end=ahead[-1] if ahead else None)
