"""Calendar sources, which every feature with dates declares in its file `calendar.py`.

The rows of a `CalendarSource` are a statement with the columns `COLUMNS`; those of meetings may add
`hour`, `duration` and `location`. It may bind `PERSON`,
`PROJECTS` (those in which the person has a role) and `PROGRAMMES` (theirs and their projects'), and
must select only what these may see; `SINCE` is the first day of the calendar.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Uuid, bindparam, literal, select

from portal.platform.kernel.contributions import Contribution
from portal.platform.kernel.text import LazyString

COLUMNS = ("id", "scope_id", "starts_on", "ends_on", "number", "name")
MEETING_COLUMNS = ("hour", "duration", "location")

PERSON: Any = bindparam("person", type_=Uuid())
PROJECTS: Any = bindparam("projects", expanding=True)
PROGRAMMES: Any = bindparam("programmes", expanding=True)
SINCE: Any = bindparam("since", type_=Date())


def select_dates(
    row: Any,
    day: Any,
    *conditions: Any,
    scope_id: Any = None,
    scopes: Any = PROJECTS,
    number: Any = None,
    name: Any = None,
    is_meeting: bool = False,
) -> Any:
    """The rows of a source: days of a model's rows in the `scopes`, from `SINCE` on.

    The scope is the row's project, the number its own and the name empty by default. Rows
    of meetings bring their `hour`, `duration` and `place` too.
    """
    scope_id = row.project_id if scope_id is None else scope_id
    meeting = (row.hour, row.duration, row.place.label("location")) if is_meeting else ()
    return select(
        row.id,
        scope_id.label("scope_id"),
        day.label("starts_on"),
        day.label("ends_on"),
        (row.number if number is None else number).label("number"),
        (literal("") if name is None else name).label("name"),
        *meeting,
    ).where(scope_id.in_(scopes), day >= SINCE, *conditions)


@dataclass(frozen=True, eq=False)
class CalendarSource(Contribution):
    """A kind of dates. `title` and `path` may use `number`, `name`, `place` and `slug`."""

    code: str  # part of the entries' UIDs: it never changes, since calendar programs store them
    title: LazyString
    path: str
    rows: Any  # a statement

    def make_entry(self, id_: UUID, starts_on: date, ends_on: date, **facts: Any) -> "CalendarEntry":
        """An entry of this source; `facts` fill its title and its path."""
        title, path = str(self.title) % facts, self.path.format(**facts)
        return CalendarEntry(self.code, id_, title, path, starts_on, ends_on)


@dataclass(frozen=True)
class CalendarEntry:
    """An entry, `ends_on` included: of the whole day without an `hour` (HH:MM in Paris), else of
    `duration` minutes. `edition`, which grows with each change, and `is_cancelled` are written to
    invitations only."""

    code: str
    id: UUID
    title: str
    path: str
    starts_on: date
    ends_on: date
    edition: int = 0
    location: str = ""
    hour: str = ""
    duration: int | None = None
    is_cancelled: bool = False

    def as_invitation(
        self, edition: int, *, hour: str = "", duration: int | None = None, location: str = ""
    ) -> "CalendarEntry":
        """The same entry as an invitation: its edition, its hour, its length and its place."""
        return replace(self, edition=edition, hour=hour, duration=duration, location=location)
