"""A team on one day, as its figures and its last log tell it: what is read, and what is made of it.

Drafts are never read.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, Subquery, and_, case, func, select
from sqlalchemy.orm import aliased

from portal.oversight.health.forecast_rules import GateForecast, GateSlipCohort
from portal.oversight.health.models import HealthFigures
from portal.oversight.health.state_rules import HealthState
from portal.oversight.portfolio import attention_rules, policy, urgency_queries
from portal.oversight.portfolio.attention_rules import (
    TeamAttentionLevel,
    TeamReason,
    TeamReasonCode,
    TeamSigns,
)
from portal.oversight.portfolio.models import ProjectRow, RunningSprintRow, SprintLogRow
from portal.platform.kernel.access import Actor
from portal.project.projects.models import Project, ProjectFigures, ProjectState
from portal.sprints.sprints.models import Sprint
from portal.sprints.sprints.outlook_rules import Outlook

# What a statement that chooses teams hands on of their figures.
FIGURE_COLUMNS = (
    ProjectFigures.project_id,
    ProjectFigures.state,
    ProjectFigures.silent_since,
    ProjectFigures.missed_in_a_row,
    ProjectFigures.running_number,
    ProjectFigures.last_number,
    ProjectFigures.severe_open,
    ProjectFigures.gravest_open,
    case(
        (HealthFigures.project_id.is_(None), None),
        (urgency_queries.is_alert, TeamAttentionLevel.ALERT.value),
        (urgency_queries.is_watched, TeamAttentionLevel.WARN.value),
        else_=TeamAttentionLevel.FINE.value,
    ).label("health"),
)


@dataclass(frozen=True)
class PortfolioTeam:
    project: ProjectRow
    running: RunningSprintRow | None
    last: SprintLogRow | None  # the closed sprint whose work came last
    days_silent: int  # since that close, or since the start when there was none
    days_left: int | None  # of the running sprint; negative: overdue by
    reasons: Sequence[TeamReason]
    severe: int  # findings of its tests that are open and severe
    gravest: int  # those of them that are as grave as can be
    opens: bool  # the reader may open the project and read what is said in it
    # What was known of it, with what people said; told apart by its `State.key`.
    state: HealthState | None = field(default=None, compare=False)
    state_key: Hashable = None
    end: GateForecast | None = None  # of the last gate that counts, while it is open

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
    def level(self) -> TeamAttentionLevel:
        return attention_rules.level_of(self.reasons)

    @property
    def wants_help(self) -> bool:
        return any(reason.code is TeamReasonCode.HELP_WANTED for reason in self.reasons)


def select_team_lines(selected: Subquery) -> Select[Any]:
    """The lines of chosen teams: their projects, and two of their sprints by number."""
    running, last = aliased(Sprint, name="running"), aliased(Sprint, name="last")
    figures = selected.c
    return (
        select(
            figures.silent_since,
            figures.missed_in_a_row,
            figures.severe_open,
            figures.gravest_open,
            figures.health,
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
            last.blocker,
            last.blocker_text,
            case((last.helped_at.is_(None), last.help_wanted), else_=False),
            last.decision_awaited,
        )
        .select_from(selected)
        .join(Project, Project.id == figures.project_id)
        .outerjoin(running, _is_sprint(running, selected, figures.running_number))
        .outerjoin(last, _is_sprint(last, selected, figures.last_number))
    )


def _is_sprint(sprint: Any, selected: Subquery, number: Any) -> Any:
    return and_(sprint.project_id == selected.c.project_id, sprint.number == number)


def build_team(row: Sequence[Any], actor: Actor, today: date, zone: ZoneInfo) -> PortfolioTeam:
    """A row of `statement_for`, on a day of the reader's calendar."""
    silent_since, missed, severe, gravest, health = row[:5]
    project = ProjectRow(*row[5:16])
    running = RunningSprintRow(*row[16:19]) if row[16] is not None else None
    last = SprintLogRow(*row[19:]) if row[19] is not None else None
    left = (running.ends_on - today).days if running else None
    signs = TeamSigns(
        goes_on=project.state is ProjectState.ACTIVE,
        health=None if health is None else TeamAttentionLevel(health),
        days_silent=max(0, (today - silent_since.astimezone(zone).date()).days),
        missed_in_a_row=missed,
        days_overdue=max(0, -(left or 0)),
        help_wanted=bool(last and last.help_wanted),
        storm=bool(last and last.outlook is Outlook.STORMY),
        rain=bool(last and last.outlook is Outlook.RAINY),
        decision_awaited=bool(last and last.decision_awaited),
    )
    reasons = attention_rules.list_reasons(signs)
    opens = policy.can_read_team(actor, project)
    return PortfolioTeam(
        project, running, last, signs.days_silent, left, reasons, severe, gravest, opens
    )


def add_states(
    teams: Mapping[UUID, PortfolioTeam], states: Mapping[UUID, HealthState], cohort: GateSlipCohort
) -> Mapping[UUID, PortfolioTeam]:
    """The same teams, each with what was known of it."""
    return {id_: _with_state(team, states.get(id_), cohort) for id_, team in teams.items()}


def _with_state(
    team: PortfolioTeam, state: HealthState | None, cohort: GateSlipCohort
) -> PortfolioTeam:
    if state is None:
        return team
    ahead = state.forecast(cohort)
    return replace(team, state=state, state_key=state.cache_key, end=ahead[-1] if ahead else None)
