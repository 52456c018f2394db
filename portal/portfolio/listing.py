"""What of a portfolio is shown, in which order, on which page. Pure: teams in, teams out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from portal.kernel.text import fold
from portal.portfolio import attention
from portal.portfolio.attention import Level
from portal.portfolio.queries import Support, Team
from portal.projects.models import ProjectState
from portal.sprints.models import Outlook

PER_PAGE = 25


class Sort(StrEnum):
    ATTENTION = "attention"
    ORGANISATION = "organisation"
    LAST_LOG = "last_log"
    SPRINT_END = "sprint_end"


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What the reader asked to see. The defaults show every team, the most urgent first."""

    coach: UUID | None = None
    track: str = ""
    organisation: str = ""
    outlook: Outlook | None = None
    state: ProjectState | None = None
    help: bool = False
    silent: bool = False
    sort: Sort = Sort.ATTENTION
    page: int = 1

    @property
    def narrows(self) -> bool:
        """Whether they may hide a team."""
        return bool(
            self.coach
            or self.track
            or self.organisation
            or self.outlook
            or self.state
            or self.help
            or self.silent
        )

    def in_url(self, page: int) -> dict[str, Any]:
        """The same filters on another page, as a query string holds them; defaults are left out."""
        given = {
            "coach": self.coach,
            "track": self.track,
            "organisation": self.organisation,
            "outlook": self.outlook,
            "state": self.state,
            "help": int(self.help),
            "silent": int(self.silent),
            "sort": self.sort if self.sort is not Sort.ATTENTION else None,
            "page": page if page > 1 else None,
        }
        return {name: value for name, value in given.items() if value}


@dataclass(frozen=True)
class Page:
    """The teams of one page, out of all that the filters let through."""

    teams: Sequence[Team]
    count: int
    number: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.count // PER_PAGE))


@dataclass(frozen=True)
class Figures:
    """What the page would answer first if asked aloud."""

    to_help: Sequence[Team]
    to_watch: Sequence[Team]
    asking: Sequence[Team]
    silent: Sequence[Team]

    @property
    def longest_wait(self) -> int:
        """Days since the oldest request for help."""
        return max((team.days_silent for team in self.asking), default=0)


def figures(teams: Sequence[Team]) -> Figures:
    urgent = by_attention(teams)
    return Figures(
        to_help=[team for team in urgent if team.level is Level.ALERT],
        to_watch=[team for team in urgent if team.level is Level.WARN],
        asking=[team for team in urgent if team.wants_help],
        silent=[team for team in urgent if is_silent(team)],
    )


def page_of(teams: Sequence[Team], support: Support, filters: Filters) -> Page:
    """The page asked for, or the last one when there are fewer."""
    found = [team for team in teams if _is_wanted(team, support, filters)]
    ordered = _ORDERS[filters.sort](found)
    number = min(filters.page, max(1, -(-len(found) // PER_PAGE)))
    first = (number - 1) * PER_PAGE
    return Page(ordered[first : first + PER_PAGE], len(found), number)


def is_silent(team: Team) -> bool:
    """No log for more than three weeks, of a team that goes on."""
    return team.goes_on and team.days_silent > attention.SILENT_DAYS[0]


def by_attention(teams: Sequence[Team]) -> Sequence[Team]:
    """The most urgent first, then the longest silent; projects at rest last."""

    def key(team: Team) -> tuple[Any, ...]:
        urgency = tuple(-part for part in attention.urgency(team.reasons))
        return not team.goes_on, *urgency, -team.days_silent, *_alphabet(team)

    return sorted(teams, key=key)


def _is_wanted(team: Team, support: Support, filters: Filters) -> bool:
    project, last = team.project, team.last
    coaches = support.coaches_of.get(project.id, ())
    tracks = support.tracks_of.get(project.id, ())
    return (
        (not filters.coach or any(held.person.id == filters.coach for held in coaches))
        and (not filters.track or any(track.key == filters.track for track in tracks))
        and (not filters.organisation or _is_called(team, filters.organisation))
        and (not filters.outlook or (last is not None and last.outlook is filters.outlook))
        and (not filters.state or project.state is filters.state)
        and (not filters.help or team.wants_help)
        and (not filters.silent or is_silent(team))
    )


def _is_called(team: Team, words: str) -> bool:
    wanted = fold(words).strip()
    return wanted in team.project.organisation_fold or wanted in fold(team.project.acronym)


def _alphabet(team: Team) -> tuple[str, str]:
    return team.project.organisation_fold, team.project.slug


def _by_organisation(teams: Sequence[Team]) -> Sequence[Team]:
    return sorted(teams, key=_alphabet)


def _by_last_log(teams: Sequence[Team]) -> Sequence[Team]:
    return sorted(teams, key=lambda team: (not team.goes_on, -team.days_silent, *_alphabet(team)))


def _by_sprint_end(teams: Sequence[Team]) -> Sequence[Team]:
    def key(team: Team) -> tuple[Any, ...]:
        runs = team.goes_on and team.days_left is not None
        return not runs, team.days_left if runs else 0, *_alphabet(team)

    return sorted(teams, key=key)


_ORDERS: Mapping[Sort, Callable[[Sequence[Team]], Sequence[Team]]] = {
    Sort.ATTENTION: by_attention,
    Sort.ORGANISATION: _by_organisation,
    Sort.LAST_LOG: _by_last_log,
    Sort.SPRINT_END: _by_sprint_end,
}
