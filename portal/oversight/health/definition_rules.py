"""Definitions of health signals, their thresholds and levels. Pure."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum

THRESHOLD_MIN, THRESHOLD_MAX = 1, 365


class HealthLevel(IntEnum):
    """Level of a signal; the level of a project is that of its worst signal."""

    FINE = 0
    WATCH = 1
    ALERT = 2


class OverrideLevel(IntEnum):
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


class Unit(StrEnum):
    """Unit of a threshold."""

    DAYS_OVER = "days_over"  # raised when there are more days
    DAYS = "days"  # raised from so many days on
    MONTH = "month"  # raised after so many months
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
    unit: Unit
    thresholds: Thresholds
    edition: int = 0
