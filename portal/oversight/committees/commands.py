"""Plan a committee, change it, close its record; for leads of the programme."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from portal.communication.calendar.meeting_rules import require_hour_for_duration
from portal.oversight.committees import policy, queries
from portal.oversight.committees.models import DECISIONS, NUMBER_MAX, Committee
from portal.people.programmes.models import Programme
from portal.people.programmes.schedule_rules import (
    require_day_not_before_start,
    require_day_not_long_after_end,
)
from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.database import check_version, db, lock_row, reload_row
from portal.platform.kernel.errors import RuleBroken, TooLate
from portal.platform.kernel.text import format_day, using_language
from portal.platform.kernel.text import gettext as _

PLANNED = audit.Action("committee.planned")
CHANGED = audit.Action("committee.changed")
CLOSED = audit.Action("committee.closed")
_UNRECORDED_FIELDS = frozenset(
    {"id", "created_at", "programme_id", "author_id", "closed_by_id", "closed_agenda", "decided_until"}
)


@dataclass(frozen=True, kw_only=True)
class CommitteeFacts:
    """`hour` is HH:MM or "", `duration` in minutes; `members` one a line."""

    held_on: date
    hour: str = ""
    duration: int | None = None
    place: str = ""
    members: str = ""
    agenda: str = ""


def plan_committee(actor: Actor, programme: Programme, facts: CommitteeFacts) -> Committee:
    """Plan a committee. Raises `RuleBroken` on `held_on` for a day that the programme cannot take, or
    on `hour`."""
    require_programme_lead(actor, programme)
    lock_row(Programme, programme.id)
    _check_day(programme, facts.held_on)
    require_hour_for_duration(facts.hour, facts.duration)
    number = queries.next_number(programme)
    if number > NUMBER_MAX:
        raise RuleBroken(None, _("Ce programme a atteint %(n)s comités.", n=NUMBER_MAX))
    row = Committee(programme_id=programme.id, number=number, author_id=actor.person_id, **asdict(facts))
    db.session.add(row)
    _record_committee_change(actor, programme, PLANNED, row)
    return row


def change_committee(
    actor: Actor, programme: Programme, row: Committee, facts: CommitteeFacts, version: int
) -> None:
    """Change it until its record is closed.

    Raises `RuleBroken` on `held_on` for another day that the programme cannot take, or on `hour`;
    `Conflict`, `TooLate`.
    """
    _lock_open_committee(actor, programme, row, version)
    if facts.held_on != row.held_on:
        _check_day(programme, facts.held_on)
    require_hour_for_duration(facts.hour, facts.duration)
    for name, value in asdict(facts).items():
        setattr(row, name, value)
    _record_committee_change(actor, programme, CHANGED, row)


def close_record(actor: Actor, programme: Programme, row: Committee, version: int) -> None:
    """Close its record, which keeps its agenda: what is decided later, or was after its day, goes to the
    next committee's.

    Raises `RuleBroken` before its day and while an earlier record is open; `Conflict`, `TooLate`.
    """
    _lock_open_committee(actor, programme, row, version)
    _require_begun(row)
    previous = queries.find_previous_committee(row)
    if previous is not None and previous.closed_at is None:
        day = format_day(previous.held_on)
        raise RuleBroken(None, _("Arrêtez d’abord le relevé du comité du %(day)s.", day=day))
    row.closed_agenda = [*_build_closed_agenda(actor, row), [DECISIONS, []]]
    row.closed_at, row.closed_by_id = clock.now(), actor.person_id
    row.decided_until = min(row.closed_at, clock.end_of_day(row.held_on))
    _record_committee_change(actor, programme, CLOSED, row)


def _build_closed_agenda(actor: Actor, row: Committee) -> list[Any]:
    """What waits, for `Committee.closed_agenda`: titles in both languages."""
    agendas = []
    for language in ("fr", "en"):
        with using_language(language):
            agendas.append(queries.list_agenda(actor, row))
    return [
        [
            french.code,
            [
                [line.team, line.path, line.since.isoformat(), {"fr": line.title, "en": other.title}]
                for line, other in zip(french.lines, english.lines, strict=True)
            ],
        ]
        for french, english in zip(*agendas, strict=True)
    ]


def require_programme_lead(actor: Actor, programme: Programme) -> None:
    """Raise `NotAllowed` to all but the programme's leads."""
    sentence = _("Seule la direction du programme tient ses comités. Rien n’a été changé.")
    require(policy.can_manage(actor, programme), sentence)


def require_can_change_committee(actor: Actor, programme: Programme, row: Committee) -> None:
    """Raise `NotAllowed`, or `TooLate` once its record is closed."""
    require_programme_lead(actor, programme)
    if row.closed_at is not None:
        sentence = _("Le relevé de ce comité est arrêté : il ne change plus.")
        raise TooLate(sentence, committee_path(programme, row))


def require_can_close_record(actor: Actor, programme: Programme, row: Committee) -> None:
    """Raise `NotAllowed`, `TooLate` once its record is closed, or `RuleBroken` before it begins."""
    require_can_change_committee(actor, programme, row)
    _require_begun(row)


def _require_begun(row: Committee) -> None:
    if not row.has_begun:
        raise RuleBroken(None, _("Ce comité ne s’est pas encore tenu."))


def _lock_open_committee(actor: Actor, programme: Programme, row: Committee, version: int) -> None:
    """Lock a committee whose record is open, with the others of its programme."""
    require_programme_lead(actor, programme)
    lock_row(Programme, programme.id)
    reload_row(row)
    require_can_change_committee(actor, programme, row)
    check_version(row, version)


def _check_day(programme: Programme, day: date) -> None:
    """Raise `RuleBroken` for a day out of the programme, taken, or not after its last record."""
    require_day_not_before_start("held_on", day, programme.starts_on)
    require_day_not_long_after_end("held_on", day, programme.ends_on)
    last = queries.find_last_closed_committee_day(programme)
    if last is not None and day <= last:
        sentence = _(
            "Le relevé du comité du %(day)s est arrêté : donnez une date qui vient après.",
            day=format_day(last),
        )
        raise RuleBroken("held_on", sentence)
    if queries.has_committee_on(programme, day):
        raise RuleBroken("held_on", _("Ce programme a déjà un comité ce jour-là."))


def committee_path(programme: Programme, row: Committee) -> str:
    """The path of a committee's page."""
    return f"/programmes/{programme.slug}/committees/{row.number}"


def _record_committee_change(
    actor: Actor, programme: Programme, action: audit.Action, row: Committee
) -> None:
    changes = audit.changes_of(row, leave_out=_UNRECORDED_FIELDS)
    facts = {"number": row.number, "path": committee_path(programme, row)}
    audit.record(actor, action, row, scope_id=programme.id, facts=facts, changes=changes)
