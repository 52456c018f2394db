"""Read the audit trail by person, kind of thing and period, through its indexes.

Administrators see who did what to which row, and the names of what changed; never the values,
which are the content of projects.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from portal.communication.directory.queries import RoleScopeNames, get_scope_names_by_id
from portal.people.accounts import join_queries
from portal.people.accounts.queries import read_person_names
from portal.platform.kernel.audit import ACTIONS, AuditEvent
from portal.platform.kernel.history import list_latest_events
from portal.platform.kernel.identifiers import lowest_id_at

PER_PAGE = 20
DAY = timedelta(days=1)
Conditions = Sequence[sa.ColumnElement[bool]]


@dataclass(frozen=True)
class TrailFilters:
    """`person` is an address or the id of an account, `kind` the first word of actions, `row_id` the id of
    a row; days are whole and included. `before` is the id under which the page continues."""

    person: str = ""
    kind: str = ""
    row_id: UUID | None = None
    since: date | None = None
    until: date | None = None
    before: UUID | None = None

    @property
    def narrows(self) -> bool:
        return any((self.person, self.kind, self.row_id, self.since, self.until))

    def as_query_arguments(self, before: UUID) -> Mapping[str, str]:
        """The query string of the next page."""
        values = asdict(self) | {"before": before}
        return {name: str(value) for name, value in values.items() if value}


@dataclass(frozen=True)
class TrailLine:
    """A line of the trail; `who` is "" for the portal itself, `changed` the names of fields, `number`
    that by which people call the thing."""

    id: UUID
    at: datetime
    who: str
    actor_id: UUID | None
    action: str
    subject: str
    subject_id: UUID
    place: RoleScopeNames | None
    changed: Sequence[str]
    number: int | None


@dataclass(frozen=True)
class TrailPage:
    """Lines, latest first; `next_before` is None on the last page."""

    lines: Sequence[TrailLine]
    next_before: UUID | None


def list_action_kinds() -> Sequence[str]:
    """The first words of all actions, in order: what `TrailFilters.kind` may be."""
    return sorted({code.partition(".")[0] for code in ACTIONS})


def read_trail_page(filters: TrailFilters, zone: str, limit: int = PER_PAGE) -> TrailPage:
    """A page of the trail; days are those of a time zone. A constant number of statements."""
    events = list_latest_events(
        _list_alternative_conditions(filters), limit + 1, *_build_period_conditions(filters, zone)
    )
    page = events[:limit]
    names = read_person_names(event.actor_id for event in page)
    places = get_scope_names_by_id(event.scope_id for event in page)
    lines = [_build_trail_line(event, names, places) for event in page]
    return TrailPage(lines, page[-1].id if len(events) > limit else None)


def _build_trail_line(
    event: AuditEvent, names: Mapping[UUID, str], places: Mapping[UUID, RoleScopeNames]
) -> TrailLine:
    return TrailLine(
        id=event.id,
        at=event.created_at,
        who=names.get(event.actor_id, "") if event.actor_id else "",
        actor_id=event.actor_id,
        action=event.action,
        subject=event.subject,
        subject_id=event.subject_id,
        place=places.get(event.scope_id) if event.scope_id else None,
        changed=sorted({*event.before, *event.after}),
        number=number if type(number := event.facts.get("number")) is int else None,
    )


def _list_alternative_conditions(filters: TrailFilters) -> Sequence[Conditions]:
    """Alternative conditions, each on the start of an index; none where nothing can match."""
    codes = [code for code in ACTIONS if code.partition(".")[0] == filters.kind]
    is_of_kind: list[sa.ColumnElement[bool]] = [AuditEvent.action.in_(codes)] if filters.kind else []
    if filters.row_id:
        is_of_kind.append(AuditEvent.subject_id == filters.row_id)
    if filters.person:
        person_id = _find_person_id(filters.person.strip().lower())
        ids = join_queries.list_all_ids_of_person(person_id) if person_id else ()
        own = [column == id_ for id_ in ids for column in (AuditEvent.actor_id, AuditEvent.subject_id)]
        return [[each, *is_of_kind] for each in own]
    if filters.row_id:
        return [is_of_kind]
    if filters.kind:
        return [[AuditEvent.action == code] for code in codes]
    return [[]]


def _find_person_id(text: str) -> UUID | None:
    """The account of an address, or of an id."""
    try:
        return UUID(text)
    except ValueError:
        return join_queries.find_person_id_by_email(text)


def _build_period_conditions(filters: TrailFilters, zone: str) -> Conditions:
    """The period, and where the page continues, as bounds of ids: these tell the time."""
    bounds: list[sa.ColumnElement[bool]] = []
    if filters.since:
        bounds.append(AuditEvent.id >= lowest_id_at(_first_moment_of_day(filters.since, zone)))
    if filters.until:
        bounds.append(AuditEvent.id < lowest_id_at(_first_moment_of_day(filters.until + DAY, zone)))
    if filters.before:
        bounds.append(AuditEvent.id < filters.before)
    return bounds


def _first_moment_of_day(day: date, zone: str) -> datetime:
    """The first moment of a day in a time zone."""
    return datetime.combine(day, time(), ZoneInfo(zone))
