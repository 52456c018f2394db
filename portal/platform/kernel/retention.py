"""How long rows are kept, declared by each feature's plug and applied by the worker in small steps."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from portal.platform.kernel.contributions import Contribution
from portal.platform.kernel.database import Base
from portal.platform.kernel.text import LazyString

DAYS_MIN, DAYS_MAX = 1, 3650


@dataclass(frozen=True, kw_only=True)
class RetentionRule(Contribution):
    """Rows of `model` go once `is_over` holds for the moment that many days ago.

    `days` is the default, `reason` says why. `programme` gives the programme of a row, for rules
    that a programme may set. `forget` takes rows away by id, where more or less than the row goes.
    """

    key: str
    title: LazyString
    reason: LazyString
    days: int
    model: type[Base]
    is_over: Callable[[datetime], sa.ColumnElement[bool]]
    programme: Any = None  # a column
    forget: Callable[[Sequence[Any]], None] | None = None


@dataclass(frozen=True)
class OwnMonths:
    """A place, such as a call, that keeps for another number of months than usual."""

    place: str
    months: int


@dataclass(frozen=True, kw_only=True)
class PlacedTerm(Contribution):
    """A term in months that each place sets on its own pages; the job that applies it counts what it
    removes under `key`.

    `duration` states the default with the moment from which it runs, `setter` says
    where it is set. `list_own` lists the places with another number, `count_due` the rows that are over.
    """

    key: str
    title: LazyString
    reason: LazyString
    duration: LazyString
    setter: LazyString
    list_own: Callable[[], Sequence[OwnMonths]]
    count_due: Callable[[], int]


@dataclass(frozen=True)
class StatedTerm:
    """A term as the page on personal data states it."""

    title: str
    reason: str
    duration: str


@dataclass(frozen=True)
class TermReader(Contribution):
    """Reads the terms in force, for the page on personal data."""

    read: Callable[[], Sequence[StatedTerm]]


@dataclass(frozen=True)
class AnnouncedRemoval:
    """What will go on a day, of which people were told, and how many rows."""

    title: str
    day: date
    rows: int


@dataclass(frozen=True)
class AnnouncedRemovals(Contribution):
    """Lists what will go soon, for the pages of retention."""

    list: Callable[[], Iterable[AnnouncedRemoval]]


@dataclass(frozen=True)
class ActivitySource(Contribution):
    """When people were last active, as a statement of `person_id` and `at`."""

    statement: sa.Select[Any, Any]
