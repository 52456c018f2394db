"""When mails may be sent to a person: hours and days in their own time zone."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

WEEK = 7


@dataclass(frozen=True)
class MailHours:
    """`opens` and `closes` are whole hours (0 to 24); `days` are ISO weekdays (1 to 7)."""

    zone: str
    opens: int
    closes: int
    days: frozenset[int]

    def day_of(self, moment: datetime) -> date:
        return moment.astimezone(ZoneInfo(self.zone)).date()

    def is_open(self, moment: datetime) -> bool:
        """Whether a mail may be sent at this moment."""
        local = moment.astimezone(ZoneInfo(self.zone))
        return local.isoweekday() in self.days and self.opens <= local.hour < self.closes

    def midnight_before(self, moment: datetime) -> datetime:
        """When the person's day began, in UTC."""
        return self._local_hour_in_utc(self.day_of(moment), 0)

    def next_opening(self, moment: datetime) -> datetime:
        """This moment if open, else the next opening, in UTC."""
        return moment if self.is_open(moment) else self.next_digest(moment)

    def next_digest(self, moment: datetime) -> datetime:
        """The next opening of a chosen day after this moment, in UTC."""
        return self._first_opening_after(moment, self.days)

    def next_weekly_digest(self, moment: datetime) -> datetime:
        """The next opening of the week's first chosen day after this moment, in UTC."""
        return self._first_opening_after(moment, frozenset({min(self.days)}))

    def _first_opening_after(self, moment: datetime, days: frozenset[int]) -> datetime:
        today = self.day_of(moment)
        for days_ahead in range(WEEK + 1):
            day = today + timedelta(days=days_ahead)
            opening = self._local_hour_in_utc(day, self.opens)
            if day.isoweekday() in days and opening > moment:
                return opening
        raise ValueError("a week without a working day")

    def _local_hour_in_utc(self, day: date, hour: int) -> datetime:
        """An hour skipped by daylight saving time becomes the next one."""
        local = datetime.combine(day, time(hour), ZoneInfo(self.zone))
        return local.astimezone(UTC)
