"""What a migration writes into rows of the funding that were there before."""

from datetime import timedelta

import sqlalchemy as sa
from flask_migrate import downgrade, upgrade

from portal.funding.change_requests.rules import DEFAULT_MODES
from portal.funding.change_requests.terms_commands import FundingTermsFacts, set_funding_terms
from portal.funding.instalments.payment_commands import announce_recovery
from portal.platform.kernel import clock
from portal.platform.kernel.database import db
from portal.project.projects.queries import get_programme_of
from tests.house.test_migrations import empty_app
from tests.support import factories as make
from tests.support import funding

__all__ = ["empty_app"]
BEFORE = "0045"


def read(text):
    return [tuple(row) for row in db.session.execute(sa.text(text))]


def test_recoveries_get_their_day_and_numbers_their_compared_form(empty_app):
    upgrade()
    project, other = make.project(), make.project()
    for each, reference in ((project, "OP-É 1"), (other, "OP-2")):
        people = funding.cast(each)
        funding.signed(each, people.operator, number=f"Conv-{reference}", operator_reference=reference)
        funding.paid(people, funding.instalments(each)[0])
        announce_recovery(people.operator, funding.instalments(each)[0], 100, "Trop versé")
    terms = FundingTermsFacts(recovery_days=40, modes=DEFAULT_MODES)
    set_funding_terms(people.operator, get_programme_of(other), terms, 0)
    db.session.commit()
    today = clock.today()
    db.session.remove()
    downgrade(revision=BEFORE)
    db.session.execute(
        sa.text("UPDATE funding_agreement SET number = 'conv-op-2' WHERE number = 'Conv-OP-É 1'")
    )
    db.session.commit()
    db.session.remove()
    upgrade()
    days = {str(day) for (day,) in read("SELECT answer_until FROM payment_recovery")}
    assert days == {str(today + timedelta(days=15)), str(today + timedelta(days=40))}
    assert sorted(read("SELECT operator_reference, operator_reference_fold FROM funding_agreement")) == [
        ("OP-2", "op-2"),
        ("OP-É 1", "op-é 1"),
    ]
    folds = read("SELECT number, number_fold FROM funding_agreement ORDER BY id")
    assert folds == [("conv-op-2", "conv-op-2"), ("Conv-OP-2", None)]  # the first one holds it
