"""Payments that came back: failed ones, and recoveries with the days that a team has to answer."""

from datetime import timedelta

import pytest

from portal.funding.agreements.models import InstalmentState
from portal.funding.change_requests.rules import DEFAULT_MODES
from portal.funding.change_requests.terms_commands import FundingTermsFacts, set_funding_terms
from portal.funding.instalments import payment_commands
from portal.funding.instalments.history_labels import list_history
from portal.funding.instalments.payment_commands import Payment
from portal.funding.instalments.queries import find_open_recovery, list_steps
from portal.funding.instalments.waiting_queries import list_recoveries_to_book
from portal.funding.ledger.rules import LedgerTotals
from portal.platform.kernel import clock
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import Overtaken, TooLate
from portal.project.projects.queries import get_programme_of
from tests.funding.instalments.test_payments import refused, totals
from tests.support import funding
from tests.support.refusals import forbidden


def test_failed_and_recovered_payments_are_counter_entries(project, people):
    funding.signed(project, people.operator, amount=90_00)
    (loaded,) = funding.instalments(project)
    funding.paid(people, loaded)
    payment_commands.note_payment_failure(people.operator, loaded, "IBAN fermé", loaded.row.version)
    db.session.commit()
    assert (loaded.row.state, totals(project).paid) == (InstalmentState.CHECKED, 0)
    funding.pay(people.second, loaded)
    too_much = refused(payment_commands.announce_recovery, people.operator, loaded, 90_01, "Trop versé")
    assert too_much.field == "amount_cents"
    recovery = payment_commands.announce_recovery(people.operator, loaded, 30_00, "Trop versé")
    db.session.commit()
    booking = Payment(paid_on=clock.today(), reference="REV-1")
    refused(payment_commands.book_recovery, people.operator, loaded, booking, recovery.version)
    with pytest.raises(TooLate):
        payment_commands.book_recovery(people.second, loaded, booking, recovery.version)
    db.session.rollback()
    refused(payment_commands.note_payment_failure, people.operator, loaded, "Non", loaded.row.version)
    with clock.frozen_at(clock.now() + timedelta(days=15)):
        payment_commands.book_recovery(people.second, loaded, booking, recovery.version)
        db.session.commit()
    assert totals(project) == LedgerTotals(90_00, 90_00, 90_00, 90_00, 30_00)
    second = payment_commands.announce_recovery(people.operator, loaded, 10_00, "Encore")
    with forbidden():
        payment_commands.add_recovery_observations(people.member, loaded, "Non", second.version)
    payment_commands.add_recovery_observations(people.lead, loaded, "D’accord", second.version)
    db.session.commit()
    with pytest.raises(Overtaken):
        payment_commands.add_recovery_observations(people.lead, loaded, "Autre texte", second.version)
    db.session.rollback()
    again = refused(payment_commands.book_recovery, people.second, loaded, booking, second.version)
    assert again.field == "reference"
    other = Payment(paid_on=clock.today(), reference="REV-2")
    payment_commands.book_recovery(people.second, loaded, other, second.version)
    db.session.commit()
    assert (totals(project).remaining, find_open_recovery(loaded.row)) == (0, None)
    assert (totals(project).net_paid, second.observations) == (50_00, "D’accord")
    told = [
        (line.what.split("\u00a0:")[0], line.why) for line in list_history(loaded.row, list_steps(loaded.row))
    ]
    assert ("Observations de l’équipe", "D’accord") in told
    assert ("Reversement annoncé", "Trop versé") in told


def test_a_recovery_keeps_the_days_that_were_left_when_it_was_announced(project, people):
    funding.signed(project, people.operator, amount=90_00)
    (loaded,) = funding.instalments(project)
    funding.paid(people, loaded)
    recovery = payment_commands.announce_recovery(people.operator, loaded, 30_00, "Trop versé")
    programme = get_programme_of(project)
    for version, days in enumerate((0, 90)):
        terms = FundingTermsFacts(recovery_days=days, modes=DEFAULT_MODES)
        set_funding_terms(people.operator, programme, terms, version)
        db.session.commit()
        booking = Payment(paid_on=clock.today(), reference="REV-1")
        with clock.frozen_at(clock.now() + timedelta(days=14)):
            assert list_recoveries_to_book(people.second) == []
            with pytest.raises(TooLate):
                payment_commands.book_recovery(people.second, loaded, booking, recovery.version)
            db.session.rollback()
    with clock.frozen_at(clock.now() + timedelta(days=15)):
        assert [each.since for each in list_recoveries_to_book(people.second)] == [clock.today()]
        payment_commands.book_recovery(people.second, loaded, booking, recovery.version)
        db.session.commit()
    assert totals(project).recovered == 30_00
