"""Durations in words."""

from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import ngettext

MONTH = 30.4375  # days, on average
IN_DAYS_MAX = 62  # shorter durations are given in days


def format_duration(days: int) -> str:
    """Return a duration: « 12 jours », or « plus de 4 mois » from 62 days on."""
    if days < IN_DAYS_MAX:
        return ngettext("%(num)s jour", "%(num)s jours", days)
    return _("plus de %(n)s mois", n=int(days / MONTH))


def format_days_in_brief(days: int) -> str:
    """Return a number of days in the least words: « 12 j », « aujourd’hui »."""
    return _("%(n)s j", n=days) if days else _("aujourd’hui")


def format_ago(days: int) -> str:
    """Return « il y a 12 jours »."""
    return _("il y a %(time)s", time=format_duration(days))
