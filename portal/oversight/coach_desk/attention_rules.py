"""Why a team asks for its coach, from dates and numbers alone. Pure.

Silence, missing contact, unanswered advice and stale gates are judged by the health signals of the
team's programme, with its thresholds. The desk has one threshold of its own: a gate request that
has waited 14 days for the coach's answer is an alert.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum

from portal.oversight.health.definition_rules import Definitions, SignalCode, level_of

GATE_REQUEST_DAYS = 14


class DeskLevel(IntEnum):
    """The levels of health, by the same numbers."""

    NOTE = 0
    WARN = 1
    ALERT = 2


class DeskReasonCode(StrEnum):
    """Why; in the order of the reasons of one level."""

    HELP = "help"  # requested, and nobody has taken the request
    GRAVE = "grave"  # findings of severity 4 are open
    CONTACT = "contact"  # nobody of this track has met them
    SILENT = "silent"  # no sprint closed
    GATES_REQUESTED = "asked"  # gates, of which the coach is the acceptor
    STALE = "stale"  # gates that the coach accepts, and whose acceptance does not hold any more
    UNANSWERED = "unanswered"  # recommendations
    SEVERE = "severe"  # findings of severity 3
    UNDATED = "undated"  # a clinic that was taken and has no day
    MISSED = "missed"  # a session was planned and none is logged
    TO_CONFIRM = "to_confirm"  # recommendations that were done
    UNREAD = "unread"


@dataclass(frozen=True, kw_only=True)
class DeskSigns:
    """The facts of one team on one day; each `…_since` is a date, None where there is none."""

    goes_on: bool
    contact_on: date  # the last session on the coach's track; before any, the start
    closed_on: date  # of the last sprint; before any, the start
    unread: int = 0
    unread_since: date | None = None
    unanswered: int = 0
    unanswered_since: date | None = None
    requested_gates: int = 0
    gates_requested_since: date | None = None
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
class DeskReason:
    """`since` is its date, where it has one; `number` what its sentence counts."""

    code: DeskReasonCode
    level: DeskLevel
    since: date | None
    number: int


def reasons_for(signs: DeskSigns, signal_definitions: Definitions, today: date) -> Sequence[DeskReason]:
    """The reasons, the worst first. A project that does not go on asks only for unread comments.

    `definitions` are the health signals of the team's programme.
    """
    candidates = [_counted(DeskReasonCode.UNREAD, DeskLevel.NOTE, signs.unread, signs.unread_since)]
    if signs.goes_on:
        contact, sprint = (
            signal_definitions[SignalCode.NO_CONTACT],
            signal_definitions[SignalCode.NO_SPRINT],
        )
        silences = (
            (DeskReasonCode.CONTACT, _days(signs.contact_on, today), contact, signs.contact_on),
            (DeskReasonCode.SILENT, _days(signs.closed_on, today), sprint, signs.closed_on),
        )
        candidates += [
            DeskReason(code, DeskLevel(level), since, days)
            for code, days, definition, since in silences
            if (level := level_of(definition, days))
        ]
        candidates += [
            _since(DeskReasonCode.HELP, DeskLevel.ALERT, signs.help_since, today),
            _gates_requested(signs, today),
            _stale(signs, signal_definitions),
            _unanswered(signs, signal_definitions, today),
            _counted(DeskReasonCode.GRAVE, DeskLevel.ALERT, signs.grave),
            _counted(DeskReasonCode.SEVERE, DeskLevel.WARN, signs.severe - signs.grave),
            _since(DeskReasonCode.UNDATED, DeskLevel.WARN, signs.undated_since, today),
            _since(DeskReasonCode.MISSED, DeskLevel.WARN, signs.session_missed_on, today),
            _counted(DeskReasonCode.TO_CONFIRM, DeskLevel.NOTE, signs.to_confirm, signs.done_since),
        ]
    order = list(DeskReasonCode)
    reasons = [reason for reason in candidates if reason is not None]
    return sorted(reasons, key=lambda reason: (-reason.level, order.index(reason.code)))


def urgency(reasons: Sequence[DeskReason]) -> tuple[int, ...]:
    """A sort key, the most urgent greatest: how many alerts, warnings, notes."""
    return tuple(
        sum(reason.level is level for reason in reasons) for level in sorted(DeskLevel, reverse=True)
    )


def _days(since: date, today: date) -> int:
    return max(0, (today - since).days)


def _unanswered(signs: DeskSigns, signal_definitions: Definitions, today: date) -> DeskReason | None:
    """A note below the thresholds of the signal."""
    if signs.unanswered_since is None:
        return None
    days = _days(signs.unanswered_since, today)
    level = DeskLevel(level_of(signal_definitions[SignalCode.ADVICE], days))
    return DeskReason(DeskReasonCode.UNANSWERED, level, signs.unanswered_since, signs.unanswered)


def _gates_requested(signs: DeskSigns, today: date) -> DeskReason | None:
    if signs.gates_requested_since is None:
        return None
    waits_long = _days(signs.gates_requested_since, today) >= GATE_REQUEST_DAYS
    level = DeskLevel.ALERT if waits_long else DeskLevel.WARN
    return DeskReason(
        DeskReasonCode.GATES_REQUESTED, level, signs.gates_requested_since, signs.requested_gates
    )


def _stale(signs: DeskSigns, signal_definitions: Definitions) -> DeskReason | None:
    """A note below the thresholds of the signal."""
    level = DeskLevel(level_of(signal_definitions[SignalCode.GATE_STALE], signs.stale))
    return _counted(DeskReasonCode.STALE, level, signs.stale, signs.stale_since)


def _since(code: DeskReasonCode, level: DeskLevel, since: date | None, today: date) -> DeskReason | None:
    return None if since is None else DeskReason(code, level, since, _days(since, today))


def _counted(
    code: DeskReasonCode, level: DeskLevel, number: int, since: date | None = None
) -> DeskReason | None:
    return DeskReason(code, level, since, number) if number > 0 else None
