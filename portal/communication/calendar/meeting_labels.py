"""A meeting in words: day, hour, length, place."""

from datetime import date

from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import ngettext
from portal.platform.web.template_filters import day

HOUR = 60


def length(minutes: int) -> str:
    """A length in hours and minutes: « 1 h 30 », « 45 min »."""
    hours, rest = divmod(minutes, HOUR)
    if not hours:
        return ngettext("%(num)s min", "%(num)s min", rest)
    return (
        _("%(hours)s h %(rest)s", hours=hours, rest=f"{rest:02}") if rest else _("%(hours)s h", hours=hours)
    )


def when(day_: date, hour: str, minutes: int | None) -> str:
    """Day, hour and length: « 3 mars à 14:30 (1 h 30) »."""
    text = _("%(day)s à %(hour)s", day=day(day_), hour=hour) if hour else day(day_)
    return f"{text} ({length(minutes)})" if minutes else text
