"""What a meeting needs, and when it begins."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from portal.platform.kernel import clock
from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.text import gettext as _


def has_meeting_begun(day: date, hour: str) -> bool:
    """Whether its hour (HH:MM in Paris) came, or its day where it has none."""
    begins_at = time.fromisoformat(hour or "00:00")
    return datetime.combine(day, begins_at, ZoneInfo(clock.DEFAULT_ZONE)) <= clock.now()


def require_hour_for_duration(hour: str, duration: int | None) -> None:
    """Raise `RuleBroken` on `hour` for a length that begins at none."""
    if duration is not None and not hour:
        raise RuleBroken("hour", _("Donnez l’heure à laquelle elle commence."))
