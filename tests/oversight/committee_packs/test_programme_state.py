"""What a pack tells of the programme beside its teams."""

import re
from datetime import timedelta
from io import BytesIO

from pypdf import PdfReader

from portal.funding.agreements.models import InstalmentState
from portal.funding.instalments.commands import defer_instalment
from portal.funding.instalments.plan_commands import InstalmentFacts
from portal.oversight.committee_packs.programme_state_documents import list_programme_state_parts
from portal.oversight.committee_packs.programme_state_queries import read_programme_state
from portal.oversight.gates.definition_rules import GateVerb
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.pdf.printer import DocumentKind, print_pdf
from portal.selection.applications.models import ApplicationOrigin, ApplicationState
from portal.selection.calls.commands import publish_call_page
from portal.selection.calls.models import CallState
from portal.selection.deliberation.models import PurgedApplication
from tests.oversight.committee_packs.test_first_page import first_page
from tests.support import calls, funding, gates, project_file
from tests.support import factories as make
from tests.support.gates import PROTOTYPE


def test_calls_and_instalments_to_check_or_to_pay_stand_below_the_first_page(programme, heron, others, lead):
    calls.call(lead, programme, CallState.DRAFT, title_fr="Pas encore")
    call = calls.call(
        lead, programme, title_fr="Appel de l’année", closes_on=clock.today() + timedelta(days=9)
    )
    calls.application(lead, call)
    # Operators and observers, who read packs, read no call until its page is public.
    before = clock.now()
    assert read_programme_state(programme, before, clock.today()).calls == []
    publish_call_page(lead, call, call.version)
    db.session.commit()
    assert read_programme_state(programme, before, clock.today()).calls == []
    operator = make.actor(make.role(programme.id, Role.OPERATOR))
    days = clock.today() - timedelta(days=3), clock.today() + timedelta(days=30)
    for team, amount in zip(others, (1_000_00, 2_000_00), strict=True):
        plan = [InstalmentFacts(amount_cents=amount, due_on=due_on) for due_on in days]
        funding.signed(team, operator, *plan)
    asker = make.actor(make.role(others[1].id, Role.TEAM_LEAD))
    for asked in funding.instalments(others[1]):
        funding.ask(asker, asked)
        if asked.row.number == 2:  # it may be paid in a month only; the first one of the other is not asked
            funding.check(operator, asked)
    page = first_page(programme)
    told_call, told_instalments, _guide = page["parts"]
    (sentence,) = told_call["says"]
    assert sentence.replace("\xa0", " ").startswith("Appel de l’année : ouvert, du ")
    assert sentence.endswith(", 1 candidature reçue.")
    assert told_instalments["title"].replace("\xa0", " ") == "1 tranche à contrôler ou à verser"
    rows = [[re.sub(r"\s", " ", cell) for cell in row] for row in told_instalments["table"]["rows"]]
    assert rows == [["Demandées, à contrôler", "1", "2 000 €", "MILAN (tranche 1)"]]
    due = read_programme_state(programme, clock.now(), days[1]).instalments
    assert [(each.number, each.state) for each in due] == [
        (1, InstalmentState.REQUESTED),
        (2, InstalmentState.CHECKED),
    ]
    # What happens later changes nothing of that moment.
    moment = clock.now()
    then = read_programme_state(programme, moment, clock.today())
    calls.application(lead, call)
    purged = {"origin": ApplicationOrigin.TYPED, "outcome": ApplicationState.RECEIVED}
    db.session.add(PurgedApplication(call_id=call.id, purged_at=moment, **purged))
    calls.move(lead, call, CallState.CLOSED)
    funding.ask(make.actor(make.role(others[0].id, Role.TEAM_LEAD)), funding.instalments(others[0])[0])
    assert read_programme_state(programme, moment, clock.today()) == then
    later = read_programme_state(programme, clock.now(), call.closes_on + timedelta(days=1))
    assert later.calls[0].applications == 3  # the purged one too
    page["sheet"]["groups"] = [{**page["sheet"]["groups"][0], "teams": []}]
    pdf = print_pdf(DocumentKind.PACK, {**page, "mark": "0", "teams": []}, moment)
    assert "Appel de l’année" in PdfReader(BytesIO(pdf)).pages[0].extract_text().replace("\n", " ")


def test_an_instalment_on_hold_is_neither_to_check_nor_to_pay_and_names_its_gates(programme, others):
    team = others[0]
    operator = make.actor(make.role(programme.id, Role.OPERATOR))
    funding.signed(team, operator, InstalmentFacts(amount_cents=2_000_00, gates=[PROTOTYPE]))
    coach = gates.coach(team)
    demonstration = funding.accept_gate(team, make.actor(coach))
    (asked,) = funding.instalments(team)
    funding.ask(make.actor(make.role(team.id, Role.TEAM_LEAD)), asked)
    funding.make_gate_stale(team, demonstration)
    before = clock.now()
    defer_instalment(operator, asked, "On attend", asked.row.version)
    db.session.commit()
    held = clock.now()
    demonstration.prototype_version_id = project_file.version(team, link="https://demo.example/v2").id
    gates.judged(team)
    gates.decision(team, PROTOTYPE, GateVerb.ACCEPTED, coach)
    db.session.commit()
    assert [list(_due_at(programme, moment).held_gates) for moment in (before, held, clock.now())] == [
        [],
        [PROTOTYPE],
        [],
    ]
    (part,) = list_programme_state_parts(
        read_programme_state(programme, held, clock.today()), {team.slug: "MILAN"}
    )
    assert part["title"] == "Aucune tranche n’est à contrôler ni à verser"
    (row,) = part["table"]["rows"]
    assert [re.sub(r"\s", " ", cell) for cell in row] == [
        "Mises en attente d’un jalon",
        "1",
        "2 000 €",
        f"MILAN (tranche 1, en attente de G{PROTOTYPE})",
    ]


def _due_at(programme, moment):
    (due,) = read_programme_state(programme, moment, clock.today()).instalments
    return due
