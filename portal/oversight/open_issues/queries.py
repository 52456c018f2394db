"""Read the open issues of all teams of programmes, from stored figures.

The portfolio's policy decides which teams are read, the policy of this feature how much of each.
The number of statements does not grow with the teams.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select

from portal.oversight.gates.definition_queries import read_definitions_by_programme
from portal.oversight.health.queries import read_states
from portal.oversight.open_issues import policy
from portal.oversight.open_issues.figure_rules import IssueFigures, parse_days, review_from_plain
from portal.oversight.open_issues.filter_rules import PER_PAGE, TEAM_FILTERS, IssueFilters, count_pages
from portal.oversight.open_issues.models import StoredIssueFigures
from portal.oversight.open_issues.overview_rules import (
    IssueOverview,
    TeamIssueLine,
    filter_lines,
    merge_visibility,
    sum_totals,
)
from portal.oversight.open_issues.team_issue_rules import (
    EXPOSURE,
    FRAMING,
    ExpectedReview,
    GateRequiringReview,
    assess_issues,
)
from portal.oversight.portfolio import filter_rules as portfolio
from portal.oversight.portfolio.filter_queries import FILTER_CONDITIONS, by_name, filter_bind_parameters
from portal.oversight.portfolio.policy import TEAMS_VISIBLE, visible_teams_bind_parameters
from portal.people.programmes.models import Programme
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor, Role
from portal.platform.kernel.clock import DEFAULT_ZONE
from portal.platform.kernel.database import db, fetch_rows
from portal.project.projects.models import Project, ProjectFigures, ProjectState

CACHE_SIZE = 16  # lists, of some 2 kB a team
# The predicate by which a gate asks for a review of each kind.
_REVIEW_PREDICATES = {FRAMING: "framing_decided", EXPOSURE: "exposure_reviewed"}


def read_overview(
    actor: Actor, programmes: Sequence[Programme], filters: IssueFilters, zone: str = DEFAULT_ZONE
) -> IssueOverview:
    """The page asked for, or the last one when there are fewer."""
    every = _list_issue_lines(actor, programmes, clock.today(zone))
    ids = _list_matching_team_ids(actor, programmes, filters)
    lines = filter_lines([line for line in every if ids is None or line.id in ids], filters)
    page = min(filters.page, count_pages(len(lines)))
    page_lines = lines[(page - 1) * PER_PAGE : page * PER_PAGE]
    return IssueOverview(
        totals=sum_totals(every),
        sees=merge_visibility(every),
        count_all=len(every),
        lines=lines,
        page_lines=with_last_tests(page_lines),
        page=page,
    )


def find_expected_review(actor: Actor, project: Project, kind: str) -> ExpectedReview | None:
    """The review by a questionnaire that a gate requires of a project, as the list says it on the reader's
    day, read anew; None where no gate does."""
    programme = db.session.get_one(Programme, project.programme_id)
    lines = _read_issue_lines_anew(
        actor, {programme.id: programme}, clock.today_for_reader(), _SELECT_ONE, project=project.id
    )
    return next((each for line in lines for each in line.issues.expected if each.kind == kind), None)


def with_last_tests(lines: Sequence[TeamIssueLine]) -> Sequence[TeamIssueLine]:
    """The same lines, each with the last test of its team; one statement."""
    health_states = read_states([line.id for line in lines])
    return [
        replace(
            line,
            last_test=state.facts.tests,
            prototype=state.facts.step("prototype"),
            is_tested=state.is_tested,
            is_reviewed=state.is_reviewed,
        )
        if (state := health_states.get(line.id))
        else line
        for line in lines
    ]


_IN_PROGRAMMES = ProjectFigures.programme_id.in_(bindparam("programmes", expanding=True))
# In the order of the fields of `IssueFigures`.
_COLUMNS = tuple(getattr(StoredIssueFigures, name) for name in IssueFigures.__dataclass_fields__)
_SELECT_ALL = (
    select(
        ProjectFigures.programme_id,
        ProjectFigures.project_id,
        Project.slug,
        Project.acronym,
        Project.organisation,
        Project.starts_on,
        ProjectFigures.state,
        *_COLUMNS,
    )
    .select_from(ProjectFigures)
    .join(Project, Project.id == ProjectFigures.project_id)
    .outerjoin(StoredIssueFigures, StoredIssueFigures.project_id == ProjectFigures.project_id)
    .where(_IN_PROGRAMMES, TEAMS_VISIBLE)
    .order_by(*by_name)
)
_SELECT_ONE = _SELECT_ALL.where(ProjectFigures.project_id == bindparam("project"))


@dataclass(frozen=True)
class _CacheKey:
    """All that lines depend on; `as_of` is the last seal of the audit trail."""

    as_of: str
    roles: frozenset[tuple[UUID, frozenset[Role]]]
    programme_ids: tuple[UUID, ...]
    day: date
    actor: Actor = field(compare=False)
    programmes: Mapping[UUID, Programme] = field(compare=False)


def _list_issue_lines(actor: Actor, programmes: Sequence[Programme], day: date) -> Sequence[TeamIssueLine]:
    """All teams of the programmes that the actor sees, by name. Cached until the trail grows."""
    roles, by_id = frozenset(actor.roles.items()), {programme.id: programme for programme in programmes}
    cache_key = _CacheKey(actor.as_of, roles, tuple(by_id), day, actor, by_id)
    return _read_issue_lines(cache_key) if actor.as_of else _read_issue_lines.__wrapped__(cache_key)


def clear_cache() -> None:
    """Empty the cache, for code that writes without the audit trail."""
    _read_issue_lines.cache_clear()


@lru_cache(maxsize=CACHE_SIZE)
def _read_issue_lines(key: _CacheKey) -> Sequence[TeamIssueLine]:
    return _read_issue_lines_anew(key.actor, key.programmes, key.day, _SELECT_ALL)


def _read_issue_lines_anew(
    actor: Actor, programmes: Mapping[UUID, Programme], day: date, teams: Any, **bound: UUID
) -> Sequence[TeamIssueLine]:
    review_gates = {
        id_: {
            kind: GateRequiringReview(definition.number, definition.terms.month)
            for definition in sorted(definitions.values(), key=lambda definition: definition.rank)
            for kind, predicate in _REVIEW_PREDICATES.items()
            if predicate in definition.predicates
        }
        for id_, definitions in read_definitions_by_programme(tuple(programmes)).items()
    }
    parameters = {"programmes": tuple(programmes), **visible_teams_bind_parameters(actor), **bound}
    return [
        _build_issue_line(actor, programmes[programme_id], review_gates[programme_id], day, row)
        for programme_id, *row in fetch_rows(teams, parameters)
    ]


def _build_issue_line(
    actor: Actor, programme: Programme, review_gates: Mapping[str, GateRequiringReview], day: date, row: Any
) -> TeamIssueLine:
    id_, slug, acronym, organisation, starts_on, state, *values = row
    sees = policy.get_visibility(actor, programme, id_)
    goes_on = state is ProjectState.ACTIVE
    issues = assess_issues(
        _build_issue_figures(values), review_gates, starts_on, day, goes_on=goes_on, sees=sees
    )
    name = acronym or organisation
    is_led = policy.can_choose_reviewers(actor, programme)
    return TeamIssueLine(id_, slug, name, organisation, state, sees, issues, programme.name, is_led=is_led)


def _build_issue_figures(values: Sequence[Any]) -> IssueFigures:
    """From the values of the columns; empty for a project without a row."""
    if values[0] is None:
        return IssueFigures()
    findings, number, since, reviews, conditions, n, on, waived, high, measures, *sheet = values
    return IssueFigures(
        tuple(findings),
        number,
        since,
        tuple(map(review_from_plain, reviews)),
        parse_days(conditions),
        n,
        on,
        tuple(waived),
        high,
        parse_days(measures),
        *sheet,
    )


def _list_matching_team_ids(
    actor: Actor, programmes: Sequence[Programme], filters: IssueFilters
) -> set[UUID] | None:
    """The teams that the filters shared with the portfolio let through; None: all."""
    team_filters = {name: getattr(filters, name) for name in TEAM_FILTERS}
    names = [name for name, value in team_filters.items() if value]
    if not names:
        return None
    statement = select(ProjectFigures.project_id).where(
        _IN_PROGRAMMES, TEAMS_VISIBLE, *(FILTER_CONDITIONS[name] for name in names)
    )
    programme_ids = [programme.id for programme in programmes]
    parameters = {"programmes": programme_ids, **visible_teams_bind_parameters(actor)}
    return {
        row[0]
        for row in fetch_rows(
            statement, parameters | dict(filter_bind_parameters(portfolio.PortfolioFilters(**team_filters)))
        )
    }
