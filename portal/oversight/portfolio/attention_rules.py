"""Which teams need attention, and why: signs in, ordered reasons out. Pure.

The level of a team's health (`portal.oversight.health`) is one reason. Of a team without a health
reading, the sprint logs speak: its silence and its missed goals, by the thresholds of the signals
`no_sprint` and `goals_missed` of its programme. No threshold is defined here.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntEnum, StrEnum

from portal.oversight.health.definition_rules import Definitions, HealthLevel, SignalCode, lowest_threshold
from portal.oversight.health.definition_rules import level_of_number as threshold_level


class TeamAttentionLevel(IntEnum):
    """How much attention: the worst of a team's reasons."""

    FINE = 0
    WARN = 1
    ALERT = 2


class TeamReasonCode(StrEnum):
    """Why. The codes are stable, and order the reasons of one level."""

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
    """What the figures and the logs say of one team on one day."""

    goes_on: bool = True  # False: paused, finished or stopped
    health: HealthLevel | None = None  # None: it has no health reading
    in_charge: bool = False  # somebody is in charge of each signal at that level
    days_without_close: int = 0  # since the last close; before any, since the first day
    missed_in_a_row: int = 0  # closed sprints, up to the last one
    days_overdue: int = 0  # of the sprint in progress
    help_wanted: bool = False
    help_taken: bool = False  # by somebody who has not given it yet
    days_waiting_for_help: int = 0
    storm: bool = False
    rain: bool = False  # the team itself says that its next goal is threatened
    decision_awaited: bool = False


@dataclass(frozen=True)
class TeamReason:
    """`number` is what the sentence counts: days or sprints, or who has the request for help; 0 where it
    counts nothing."""

    code: TeamReasonCode
    level: TeamAttentionLevel
    number: int = 0


def list_reasons(signs: TeamSigns, definitions: Definitions) -> Sequence[TeamReason]:
    """The reasons, the worst first; none for a project that is paused, finished or stopped.

    `definitions` are the health signals of the team's programme on that day.
    """
    if not signs.goes_on:
        return ()
    reasons = [
        reason
        for holds, reason in (
            (signs.help_wanted, replace(_HELP_WANTED, number=int(signs.help_taken))),
            (signs.days_overdue > 0, replace(_OVERDUE, number=signs.days_overdue)),
            (signs.storm, _STORM),
            (signs.rain, _RAIN),
            (signs.decision_awaited, _DECISION_AWAITED),
        )
        if holds
    ]
    reasons += _list_health_reasons(signs, definitions)
    return tuple(sorted(reasons, key=_reason_key))


def _list_health_reasons(signs: TeamSigns, definitions: Definitions) -> Sequence[TeamReason]:
    """Those that are above FINE: of its health, or of its logs where it has no reading."""
    if signs.health is not None:
        level = TeamAttentionLevel(max(signs.health, HealthLevel.FINE))
        reasons = [TeamReason(TeamReasonCode.HEALTH, level)]
    else:
        reasons = [
            TeamReason(code, TeamAttentionLevel(threshold_level(definitions[signal], number)), number)
            for code, signal, number in (
                (TeamReasonCode.GOALS_MISSED, SignalCode.GOALS_MISSED, signs.missed_in_a_row),
                (TeamReasonCode.SILENT, SignalCode.NO_SPRINT, signs.days_without_close),
            )
        ]
    return [reason for reason in reasons if reason.level > TeamAttentionLevel.FINE]


_HELP_WANTED = TeamReason(TeamReasonCode.HELP_WANTED, TeamAttentionLevel.ALERT)
_OVERDUE = TeamReason(TeamReasonCode.OVERDUE, TeamAttentionLevel.WARN)
_STORM = TeamReason(TeamReasonCode.STORM, TeamAttentionLevel.WARN)
_RAIN = TeamReason(TeamReasonCode.RAIN, TeamAttentionLevel.WARN)
# The programme owes an answer: nothing is wrong with the team.
_DECISION_AWAITED = TeamReason(TeamReasonCode.DECISION_AWAITED, TeamAttentionLevel.FINE)
_CODE_ORDER = {code: place for place, code in enumerate(TeamReasonCode)}


def _reason_key(reason: TeamReason) -> tuple[int, int]:
    return -reason.level, _CODE_ORDER[reason.code]


def days_without_close_tolerated(definitions: Definitions) -> int | None:
    """Days without a closed sprint from which lists count a team as silent; None: never."""
    return lowest_threshold(definitions[SignalCode.NO_SPRINT])


def is_silent(days_without_close: int, limit: int | None, *, goes_on: bool) -> bool:
    """Whether a team in progress has closed no sprint for `limit` days or more, as the signal."""
    return goes_on and limit is not None and days_without_close >= limit


def asks_help(signs: TeamSigns) -> bool:
    """Whether a team in progress waits for somebody to take its request for help."""
    return signs.goes_on and signs.help_wanted and not signs.help_taken


def attention_level(reasons: Sequence[TeamReason]) -> TeamAttentionLevel:
    return max((reason.level for reason in reasons), default=TeamAttentionLevel.FINE)


def has_person_in_charge(reasons: Sequence[TeamReason], signs: TeamSigns) -> bool:
    """Whether somebody follows a team: each signal at the level of its health, which its line says, and its
    request for help where that alone makes its level; nobody does where anything else makes it."""
    worst = {reason.code for reason in reasons if reason.level is attention_level(reasons)}
    if worst == {TeamReasonCode.HELP_WANTED} and not signs.help_taken:
        return False
    if any(reason.code is TeamReasonCode.HEALTH for reason in reasons):
        return signs.in_charge
    return worst == {TeamReasonCode.HELP_WANTED}


def urgency_key(reasons: Sequence[TeamReason]) -> tuple[int, ...]:
    """A sort key, the most urgent greatest: by level, then by how many reasons of each level."""
    levels = [reason.level for reason in reasons]
    return attention_level(reasons), *(
        levels.count(level) for level in sorted(TeamAttentionLevel, reverse=True)
    )
