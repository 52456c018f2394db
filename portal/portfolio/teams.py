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

from portal.health.forecast import Cohort, Forecast
from portal.health.models import HealthFigures
from portal.health.standing import State
from portal.kernel.access import Actor
from portal.portfolio import attention, policy, urgency
from portal.portfolio.attention import Code, Level, Reason, Signs
from portal.portfolio.models import LogLine, ProjectLine, RunningLine
from portal.projects.models import Project, ProjectFigures, ProjectState
from portal.sprints.models import Outlook, Sprint

# What a statement that chooses teams hands on of their figures.
CHOSEN = (
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
        (urgency.in_alarm, Level.ALERT.value),
        (urgency.watched, Level.WARN.value),
        else_=Level.FINE.value,
    ).label("health"),
)


@dataclass(frozen=True)
class Team:
    project: ProjectLine
    running: RunningLine | None
    last: LogLine | None  # the closed sprint whose work came last
    days_silent: int  # since that close, or since the start when there was none
    days_left: int | None  # of the running sprint; negative: overdue by
    reasons: Sequence[Reason]
    severe: int  # findings of its tests that are open and severe
    gravest: int  # those of them that are as grave as can be
    opens: bool  # the reader may open the project and read what is said in it
    # What was known of it, with what people said; told apart by its `State.key`.
    state: State | None = field(default=None, compare=False)
    known: Hashable = None
    end: Forecast | None = None  # of the last gate that counts, while it is open

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
    def level(self) -> Level:
        return attention.level_of(self.reasons)

    @property
    def wants_help(self) -> bool:
        return any(reason.code is Code.HELP_WANTED for reason in self.reasons)


def statement_for(chosen: Subquery) -> Select[Any]:
    """The lines of chosen teams: their projects, and two of their sprints by number."""
    running, last = aliased(Sprint, name="running"), aliased(Sprint, name="last")
    figures = chosen.c
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
        .select_from(chosen)
        .join(Project, Project.id == figures.project_id)
        .outerjoin(running, _numbered(running, chosen, figures.running_number))
        .outerjoin(last, _numbered(last, chosen, figures.last_number))
    )


def _numbered(sprint: Any, chosen: Subquery, number: Any) -> Any:
    return and_(sprint.project_id == chosen.c.project_id, sprint.number == number)


def team_of(row: Sequence[Any], actor: Actor, today: date, zone: ZoneInfo) -> Team:
    """A row of `statement_for`, on a day of the reader's calendar."""
    silent_since, missed, severe, gravest, health = row[:5]
    project = ProjectLine(*row[5:16])
    running = RunningLine(*row[16:19]) if row[16] is not None else None
    last = LogLine(*row[19:]) if row[19] is not None else None
    left = (running.ends_on - today).days if running else None
    signs = Signs(
        goes_on=project.state is ProjectState.ACTIVE,
        health=None if health is None else Level(health),
        days_silent=max(0, (today - silent_since.astimezone(zone).date()).days),
        missed_in_a_row=missed,
        days_overdue=max(0, -(left or 0)),
        help_wanted=bool(last and last.help_wanted),
        storm=bool(last and last.outlook is Outlook.STORMY),
        rain=bool(last and last.outlook is Outlook.RAINY),
        decision_awaited=bool(last and last.decision_awaited),
    )
    reasons = attention.reasons_for(signs)
    opens = policy.can_read_team(actor, project)
    return Team(project, running, last, signs.days_silent, left, reasons, severe, gravest, opens)


def with_states(
    teams: Mapping[UUID, Team], states: Mapping[UUID, State], cohort: Cohort
) -> Mapping[UUID, Team]:
    """The same teams, each with what was known of it."""
    return {id_: _with_state(team, states.get(id_), cohort) for id_, team in teams.items()}


def _with_state(team: Team, state: State | None, cohort: Cohort) -> Team:
    if state is None:
        return team
    ahead = state.forecast(cohort)
    return replace(team, state=state, known=state.key, end=ahead[-1] if ahead else None)
