"""A meeting in words: day, hour, length, place."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import ngettext
from portal.platform.web.template_filters import day

HOUR = 60


def format_meeting_duration(minutes: int) -> str:
    """A length in hours and minutes: « 1 h 30 », « 45 min »."""
    hours, rest = divmod(minutes, HOUR)
    if not hours:
        return ngettext("%(num)s min", "%(num)s min", rest)
    return (
        _("%(hours)s h %(rest)s", hours=hours, rest=f"{rest:02}") if rest else _("%(hours)s h", hours=hours)
    )


def format_day_and_hour(day_: date, hour: str, minutes: int | None) -> str:
    """Day, hour and length: « 3 mars à 14:30 (1 h 30) »."""
    text = _("%(day)s à %(hour)s", day=day(day_), hour=hour) if hour else day(day_)
    return f"{text} ({format_meeting_duration(minutes)})" if minutes else text


def describe_time_and_place(facts: Mapping[str, Any]) -> str:
    """What a reminder adds: « , à 14:30 (1 h 30), Salle B », as far as it is known."""
    hour, minutes = facts.get("hour"), facts.get("duration")
    time = _(", à %(hour)s", hour=hour) if hour else ""
    extent = f" ({format_meeting_duration(minutes)})" if minutes else ""
    return f"{time}{extent}, {place}" if (place := facts.get("place")) else f"{time}{extent}"


def describe_day_and_time(facts: Mapping[str, Any]) -> str:
    """What the news of a planned meeting adds: « : le 3 mars à 14:30 (1 h 30) »; "" without a day."""
    if not facts.get("meets_on"):
        return ""
    meeting = format_day_and_hour(
        date.fromisoformat(facts["meets_on"]), facts.get("hour") or "", facts.get("duration")
    )
    return _(" : le %(when)s", when=meeting)
