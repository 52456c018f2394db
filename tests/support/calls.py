"""A call with applications and a jury, made by the commands that people use."""

from datetime import timedelta
from itertools import count

from portal.people.accounts.models import Person
from portal.people.programmes.models import Programme
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor, Role
from portal.platform.kernel.database import db
from portal.selection.applications import commands as applications
from portal.selection.applications.commands import ApplicationFacts
from portal.selection.applications.models import Application
from portal.selection.applications.queries import LoadedApplication, get_by_id
from portal.selection.calls import commands as calls
from portal.selection.calls.commands import CallFacts
from portal.selection.calls.models import Call, CallState, TieRule
from portal.selection.calls.queries import list_criteria
from portal.selection.jury import assignment_commands, score_commands
from portal.selection.jury import commands as jury
from portal.selection.jury.commands import SeatFacts
from portal.selection.jury.sheet_rules import SheetEntry
from tests.support import factories as make

_numbers = count(1)
LINE = "Ne se devine pas"


def facts(**given: object) -> CallFacts:
    """What a call says; its letters can be sent."""
    today = clock.today()
    usual: dict[str, object] = {
        "title_fr": "Appel à manifestation d’intérêt",
        "title_en": "Call for expressions of interest",
        "purpose_fr": "Essayer l’intelligence artificielle.",
        "purpose_en": "Try artificial intelligence.",
        "opens_on": today - timedelta(days=60),
        "closes_on": today - timedelta(days=2),
        "places": 2,
        "scores_needed": 2,
        "tie_rule": TieRule.JURY,
        "checklist": "Une administration\nUn dossier complet",
        "signatory_name": "Claude Martin",
        "signatory_function": "Déléguée au programme",
        "appeal_terms": "Recours dans les deux mois devant le tribunal administratif.",
    }
    return CallFacts(**usual | given)  # type: ignore[arg-type]


def call(lead: Actor, programme: Programme, state: CallState = CallState.OPEN, **given: object) -> Call:
    """A call brought to a state."""
    row = calls.plan_call(lead, programme, facts(**given))
    db.session.commit()
    move(lead, row, state)
    return row


def move(lead: Actor, row: Call, state: CallState) -> None:
    order = list(CallState)
    while order.index(row.state) < order.index(state):
        calls.move_call(lead, row, order[order.index(row.state) + 1], row.version)
        db.session.commit()


def application(lead: Actor, row: Call, **given: object) -> Application:
    """An application typed in by a lead."""
    n = next(_numbers)
    usual: dict[str, object] = {
        "organisation": f"Organisme {n}",
        "title": f"Projet {n}",
        "received_on": clock.today(),
        "problem": f"{LINE} {n}",
        "summary": "Un résumé",
    }
    made = applications.add_application(lead, row, ApplicationFacts(**usual | given))  # type: ignore[arg-type]
    db.session.commit()
    return made


def eligible(lead: Actor, row: Application) -> None:
    loaded = get_by_id(lead, row.id)
    applications.judge_eligibility(lead, loaded, {0, 1}, "", is_eligible=True, version=row.version)
    db.session.commit()


def juror(lead: Actor, row: Call, **given: object) -> Person:
    """A juror of a programme, on the jury of a call."""
    person = make.role(row.programme_id, Role.JUROR)
    jury.seat_juror(lead, row, person, SeatFacts(**given))  # type: ignore[arg-type]
    db.session.commit()
    return person


def load(person: Person | Actor, row: Application) -> LoadedApplication:
    actor = person if isinstance(person, Actor) else make.actor(person)
    return get_by_id(actor, row.id)


def assign(lead: Actor, row: Application, *people: Person) -> None:
    for person in people:
        assignment_commands.assign_juror(lead, load(lead, row), person.id)
    db.session.commit()


def declare(person: Person, row: Application, *, conflict: bool = False) -> None:
    reason = "J’y ai travaillé." if conflict else ""
    actor = make.actor(person)
    assignment_commands.declare_interests(actor, load(actor, row), reason, has_conflict=conflict)
    db.session.commit()


def entries(row: Call, value: int, why: str = "Parce que.") -> dict[str, SheetEntry]:
    return {criterion.key: SheetEntry(value, False, why) for criterion in list_criteria(row)}


def send(person: Person, row: Application, value: int, why: str = "Parce que.") -> bool:
    """Send the same score on each criterion; returns whether that opened the scores."""
    actor = make.actor(person)
    loaded = load(actor, row)
    assert loaded.assignment is not None
    opened = score_commands.send_sheet(
        actor, loaded, entries(loaded.call, value, why), loaded.assignment.version
    )
    db.session.commit()
    return opened


def judge(person: Person, row: Application, value: int, why: str = "Parce que.") -> bool:
    """Declare no conflict and send."""
    declare(person, row)
    return send(person, row, value, why)
