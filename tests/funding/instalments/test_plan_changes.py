"""The plan of a signed agreement changes with a reason, and a past day keeps what it said."""

from datetime import timedelta

import pytest

from portal.funding.agreements import commands as agreements
from portal.funding.agreements.amendment_commands import AmendmentFacts, amend_agreement
from portal.funding.agreements.models import AgreementState, InstalmentState
from portal.funding.agreements.rules import clean_parties
from portal.funding.instalments import commands, payment_commands, plan_commands
from portal.funding.instalments.history_labels import list_history
from portal.funding.instalments.labels import describe_awaited, list_met_conditions, state
from portal.funding.instalments.payment_commands import Payment
from portal.funding.instalments.plan_commands import InstalmentFacts
from portal.funding.instalments.queries import list_steps, read_instalment_with_needs
from portal.funding.instalments.rules import InstalmentTurn, find_whose_turn
from portal.funding.reports.queries import read_report
from portal.people.accounts.models import Person
from portal.platform.kernel import clock
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import Conflict, Overtaken, RuleBroken, TooLate
from portal.project.projects.queries import get_programme_of
from tests.funding.instalments.test_payments import refused, totals
from tests.support import funding
from tests.support.gates import PROTOTYPE


def replan(people, loaded, facts, reason="Convenu avec l’équipe"):
    plan_commands.change_instalment(people.operator, loaded, facts, loaded.row.version, reason)
    db.session.commit()


def report(project, days_ago=0):
    programme, day = get_programme_of(project), clock.today() - timedelta(days=days_ago)
    return read_report(programme, clock.end_of_day(day) if days_ago else clock.now(), day).teams[0]


def test_conditions_change_with_a_reason_that_the_history_and_past_reports_keep(project, people):
    gated = InstalmentFacts(amount_cents=60_00, gates=[PROTOTYPE], documents=[("Bilan", None)])
    with clock.frozen_at(clock.now() - timedelta(days=10)):
        funding.signed(project, people.operator, gated, InstalmentFacts(amount_cents=40_00))
    first, last = funding.instalments(project)
    free = InstalmentFacts(amount_cents=70_00)
    silent = refused(plan_commands.change_instalment, people.operator, first, free, first.row.version)
    assert silent.field == "reason"
    same = refused(plan_commands.change_instalment, people.operator, first, gated, first.row.version, "r")
    assert "Rien ne change" in same.message
    replan(people, first, free)
    told = list_history(first.row, list_steps(first.row))[0]
    assert told.why == "Convenu avec l’équipe"
    for text in ("60,00", "70,00", "G5", "Bilan", "aucun"):
        assert text in told.what
    assert "40,00" in list_history(last.row, list_steps(last.row))[0].what
    assert [number for number, _gate in report(project).instalments[0].gates] == []
    assert [number for number, _gate in report(project, days_ago=5).instalments[0].gates] == [PROTOTYPE]
    event = db.session.query(AuditEvent).filter_by(action="instalment.replanned").one()
    assert (event.stored_before, event.stored_after) == ({"gates": [PROTOTYPE]}, {"gates": []})


@pytest.mark.parametrize("changed", [{"gates": [PROTOTYPE]}, {"due_on": 9}, {"needs_statement": True}])
def test_a_checked_instalment_is_checked_again_once_a_condition_changed(project, people, changed):
    funding.signed(project, people.operator, amount=90_00)
    (loaded,) = funding.instalments(project)
    funding.ask(people.lead, loaded)
    funding.check(people.operator, loaded)
    if "due_on" in changed:
        changed = {"due_on": clock.today() + timedelta(days=changed["due_on"])}
    replan(people, loaded, InstalmentFacts(amount_cents=90_00, **changed))
    assert (loaded.row.state, totals(project).checked) == (InstalmentState.REQUESTED, 0)


