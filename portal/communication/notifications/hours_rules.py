"""When a mail may come: the hours and days of a person, on their own clock. Arithmetic alone."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

WEEK = 7


@dataclass(frozen=True)
class MailHours:
    """`opens` and `closes` are whole hours of the day (0 to 24); `days` ISO weekdays, 1 to 7."""

    zone: str
    opens: int
    closes: int
    days: frozenset[int]

    def day_of(self, moment: datetime) -> date:
        return moment.astimezone(ZoneInfo(self.zone)).date()

    def is_open(self, moment: datetime) -> bool:
        """Whether a mail may come now."""
        local = moment.astimezone(ZoneInfo(self.zone))
        return local.isoweekday() in self.days and self.opens <= local.hour < self.closes

    def midnight_before(self, moment: datetime) -> datetime:
        """When the person's day began, in UTC."""
        return self._local_hour_in_utc(self.day_of(moment), 0)

    def next_opening(self, moment: datetime) -> datetime:
        """This moment when open, else the first of the next working hours, in UTC."""
        return moment if self.is_open(moment) else self.next_digest(moment)

    def next_digest(self, moment: datetime) -> datetime:
        """The first beginning of a working day after this moment, in UTC."""
        return self._first_after(moment, self.days)

    def next_weekly(self, moment: datetime) -> datetime:
        """The first beginning of a working week after this moment, in UTC."""
        return self._first_after(moment, frozenset({min(self.days)}))

    def _first_after(self, moment: datetime, days: frozenset[int]) -> datetime:
        day = self.day_of(moment)
        for ahead in range(WEEK + 1):
            on = day + timedelta(days=ahead)
            begins = self._local_hour_in_utc(on, self.opens)
            if on.isoweekday() in days and begins > moment:
                return begins
        raise ValueError("a week without a working day")

    def _local_hour_in_utc(self, day: date, hour: int) -> datetime:
        """An hour that the clock jumps over is the one after."""
        local = datetime.combine(day, time(hour), ZoneInfo(self.zone))
        return local.astimezone(UTC)
