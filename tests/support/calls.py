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
from portal.selection.applications.queries import LoadedApplication, get_known_application_by_id
from portal.selection.calls import commands as calls
from portal.selection.calls.commands import CallFacts
from portal.selection.calls.models import Call, CallState, TieRule
from portal.selection.calls.queries import list_criteria
from portal.selection.deliberation import appeal_commands as appeals
from portal.selection.deliberation import commands as deliberation
from portal.selection.deliberation.commands import ApplicationDecisionFacts, MinutesFacts
from portal.selection.deliberation.models import AppealState, ApplicationAppeal, DecisionKind
from portal.selection.jury import assignment_commands, leadership_commands, score_commands
from portal.selection.jury import commands as jury
from portal.selection.jury.commands import SeatFacts
from portal.selection.jury.sheet_rules import ScoreSheetEntry
from portal.selection.source_replies.models import ReplyAct, SourceReply
from tests.support import factories as make
from tests.support import sources

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
        following = order[order.index(row.state) + 1]
        calls.move_call_to_state(lead, row, following, row.version, knowingly=True)
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
    made = applications.enter_application_by_hand(lead, row, ApplicationFacts(**usual | given))  # type: ignore[arg-type]
    db.session.commit()
    return made


def eligible(lead: Actor, row: Application) -> None:
    loaded = get_known_application_by_id(lead, row.id)
    applications.judge_eligibility(lead, loaded, {0, 1}, "", is_eligible=True, version=row.version)
    db.session.commit()


def juror(lead: Actor, row: Call, **given: object) -> Person:
    """A juror of a programme, on the jury of a call."""
    person = make.role(row.programme_id, Role.JUROR)
    jury.seat_juror(lead, row, person.id, SeatFacts(**given))  # type: ignore[arg-type]
    db.session.commit()
    return person


def load(person: Person | Actor, row: Application) -> LoadedApplication:
    actor = person if isinstance(person, Actor) else make.actor(person)
    return get_known_application_by_id(actor, row.id)


def assign(lead: Actor, row: Application, *people: Person) -> None:
    for person in people:
        assignment_commands.assign_juror(lead, load(lead, row), person.id)
    db.session.commit()


def declare(person: Person, row: Application, *, conflict: bool = False) -> None:
    reason = "J’y ai travaillé." if conflict else ""
    actor = make.actor(person)
    assignment_commands.declare_interests(actor, load(actor, row), reason, has_conflict=conflict)
    db.session.commit()


def entries(row: Call, value: int, why: str = "Parce que.") -> dict[str, ScoreSheetEntry]:
    return {criterion.key: ScoreSheetEntry(value, False, why) for criterion in list_criteria(row)}


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


def decide(lead: Actor, row: Application, outcome: DecisionKind) -> None:
    loaded = load(lead, row)
    reasons = {criterion.key: f"{LINE} {outcome}" for criterion in list_criteria(loaded.call)}
    deliberation.write_decision(lead, loaded, ApplicationDecisionFacts(outcome, reasons, "Suite."), 0)
    db.session.commit()


def publish(lead: Actor, row: Call) -> None:
    deliberation.publish_decisions(lead, row, row.version, knowingly=True)
    db.session.commit()


def appeal(lead: Actor, row: Application) -> ApplicationAppeal:
    made = appeals.receive_appeal(lead, load(lead, row), clock.today(), "Une erreur.")
    db.session.commit()
    return made


def examined(lead: Actor, row: Application) -> ApplicationAppeal:
    made = appeal(lead, row)
    appeals.examine_appeal(lead, load(lead, row), made, "Rien de nouveau.", made.version)
    db.session.commit()
    return made


def decided(lead: Actor, programme: Programme, people: list[Person], outcomes: list[DecisionKind]) -> Call:
    """A call whose applications are all decided, deliberated and not published."""
    row = call(lead, programme, places=9)
    for person in people:
        jury.seat_juror(lead, row, person.id, SeatFacts())
    rows = [application(lead, row) for _outcome in outcomes]
    for each in rows:
        eligible(lead, each)
    move(lead, row, CallState.IN_REVIEW)
    for n, (each, outcome) in enumerate(zip(rows, outcomes, strict=True)):
        assign(lead, each, *people)
        for person in people:
            judge(person, each, 5 - n % 5)
        decide(lead, each, outcome)
    move(lead, row, CallState.DELIBERATED)
    return row


def applications_of(row: Call) -> list[Application]:
    rows = db.session.query(Application).filter_by(call_id=row.id)
    return rows.order_by(Application.number).all()


