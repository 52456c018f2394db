"""Why a team asks for its coach, from dates and numbers alone. Pure.

The thresholds are the programme's usual ones (days; product's health signals): no contact and no
sprint closed from 21 and 35 days, recommendations unanswered from 7, 14 and 30. A team that waits
for its coach's answer at a gate has waited long after 14; two gates that went stale are an alert.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum

QUIET = (21, 35)
UNANSWERED = (14, 30)
ASKED = 14
STALE = 2  # gates


class Level(IntEnum):
    NOTE = 0
    WARN = 1
    ALERT = 2


class Code(StrEnum):
    """Why; in the order in which reasons of one level are told."""

    HELP = "help"  # asked for, and nobody has taken it
    GRAVE = "grave"  # findings of severity 4 are open
    CONTACT = "contact"  # nobody of this track has met them
    SILENT = "silent"  # no sprint closed
    ASKED = "asked"  # gates, of which the coach is the acceptor
    STALE = "stale"  # gates that the coach accepts, and whose acceptance does not hold any more
    UNANSWERED = "unanswered"  # recommendations
    SEVERE = "severe"  # findings of severity 3
    UNDATED = "undated"  # a clinic that was taken and has no day
    MISSED = "missed"  # a session was planned and none is logged
    TO_CONFIRM = "to_confirm"  # recommendations that were done
    UNREAD = "unread"


@dataclass(frozen=True, kw_only=True)
class Signs:
    """What is known of one team on one day; each date is since when, None where nothing is so."""

    goes_on: bool
    contact_on: date  # the last session on the coach's track; before any, the start
    closed_on: date  # of the last sprint; before any, the start
    unread: int = 0
    unread_since: date | None = None
    unanswered: int = 0
    unanswered_since: date | None = None
    asked: int = 0
    asked_since: date | None = None
    stale: int = 0
    stale_since: date | None = None
    to_confirm: int = 0
    done_since: date | None = None
    help_since: date | None = None
    undated_since: date | None = None
    session_missed_on: date | None = None
    severe: int = 0
    grave: int = 0


@dataclass(frozen=True)
class Reason:
    """`since` is its date, where it has one; `number` what its sentence counts."""

    code: Code
    level: Level
    since: date | None
    number: int


def reasons_for(signs: Signs, today: date) -> Sequence[Reason]:
    """The worst first. A project at rest asks for nothing but an answer to what it wrote."""
    said = [_unread(signs)]
    if signs.goes_on:
        said += [
            _since(Code.HELP, Level.ALERT, signs.help_since, today),
            _quiet(Code.CONTACT, signs.contact_on, today),
            _quiet(Code.SILENT, signs.closed_on, today),
            _asked(signs, today),
            _stale(signs),
            _unanswered(signs, today),
            _counted(Code.GRAVE, Level.ALERT, signs.grave),
            _counted(Code.SEVERE, Level.WARN, signs.severe - signs.grave),
            _since(Code.UNDATED, Level.WARN, signs.undated_since, today),
            _since(Code.MISSED, Level.WARN, signs.session_missed_on, today),
            _counted(Code.TO_CONFIRM, Level.NOTE, signs.to_confirm, signs.done_since),
        ]
    order = list(Code)
    found = [reason for reason in said if reason is not None]
    return sorted(found, key=lambda one: (-one.level, order.index(one.code)))


def urgency(reasons: Sequence[Reason]) -> tuple[int, ...]:
    """To compare teams, the greatest first: by how many alerts, warnings, notes."""
    return tuple(
        sum(reason.level is level for reason in reasons) for level in sorted(Level, reverse=True)
    )


def _days(since: date, today: date) -> int:
    return max(0, (today - since).days)


def _quiet(code: Code, since: date, today: date) -> Reason | None:
    days = _days(since, today)
    if days < QUIET[0]:
        return None
    return Reason(code, Level.ALERT if days >= QUIET[1] else Level.WARN, since, days)


def _unanswered(signs: Signs, today: date) -> Reason | None:
    if signs.unanswered_since is None:
        return None
    days = _days(signs.unanswered_since, today)
    level = Level(sum(days >= step for step in UNANSWERED))
    return Reason(Code.UNANSWERED, level, signs.unanswered_since, signs.unanswered)


def _asked(signs: Signs, today: date) -> Reason | None:
    if signs.asked_since is None:
        return None
    level = Level.ALERT if _days(signs.asked_since, today) >= ASKED else Level.WARN
    return Reason(Code.ASKED, level, signs.asked_since, signs.asked)


def _stale(signs: Signs) -> Reason | None:
    level = Level.ALERT if signs.stale >= STALE else Level.WARN
    return _counted(Code.STALE, level, signs.stale, signs.stale_since)


def _since(code: Code, level: Level, since: date | None, today: date) -> Reason | None:
    return None if since is None else Reason(code, level, since, _days(since, today))


def _counted(code: Code, level: Level, number: int, since: date | None = None) -> Reason | None:
    return Reason(code, level, since, number) if number > 0 else None


def _unread(signs: Signs) -> Reason | None:
    return _counted(Code.UNREAD, Level.NOTE, signs.unread, signs.unread_since)
