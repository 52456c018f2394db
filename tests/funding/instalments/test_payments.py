"""From the agreement to the payment: conditions, states, separation of duties, the ledger."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from portal.collaboration.files import commands as files
from portal.funding.agreements import commands as agreements
from portal.funding.agreements.amendment_commands import AmendmentFacts, amend_agreement
from portal.funding.agreements.attachment_queries import AGREEMENT_FILES
from portal.funding.agreements.commands import ReplacementDocument, Signature
from portal.funding.agreements.models import AgreementState, InstalmentState
from portal.funding.instalments import commands, document_commands, payment_commands, plan_commands
from portal.funding.instalments.attachment_queries import INSTALMENT_FILES
from portal.funding.instalments.labels import describe_awaited
from portal.funding.instalments.models import InstalmentVerb
from portal.funding.instalments.payment_commands import Payment
from portal.funding.instalments.plan_commands import InstalmentFacts
from portal.funding.instalments.queries import list_steps, read_instalment_with_needs
from portal.funding.instalments.rules import TURNS, InstalmentTurn, find_unresolved_step
from portal.funding.ledger.models import LedgerAccount, LedgerEntry
from portal.funding.ledger.queries import read_project_totals_by_instalment
from portal.funding.ledger.rules import LedgerTotals, add_totals
from portal.people.accounts.models import Person
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import Conflict, Overtaken, RuleBroken, TooLate
from portal.project.projects.queries import get_programme_of
from tests.support import factories as make
from tests.support import funding, project_file
from tests.support.gates import PROTOTYPE
from tests.support.refusals import forbidden


def totals(project):
    return add_totals(read_project_totals_by_instalment(project).values())


def refused(command, *args, **named):
    with pytest.raises(RuleBroken) as broken:
        command(*args, **named)
    db.session.rollback()
    return broken.value


def test_an_agreement_is_prepared_signed_amended_and_closed(project, people):
    row = funding.drafted(project, people.operator, amount_cents=100_01, legal_commitment="21 0000 0007")
    assert (row.state, row.legal_commitment) == (AgreementState.DRAFT, "2100000007")
    for other in (people.lead, people.coach, people.member):
        with forbidden():
            agreements.save_agreement(other, project, funding.facts(), row.version)
    with pytest.raises(Conflict):
        agreements.save_agreement(people.operator, project, funding.facts(), 0)
    db.session.rollback()
    assert "somme" in refused(funding.sign, project, people.operator).message
    plan_commands.plan_instalments_by_shares(people.operator, project, row, [3333, 3333, 3334], row.version)
    db.session.commit()
    assert [each.row.amount_cents for each in funding.instalments(project)] == [33_33, 33_33, 33_35]
    file = funding.signable(project, people.operator)
    for field, day, chosen in (
        ("signed_on", clock.today() + timedelta(days=1), file.id),
        ("signed_on", get_programme_of(project).starts_on - timedelta(days=367), file.id),
        ("document", clock.today(), None),
        ("document", clock.today(), project.id),
    ):
        signature = Signature(day, chosen)
        broken = refused(agreements.sign_agreement, people.operator, project, row, signature, row.version)
        assert broken.field == field
    funding.sign(project, people.operator)
    assert totals(project) == LedgerTotals(committed=100_01)
    with pytest.raises(TooLate):
        agreements.save_agreement(people.operator, project, funding.facts(), row.version)
    with pytest.raises(TooLate):
        plan_commands.plan_instalment(people.operator, project, row, InstalmentFacts(amount_cents=1))
    db.session.rollback()
    more = AmendmentFacts(signed_on=clock.today(), reason="Élargi", amount_cents=150_00)
    amended = amend_agreement(people.direction, project, row, more, row.version)
    db.session.commit()
    assert (amended.changes, row.state) == ({"amount_cents": [100_01, 150_00]}, AgreementState.AMENDED)
    assert (
        totals(project).committed == 150_00 == sum(i.row.amount_cents for i in funding.instalments(project))
    )
    less = AmendmentFacts(signed_on=clock.today(), reason="Réduit", amount_cents=1)
    assert refused(amend_agreement, people.operator, project, row, less, row.version).field
    same = AmendmentFacts(signed_on=clock.today(), reason="Rien")
    refused(amend_agreement, people.operator, project, row, same, row.version)
    first, *others = funding.instalments(project)
    funding.ask(people.lead, first)
    refused(agreements.end_agreement, people.operator, project, row, "Fini", row.version)
    funding.check(people.operator, first)
    funding.pay(people.second, first)
    for loaded in others[:-1]:
        funding.paid(people, loaded)
    agreements.end_agreement(people.operator, project, row, "Fini", row.version)
    db.session.commit()
    assert (row.state, totals(project).remaining) == (AgreementState.ENDED, 0)


def test_numbers_are_unique_in_the_installation(project, people):
    funding.drafted(project, people.operator, number="C-1", operator_reference="R-1")
    other = make.project()
    handler = make.actor(make.role(other.programme_id, Role.OPERATOR))
    taken = funding.facts(number="C-1")
    assert refused(agreements.save_agreement, handler, other, taken, 0).field == "number"
    for name, written in (("number", "c-1"), ("operator_reference", "r-1")):
        same = funding.facts(**{name: written})
        assert refused(agreements.save_agreement, handler, other, same, 0).field == name
    wrong = funding.facts(starts_on=clock.today(), ends_on=clock.today())
    assert refused(agreements.save_agreement, handler, other, wrong, 0).field == "ends_on"


def test_an_instalment_waits_for_its_gates_and_is_paid_by_two_people(project, people):
    plan = InstalmentFacts(amount_cents=funding.CANARY, gates=[PROTOTYPE])
    funding.signed(project, people.operator, plan)
    (loaded,) = funding.instalments(project)
    early = refused(funding.ask, people.lead, loaded)
    assert "G5" in early.message
    demonstration = funding.accept_gate(project, people.coach)
    for other in (people.member, people.coach, people.operator, people.direction):
        with forbidden():
            funding.ask(other, loaded)
    funding.ask(people.lead, loaded)
    assert (loaded.row.state, TURNS[loaded.row.state]) == (InstalmentState.REQUESTED, InstalmentTurn.OPERATOR)
    with pytest.raises(Overtaken):
        funding.ask(people.lead, loaded)
    db.session.rollback()
    for other in (people.lead, people.coach, people.direction):
        with forbidden():
            funding.check(other, loaded)
    funding.make_gate_stale(project, demonstration)
    assert list(read_instalment_with_needs(project, loaded.row).unmet_gates) == [PROTOTYPE]
    assert refused(funding.check, people.operator, loaded).field == "reason"
    commands.defer_instalment(people.operator, loaded, "On attend la démonstration", loaded.row.version)
    funding.check(people.operator, loaded, "La démonstration est refaite lundi")
    with forbidden():
        funding.pay(people.operator, loaded, "Vu")
    assert refused(funding.pay, people.second, loaded).field == "reason"
    assert funding.pay(people.second, loaded, "Vu avec la direction")
    assert totals(project) == LedgerTotals(*[funding.CANARY] * 4)
    verbs = [step.verb.value for step, _name in list_steps(loaded.row)]
    assert verbs == ["paid", "checked", "deferred", "asked"]


def test_a_returned_instalment_is_asked_again_and_a_refused_one_is_over(project, people):
    half = InstalmentFacts(amount_cents=50_00)
    funding.signed(project, people.operator, half, half)
    first, second = funding.instalments(project)
    funding.ask(people.lead, first)
    funding.send_back(people.operator, first, "Il manque le bilan")
    assert totals(project) == LedgerTotals(committed=100_00)
    funding.ask(people.lead, first)
    assert totals(project).asked == 50_00
    funding.ask(people.lead, second)
    funding.check(people.operator, second)
    commands.refuse_instalment(people.operator, second, "Dépenses hors objet", second.row.version)
    db.session.commit()
    assert (second.row.state, totals(project).checked) == (InstalmentState.REFUSED, 0)
    with pytest.raises(Overtaken):
        funding.ask(people.lead, second)


def test_what_changes_after_a_check_is_checked_again(project, people):
    plan = InstalmentFacts(amount_cents=60_00, documents=[("Bilan", clock.today() + timedelta(days=9))])
    funding.signed(project, people.operator, plan, InstalmentFacts(amount_cents=40_00))
    first, _last = funding.instalments(project)
    author = db.session.get_one(Person, people.member.person_id)
    assert "Bilan" in refused(funding.ask, people.lead, first).message
    funding.hand_in(people.member, first, funding.attached(first, author, "un"))
    funding.ask(people.lead, first)
    funding.check(people.operator, first)
    funding.hand_in(people.member, first, funding.attached(first, author, "deux"))
    assert (first.row.state, totals(project).checked) == (InstalmentState.REQUESTED, 0)
    funding.check(people.operator, first)
    changed = InstalmentFacts(amount_cents=70_00, documents=plan.documents)
    assert refused(plan_commands.change_instalment, people.operator, first, changed, first.row.version).field
    plan_commands.change_instalment(people.operator, first, changed, first.row.version, "Plus de tests")
    db.session.commit()
    assert totals(project) == LedgerTotals(committed=100_00, asked=70_00)
    assert [each.row.amount_cents for each in funding.instalments(project)] == [70_00, 30_00]
    too_much = InstalmentFacts(amount_cents=100_00, documents=plan.documents)
    arguments = people.operator, first, too_much, first.row.version, "Trop"
    assert refused(plan_commands.change_instalment, *arguments).field == "amount_cents"
    funding.check(people.operator, first)
    file = funding.attached(first, author, "trois")
    funding.hand_in(people.member, first, file)
    funding.check(people.operator, first)
    place = INSTALMENT_FILES.get(people.member, first.row.id)
    files.remove_file(people.member, place, file)
    db.session.commit()
    assert (first.row.state, totals(project).checked) == (InstalmentState.REQUESTED, 0)
    steps = [(step.verb, step.reason) for step, _name in list_steps(first.row)]
    assert steps[0] == (InstalmentVerb.REOPENED, "Bilan")


def test_the_signed_document_stays_until_another_is_chosen(project, people):
    agreement = funding.drafted(project, people.operator)
    author = db.session.get_one(Person, people.operator.person_id)
    first, second = (
        project_file.attachment(project, agreement, author, data=name.encode(), name=f"{name}.csv")
        for name in ("signée", "scannée")
    )
    funding.planned(project, people.operator, funding.CANARY)
    signature = Signature(clock.today(), first.id)
    agreements.sign_agreement(people.operator, project, agreement, signature, agreement.version)
    db.session.commit()
    place = AGREEMENT_FILES.get(people.operator, agreement.id)
    with pytest.raises(TooLate, match="document signé"):
        files.remove_file(people.operator, place, first)
    db.session.rollback()
    for document_id, field in ((first.id, "document"), (second.id, "reason")):
        silent = ReplacementDocument(document_id, "")
        arguments = people.operator, project, agreement, silent, agreement.version
        assert refused(agreements.replace_signed_document, *arguments).field == field
    other = ReplacementDocument(second.id, "Une page manquait")
    agreements.replace_signed_document(people.operator, project, agreement, other, agreement.version)
    db.session.commit()
    assert agreement.document_sha256 == second.sha256 != first.sha256
    assert [(each["sha256"], each["reason"]) for each in agreement.earlier_documents] == [
        (first.sha256, "Une page manquait")
    ]
    with pytest.raises(TooLate, match="a été le document signé"):
        files.remove_file(people.operator, place, first)
    db.session.rollback()


def test_a_statement_is_certified_by_another(project, people):
    funding.signed(project, people.operator, InstalmentFacts(amount_cents=10_00, needs_statement=True))
    (loaded,) = funding.instalments(project)
    refused(funding.ask, people.lead, loaded)
    with forbidden():
        document_commands.prepare_expense_statement(people.coach, loaded, 9_00, loaded.row.version)
    document_commands.prepare_expense_statement(people.lead, loaded, 9_00, loaded.row.version)
    refused(document_commands.certify_expenses, people.lead, loaded, loaded.row.version)
    document_commands.prepare_expense_statement(people.lead, loaded, 9_00, loaded.row.version)
    refused(funding.ask, people.lead, loaded)
    document_commands.prepare_expense_statement(people.lead, loaded, 9_00, loaded.row.version)
    document_commands.certify_expenses(people.member, loaded, loaded.row.version)
    funding.ask(people.lead, loaded)
    assert loaded.row.state is InstalmentState.REQUESTED
    # Stated anew while it is asked: nobody certified that, and it is neither checked nor paid.
    document_commands.prepare_expense_statement(people.lead, loaded, 1_00, loaded.row.version)
    db.session.commit()
    assert "certifié" in refused(funding.check, people.operator, loaded).message
    document_commands.certify_expenses(people.member, loaded, loaded.row.version)
    funding.check(people.operator, loaded)
    document_commands.prepare_expense_statement(people.lead, loaded, 2_00, loaded.row.version)
    db.session.commit()
    assert "certifié" in refused(funding.check, people.operator, loaded).message


def test_a_closed_agreement_changes_no_instalment(project, people):
    some = InstalmentFacts(amount_cents=10_00)
    funding.signed(project, people.operator, some, some)
    first, _second = funding.instalments(project)
    agreements.end_abandoned_agreement(people.operator, project, first.agreement, "r")
    db.session.commit()
    before = totals(project)
    with pytest.raises(TooLate):
        plan_commands.change_instalment(
            people.operator, first, InstalmentFacts(amount_cents=12_00), first.row.version
        )
    db.session.rollback()
    assert totals(project) == before


def test_a_payment_is_one_row_and_never_changes(project, people):
    funding.signed(project, people.operator, amount=90_00)
    (loaded,) = funding.instalments(project)
    funding.ask(people.lead, loaded)
    funding.check(people.operator, loaded)
    version = loaded.row.version
    funding.pay(people.second, loaded)
    third = make.actor(make.role(project.programme_id, Role.OPERATOR))
    payment = Payment(paid_on=clock.today(), reference="VIR-2")
    with pytest.raises(Overtaken):
        payment_commands.pay_instalment(third, loaded, payment, version)
    db.session.rollback()
    paid = select(LedgerEntry).where(LedgerEntry.account == LedgerAccount.PAID)
    assert len(db.session.scalars(paid).all()) == 1
    with pytest.raises(DBAPIError):
        db.session.execute(text("UPDATE ledger_entry SET amount_cents = 1"))
    db.session.rollback()
    early = Payment(paid_on=loaded.agreement.starts_on - timedelta(days=1), reference="VIR-3")
    payment_commands.note_payment_failure(people.operator, loaded, "Rejeté", loaded.row.version)
    db.session.commit()
    view = read_instalment_with_needs(loaded.project, loaded.row)
    assert describe_awaited(view) == "le versement a échoué\N{NO-BREAK SPACE}: à verser de nouveau"
    assert find_unresolved_step(step for step, _name in list_steps(loaded.row)).reason == "Rejeté"
    broken = refused(payment_commands.pay_instalment, third, loaded, early, loaded.row.version)
    assert broken.field == "paid_on"
