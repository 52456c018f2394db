"""Months of a support, counted from the day on which it began. Pure."""

from calendar import monthrange
from datetime import date


def months_after(day: date, months: int) -> date:
    """So many months later, on the same day of the month or its last one."""
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
