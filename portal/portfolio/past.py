"""A portfolio as it was at the end of a day gone by, from what was known then and nothing later.

Who reads which team is as it is now; what teams were called, their tracks and their coaches are as
they were (`then`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from portal.findings.models import SEVERITY_MAX
from portal.health.forecast import Cohort
from portal.health.queries import cohort_as_of, states_of
from portal.health.standing import State
from portal.kernel.access import Actor
from portal.kernel.text import fold
from portal.portfolio import attention
from portal.portfolio.attention import Level, Signs
from portal.portfolio.listing import PER_PAGE, Filters, Health, Sort, pages_of
from portal.portfolio.models import LogLine, RunningLine
from portal.portfolio.queries import Portfolio, read_teams
from portal.portfolio.ranking import NAMED, Ranking
from portal.portfolio.teams import Team, with_states
from portal.portfolio.then import Then
from portal.projects.models import ProjectState
from portal.sprints.models import Blocker, Outcome, Outlook

LEVELS = {Level.FINE: Health.FINE, Level.WARN: Health.WATCH, Level.ALERT: Health.ALERT}


def read_past(actor: Actor, filters: Filters, then: Then, zone: str) -> Portfolio:
    """The page asked for, or the last one when there are fewer. A constant number of statements."""
    all_, kept, cohort = _kept(actor, filters, then, zone)
    teams = {one.project.id: one for one in all_}
    page = min(filters.page, pages_of(len(kept)))
    ranking = _ranking(all_)
    return Portfolio(
        all=ranking,
        first_to_help=[teams[id_] for id_ in ranking.first_to_help],
        first_to_watch=[teams[id_] for id_ in ranking.first_to_watch],
        teams=kept[(page - 1) * PER_PAGE : page * PER_PAGE],
        count=len(kept),
        page=page,
        cohort=cohort,
    )


def list_past(actor: Actor, filters: Filters, then: Then, zone: str) -> Sequence[UUID]:
    """All the teams of its pages, in their order."""
    _all, kept, _cohort = _kept(actor, filters, then, zone)
    return [one.project.id for one in kept]


def _kept(
    actor: Actor, filters: Filters, then: Then, zone: str
) -> tuple[Sequence[Team], Sequence[Team], Cohort]:
    """Every team, those that the filters let through, and how late gates were passed."""
    states = states_of(then.ids, then.moment, then.day)
    cohort = cohort_as_of(states.values())
    teams = with_states(_teams(actor, states, then, zone), states, cohort)
    by_name = sorted(teams.values(), key=_by_name)
    ranked = sorted(by_name, key=lambda one: _order(one, Sort.ATTENTION))
    kept = [one for one in ranked if then.passes(one.project, filters) and _passes(one, filters)]
    if filters.sort is not Sort.ATTENTION:
        kept.sort(key=lambda one: (_order(one, filters.sort), _by_name(one)))
    return ranked, kept, cohort


def _by_name(team: Team) -> tuple[str, str, str]:
    project = team.project
    return fold(project.organisation), fold(project.acronym), str(project.id)


def _teams(
    actor: Actor, states: Mapping[UUID, State], then: Then, zone: str
) -> Mapping[UUID, Team]:
    now = read_teams(actor, list(states), zone)
    return {
        id_: then.named(_as_then(now[id_], state, then.day))
        for id_, state in states.items()
        if id_ in now
    }


def _as_then(team: Team, state: State, day: date) -> Team:
    """What was known on that day, in the place of what is known now."""
    facts = state.facts
    last, work = facts.work.last, facts.work
    signs = Signs(
        goes_on=facts.goes_on,
        health=Level(state.level),
        days_silent=(day - (last.on if last else facts.begun_on)).days,
        days_overdue=max(0, (day - work.running_ends_on).days) if work.running_ends_on else 0,
        help_wanted=bool(last and last.help_wanted),
        storm=bool(last and last.outlook == Outlook.STORMY.value),
        rain=bool(last and last.outlook == Outlook.RAINY.value),
        decision_awaited=bool(last and last.decision_awaited),
    )
    grave = sum(one.severity == SEVERITY_MAX for one in facts.findings)
    return replace(
        team,
        project=replace(
            team.project,
            state=ProjectState(facts.state),
            rests_since=facts.rests_since,
            stop_reason=team.project.stop_reason if facts.state == "stopped" else "",
        ),
        running=_running(facts.work),
        last=_log(last) if last else None,
        days_silent=max(0, signs.days_silent),
        days_left=None,
        reasons=attention.reasons_for(signs),
        severe=len(facts.findings),
        gravest=grave,
    )


def _running(work: Any) -> RunningLine | None:
    return None if work.running is None else RunningLine(work.running, "", work.running_ends_on)


def _log(last: Any) -> LogLine:
    return LogLine(
        number=last.number,
        outcome=Outcome(last.outcome),
        summary=last.summary,
        outlook=Outlook(last.outlook) if last.outlook else None,
        outlook_note="",
        blocker=Blocker(last.blocker) if last.blocker else Blocker.NONE,
        blocker_text="",
        help_wanted=last.help_wanted,
        decision_awaited=last.decision_awaited,
    )


def _passes(team: Team, filters: Filters) -> bool:
    state = team.state
    if state is None:
        return False
    silent = team.goes_on and team.days_silent > attention.SILENT_DAYS[0]
    asked = {
        "health": LEVELS[Level(state.level)] is filters.health,
        "gate": str(_next_gate(state)) == filters.gate,
        "stale": any(one.is_stale(state.day) for one in state.facts.steps),
        "outlook": bool(team.last and team.last.outlook is filters.outlook),
        "state": team.project.state is filters.state,
        "help": team.wants_help,
        "silent": silent,
        "teams": team.slug in filters.teams,
    }
    return all(asked.get(name, True) for name in filters.narrowing)


def _next_gate(state: State) -> int | None:
    steps = (one for one in state.facts.steps if not one.is_waived)
    return next((one.number for one in steps if not one.is_accepted(state.day)), None)


def _order(team: Team, sort: Sort) -> tuple[Any, ...]:
    """As `narrowing.ORDERS`; what is equal stays by name."""
    rests = not team.goes_on
    state = team.state
    if sort is Sort.ATTENTION:
        return rests, tuple(-n for n in attention.urgency(team.reasons)), -team.days_silent
    if sort is Sort.LAST_LOG:
        return rests, -team.days_silent
    if sort is Sort.SPRINT_END:
        return (team.running is None, team.running.ends_on if team.running else date.max)
    if sort is Sort.GATE and state is not None:
        ahead = _next_gate(state)
        return rests, 99 if ahead is None else ahead
    return (team.project.organisation.casefold(),)


def _ranking(ranked: Sequence[Team]) -> Ranking:
    to_help = [one.project.id for one in ranked if one.level is Level.ALERT]
    to_watch = [one.project.id for one in ranked if one.level is Level.WARN]
    asking = [one for one in ranked if one.wants_help]
    return Ranking(
        ids=tuple(one.project.id for one in ranked),
        to_help=len(to_help),
        to_watch=len(to_watch),
        asking=len(asking),
        silent=sum(one.goes_on and one.days_silent > attention.SILENT_DAYS[0] for one in ranked),
        longest_wait=max((one.days_silent for one in asking), default=0),
        first_to_help=tuple(to_help[:NAMED]),
        first_to_watch=tuple(to_watch[:NAMED]),
    )