def test_nothing_is_paid_before_its_day(project, people):
    due_on = clock.today() + timedelta(days=9)
    funding.signed(project, people.operator, InstalmentFacts(amount_cents=90_00, due_on=due_on))
    (loaded,) = funding.instalments(project)
    assert "pas avant le" in describe_awaited(read_instalment_with_needs(project, loaded.row))
    funding.ask(people.lead, loaded)
    funding.check(people.operator, loaded)
    early = Payment(paid_on=clock.today(), reference="VIR-EARLY")
    broken = refused(payment_commands.pay_instalment, people.second, loaded, early, loaded.row.version)
    assert broken.field == "paid_on"
    with clock.frozen_at(clock.now() + timedelta(days=9)):
        assert funding.pay(people.second, loaded)


@pytest.mark.parametrize("is_paid_again", [True, False])
def test_a_payment_of_a_closed_agreement_may_come_back(project, people, is_paid_again):
    funding.signed(project, people.operator, amount=90_00)
    (loaded,) = funding.instalments(project)
    funding.paid(people, loaded)
    agreements.end_agreement(people.operator, project, loaded.agreement, "Fini", loaded.agreement.version)
    db.session.commit()
    payment_commands.note_payment_failure(people.operator, loaded, "Compte clos", loaded.row.version)
    db.session.commit()
    assert (totals(project).paid, totals(project).remaining) == (0, 90_00)
    assert find_whose_turn(loaded.agreement, loaded.row) is InstalmentTurn.PAYER
    if is_paid_again:
        funding.pay(people.second, loaded)
    else:
        commands.refuse_instalment(people.operator, loaded, "Convenu", loaded.row.version)
        db.session.commit()
    assert totals(project).remaining == 0
    assert loaded.agreement.state is AgreementState.ENDED


def test_what_was_recovered_is_not_owed_again_also_once_the_agreement_is_closed(project, people):
    half = InstalmentFacts(amount_cents=50_00)
    funding.signed(project, people.operator, half, half)
    first, last = funding.instalments(project)
    funding.paid(people, first)
    recovery = payment_commands.announce_recovery(people.operator, first, 50_00, "Trop versé")
    payment_commands.add_recovery_observations(people.lead, first, "D’accord", recovery.version)
    taken = Payment(paid_on=clock.today(), reference="REV-1")
    payment_commands.book_recovery(people.second, first, taken, recovery.version)
    db.session.commit()
    assert (totals(project).remaining, report(project).forecast) == (50_00, 50_00)
    agreements.end_abandoned_agreement(people.operator, project, first.agreement, "Abandon")
    db.session.commit()
    sums = totals(project)
    assert (sums.committed, sums.paid, sums.recovered, sums.remaining) == (50_00, 50_00, 50_00, 0)
    assert state(last.agreement, last.row) == "Close sans versement"
    assert [each.is_released for each in report(project).instalments] == [False, True]


def test_references_of_payments_and_recoveries_differ(project, people):
    half = InstalmentFacts(amount_cents=50_00)
    funding.signed(project, people.operator, half, half)
    first, second = funding.instalments(project)
    funding.paid(people, first)
    funding.paid(people, second)
    recovery = payment_commands.announce_recovery(people.operator, first, 10_00, "Trop versé")
    payment_commands.add_recovery_observations(people.lead, first, "D’accord", recovery.version)
    db.session.commit()
    taken = Payment(paid_on=clock.today(), reference=second.row.payment_reference)
    broken = refused(payment_commands.book_recovery, people.second, first, taken, recovery.version)
    assert broken.field == "reference"


def test_a_check_says_that_the_team_spent_less_than_it_asks(project, people):
    funding.signed(project, people.operator, InstalmentFacts(amount_cents=30_00, needs_statement=True))
    (loaded,) = funding.instalments(project)
    loaded.row.statement_cents = 10_00
    loaded.row.statement_by_id, loaded.row.certified_by_id = people.lead.person_id, people.member.person_id
    db.session.commit()
    (told,) = list_met_conditions(read_instalment_with_needs(project, loaded.row))
    assert "moins que la tranche" in told


@pytest.mark.parametrize(
    ("party", "text"),
    [
        (("FR76 3000 6000 0112 3456 7890 189", funding.SIRET), "coordonnée bancaire"),
        (("Caisse", "11000201100045"), "n’existe pas"),
        (("Caisse", "110"), "14 chiffres"),
    ],
)
def test_a_party_is_a_name_and_a_true_siret(party, text):
    with pytest.raises(RuleBroken, match=text):
        clean_parties([party])


