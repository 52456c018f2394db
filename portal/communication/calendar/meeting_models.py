"""The hour and the length of a meeting on a day."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

HOUR_LENGTH = 5  # HH:MM
PLACE_MAX = 200


class MeetingTime:
    """Columns of a row that has a day: `hour` is HH:MM in Paris or "", `duration` in minutes."""

    hour: Mapped[str] = mapped_column(String(HOUR_LENGTH), default="")
    duration: Mapped[int | None]