def one_of_each(programme: Programme, leading: Person, judging: Person) -> dict[str, object]:
    """Calls 1 (draft), 2 (open), 3 (under review), 4 (deliberated), 5 (published), each with what
    its write routes need; returns names for the access table."""
    lead = make.actor(leading)
    other = make.role(programme.id, Role.PROGRAMME_LEAD)
    second, idle, candidate = (make.role(programme.id, Role.JUROR) for _ in range(3))
    draft = call(lead, programme, CallState.DRAFT)
    receiving = call(lead, programme)
    application(lead, receiving)
    withdrawn = application(lead, receiving)
    applications.withdraw_application(lead, load(lead, withdrawn), "Une erreur.", withdrawn.version)
    review, rows = _under_review(lead, programme, judging, [second, idle])
    _put_in_conflict(lead, make.actor(other), rows)
    laureate, refused = DecisionKind.LAUREATE, DecisionKind.NOT_SELECTED
    ready = decided(lead, programme, [judging, second], [laureate, refused])
    done = decided(lead, programme, [judging, second], [laureate, refused, refused])
    calls.publish_call_page(lead, done, done.version)
    deliberation.write_minutes(lead, done, MinutesFacts(clock.today(), minutes="Séance tenue."), 0)
    publish(lead, done)
    _first, appealed, answered = applications_of(done)
    open_appeal, closed = examined(lead, appealed), examined(lead, answered)
    reply = appeals.AppealAnswer(AppealState.REJECTED, "Non.")
    appeals.close_appeal(lead, load(lead, answered), closed, reply, closed.version)
    db.session.commit()
    reply = SourceReply(
        application_id=_first.id,
        act=ReplyAct.ACCEPT,
        motivation="",
        proposed_by_id=lead.person_id,
        due_at=clock.now(),
    )
    db.session.add(reply)
    own, sent = (load(judging, rows[n]).assignment for n in (0, 2))
    assert own is not None
    assert sent is not None
    return {
        "source_version": sources.described(lead, receiving).version,
        "draft_version": draft.version,
        "review_call": review.id,
        "candidate": candidate.id,
        "second_juror": second.id,
        "idle_juror": idle.id,
        "other_lead": other.id,
        "applied_version": rows[0].version,
        "withdrawn_version": withdrawn.version,
        "sheet_version": own.version,
        "sent_version": sent.version,
        "decided_version": ready.version,
        "appeal_version": open_appeal.version,
    }


def _under_review(
    lead: Actor, programme: Programme, judging: Person, others: list[Person]
) -> tuple[Call, list[Application]]:
    """Applications 1 (declared clear by the juror), 2 (not declared), 3 (opened), 4 to 7, 8 (the juror has an
    interest)."""
    row = call(lead, programme)
    jury.seat_juror(lead, row, judging.id, SeatFacts())
    jury.seat_juror(lead, row, others[0].id, SeatFacts(company_number="123456789"))
    jury.seat_juror(lead, row, others[1].id, SeatFacts())
    numbers = {3: "12345678900011"}
    rows = [application(lead, row, company_number=numbers.get(n, "")) for n in range(8)]
    for each in rows:
        eligible(lead, each)
    move(lead, row, CallState.IN_REVIEW)
    for each in rows[:3]:
        assign(lead, each, judging, others[0])
    declare(judging, rows[0])
    for person in (judging, others[0]):
        judge(person, rows[2], 3)
    assign(lead, rows[7], judging)
    jury.spread_applications(lead, row)
    put_in_conflict(make.actor(judging), rows[7])
    return row, rows


def put_in_conflict(actor: Actor, row: Application) -> None:
    """A lead or juror declares an interest."""
    assignment_commands.declare_interests(actor, load(actor, row), "Un proche.", has_conflict=True)
    db.session.commit()


def _put_in_conflict(lead: Actor, other: Actor, rows: list[Application]) -> None:
    """The lead is shut out of application 5, where another is named; another of 6, who asks to
    return. The lead named for 7 asks to be so no more."""
    for actor, row in ((lead, rows[4]), (other, rows[5])):
        put_in_conflict(actor, row)
    leadership_commands.name_lead(lead, load(lead, rows[4]), other.person_id)
    leadership_commands.ask_for_lead_return(other, load(other, rows[5]), "Une erreur.")
    leadership_commands.name_lead(lead, load(lead, rows[6]), other.person_id)
    leadership_commands.ask_to_unname_lead(other, load(other, rows[6]))
    db.session.commit()
