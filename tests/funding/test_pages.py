"""Pages of a project's money: what each asks for, shows and offers, by who reads it."""

import pytest

from portal.funding.agreements.amendment_commands import AmendmentFacts, amend_agreement
from portal.funding.agreements.queries import get_agreement
from portal.funding.change_requests.commands import ChangeFacts
from portal.funding.change_requests.decision_commands import file_or_note_change_request
from portal.funding.change_requests.models import FundingChangeKind
from portal.funding.instalments import document_commands, payment_commands
from portal.funding.instalments.plan_commands import InstalmentFacts
from portal.funding.instalments.to_decide_labels import list_lines
from portal.people.accounts.models import Person
from portal.platform.kernel import clock
from portal.platform.kernel.database import db
from tests.support import funding

F = "/projects/heron/funding"


@pytest.fixture
def visit(browser_for):
    """Open a page as one of the people around the money."""

    def open_page(actor, path):
        return browser_for(db.session.get_one(Person, actor.person_id)).visit(F + path).main

    return open_page


def names(page):
    return {field["name"] for field in page.select("input, textarea, select") if field.get("name")}


def test_a_reason_is_asked_for_only_where_a_gate_is_to_be_looked_at_again(project, people, visit):
    funding.signed(project, people.operator)
    (loaded,) = funding.instalments(project)
    funding.ask(people.lead, loaded)
    assert "reason" not in names(visit(people.operator, "/instalments/1/check"))
    funding.check(people.operator, loaded)
    page = visit(people.second, "/instalments/1/pay")
    assert "reference" in names(page)
    assert "reason" not in names(page)
    assert "7\u202f654\u202f321" in page.get_text()


def test_a_returned_instalment_says_so(project, people, visit):
    funding.signed(project, people.operator)
    (loaded,) = funding.instalments(project)
    funding.ask(people.lead, loaded)
    funding.send_back(people.operator, loaded)
    assert "rendue à compléter" in visit(people.lead, "").get_text()


def test_the_reason_of_a_return_stays_until_the_instalment_is_asked_again(project, people, visit):
    funding.signed(project, people.operator, InstalmentFacts(amount_cents=10_00, needs_statement=True))
    (loaded,) = funding.instalments(project)

    def state(amount):
        document_commands.prepare_expense_statement(people.lead, loaded, amount, loaded.row.version)
        document_commands.certify_expenses(people.member, loaded, loaded.row.version)
        db.session.commit()

    def alert():
        return [each.get_text() for each in visit(people.lead, "/instalments/1").select(".says--alert")]

    state(9_00)
    funding.ask(people.lead, loaded)
    funding.send_back(people.operator, loaded, "Il manque les factures")
    said = alert()
    assert "Il manque les factures" in said[0]
    state(8_00)
    assert alert() == said
    funding.ask(people.lead, loaded)
    assert alert() == []


def test_a_stale_amendment_shows_both_texts(project, people, browser_for):
    agreement = funding.signed(project, people.operator, amount=90_00)
    browser = browser_for(db.session.get_one(Person, people.operator.person_id))
    version = agreement.version
    other = AmendmentFacts(
        signed_on=clock.today(), reason="Leur motif", amount_cents=120_00, purpose="Leur objet"
    )
    amend_agreement(people.second, project, agreement, other, version)
    db.session.commit()
    typed = {"signed_on": clock.today().isoformat(), "amount_cents": "130", "reason": "Mon motif"}
    path = f"{F}/agreement/amend"
    page = browser.submit(path, expect=409, version=version, ends_on="", purpose="", **typed).main
    texts = {
        each["aria-label"]: [text.get_text() for text in each.select("p")]
        for each in page.select(".two-texts")
    }
    assert texts == {
        "Nouveau montant, en euros": ["130", "120,00"],
        "Motif": ["Mon motif", "Leur motif"],
    }
    again = {field["name"]: field.get("value", "") for field in page.select("input[name]")}
    browser.submit(path, version=again["version"], ends_on="", purpose="", **typed)
    db.session.refresh(agreement)
    assert (agreement.amount_cents, agreement.purpose) == (130_00, "Leur objet")


def test_a_recovery_waits_for_the_team_then_for_another_operator(project, people, visit):
    funding.signed(project, people.operator)
    (loaded,) = funding.instalments(project)
    funding.paid(people, loaded)
    recovery = payment_commands.announce_recovery(people.operator, loaded, 100, "Trop versé")
    db.session.commit()
    assert [*list_lines(people.operator), *list_lines(people.second)] == []
    assert not visit(people.second, "/instalments/1").select('a[href$="/recovery/book"]')
    payment_commands.add_recovery_observations(people.lead, loaded, "Vu", recovery.version)
    db.session.commit()
    assert [line.is_own for actor in (people.operator, people.second) for line in list_lines(actor)] == [
        False,
        True,
    ]
    assert list_lines(people.direction) == []
    assert visit(people.second, "/instalments/1").select('a[href$="/recovery/book"]')
    page = visit(people.operator, "/instalments/1")
    assert not page.select('a[href$="/recovery/book"]')
    assert "une autre personne le note" in page.get_text()


@pytest.mark.parametrize(
    ("kind", "field"), [("delay", "days"), ("budget", "amount_cents"), ("scope", "purpose"), ("", "days")]
)
def test_a_request_asks_for_what_its_kind_needs(project, people, visit, kind, field):
    funding.signed(project, people.operator)
    others = {"days", "amount_cents", "purpose", "learnings"} - {field}
    shown = names(visit(people.lead, f"/changes/new?kind={kind}"))
    assert field in shown
    assert shown.isdisjoint(others) is bool(kind)


def test_the_kinds_of_requests_that_a_programme_admits_are_offered(project, people, visit):
    funding.signed(project, people.operator)
    links = [link["href"] for link in visit(people.lead, "").select('a[href*="/changes/new"]')]
    assert [link.partition("kind=")[2] for link in links] == ["delay", "scope", "budget", "abandonment"]
    assert not visit(people.member, "").select('a[href*="/changes/new"]')


def test_an_instalment_that_lacks_something_cannot_be_sent_and_says_what(project, people, visit):
    funding.signed(project, people.operator, InstalmentFacts(amount_cents=10_00, needs_statement=True))
    page = visit(people.lead, "/instalments/1/ask")
    assert "Il manque encore" in page.get_text()
    assert not page.select("#form button")


def test_who_decides_a_request_reads_what_is_asked_and_why(project, people, visit):
    funding.signed(project, people.operator)
    facts = ChangeFacts(kind=FundingChangeKind.DELAY, reason="Le recrutement a tardé", days=30)
    file_or_note_change_request(people.lead, project, get_agreement(project), facts)
    db.session.commit()
    says = [each.get_text() for each in visit(people.direction, "/changes/1/decide").select("h2 + ul > li")]
    assert "30 jours de plus" in says[0]
    assert "Le recrutement a tardé" in says[1]
    assert "reporte la fin de la convention" in says[2]


def test_a_file_is_attached_before_it_is_handed_in(project, people, visit):
    plan = InstalmentFacts(amount_cents=10_00, documents=[("Bilan", None)])
    funding.signed(project, people.operator, plan)
    (loaded,) = funding.instalments(project)

    def lead_to():
        (link,) = visit(people.member, "/instalments/1").select(".tick a.fr-btn")
        return link["href"]

    assert lead_to() == "#files"
    funding.attached(loaded, db.session.get_one(Person, people.member.person_id), "un")
    assert "/instalments/1/documents/" in lead_to()
