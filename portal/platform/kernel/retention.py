"""How long rows are kept, declared by each feature's plug and applied by the worker in small steps."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.contributions import Contribution
from portal.platform.kernel.database import Base, UtcDateTime
from portal.platform.kernel.text import LazyString

DAYS_MIN, DAYS_MAX = 1, 3650


class RetentionGroup(StrEnum):
    """Under which heading the pages of retention list a term."""

    ACCOUNTS = "accounts"
    MESSAGES = "messages"
    UPLOADS = "uploads"
    PROGRAMMES = "programmes"


@dataclass(frozen=True, kw_only=True)
class RetentionRule(Contribution):
    """Rows of `model` go once `is_over` holds for the moment that many days ago (`moment_ago_parameter`).

    `days` is the default, `reason` says why. `programme` gives the programme of a row, for rules
    that a programme may set. `forget` takes rows away by id, where more or less than the row goes.
    A term is `least` days at least, for a reason.
    """

    key: str
    group: RetentionGroup
    title: LazyString
    reason: LazyString
    days: int
    model: type[Base]
    is_over: Callable[[Any], sa.ColumnElement[bool]]
    programme: Any = None  # a column
    forget: Callable[[Sequence[Any]], None] | None = None
    least: int = DAYS_MIN
    least_reason: LazyString | None = None


def moment_ago_parameter(duration: timedelta) -> sa.BindParameter[datetime]:
    """The moment so long ago, reckoned whenever a statement with it is executed."""
    name = f"{duration // timedelta(seconds=1)}_seconds_ago"
    return sa.bindparam(name, callable_=lambda: clock.now() - duration, type_=UtcDateTime())


def make_expired_uploads_condition(
    created_at: InstrumentedAttribute[datetime], expires_at: InstrumentedAttribute[datetime]
) -> Callable[[Any], sa.ColumnElement[bool]]:
    """The `is_over` of uploads: also of one that nobody can open any more, where the term became longer
    since its upload."""
    return lambda before: (created_at < before) | (expires_at <= moment_ago_parameter(timedelta()))


@dataclass(frozen=True, kw_only=True)
class RetentionMonths:
    """For how many months a place, such as a call, keeps. `endpoint` and `values` name the page where
    this reader sets them; empty where they do not."""

    place: str
    months: int
    endpoint: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class PlaceRetentionTerm(Contribution):
    """A term in months that each place sets on its own pages; the job that applies it counts what it
    removes under `key`.

    `duration` states the default with the moment from which it runs, `setter` says where it is set.
    `list_places` lists all places with their numbers for a reader, `count_due` counts the rows that are over.
    """

    key: str
    group: RetentionGroup
    title: LazyString
    reason: LazyString
    duration: LazyString
    setter: LazyString
    list_places: Callable[[Actor], Sequence[RetentionMonths]]
    count_due: Callable[[], int]


@dataclass(frozen=True)
class StatedRetentionTerm:
    """A term as the page on personal data states it; `own` holds (programme, duration) of those that set
    another one."""

    title: str
    reason: str
    duration: str
    is_per_programme: bool = False
    own: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class RetentionTermReader(Contribution):
    """Reads the terms in force, for the page on personal data; None: nobody is signed in."""

    read: Callable[[Actor | None], Sequence[StatedRetentionTerm]]


@dataclass(frozen=True)
class AnnouncedRemoval:
    """What will go on a day, of which people were told, and how many rows."""

    title: str
    day: date
    rows: int


@dataclass(frozen=True)
class AnnouncedRemovalSource(Contribution):
    """Lists what will go soon, for the pages of retention."""

    list: Callable[[], Iterable[AnnouncedRemoval]]


@dataclass(frozen=True)
class ActivitySource(Contribution):
    """When people were last active, as a statement of `person_id` and `at`."""

    statement: sa.Select[Any, Any]
