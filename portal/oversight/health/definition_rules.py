"""Definitions of health signals, their levels, and thresholds applied to a number. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Any

THRESHOLD_MIN, THRESHOLD_MAX = 0, 365  # 0: at once


class HealthLevel(IntEnum):
    """Level of a signal; the level of a project is that of its worst known signal.

    UNKNOWN: there is nothing to judge yet.
    """

    UNKNOWN = -1
    FINE = 0
    WATCH = 1
    ALERT = 2


class LeadOpinionLevel(IntEnum):
    """How a programme's lead sees a project; NOTHING ends an override."""

    NOTHING = -1
    FINE = 0
    WATCH = 1
    ALERT = 2


class SignalCode(StrEnum):
    """What a signal observes. Codes are stable; reasons of equal level are sorted in this order."""

    DATA_ACCESS = "data_access"
    GATE_SLIP = "gate_slip"
    HIGH_RISK = "high_risk"
    FINDINGS = "findings"
    GATE_STALE = "gate_stale"
    USER_SESSION = "user_session"
    GOALS_MISSED = "goals_missed"
    NO_SPRINT = "no_sprint"
    NO_CONTACT = "no_contact"
    ADVICE = "advice"
    KEY_ROLE = "key_role"


class ThresholdUnit(StrEnum):
    """Unit of a threshold."""

    DAYS_OVER = "days_over"  # raised when there are more days
    DAYS = "days"  # raised from so many days on
    MONTHS_AFTER_DUE = "months_after_due"  # raised so many months after the gate's planned day
    COUNT = "count"  # raised from so many on


@dataclass(frozen=True)
class Thresholds:
    """From which numbers a signal is at WATCH and at ALERT; None: never."""

    watch: int | None
    alert: int | None


@dataclass(frozen=True)
class SignalDefinition:
    """A signal as it applies to a programme; `edition` 0 is the default."""

    code: SignalCode
    unit: ThresholdUnit
    thresholds: Thresholds
    edition: int = 0


Definitions = Mapping[SignalCode, SignalDefinition]


def level_of_number(definition: SignalDefinition, number: int) -> HealthLevel:
    """The level of a number, in the definition's unit; FINE below both thresholds."""
    watch, alert = definition.thresholds.watch, definition.thresholds.alert
    over = definition.unit is ThresholdUnit.DAYS_OVER
    if alert is not None and number >= lowest_raised_number(alert, over=over):
        return HealthLevel.ALERT
    if watch is not None and number >= lowest_raised_number(watch, over=over):
        return HealthLevel.WATCH
    return HealthLevel.FINE


def lowest_raised_number(threshold: int, *, over: bool) -> int:
    """The lowest number that a threshold raises: the threshold, or the next one with `over`. 0
    raises at once."""
    return threshold + (over and threshold > 0)


def lowest_threshold(definition: SignalDefinition) -> int | None:
    """The lowest threshold: WATCH, or ALERT where there is no WATCH; None: it never does."""
    thresholds = definition.thresholds
    return thresholds.alert if thresholds.watch is None else thresholds.watch


def apply_editions(defaults: Definitions, editions: Iterable[Sequence[Any]]) -> Definitions:
    """The definitions of a programme from its editions, the latest last.

    An edition is (code, edition, watch, alert).
    """
    changed = {
        code: SignalDefinition(code, defaults[code].unit, Thresholds(watch, alert), edition)
        for code, edition, watch, alert in editions
    }
    return {**defaults, **changed} if changed else defaults
