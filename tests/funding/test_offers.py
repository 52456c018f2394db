"""What pages of money offer, and to whom: nothing of a closed agreement changes, who checks does not
pay, and the operator's page names the agreements to prepare."""

import pytest

from portal.app.administration import trail
from portal.app.administration.trail import TrailFilters
from portal.app.administration.trail_labels import describe_trail_line
from portal.funding.agreements import commands as agreements
from portal.funding.agreements.amendment_commands import AmendmentFacts, amend_agreement
from portal.funding.instalments import payment_commands, plan_commands
from portal.funding.instalments.payment_commands import Payment
from portal.funding.instalments.plan_commands import InstalmentFacts
from portal.oversight.decisions.models import DecisionAddressee
from portal.people.accounts.models import Person
from portal.platform.kernel import clock
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import RuleBroken
from portal.project.projects.queries import get_programme_of
from tests.support import api, funding
from tests.support import decisions as some
from tests.support import factories as make
from tests.support.browser import words_of

F = "/projects/heron/funding"
HALF = InstalmentFacts(amount_cents=50_00)


@pytest.fixture
def browse(browser_for):
    def open_browser(actor):
        return browser_for(db.session.get_one(Person, actor.person_id))

    return open_browser


def test_a_closed_agreement_offers_no_change_and_waits_for_nobody(app, project, people, browse):
    funding.signed(project, people.operator, HALF, HALF)
    first, _second = funding.instalments(project)
    forms = [f"{F}/agreement/{verb}" for verb in ("amend", "end", "document")] + [f"{F}/instalments/1/edit"]
    browser = browse(people.operator)
    links = [browser.visit(path).main.select("a[href]") for path in (F, f"{F}/instalments/1")]
    assert {link["href"] for page in links for link in page} >= set(forms)
    assert browse(people.lead).visit(f"{F}/instalments/1").main.select(".page-head .whose, .whose")
    agreements.end_abandoned_agreement(people.operator, project, first.agreement, "r")
    db.session.commit()
    for path in forms:
        assert "close" in browser.visit(path, expect=403).get_text()
    for path in (F, f"{F}/instalments/1"):
        page = browser.visit(path).main
        assert {link["href"] for link in page.select("a[href]")}.isdisjoint(forms)
        assert page.select(".whose") == []
    client = api.client(app, db.session.get_one(Person, people.lead.person_id))
    assert client.ask("GET", "/projects/heron/instalments/1").get_json()["turn"] == "nobody"
    listed = client.ask("GET", "/projects/heron/instalments").get_json()["data"]
    assert {each["turn"] for each in listed} == {"nobody"}


def test_who_checked_is_not_offered_to_pay(project, people, browse):
    funding.signed(project, people.operator)
    (loaded,) = funding.instalments(project)

    def turns():
        return [bool(browse(each).visit(F).main.select(".whose--you")) for each in operators]

    operators = people.operator, people.second
    funding.ask(people.lead, loaded)
    assert turns() == [True, True]
    funding.check(people.operator, loaded)
    assert turns() == [False, True]
    own, other = (browse(each).visit(f"{F}/instalments/1").main for each in operators)
    assert own.select('a[href$="/pay"]') == []
    assert "une autre personne la verse" in own.get_text()
    assert len(other.select('a[href$="/pay"]')) == 1
    assert "une autre personne la verse" not in other.get_text()


def test_a_payment_reference_is_used_once_in_a_programme(project, people):
    funding.signed(project, people.operator, HALF, HALF)
    first, second = funding.instalments(project)
    neighbour, stranger = make.project(get_programme_of(project)), make.project()
    others = []
    for each in (neighbour, stranger):
        cast = funding.cast(each)
        funding.signed(each, cast.operator)
        others.append((cast, *funding.instalments(each)))
    (near, near_row), (far, far_row) = others
    for cast, loaded in ((people, first), (people, second), (near, near_row), (far, far_row)):
        funding.ask(cast.lead, loaded)
        funding.check(cast.operator, loaded)
    funding.pay(people.second, first, reference="Vir-É 7")
    for cast, loaded in ((people, second), (near, near_row)):
        for reference in ("Vir-É 7", "vir-É 7"):
            payment = Payment(paid_on=clock.today(), reference=reference)
            with pytest.raises(RuleBroken) as broken:
                payment_commands.pay_instalment(cast.second, loaded, payment, loaded.row.version)
            db.session.rollback()
            assert broken.value.field == "reference"
            assert f"{project.short_name}, tranche 1" in broken.value.message
    assert funding.pay(far.second, far_row, reference="Vir-É 7")
    payment_commands.note_payment_failure(people.operator, first, "Rejeté", first.row.version)
    db.session.commit()
    assert funding.pay(people.second, first, reference="Vir-É 7")  # the same payment, sent again


