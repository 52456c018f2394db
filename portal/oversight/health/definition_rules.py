"""The signals of a programme's health, and from which number each speaks. Pure."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum

THRESHOLD_MIN, THRESHOLD_MAX = 1, 365


class HealthLevel(IntEnum):
    """How a project is going: the worst of its signals."""

    FINE = 0
    WATCH = 1
    ALERT = 2


class OverrideLevel(IntEnum):
    """How a programme's lead sees a project; NOTHING takes back what was said."""

    NOTHING = -1
    FINE = 0
    WATCH = 1
    ALERT = 2


class SignalCode(StrEnum):
    """What a signal looks at. The codes are stable; reasons of one level are told in this order."""

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
    """What a threshold counts."""

    DAYS_OVER = "days_over"  # speaks when there are more days
    DAYS = "days"  # speaks from so many days on
    MONTH = "month"  # speaks at the beginning of what comes after so many months
    COUNT = "count"  # speaks from so many on


@dataclass(frozen=True)
class Thresholds:
    """From which number a signal asks to be watched, and from which it alerts; None: never."""

    watch: int | None
    alert: int | None


@dataclass(frozen=True)
class SignalDefinition:
    """`edition` 0 is what every programme begins with."""

    code: SignalCode
    unit: Unit
    thresholds: Thresholds
    edition: int = 0
