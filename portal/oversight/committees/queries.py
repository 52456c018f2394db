"""Committees of a programme, and what stands in their records."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import case, exists, func, or_, select

from portal.coaching.clinics.to_decide_labels import CLAIMED
from portal.funding.change_requests.decided_queries import DecidedChange, list_decided_changes
from portal.oversight.committees import policy
from portal.oversight.committees.models import DECISIONS, Committee
from portal.oversight.decisions.to_decide_labels import HELP, HELP_TAKEN
from portal.people.programmes.models import Programme
from portal.people.programmes.queries import get_programme
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.text import in_reader_language
from portal.project.projects.numbered_queries import PER_PAGE, ListPage
from portal.project.projects.to_decide_queries import list_waiting_kinds, map_waiting_lines_by_kind


def get_readable_programme(actor: Actor, slug: str) -> Programme:
    """A programme whose committees the actor reads. Raises `NotFound`."""
    programme = get_programme(actor, slug)
    if not policy.can_read(actor, programme):
        raise NotFound
    return programme


RecordedChanges = Sequence[DecidedChange]
CHANGES_MAX = 1000  # decisions on change requests that a record holds


@dataclass(frozen=True)
class AgendaLine:
    """What waits in a team, on a page, since a day."""

    team: str
    path: str
    since: date
    title: str = ""


@dataclass(frozen=True)
class AgendaGroup:
    """The lines of one kind of what waits, by its code, with its title."""

    code: str
    title: str
    lines: Sequence[AgendaLine]


def read_committees_page(actor: Actor, programme: Programme, page: int) -> ListPage[Committee]:
    """A page of the committees, the latest first."""
    conditions = Committee.programme_id == programme.id, policy.visible_to(actor)
    count = db.session.scalar(select(func.count()).select_from(Committee).where(*conditions)) or 0
    page = min(page, max(1, -(-count // PER_PAGE)))
    ordered = select(Committee).where(*conditions)
    ordered = ordered.order_by(Committee.held_on.desc(), Committee.number.desc())
    rows = db.session.scalars(ordered.limit(PER_PAGE).offset((page - 1) * PER_PAGE)).all()
    return ListPage(rows, count, page)


def get_committee(actor: Actor, programme: Programme, number: int) -> Committee:
    """A committee by its number. Raises `NotFound`."""
    committee = db.session.scalar(
        select(Committee).where(
            Committee.programme_id == programme.id, Committee.number == number, policy.visible_to(actor)
        )
    )
    if committee is None:
        raise NotFound
    return committee


def next_number(programme: Programme) -> int:
    """The number of the next committee; the caller holds the programme's row."""
    last = select(func.max(Committee.number)).where(Committee.programme_id == programme.id)
    return (db.session.scalar(last) or 0) + 1


def find_latest_committee(programme: Programme) -> Committee | None:
    """Return the committee of a programme that was planned last."""
    latest = select(Committee).where(Committee.programme_id == programme.id)
    return db.session.scalar(latest.order_by(Committee.number.desc()).limit(1))


def find_current_record(actor: Actor, programme: Programme) -> Committee | None:
    """The committee whose record takes what is decided now: the first of today or later whose record is
    open. Else the first whose record is still to close, else, or for who may read no draft, the one whose
    record was closed last."""
    is_open = Committee.closed_at.is_(None)
    committees = select(Committee).where(Committee.programme_id == programme.id, policy.visible_to(actor))
    if not policy.can_manage(actor, programme):
        committees = committees.where(~is_open)
    taking_first = case((is_open & (Committee.held_on >= clock.today()), 0), (is_open, 1), else_=2)
    by_day = case((is_open, Committee.held_on)), Committee.closed_at.desc(), Committee.number
    return db.session.scalar(committees.order_by(taking_first, *by_day).limit(1))


def find_previous_committee(committee: Committee) -> Committee | None:
    """The committee held before."""
    earlier = or_(
        Committee.held_on < committee.held_on,
        (Committee.held_on == committee.held_on) & (Committee.number < committee.number),
    )
    statement = select(Committee).where(Committee.programme_id == committee.programme_id, earlier)
    ordered = statement.order_by(Committee.held_on.desc(), Committee.number.desc())
    return db.session.scalar(ordered.limit(1))


def find_last_closed_committee_day(programme: Programme) -> date | None:
    """The latest day of the committees whose record is closed."""
    last = select(func.max(Committee.held_on))
    return db.session.scalar(
        last.where(Committee.programme_id == programme.id, Committee.closed_at.is_not(None))
    )


def has_committee_on(programme: Programme, day: date) -> bool:
    """Whether a committee of the programme is held on a day."""
    same = exists().where(Committee.programme_id == programme.id, Committee.held_on == day)
    return bool(db.session.scalar(select(same)))


def find_last_record_end(programme_id: UUID) -> datetime | None:
    """When the last committee's record ends, or the end of its day while it is open.

    One of today counts from the close of its record.
    """
    is_over = or_(Committee.held_on < clock.today(), Committee.closed_at.is_not(None))
    last = (
        select(Committee)
        .where(Committee.programme_id == programme_id, is_over)
        .order_by(Committee.held_on.desc(), Committee.number.desc())
        .limit(1)
    )
    committee = db.session.scalar(last)
    if committee is None:
        return None
    return committee.decided_until or committee.closed_at or clock.end_of_day(committee.held_on)


def _build_closed_agenda_line(
    team: str, path: str, since: str, titles: Mapping[str, str] | None = None
) -> AgendaLine:
    """A line of `Committee.closed_agenda`; those closed by version 0.1.0 have no titles."""
    title = in_reader_language(titles.get("fr", ""), titles.get("en", "")) if titles else ""
    return AgendaLine(team, path, date.fromisoformat(since), title)


# Decisions have a list of their own, where the help asked by a question is too; a coach has other help.
_OFF_AGENDA = {DECISIONS, HELP, HELP_TAKEN, CLAIMED}


def list_agenda(actor: Actor, committee: Committee) -> Sequence[AgendaGroup]:
    """What waits for the reader in the programme beside decisions, as the committee's day knew it; of a
    closed record, what waited when it was closed. Nothing of a private kind: operators and observers
    read the record too. The group of the oldest first."""
    if committee.closed_at is not None:
        lines = {
            code: [_build_closed_agenda_line(*line) for line in kept_lines]
            for code, kept_lines in committee.closed_agenda or ()
        }
    else:
        lines = {
            code: [
                AgendaLine(line.project.short_name, line.path, line.since, line.title)
                for line in waiting
                if line.project.programme_id == committee.programme_id
                and (line.listed_from or line.since) <= committee.held_on
            ]
            for code, waiting in map_waiting_lines_by_kind(actor).items()
        }
    groups = [
        AgendaGroup(
            kind.code,
            kind.title(len(lines[kind.code])),
            sorted(lines[kind.code], key=lambda line: line.since),
        )
        for kind in list_waiting_kinds()
        if lines.get(kind.code) and kind.code not in _OFF_AGENDA and not kind.is_private
    ]
    return sorted(groups, key=lambda group: group.lines[0].since)


def list_decided_change_requests(
    committee: Committee, since: datetime | None, until: datetime
) -> RecordedChanges:
    """The decisions on change requests that its record holds, of those taken after a moment and until
    another, the oldest first."""
    if not committee.holds_change_requests:
        return ()
    return list_decided_changes(committee.programme_id, since, until, CHANGES_MAX)