def test_lines_of_the_feed_and_the_trail_name_numbers(project, people, browse):
    """A team reads the number of its agreement, whoever reads states alone does not; nobody an amount."""
    funding.signed(project, people.operator, HALF, number="CONV-9")
    more = AmendmentFacts(signed_on=clock.today(), reason="Motif", amount_cents=80_00)
    agreement = funding.get_agreement(project)
    amend_agreement(people.operator, project, agreement, more, agreement.version)
    (loaded,) = funding.instalments(project)
    funding.ask(people.lead, loaded)
    db.session.commit()
    lines = ("a noté la signature de la convention", "a noté l’avenant 1 à la convention")
    for actor, number in ((people.lead, " CONV-9"), (people.direction, " CONV-9"), (people.coach, "")):
        text = words_of(browse(actor).visit("/projects/heron/activity").main)
        assert [f"{line}{number}" in text for line in lines] == [True, True]
        assert ("CONV-9" in text, "80,00" in text) == (bool(number), False)
        assert "a demandé la tranche 1" in text
    ledger = words_of(browse(people.lead).visit(F).main.find("table"))
    assert all(f"{account}, tranche 1" in ledger for account in ("Engagé", "Demandé"))
    page = trail.read_trail_page(TrailFilters(), "Europe/Paris")
    shown = {line.action: describe_trail_line(line) for line in page.lines}
    assert shown["instalment.planned"] == "Tranche prévue, n° 1"
    assert shown["instalment.asked"] == "A demandé la tranche 1"
    assert shown["agreement.amended"] == "A noté l’avenant 1 à la convention …"
    assert "CONV-9" not in str(db.session.query(AuditEvent.stored_facts).all())  # but for its reference


def test_projects_without_an_agreement_are_to_prepare(project, people, browse):
    signed, begun, stopped = (make.project(get_programme_of(project)) for _n in range(3))
    make.project()  # of another programme
    funding.signed(signed, people.operator)
    funding.drafted(begun, people.operator)
    stopped.stopped_on, stopped.stop_reason, stopped.learnings = clock.today(), "r", "l"
    db.session.commit()
    page = browse(people.operator).visit("/funding").main
    lines = {
        line.select_one("a")["href"]: line.select_one("small").get_text()
        for line in page.select('[aria-labelledby="to-prepare"] li')
    }
    assert lines == {
        F: "pas encore préparée",
        f"/projects/{begun.slug}/funding": "en préparation, à signer",
    }
    plan_commands.plan_instalment(
        people.operator, begun, funding.get_agreement(begun), InstalmentFacts(amount_cents=funding.CANARY)
    )
    funding.sign(begun, people.operator)
    page = browse(people.operator).visit("/funding").main
    assert [link["href"] for link in page.select('[aria-labelledby="to-prepare"] a')] == [F]


def test_a_question_put_to_the_operator_waits_where_they_begin(project, people, browse):
    asker = db.session.get_one(Person, people.lead.person_id)
    some.decision(project, asker, addressee=DecisionAddressee.OPERATOR, question="Verser plus tôt ?")
    some.decision(project, asker, number=2, question="Changer de jalon ?")
    lines = browse(people.operator).visit("/funding").select('[aria-labelledby="waiting"] a')
    assert [words_of(line) for line in lines] == [f"{project.short_name} : Verser plus tôt ?"]
    assert not browse(people.direction).visit("/funding").select('[aria-labelledby="waiting"] a')
