"""The filters, the order and the page of a portfolio."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from portal.oversight.portfolio.attention_rules import TeamAttentionLevel
from portal.project.projects.models import ProjectState
from portal.sprints.sprints.outlook_rules import OutlookLevel

PER_PAGE = 25
NARROWING_FILTERS = (
    "attention",
    "coach",
    "track",
    "organisation",
    "health",
    "charge",
    "gate",
    "stale",
    "outlook",
    "state",
    "help",
    "silent",
    "teams",
)


class PortfolioSort(StrEnum):
    ATTENTION = "attention"
    ORGANISATION = "organisation"
    LAST_LOG = "last_log"
    SPRINT_END = "sprint_end"
    GATE = "gate"


class HealthFilter(StrEnum):
    """The computed health level of a team."""

    ALERT = "alert"
    WATCH = "watch"
    FINE = "fine"
    UNKNOWN = "unknown"


class AttentionFilter(StrEnum):
    """How much attention a team needs, and whether somebody is in charge of all that makes it so."""

    HELP = "help"
    HELP_NEW = "help_new"
    HELP_FOLLOWED = "help_followed"
    WATCH = "watch"

    def passes(self, level: TeamAttentionLevel, *, is_followed: bool) -> bool:
        """Whether it lets a team of that level through."""
        if self is AttentionFilter.WATCH:
            return level is TeamAttentionLevel.WARN
        following = {AttentionFilter.HELP_NEW: False, AttentionFilter.HELP_FOLLOWED: True}
        return level is TeamAttentionLevel.ALERT and following.get(self, is_followed) is is_followed


class ChargeFilter(StrEnum):
    """Whether somebody is in charge of all that raises a team above "fine"."""

    NEW = "new"
    IN_CHARGE = "in_charge"

    def passes(self, level: TeamAttentionLevel, *, is_followed: bool) -> bool:
        """Whether it lets a team of that level through."""
        return level > TeamAttentionLevel.FINE and is_followed is (self is ChargeFilter.IN_CHARGE)


@dataclass(frozen=True, kw_only=True)
class PortfolioFilters:
    """The filters of a reader; `on` is a past day.

    The defaults show every team as it is now, the most urgent first.
    """

    attention: AttentionFilter | None = None
    coach: UUID | None = None
    track: str = ""
    organisation: str = ""
    health: HealthFilter | None = None
    charge: ChargeFilter | None = None
    gate: str = ""  # the number of the first gate without a valid acceptance
    stale: bool = False
    outlook: OutlookLevel | None = None
    state: ProjectState | None = None
    help: bool = False
    silent: bool = False
    teams: tuple[str, ...] = ()  # only these, by slug: to compare them
    sort: PortfolioSort = PortfolioSort.ATTENTION
    page: int = 1
    on: date | None = None

    @property
    def narrowing(self) -> frozenset[str]:
        """The names of the filters that are set."""
        return frozenset(name for name in NARROWING_FILTERS if getattr(self, name))

    @property
    def narrows(self) -> bool:
        return bool(self.narrowing)

    def in_url(self, page: int) -> dict[str, Any]:
        """The same filters on another page, as parameters of a query string, without defaults."""
        parameters = {
            "attention": self.attention,
            "coach": self.coach,
            "track": self.track,
            "organisation": self.organisation,
            "on": self.on,
            "health": self.health,
            "charge": self.charge,
            "gate": self.gate,
            "stale": int(self.stale),
            "outlook": self.outlook,
            "state": self.state,
            "help": int(self.help),
            "silent": int(self.silent),
            "teams": ",".join(self.teams),
            "sort": self.sort if self.sort is not PortfolioSort.ATTENTION else None,
            "page": page if page > 1 else None,
        }
        return {name: value for name, value in parameters.items() if value}


def count_pages(count: int) -> int:
    return max(1, -(-count // PER_PAGE))
