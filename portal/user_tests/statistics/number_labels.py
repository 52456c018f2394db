"""Formatted numbers: durations, ends of intervals, and why a figure has no interval."""

from flask_babel import format_decimal

from portal.platform.kernel.text import gettext as _
from portal.user_tests.statistics.interval_rules import Interval, round_to_tenth

MINUTE, HOUR = 60, 3600
LONGEST = 100 * HOUR  # seconds; an interval that ends later is shown without its end
SHORT = 10  # seconds; shorter durations are shown with tenths


def format_time(seconds: float) -> str:
    """Format seconds: « 4,5 s », « 46 s », « 1 min 08 s », « 1 h 02 min »; at least 0.1 s."""
    if seconds > LONGEST:
        return _("plus de %(n)s h", n=LONGEST // HOUR)
    if round(seconds, 1) < SHORT:
        return _("%(n)s s", n=format_decimal(max(round(seconds, 1), 0.1)))
    whole = round(seconds)
    if whole < MINUTE:
        return _("%(n)s s", n=whole)
    if whole < HOUR:
        return _("%(m)s min %(s)s s", m=whole // MINUTE, s=f"{whole % MINUTE:02}")
    minutes = round(whole / MINUTE)
    return _("%(h)s h %(m)s min", h=format_decimal(minutes // MINUTE), m=f"{minutes % MINUTE:02}")


def format_interval(within: Interval) -> str:
    """Format an interval of scores: « entre 74,3 et 91,5 »."""
    return _("entre %(low)s et %(high)s", low=format_tenths(within.low), high=format_tenths(within.high))


def format_time_interval(within: Interval | None) -> str:
    """Format an interval of seconds: « entre 46 s et 1 min 41 s », « 46 s ou plus » past
    `LONGEST`."""
    if within is None:
        return _("on ne peut pas encore dire")
    low, high = format_time_bounds(within)
    if within.high > LONGEST:
        return _("%(low)s ou plus", low=low)
    return _("entre %(low)s et %(high)s", low=low, high=high)


def format_time_bounds(within: Interval) -> tuple[str, str]:
    return format_time(within.low), format_time(within.high)


def format_value_with_interval(value: str, ends: tuple[str, str], n: int) -> str:
    """Format a value with its interval for a cell: « 82,9 (74,3 à 91,5 ; n = 12) »."""
    return _("%(value)s (%(low)s à %(high)s ; n = %(n)s)", value=value, low=ends[0], high=ends[1], n=n)


def format_tenths(value: float) -> str:
    return str(format_decimal(round_to_tenth(value), "0.0"))


def round_interval_to_hundredths(within: Interval) -> tuple[int, int]:
    """Round an interval of shares to hundredths; only shares of exactly 0 or 1 give 0 or 100."""
    low, high = (round(100 * share) for share in (within.low, within.high))
    return min(low, 99) if within.low < 1 else low, max(high, 1) if within.high > 0 else high


def too_few_answers_sentence(n: int, value: str, *, alike: bool) -> str:
    """Return the sentence for answers without a usable interval; "" where there is one."""
    if n == 1:
        return _("Une seule réponse, %(value)s ; %(why)s.", value=value, why=too_few_reason())
    if alike:
        return _("%(n)s réponses, toutes de %(value)s ; %(why)s.", n=n, value=value, why=all_alike_reason())
    return ""


def too_few_reason() -> str:
    return _("il en faut deux au moins pour un intervalle")


def all_alike_reason() -> str:
    return _("sans écart entre elles, un intervalle ne dirait rien")
