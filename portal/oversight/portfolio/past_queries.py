"""A portfolio as of the end of a past day, from the health readings of that day.

Who may read which team is decided by the roles of now; names, tracks, coaches and thresholds are
those of that day (`TeamsAsOf`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from portal.oversight.decisions.awaited_queries import OpenQuestion
from portal.oversight.gates.forecast_rules import LatenessIncrements
from portal.oversight.health.definition_rules import Definitions, HealthLevel
from portal.oversight.health.fact_rules import SprintFacts
from portal.oversight.health.queries import compute_lateness_increments, read_states
from portal.oversight.health.state_rules import HealthSnapshot
from portal.oversight.portfolio import attention_rules
from portal.oversight.portfolio.attention_rules import TeamSigns, days_without_close_tolerated, is_silent
from portal.oversight.portfolio.filter_rules import (
    PER_PAGE,
    HealthFilter,
    PortfolioFilters,
    PortfolioSort,
    count_pages,
)
from portal.oversight.portfolio.hindsight_queries import TeamsAsOf
from portal.oversight.portfolio.models import ListedProject, ListedRunningSprint, ListedSprintLog
from portal.oversight.portfolio.queries import PortfolioTeamsPage, read_teams
from portal.oversight.portfolio.ranking_queries import RankedTeamLevel, Ranking, build_ranking_from_levels
from portal.oversight.portfolio.team_queries import PortfolioTeam, get_accepted_percent, with_states
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import fold
from portal.project.projects.models import ProjectState
from portal.sprints.sprints.models import BlockerKind, SprintOutcome
from portal.sprints.sprints.outlook_rules import OutlookLevel
from portal.user_tests.findings.models import SEVERITY_MAX

LEVELS = {
    HealthLevel.UNKNOWN: HealthFilter.UNKNOWN,
    HealthLevel.FINE: HealthFilter.FINE,
    HealthLevel.WATCH: HealthFilter.WATCH,
    HealthLevel.ALERT: HealthFilter.ALERT,
}


def read_past_portfolio(
    actor: Actor, filters: PortfolioFilters, then: TeamsAsOf, zone: str
) -> PortfolioTeamsPage:
    """The requested page, or the last one when there are fewer; a constant number of statements."""
    every, filtered, steps = _read_all_and_filtered_teams(actor, filters, then, zone)
    teams = {team.project.id: team for team in every}
    page = min(filters.page, count_pages(len(filtered)))
    ranking = _build_ranking(every, days_without_close_tolerated(then.definitions))
    return PortfolioTeamsPage(
        all=ranking,
        first_to_help=[teams[id_] for id_ in ranking.first_to_help],
        first_to_watch=[teams[id_] for id_ in ranking.first_to_watch],
        teams=filtered[(page - 1) * PER_PAGE : page * PER_PAGE],
        count=len(filtered),
        page=page,
        steps=steps,
    )


def list_past_team_ids(actor: Actor, filters: PortfolioFilters, then: TeamsAsOf, zone: str) -> Sequence[UUID]:
    """The ids of all the teams of its pages, in order."""
    return [team.project.id for team in read_past_teams(actor, filters, then, zone)]


def read_past_teams(
    actor: Actor, filters: PortfolioFilters, then: TeamsAsOf, zone: str
) -> Sequence[PortfolioTeam]:
    """The same teams as they stood."""
    _every, filtered, _steps = _read_all_and_filtered_teams(actor, filters, then, zone)
    return filtered


def _read_all_and_filtered_teams(
    actor: Actor, filters: PortfolioFilters, then: TeamsAsOf, zone: str
) -> tuple[Sequence[PortfolioTeam], Sequence[PortfolioTeam], LatenessIncrements]:
    """Every team, the filtered teams (both in order), and the steps of the programme."""
    states = read_states(then.ids, then.moment, then.day)
    steps = compute_lateness_increments(states.values())
    teams = with_states(_read_teams_as_of_day(actor, states, then, zone), states, steps)
    by_name = sorted(teams.values(), key=order_by_name)
    limit = days_without_close_tolerated(then.definitions)
    ranked = sorted(by_name, key=lambda team: _sort_key(team, PortfolioSort.ATTENTION))
    filtered = [
        team
        for team in ranked
        if then.passes(team.project, filters) and _passes_filters(team, filters, limit)
    ]
    if filters.sort is not PortfolioSort.ATTENTION:
        filtered.sort(key=lambda team: (_sort_key(team, filters.sort), order_by_name(team)))
    return ranked, filtered, steps


def order_by_name(team: PortfolioTeam) -> tuple[str, str, str]:
    """The sort key by organisation, then acronym."""
    project = team.project
    return fold(project.organisation), fold(project.acronym), str(project.id)


def _read_teams_as_of_day(
    actor: Actor, states: Mapping[UUID, HealthSnapshot], then: TeamsAsOf, zone: str
) -> Mapping[UUID, PortfolioTeam]:
    now = read_teams(actor, list(states), zone)
    teams = {
        id_: build_team_as_of(
            now[id_].project, state, then.definitions, then.day, then.questions.get(id_, ())
        )
        for id_, state in states.items()
        if id_ in now
    }
    return {
        id_: replace(then.team_with_past_names(team), opens=now[id_].opens) for id_, team in teams.items()
    }


def build_team_as_of(
    project: ListedProject,
    state: HealthSnapshot,
    definitions: Definitions,
    day: date,
    awaited: Sequence[OpenQuestion] = (),
) -> PortfolioTeam:
    """The team with its state, sprints and reasons of that day; `awaited` were open questions."""
    facts = state.facts
    last, work = facts.work.last, facts.work
    outlook = state.weather.outlook if state.weather else last and last.outlook
    questions = [each.text for each in awaited if not each.is_help]
    help_since, is_help_taken = _find_awaited_help(work, [each for each in awaited if each.is_help])
    signs = TeamSigns(
        goes_on=facts.goes_on,
        health=state.level,
        in_charge=state.is_in_charge,
        days_without_close=(day - (last.on if last else facts.starts_on)).days,
        days_overdue=max(0, (day - work.running_ends_on).days) if work.running_ends_on else 0,
        help_wanted=help_since is not None,
        help_taken=is_help_taken,
        days_waiting_for_help=(day - help_since).days if help_since else 0,
        storm=outlook == OutlookLevel.STORMY.value,
        rain=outlook == OutlookLevel.RAINY.value,
        decision_awaited=bool(questions),
    )
    reasons = attention_rules.list_reasons(signs, definitions)
    grave = sum(finding.severity == SEVERITY_MAX for finding in facts.findings)
    return PortfolioTeam(
        project=replace(
            project,
            state=ProjectState(facts.state),
            rests_since=facts.rests_since,
            stop_reason=project.stop_reason if facts.state == "stopped" else "",
        ),
        running=_build_running_sprint(facts.work),
        last=_build_sprint_log(last) if last else None,
        days_without_close=max(0, signs.days_without_close),
        days_left=None,
        reasons=reasons,
        is_followed=attention_rules.has_person_in_charge(reasons, signs),
        awaits_help=attention_rules.asks_help(signs),
        days_waiting_for_help=signs.days_waiting_for_help if attention_rules.asks_help(signs) else None,
        severe=len(facts.findings),
        gravest=grave,
        opens=False,
        definitions=definitions,
        question_awaited=questions[0] if questions else "",
        state=state,
    )


def _find_awaited_help(work: SprintFacts, questions: Sequence[OpenQuestion]) -> tuple[date | None, bool]:
    """The day of the oldest request for help that nobody took, else of all, None without any; and whether
    somebody took them all. Stored facts hold those of sprints that somebody has of the last close alone: one
    of a first sprint that ran is missing."""
    waiting = [(each.is_taken, clock.day_of(each.asked_at)) for each in questions]
    waiting += [(False, since) for since in work.list_help_request_days()]
    last = work.last
    if last and last.help_wanted and last.help_taken and last.help_since:
        waiting.append((True, last.help_since))
    is_taken, since = min(waiting, default=(False, None))
    return since, is_taken


def _build_running_sprint(work: Any) -> ListedRunningSprint | None:
    return None if work.running is None else ListedRunningSprint(work.running, "", work.running_ends_on)


def _build_sprint_log(last: Any) -> ListedSprintLog:
    return ListedSprintLog(
        number=last.number,
        outcome=SprintOutcome(last.outcome),
        summary=last.summary,
        outlook=OutlookLevel(last.outlook) if last.outlook else None,
        outlook_note="",
        blocker=BlockerKind(last.blocker) if last.blocker else BlockerKind.NONE,
        blocker_text="",
        help_wanted=last.help_wanted,
        has_help_words=last.help_wanted,
    )


def _passes_filters(team: PortfolioTeam, filters: PortfolioFilters, limit: int | None) -> bool:
    state = team.state
    if state is None:
        return False
    matches = {
        "attention": filters.attention is not None
        and filters.attention.passes(team.level, is_followed=team.is_followed),
        "health": LEVELS[state.level] is filters.health,
        "charge": filters.charge is not None
        and filters.charge.passes(team.level, is_followed=team.is_followed),
        "gate": str(_find_next_gate_number(state)) == filters.gate,
        "stale": any(step.is_stale(state.day) for step in state.facts.steps),
        "outlook": team.outlook is not None and team.outlook is filters.outlook,
        "state": team.project.state is filters.state,
        "help": team.days_waiting_for_help is not None,
        "silent": is_silent(team.days_without_close, limit, goes_on=team.goes_on),
        "teams": team.slug in filters.teams,
    }
    return all(matches.get(name, True) for name in filters.narrowing)


def _find_next_gate_number(state: HealthSnapshot) -> int | None:
    steps = (step for step in state.facts.steps if not step.is_waived)
    return next((step.number for step in steps if not step.is_accepted(state.day)), None)


def order_by_attention(team: PortfolioTeam) -> tuple[Any, ...]:
    """The sort key of the teams that need attention first; equal teams stay sorted by name."""
    urgency = tuple(-number for number in attention_rules.urgency_key(team.reasons))
    return not team.goes_on, urgency, -team.days_without_close


def _sort_key(team: PortfolioTeam, sort: PortfolioSort) -> tuple[Any, ...]:
    """The same orders as `filter_queries.ORDERS`; equal teams stay sorted by name."""
    rests = not team.goes_on
    state = team.state
    if sort is PortfolioSort.ATTENTION:
        return order_by_attention(team)
    if sort is PortfolioSort.LAST_LOG:
        return rests, -team.days_without_close
    if sort is PortfolioSort.SPRINT_END:
        return (team.running is None, team.running.ends_on if team.running else date.max)
    if sort is PortfolioSort.GATE and state is not None:
        return rests, state.numbers.accepted
    return (team.project.organisation.casefold(),)


def _build_ranking(ranked: Sequence[PortfolioTeam], limit: int | None) -> Ranking:
    levels = [
        RankedTeamLevel(team.project.id, team.level, team.is_followed, get_accepted_percent(team))
        for team in ranked
    ]
    waits = [each.days_waiting_for_help for each in ranked if each.days_waiting_for_help is not None]
    silent = sum(is_silent(team.days_without_close, limit, goes_on=team.goes_on) for team in ranked)
    stopped = sum(team.project.state is ProjectState.STOPPED for team in ranked)
    return replace(build_ranking_from_levels(levels, waits, silent, limit), stopped=stopped)
