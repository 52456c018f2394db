"""What stands in calendars: data, which every feature with dates adds to, in its room `dates.py`.

The rows of a `Dates` are a statement, made once, of the columns `COLUMNS`. It may name `person`,
`projects` (those that the person is part of) and `programmes` (those around them), and must keep to
what these may see; `since` is the first day that a calendar holds.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Select, Uuid, bindparam

from portal.platform.kernel.contributions import Contribution
from portal.platform.kernel.text import LazyString

COLUMNS = ("id", "scope_id", "starts_on", "ends_on", "number", "name")

PERSON: Any = bindparam("person", type_=Uuid())
PROJECTS: Any = bindparam("projects", expanding=True)
PROGRAMMES: Any = bindparam("programmes", expanding=True)
SINCE: Any = bindparam("since", type_=Date())


@dataclass(frozen=True, eq=False)
class CalendarSource(Contribution):
    """A kind of dates. `title` and `path` may use `number`, `name`, `place` and `slug`."""

    code: str  # of the entries' own ids, kept for ever: calendar programs know them by it
    title: LazyString
    path: str
    rows: Select[Any, Any, Any, Any, Any, Any]

    def entry(self, id_: UUID, starts_on: date, ends_on: date, **facts: Any) -> "CalendarEntry":
        """One of them; `facts` are what its title and its path may use."""
        title, path = str(self.title) % facts, self.path.format(**facts)
        return CalendarEntry(self.code, id_, title, path, starts_on, ends_on)


@dataclass(frozen=True)
class CalendarEntry:
    """Whole days, the last one included. `edition` grows as it changes, `where` it is held; both
    are told by an invitation alone."""

    code: str
    id: UUID
    title: str
    path: str
    starts_on: date
    ends_on: date
    edition: int = 0
    location: str = ""
