"""The past day as of which an operation reads: one rule, whatever it reads."""

from datetime import datetime

from portal.people.programmes.models import Programme
from portal.people.programmes.schedule_rules import require_day_not_future, require_past_day_of_programme
from portal.platform.kernel import clock
from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.text import format_day
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import reader_time_zone
from portal.platform.web.api_operations import ApiCall
from portal.project.projects.models import Project


def find_past_moment(call: ApiCall, read: Programme | Project) -> datetime | None:
    """The end of the past day `on` in the query; None for now, which today is too.

    Raises `RuleBroken` on `on` for a day that has not come, or before the first of what is `read`.
    """
    zone, day = reader_time_zone(), call.query.get("on")
    if day is None:
        return None
    today = clock.today(zone)
    if isinstance(read, Programme):
        require_past_day_of_programme("on", day, read.starts_on, today)
    require_day_not_future("on", day, today)
    if day < read.starts_on:
        first = format_day(read.starts_on)
        sentence = _("Le projet commence le %(first)s : donnez ce jour-là ou un jour d’après.", first=first)
        raise RuleBroken("on", sentence)
    return clock.end_of_day(day, zone) if day < today else None
