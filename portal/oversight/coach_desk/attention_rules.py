"""Why a team asks for its coach, from dates and numbers alone. Pure.

The thresholds are the programme's usual ones (days; product's health signals): no contact and no
sprint closed from 21 and 35 days, recommendations unanswered from 7, 14 and 30. A team that waits
for its coach's answer at a gate has waited long after 14; two gates that went stale are an alert.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum

QUIET_DAYS = (21, 35)
UNANSWERED_DAYS = (14, 30)
GATE_REQUEST_DAYS = 14
STALE_GATES_ALERT = 2  # gates


class DeskLevel(IntEnum):
    NOTE = 0
    WARN = 1
    ALERT = 2


class DeskReasonCode(StrEnum):
    """Why; in the order in which reasons of one level are told."""

    HELP = "help"  # asked for, and nobody has taken it
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
    """What is known of one team on one day; each date is since when, None where nothing is so."""

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


def reasons_for(signs: DeskSigns, today: date) -> Sequence[DeskReason]:
    """The worst first. A project at rest asks for nothing but an answer to what it wrote."""
    candidates = [_unread(signs)]
    if signs.goes_on:
        candidates += [
            _since(DeskReasonCode.HELP, DeskLevel.ALERT, signs.help_since, today),
            _silence(DeskReasonCode.CONTACT, signs.contact_on, today),
            _silence(DeskReasonCode.SILENT, signs.closed_on, today),
            _gates_requested(signs, today),
            _stale(signs),
            _unanswered(signs, today),
            _counted(DeskReasonCode.GRAVE, DeskLevel.ALERT, signs.grave),
            _counted(DeskReasonCode.SEVERE, DeskLevel.WARN, signs.severe - signs.grave),
            _since(DeskReasonCode.UNDATED, DeskLevel.WARN, signs.undated_since, today),
            _since(DeskReasonCode.MISSED, DeskLevel.WARN, signs.session_missed_on, today),
            _counted(DeskReasonCode.TO_CONFIRM, DeskLevel.NOTE, signs.to_confirm, signs.done_since),
        ]
    order = list(DeskReasonCode)
    reasons = [reason for reason in candidates if reason is not None]
    return sorted(reasons, key=lambda candidate: (-candidate.level, order.index(candidate.code)))


def urgency(reasons: Sequence[DeskReason]) -> tuple[int, ...]:
    """To compare teams, the greatest first: by how many alerts, warnings, notes."""
    return tuple(
        sum(reason.level is level for reason in reasons)
        for level in sorted(DeskLevel, reverse=True)
    )


def _days(since: date, today: date) -> int:
    return max(0, (today - since).days)


def _silence(code: DeskReasonCode, since: date, today: date) -> DeskReason | None:
    days = _days(since, today)
    if days < QUIET_DAYS[0]:
        return None
    return DeskReason(
        code, DeskLevel.ALERT if days >= QUIET_DAYS[1] else DeskLevel.WARN, since, days
    )


def _unanswered(signs: DeskSigns, today: date) -> DeskReason | None:
    if signs.unanswered_since is None:
        return None
    days = _days(signs.unanswered_since, today)
    level = DeskLevel(sum(days >= step for step in UNANSWERED_DAYS))
    return DeskReason(DeskReasonCode.UNANSWERED, level, signs.unanswered_since, signs.unanswered)


def _gates_requested(signs: DeskSigns, today: date) -> DeskReason | None:
    if signs.gates_requested_since is None:
        return None
    level = (
        DeskLevel.ALERT
        if _days(signs.gates_requested_since, today) >= GATE_REQUEST_DAYS
        else DeskLevel.WARN
    )
    return DeskReason(
        DeskReasonCode.GATES_REQUESTED, level, signs.gates_requested_since, signs.requested_gates
    )


def _stale(signs: DeskSigns) -> DeskReason | None:
    level = DeskLevel.ALERT if signs.stale >= STALE_GATES_ALERT else DeskLevel.WARN
    return _counted(DeskReasonCode.STALE, level, signs.stale, signs.stale_since)


def _since(
    code: DeskReasonCode, level: DeskLevel, since: date | None, today: date
) -> DeskReason | None:
    return None if since is None else DeskReason(code, level, since, _days(since, today))


def _counted(
    code: DeskReasonCode, level: DeskLevel, number: int, since: date | None = None
) -> DeskReason | None:
    return DeskReason(code, level, since, number) if number > 0 else None


def _unread(signs: DeskSigns) -> DeskReason | None:
    return _counted(DeskReasonCode.UNREAD, DeskLevel.NOTE, signs.unread, signs.unread_since)