def test_a_form_of_another_state_is_refused_as_it_opens(browser_for, project, people):
    funding.signed(project, people.operator, amount=90_00)
    (loaded,) = funding.instalments(project)
    funding.paid(people, loaded)
    browser = browser_for(db.session.get_one(Person, people.second.person_id))
    place = f"/projects/{project.slug}/funding/instalments/1"
    for path in ("return", "refuse", "check", "wait", "pay"):
        assert browser.open(f"{place}/{path}").status_code == 409
    assert browser.open(f"{place}/fail").status_code == 200
    agreements.end_abandoned_agreement(people.operator, project, loaded.agreement, "Fini")
    db.session.commit()
    with pytest.raises(TooLate):
        commands.require_instalment_state(loaded, payment_commands.PAID_STATE)


def test_a_check_under_way_has_not_seen_a_document_that_was_replaced(project, people):
    plan = InstalmentFacts(amount_cents=60_00, documents=[("Bilan", None)])
    funding.signed(project, people.operator, plan)
    (loaded,) = funding.instalments(project)
    author = db.session.get_one(Person, people.member.person_id)
    funding.hand_in(people.member, loaded, funding.attached(loaded, author, "un"))
    funding.ask(people.lead, loaded)
    seen = loaded.row.version
    funding.hand_in(people.member, loaded, funding.attached(loaded, author, "deux"))
    with pytest.raises(Conflict):
        commands.check_instalment(people.operator, loaded, "", seen)


def test_a_refused_instalment_is_owed_no_more(project, people):
    half = InstalmentFacts(amount_cents=50_00)
    funding.signed(project, people.operator, half, half)
    first, last = funding.instalments(project)
    funding.ask(people.lead, first)
    commands.refuse_instalment(people.operator, first, "Hors objet", first.row.version)
    db.session.commit()
    assert (totals(project).remaining, report(project).forecast) == (50_00, 50_00)
    less = AmendmentFacts(signed_on=clock.today(), reason="r", amount_cents=40_00)
    told = refused(amend_agreement, people.operator, project, first.agreement, less, first.agreement.version)
    assert "versées ou refusées font 50,00" in told.message
    version = first.agreement.version
    agreements.end_agreement(people.operator, project, first.agreement, "Fini sans la dernière", version)
    db.session.commit()
    assert (totals(project).committed, state(last.agreement, last.row)) == (0, "Close sans versement")


def test_each_step_of_a_recovery_names_its_person_and_keeps_its_order(project, people):
    with clock.frozen_at(clock.now() - timedelta(days=20)):
        funding.signed(project, people.operator, amount=90_00)
        (loaded,) = funding.instalments(project)
        funding.paid(people, loaded)
    dropped = payment_commands.announce_recovery(people.operator, loaded, 10_00, "Erreur")
    payment_commands.drop_recovery(people.second, loaded, dropped.version)
    recovery = payment_commands.announce_recovery(people.operator, loaded, 10_00, "Trop versé")
    payment_commands.add_recovery_observations(people.lead, loaded, "D’accord", recovery.version)
    db.session.commit()
    early = Payment(paid_on=clock.today() - timedelta(days=1), reference="REV-9")
    broken = refused(payment_commands.book_recovery, people.second, loaded, early, recovery.version)
    assert "annonce" in broken.message
    taken = Payment(paid_on=clock.today(), reference="REV-9")
    payment_commands.book_recovery(people.second, loaded, taken, recovery.version)
    db.session.commit()
    with pytest.raises(Overtaken):
        payment_commands.book_recovery(people.second, loaded, taken, recovery.version)
    db.session.rollback()
    second = db.session.get_one(Person, people.second.person_id).name
    assert {
        (line.what.split("\xa0:")[0].split(" le ")[0], line.who)
        for line in list_history(loaded.row, list_steps(loaded.row))
    } >= {
        ("Reversement abandonné", second),
        ("Reversé", second),
    }
