"""Announcing collective sessions, counting who came, and saying what one thought of them."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy.dialects import postgresql, sqlite

from portal.gatherings import policy, queries
from portal.gatherings.models import (
    MARKS,
    QUESTIONS,
    Attendance,
    Gathering,
    SatisfactionGiven,
    SatisfactionTally,
)
from portal.kernel import audit, clock
from portal.kernel.access import Actor, require
from portal.kernel.db import check_version, db, lock_row
from portal.kernel.errors import RuleBroken, TooLate
from portal.kernel.text import gettext as _
from portal.programmes.models import Programme

ANNOUNCED = audit.Action("gathering.announced")
CHANGED = audit.Action("gathering.changed")
COUNTED = audit.Action("gathering.counted")
ANSWERED = audit.Action("gathering.answered")

AHEAD_MAX = 366 * 2  # days until which one may be announced
_LEFT_OUT = frozenset({"id", "created_at", "programme_id", "number", "author_id", "counted_at"})


@dataclass(frozen=True, kw_only=True)
class GatheringFacts:
    """`place`: an address or a link; `agenda` and `minutes` in Markdown."""

    title: str
    held_on: date
    place: str = ""
    agenda: str = ""
    minutes: str = ""


def announce(actor: Actor, programme: Programme, facts: GatheringFacts) -> Gathering:
    """Raises `RuleBroken` on `held_on`."""
    require(policy.can_organise(actor, programme), only_organisers())
    _check_day(facts.held_on)
    row = Gathering(
        programme_id=programme.id,
        number=queries.next_number(programme),
        author_id=actor.person_id,
        **asdict(facts),
    )
    db.session.add(row)
    changes = audit.changes_of(row, leave_out=_LEFT_OUT)
    told = _told(programme, row)
    audit.record(actor, ANNOUNCED, row, scope_id=programme.id, facts=told, changes=changes)
    return row


def change(
    actor: Actor, programme: Programme, row: Gathering, facts: GatheringFacts, seen: int
) -> None:
    """Raises as `announce` does, and `Conflict`."""
    require(policy.can_organise(actor, programme), only_organisers())
    check_version(row, seen)
    if facts.held_on != row.held_on:
        _check_day(facts.held_on)
    for name, value in asdict(facts).items():
        setattr(row, name, value)
    changes = audit.changes_of(row, leave_out=_LEFT_OUT)
    if changes:
        told = _told(programme, row)
        audit.record(actor, CHANGED, row, scope_id=programme.id, facts=told, changes=changes)


def _told(programme: Programme, row: Gathering) -> dict[str, object]:
    """What whoever hears of it is told: its title and its page."""
    path = f"/programmes/{programme.slug}/gatherings/{row.number}"
    return {"number": row.number, "name": row.title, "path": path}


def count_people(
    actor: Actor, programme: Programme, row: Gathering, came: Mapping[UUID, int], seen: int
) -> None:
    """How many came of each team, by project; a team that is not in it keeps what was noted.

    Raises `TooLate` before the day, `Conflict`.
    """
    require(policy.can_organise(actor, programme), only_organisers())
    check_version(row, seen)
    if row.held_on > clock.today():
        raise TooLate(_("Cette séance n’a pas encore eu lieu."))
    ours = {team.id for team in queries.list_teams(programme)}
    before = queries.read_attendance(row)
    for project_id, people in came.items():
        if project_id in ours and before.get(project_id) != people:
            _note(row, project_id, people)
    row.counted_at = clock.now()
    audit.record(actor, COUNTED, row, scope_id=programme.id, facts={"total": sum(came.values())})


def _note(row: Gathering, project_id: UUID, people: int) -> None:
    _add_to(
        Attendance,
        {"gathering_id": row.id, "project_id": project_id, "people": people},
        {"people": people},
    )


def answer(actor: Actor, programme: Programme, row: Gathering, marks: Sequence[int]) -> None:
    """A mark for each of the three questions, added to the sums. Raises `TooLate` before the day or
    the second time, `NotAllowed` for whoever is on no team of the programme."""
    on_a_team = queries.is_on_a_team(actor, programme)
    require(on_a_team, _("Ce sont les équipes du programme qui répondent."))
    if len(marks) != len(QUESTIONS) or not set(marks) <= set(MARKS):
        raise RuleBroken(None, _("Répondez aux trois questions, de 1 à 5."))
    lock_row(Gathering, row.id)
    answered = queries.has_answered(actor, row)
    may = policy.can_answer(row, clock.today(), is_on_a_team=True, has_answered=answered)
    if not may:
        said = _("Vous avez déjà répondu.") if answered else _("Elle n’a pas encore eu lieu.")
        raise TooLate(said)
    db.session.add(SatisfactionGiven(gathering_id=row.id, person_id=actor.person_id))
    for question, mark in zip(QUESTIONS, marks, strict=True):
        _add_to(
            SatisfactionTally,
            {"gathering_id": row.id, "question": question, "mark": mark, "given": 1},
            {"given": SatisfactionTally.given + 1},
        )
    audit.record(actor, ANSWERED, row, scope_id=programme.id)


def _add_to(
    model: type[Attendance | SatisfactionTally],
    values: Mapping[str, object],
    then: Mapping[str, object],
) -> None:
    """A row, or what is done to the one that is there."""
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    keys = [column.name for column in model.__table__.primary_key]
    db.session.execute(
        insert(model).values(**values).on_conflict_do_update(index_elements=keys, set_=dict(then))
    )


def only_organisers() -> str:
    return _("Seuls les coachs et la direction du programme tiennent les séances collectives.")


def _check_day(day: date) -> None:
    if day > clock.today() + timedelta(days=AHEAD_MAX):
        raise RuleBroken("held_on", _("C’est dans plus de deux ans : donnez une date plus proche."))
