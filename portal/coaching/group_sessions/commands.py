"""Announce group sessions, record attendance, and answer the satisfaction survey."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy.dialects import postgresql, sqlite

from portal.coaching.group_sessions import policy, queries
from portal.coaching.group_sessions.models import (
    MARKS,
    QUESTIONS,
    Gathering,
    SatisfactionRespondent,
    SatisfactionTally,
    TeamAttendance,
)
from portal.communication.calendar.meeting_rules import require_hour_for_duration
from portal.people.programmes.models import Programme
from portal.people.programmes.schedule_rules import require_day_not_before_start
from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.database import check_version, db, lock_row, reload_row
from portal.platform.kernel.errors import RuleBroken, TooLate
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l

ANNOUNCED = audit.Action("gathering.announced")
CHANGED = audit.Action("gathering.changed")
ATTENDANCE_RECORDED = audit.Action("gathering.counted")
ANSWERED = audit.Action("gathering.answered")
CANCELLED = audit.Action("gathering.cancelled", told_as=CHANGED)
CANCELLATION_UNDONE = audit.Action("gathering.cancellation_undone", told_as=CHANGED)

ORGANISERS_ONLY = _l("Seuls les coachs et la direction du programme tiennent les séances collectives.")
TEAMS_ONLY = _l("Ce sont les équipes du programme qui répondent.")
DAYS_AHEAD_MAX = 366 * 2  # a session is announced at most this many days ahead
_UNRECORDED_FIELDS = frozenset(
    {
        *("id", "created_at", "programme_id", "number", "author_id", "counted_at"),
        *("cancelled_at", "cancelled_by_id"),
    }
)


@dataclass(frozen=True, kw_only=True)
class GatheringFacts:
    """`hour` is HH:MM or "", `duration` in minutes, `place` an address or a link; `agenda` and
    `minutes` are Markdown."""

    title: str
    held_on: date
    hour: str = ""
    duration: int | None = None
    place: str = ""
    agenda: str = ""
    minutes: str = ""


def announce_gathering(actor: Actor, programme: Programme, facts: GatheringFacts) -> Gathering:
    """Create a group session. Raises `RuleBroken` on `held_on` or `hour`."""
    require(policy.can_organise(actor, programme), ORGANISERS_ONLY)
    _check_day(programme, facts.held_on)
    require_hour_for_duration(facts.hour, facts.duration)
    row = Gathering(
        programme_id=programme.id,
        number=queries.reserve_gathering_number(programme),
        author_id=actor.person_id,
        **asdict(facts),
    )
    db.session.add(row)
    _record_gathering_change(actor, programme, ANNOUNCED, row)
    return row


def change_gathering(
    actor: Actor, programme: Programme, row: Gathering, facts: GatheringFacts, expected_version: int
) -> None:
    """Save changed facts. Raises what `announce_gathering` raises, `Conflict`, and `TooLate` once it is
    cancelled."""
    lock_row(Gathering, row.id)  # nobody answers meanwhile
    reload_row(row)
    require_can_change(actor, programme, row)
    check_version(row, expected_version)
    if facts.held_on != row.held_on:
        _check_day(programme, facts.held_on)
        _require_day_of_held_session(row, facts.held_on)
    require_hour_for_duration(facts.hour, facts.duration)
    for name, value in asdict(facts).items():
        setattr(row, name, value)
    _record_gathering_change(actor, programme, CHANGED, row)


def require_can_change(actor: Actor, programme: Programme, row: Gathering) -> None:
    """Raise `NotAllowed`, or `TooLate` for a session that is cancelled."""
    require(policy.can_organise(actor, programme), ORGANISERS_ONLY)
    if not policy.can_change(actor, programme, row):
        raise TooLate(_("Cette séance est annulée."), gathering_path(programme, row))


def require_can_cancel(actor: Actor, programme: Programme, row: Gathering) -> None:
    """Raise `NotAllowed`, or `TooLate` for a session that is cancelled, or that was held."""
    require_can_change(actor, programme, row)
    if not policy.can_cancel(actor, programme, row, queries.read_satisfaction(row).count):
        sentence = _("Cette séance a eu lieu : une présence ou une réponse est notée.")
        raise TooLate(sentence, gathering_path(programme, row))


def cancel_gathering(
    actor: Actor, programme: Programme, row: Gathering, reason: str, expected_version: int
) -> None:
    """Cancel a session that was announced by mistake: it stays, and asks nobody for anything.

    Raises what `require_can_cancel` raises, and `Conflict`.
    """
    lock_row(Gathering, row.id)  # nobody answers meanwhile
    reload_row(row)
    require_can_cancel(actor, programme, row)
    check_version(row, expected_version)
    row.cancelled_at, row.cancelled_by_id, row.cancelled_because = clock.now(), actor.person_id, reason
    _record_gathering_change(actor, programme, CANCELLED, row)


def undo_cancellation(actor: Actor, programme: Programme, row: Gathering, expected_version: int) -> None:
    """Undo a cancellation within the hour. Raises `NotAllowed`, `TooLate`, `Conflict`."""
    require(policy.can_organise(actor, programme), ORGANISERS_ONLY)
    check_version(row, expected_version)
    if not policy.can_undo_cancellation(actor, programme, row):
        sentence = _("Une annulation s’annule pendant une heure : annoncez une autre séance.")
        raise TooLate(sentence, gathering_path(programme, row))
    row.cancelled_at = row.cancelled_by_id = row.cancelled_because = None
    _record_gathering_change(actor, programme, CANCELLATION_UNDONE, row)


def gathering_path(programme: Programme, row: Gathering) -> str:
    """The path of its page, without a request."""
    return f"/programmes/{programme.slug}/gatherings/{row.number}"


def _record_gathering_change(
    actor: Actor, programme: Programme, action: audit.Action, row: Gathering
) -> None:
    """Record what changed, if anything; notifications show number, title, day, hour and page."""
    if changes := audit.changes_of(row, leave_out=_UNRECORDED_FIELDS):
        facts = {"number": row.number, "name": row.title, "path": gathering_path(programme, row)}
        facts |= {"meets_on": row.held_on, "hour": row.hour, "duration": row.duration}
        audit.record(actor, action, row, scope_id=programme.id, facts=facts, changes=changes)


def require_can_record_attendance(actor: Actor, programme: Programme, row: Gathering) -> None:
    """Raise `NotAllowed`, or `TooLate` before the session has begun and once it is cancelled."""
    require_can_change(actor, programme, row)
    if not policy.can_record_attendance(actor, programme, row):
        raise TooLate(_("Cette séance n’a pas encore eu lieu."), gathering_path(programme, row))


def record_attendance(
    actor: Actor, programme: Programme, row: Gathering, attendance: Mapping[UUID, int], expected_version: int
) -> None:
    """Save how many people came from each team, by project id; other teams keep their number.

    Raises what `require_can_record_attendance` raises, `Conflict`, and `RuleBroken` on `teams` for a project
    of another programme.
    """
    require_can_record_attendance(actor, programme, row)
    check_version(row, expected_version)
    project_ids = {team.id for team in queries.list_programme_projects(programme)}
    for unknown in attendance.keys() - project_ids:
        raise RuleBroken("teams", _("Ce projet n’est pas de ce programme : %(id)s.", id=unknown))
    before = queries.read_attendance(row)
    for project_id, people in attendance.items():
        if before.get(project_id) != people:
            values = {"gathering_id": row.id, "project_id": project_id, "people": people}
            _upsert_row(TeamAttendance, values, {"people": people})
    row.counted_at = clock.now()
    facts = {"total": sum(attendance.values())}
    audit.record(actor, ATTENDANCE_RECORDED, row, scope_id=programme.id, facts=facts)


def require_can_answer(actor: Actor, programme: Programme, row: Gathering) -> None:
    """Raise `NotAllowed` for whoever is on no team of the programme, or `TooLate` before the session has
    begun, once it is cancelled, and for a second answer."""
    is_on_a_team = queries.is_on_a_team(actor, programme)
    require(is_on_a_team, TEAMS_ONLY)
    has_answered = queries.has_answered_survey(actor, row)
    if policy.can_answer_survey(row, is_on_a_team=is_on_a_team, has_answered=has_answered):
        return
    page = gathering_path(programme, row)
    if row.cancelled_at is not None:
        raise TooLate(_("Cette séance est annulée."), page)
    raise TooLate(_("Vous avez déjà répondu.") if has_answered else _("Elle n’a pas encore eu lieu."), page)


def record_satisfaction_answer(
    actor: Actor, programme: Programme, row: Gathering, marks: Sequence[int]
) -> None:
    """Add one mark per question to the tallies; each person answers once.

    Raises what `require_can_answer` raises, and `RuleBroken` on invalid marks.
    """
    require(queries.is_on_a_team(actor, programme), TEAMS_ONLY)
    if len(marks) != len(QUESTIONS) or not set(marks) <= set(MARKS):
        raise RuleBroken(None, _("Répondez aux trois questions, de 1 à 5."))
    lock_row(Gathering, row.id)
    reload_row(row)
    require_can_answer(actor, programme, row)
    db.session.add(SatisfactionRespondent(gathering_id=row.id, person_id=actor.person_id))
    for question, mark in zip(QUESTIONS, marks, strict=True):
        _upsert_row(
            SatisfactionTally,
            {"gathering_id": row.id, "question": question, "mark": mark, "answer_count": 1},
            {"answer_count": SatisfactionTally.answer_count + 1},
        )
    audit.record(actor, ANSWERED, row, scope_id=programme.id)


def _upsert_row(
    model: type[TeamAttendance | SatisfactionTally],
    values: Mapping[str, object],
    on_conflict: Mapping[str, object],
) -> None:
    """Insert a row; where its primary key exists, apply `on_conflict` to the existing row."""
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    keys = [column.name for column in model.__table__.primary_key]
    statement = insert(model).values(**values)
    db.session.execute(statement.on_conflict_do_update(index_elements=keys, set_=dict(on_conflict)))


def _require_day_of_held_session(row: Gathering, day: date) -> None:
    """Raise `RuleBroken` on `held_on` for a coming day, once attendance or an answer is recorded."""
    if day > clock.today() and (row.counted_at is not None or queries.read_satisfaction(row).count):
        sentence = _(
            "Une présence ou une réponse est notée : cette séance a eu lieu."
            " Annoncez-en une autre pour ce jour."
        )
        raise RuleBroken("held_on", sentence)


def _check_day(programme: Programme, day: date) -> None:
    require_day_not_before_start("held_on", day, programme.starts_on)
    if day > clock.today() + timedelta(days=DAYS_AHEAD_MAX):
        raise RuleBroken("held_on", _("C’est dans plus de deux ans : donnez une date plus proche."))
