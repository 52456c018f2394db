"""Days of agreements and payments that contradict each other are refused beside their field."""

from datetime import timedelta

from portal.funding.agreements import commands as agreements
from portal.funding.agreements.amendment_commands import AmendmentFacts, amend_agreement
from portal.funding.agreements.models import AgreementState
from portal.funding.instalments import payment_commands
from portal.funding.instalments.payment_commands import Payment
from portal.funding.instalments.plan_commands import InstalmentFacts
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from tests.funding.instalments.test_payments import refused
from tests.support import factories as make
from tests.support import funding


def test_an_agreement_ends_after_what_is_paid_and_planned(project, people):
    today, start = clock.today(), clock.now() - timedelta(days=30)
    due = [("Bilan", today + timedelta(days=20))]
    plan = [
        InstalmentFacts(amount_cents=50_00),
        InstalmentFacts(amount_cents=50_00, due_on=today + timedelta(days=10), documents=due),
    ]
    with clock.frozen_at(start):
        row = funding.signed(project, people.operator, *plan)
        funding.paid(people, funding.instalments(project)[0])

    def amend(days=None, **others):
        ends_on = None if days is None else today + timedelta(days=days)
        change = AmendmentFacts(signed_on=clock.today(), reason="Écourtée", ends_on=ends_on, **others)
        amend_agreement(people.operator, project, row, change, row.version)
        db.session.commit()

    for days, sentence in ((9, "tranche 2"), (19, "tranche 2"), (-31, "tranche 1")):
        broken = refused(amend, days)
        assert (broken.field, sentence in broken.message) == ("ends_on", True)
    amend(20)
    with clock.frozen_at(clock.now() + timedelta(days=21)):
        assert refused(amend, purpose="Après la fin").field == "signed_on"
        amend(30, purpose="Avec une fin plus tard")
    assert row.purpose == "Avec une fin plus tard"


def test_a_draft_ends_after_what_it_plans(project, people):
    row = funding.drafted(project, people.operator)
    due = clock.today() + timedelta(days=30)
    funding.planned(project, people.operator, funding.CANARY, due_on=due)
    early = funding.facts(ends_on=due - timedelta(days=1))
    assert refused(agreements.save_agreement, people.operator, project, early, row.version).field == "ends_on"
    agreements.save_agreement(people.operator, project, funding.facts(ends_on=due), row.version)


def test_nothing_is_paid_before_its_check_or_signed_after_the_end(project, people):
    funding.signed(project, people.operator, amount=90_00)
    (loaded,) = funding.instalments(project)
    funding.ask(people.lead, loaded)
    funding.check(people.operator, loaded)
    eve = Payment(paid_on=clock.today() - timedelta(days=1), reference="VIR-4")
    broken = refused(payment_commands.pay_instalment, people.second, loaded, eve, loaded.row.version)
    assert (broken.field, "contrôle" in broken.message) == ("paid_on", True)
    ended = make.project()
    handler = make.actor(make.role(ended.programme_id, Role.OPERATOR))
    day = clock.today()
    row = funding.drafted(ended, handler, starts_on=day - timedelta(days=90), ends_on=day - timedelta(days=1))
    funding.planned(ended, handler, funding.CANARY)
    assert refused(funding.sign, ended, handler).field == "signed_on"
    assert row.state is AgreementState.DRAFT
