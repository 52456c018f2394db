"""Calendar sources, which every feature with dates declares in its file `calendar.py`.

The rows of a `CalendarSource` are a statement with the columns `COLUMNS`. It may bind `PERSON`,
`PROJECTS` (those in which the person has a role) and `PROGRAMMES` (theirs and their projects'), and
must select only what these may see; `SINCE` is the first day of the calendar.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Select, Uuid, bindparam, literal, select

from portal.platform.kernel.contributions import Contribution
from portal.platform.kernel.text import LazyString

COLUMNS = ("id", "scope_id", "starts_on", "ends_on", "number", "name")

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
) -> Select[Any, Any, Any, Any, Any, Any]:
    """The rows of a source: days of a model's rows in the `scopes`, from `SINCE` on.

    The scope is the row's project, the number its own and the name empty by default.
    """
    scope_id = row.project_id if scope_id is None else scope_id
    return select(
        row.id,
        scope_id.label("scope_id"),
        day.label("starts_on"),
        day.label("ends_on"),
        (row.number if number is None else number).label("number"),
        (literal("") if name is None else name).label("name"),
    ).where(scope_id.in_(scopes), day >= SINCE, *conditions)


@dataclass(frozen=True, eq=False)
class CalendarSource(Contribution):
    """A kind of dates. `title` and `path` may use `number`, `name`, `place` and `slug`."""

    code: str  # part of the entries' UIDs: it never changes, since calendar programs store them
    title: LazyString
    path: str
    rows: Select[Any, Any, Any, Any, Any, Any]

    def entry(self, id_: UUID, starts_on: date, ends_on: date, **facts: Any) -> "CalendarEntry":
        """An entry of this source; `facts` fill its title and its path."""
        title, path = str(self.title) % facts, self.path.format(**facts)
        return CalendarEntry(self.code, id_, title, path, starts_on, ends_on)


@dataclass(frozen=True)
class CalendarEntry:
    """An all-day entry, `ends_on` included. `edition` grows with each change; it and `location` are
    written to invitations only."""

    code: str
    id: UUID
    title: str
    path: str
    starts_on: date
    ends_on: date
    edition: int = 0
    location: str = ""
