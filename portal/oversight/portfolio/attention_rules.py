"""Which teams need attention, and why. Pure: signs in, ordered reasons out.

What its health says (`portal.oversight.health`) is one reason, with its level; its row tells what is in it.
Of a team of which no reading was ever kept, the logs alone speak: no sprint closed for 21 days
(amber) or 35 (red), goals missed twice in a row (amber) or three times (red).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum

SILENT_DAYS = (21, 35)  # from this many days on: watch, alert
MISSED_IN_A_ROW = (2, 3)  # the same, in closed sprints


class TeamAttentionLevel(IntEnum):
    """How much attention: the worst of a team's reasons."""

    FINE = 0
    WARN = 1
    ALERT = 2


class TeamReasonCode(StrEnum):
    """Why. The codes are stable; in the order in which reasons of one level are told."""

    HELP_WANTED = "help_wanted"
    HEALTH = "health"
    GOALS_MISSED = "goals_missed"
    SILENT = "silent"
    OVERDUE = "overdue"
    STORM = "storm"
    RAIN = "rain"
    DECISION_AWAITED = "decision_awaited"


@dataclass(frozen=True, kw_only=True)
class TeamSigns:
    """What the logs say of one team on one day."""

    goes_on: bool = True  # False: paused, finished or stopped
    health: TeamAttentionLevel | None = None  # None: nothing was ever read of it
    days_silent: int = 0  # since the last close; before any, since the start or the creation
    missed_in_a_row: int = 0  # closed sprints, up to the last one
    days_overdue: int = 0  # of the sprint in progress
    help_wanted: bool = False
    storm: bool = False
    rain: bool = False  # the team itself says that its next goal is threatened
    decision_awaited: bool = False


@dataclass(frozen=True)
class TeamReason:
    """`number` is what the sentence counts: days or sprints; 0 where it counts nothing."""

    code: TeamReasonCode
    level: TeamAttentionLevel
    number: int = 0


def list_reasons(signs: TeamSigns) -> Sequence[TeamReason]:
    """The worst first. A project at rest asks for nothing: no silence of its own is a fault."""
    if not signs.goes_on:
        return ()
    unread = signs.health is None
    silent, missed = signs.days_silent * unread, signs.missed_in_a_row * unread
    health = signs.health or TeamAttentionLevel.FINE
    candidates = (
        (signs.help_wanted, TeamReason(TeamReasonCode.HELP_WANTED, TeamAttentionLevel.ALERT)),
        (health > TeamAttentionLevel.FINE, TeamReason(TeamReasonCode.HEALTH, health)),
        (
            missed >= MISSED_IN_A_ROW[0],
            TeamReason(TeamReasonCode.GOALS_MISSED, _level(missed, MISSED_IN_A_ROW), missed),
        ),
        (
            silent >= SILENT_DAYS[0],
            TeamReason(TeamReasonCode.SILENT, _level(silent, SILENT_DAYS), silent),
        ),
        (
            signs.days_overdue > 0,
            TeamReason(TeamReasonCode.OVERDUE, TeamAttentionLevel.WARN, signs.days_overdue),
        ),
        (signs.storm, TeamReason(TeamReasonCode.STORM, TeamAttentionLevel.WARN)),
        (signs.rain, TeamReason(TeamReasonCode.RAIN, TeamAttentionLevel.WARN)),
        # The programme owes an answer: worth telling, but nothing is wrong with the team.
        (
            signs.decision_awaited,
            TeamReason(TeamReasonCode.DECISION_AWAITED, TeamAttentionLevel.FINE),
        ),
    )
    reasons = [reason for holds, reason in candidates if holds]
    return tuple(sorted(reasons, key=lambda reason: -reason.level))


def _level(number: int, thresholds: tuple[int, int]) -> TeamAttentionLevel:
    return TeamAttentionLevel(sum(number >= threshold for threshold in thresholds))


def level_of(reasons: Sequence[TeamReason]) -> TeamAttentionLevel:
    return max((reason.level for reason in reasons), default=TeamAttentionLevel.FINE)


def urgency_key(reasons: Sequence[TeamReason]) -> tuple[int, ...]:
    """To compare teams, the greatest first: by level, then by how many reasons of each."""
    levels = [reason.level for reason in reasons]
    return level_of(reasons), *(
        levels.count(level) for level in sorted(TeamAttentionLevel, reverse=True)
    )
