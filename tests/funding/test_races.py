"""Two people at one moment: one act counts, the other person is told, and the ledger is whole."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import func, select

from portal.funding.agreements.models import Instalment, InstalmentState
from portal.funding.agreements.queries import get_agreement
from portal.funding.change_requests.commands import ChangeFacts, file_change_request
from portal.funding.change_requests.decision_commands import ChangeAnswer, apply_change, decide_change
from portal.funding.change_requests.models import (
    ChangeDecision,
    ChangeState,
    FundingChange,
    FundingChangeKind,
    GrantedDelay,
)
from portal.funding.change_requests.queries import LoadedChange, sum_change_delays
from portal.funding.instalments import commands, payment_commands
from portal.funding.instalments.payment_commands import Payment
from portal.funding.ledger.models import LedgerAccount, LedgerEntry
from portal.funding.ledger.queries import read_project_totals_by_instalment
from portal.funding.ledger.rules import LedgerTotals, add_totals
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import Conflict, Overtaken, RuleBroken
from portal.project.projects.models import Project
from portal.project.projects.queries import get_programme_of
from tests.support import factories as make
from tests.support import funding

TOLD = "told"
YES = ChangeAnswer(is_granted=True, reasons="Justifié")


def at_once(app, *acts: Callable[[], object]) -> Sequence[object]:
    """Run acts at one moment, each in its own transaction; `TOLD` for whoever came too late."""
    together = Barrier(len(acts))

    def run(act):
        with app.app_context():
            together.wait()
            try:
                outcome = act()
                db.session.commit()
            except (Overtaken, Conflict):
                outcome = TOLD
            finally:
                db.session.remove()
            return outcome

    db.session.commit()
    with ThreadPoolExecutor(len(acts)) as pool:
        outcomes = list(pool.map(run, acts))
    db.session.expire_all()
    return outcomes


@pytest.fixture
def checked(project, people):
    """An instalment that is checked, as its id and version."""
    funding.signed(project, people.operator, amount=90_00)
    (loaded,) = funding.instalments(project)
    funding.ask(people.lead, loaded)
    funding.check(people.operator, loaded)
    return loaded.row.id, loaded.row.version


def load(id_):
    return funding.load(db.session.get_one(Instalment, id_))


def paying(actor, id_, version, reference):
    payment = Payment(paid_on=clock.today(), reference=reference)
    return lambda: payment_commands.pay_instalment(actor, load(id_), payment, version)


def totals(project):
    return add_totals(read_project_totals_by_instalment(db.session.get_one(Project, project)).values())


def test_two_operators_who_pay_one_instalment_at_once_make_one_payment(app, project, people, checked):
    id_, version = checked
    third = make.actor(make.role(project.programme_id, Role.OPERATOR))
    outcomes = at_once(
        app, paying(people.second, id_, version, "VIR-A"), paying(third, id_, version, "VIR-B")
    )
    assert sorted(outcomes, key=str) == [True, TOLD]
    paid = db.session.scalars(select(LedgerEntry).where(LedgerEntry.account == LedgerAccount.PAID)).all()
    row = db.session.get_one(Instalment, id_)
    assert [(entry.amount_cents, entry.reference) for entry in paid] == [(90_00, row.payment_reference)]


def test_two_payments_at_once_do_not_share_a_reference(app, project, people, checked):
    other = make.project(get_programme_of(project))
    cast = funding.cast(other)
    funding.signed(other, cast.operator, amount=90_00)
    (loaded,) = funding.instalments(other)
    funding.ask(cast.lead, loaded)
    funding.check(cast.operator, loaded)
    second = loaded.row.id, loaded.row.version

    def trying(act):
        def run():
            try:
                return act()
            except RuleBroken as broken:
                db.session.rollback()
                return broken.field

        return run

    acts = paying(people.second, *checked, "VIR-A"), paying(cast.second, *second, "vir-a")
    assert sorted(at_once(app, *map(trying, acts)), key=str) == [True, "reference"]


@pytest.mark.parametrize("attempt", range(3))
def test_what_is_returned_while_it_is_paid_is_one_or_the_other(app, project, people, checked, attempt):
    id_, version = checked
    place = project.id

    def send_back():
        commands.return_instalment(people.operator, load(id_), "Incomplet", version)

    acts = [paying(people.second, id_, version, "VIR-A"), send_back]
    outcomes = at_once(app, *acts[:: 1 if attempt % 2 else -1])
    assert outcomes.count(TOLD) == 1
    row = db.session.get_one(Instalment, id_)
    if True in outcomes:
        assert (row.state, totals(place)) == (InstalmentState.PAID, LedgerTotals(*[90_00] * 4))
    else:
        assert (row.state, totals(place)) == (InstalmentState.RETURNED, LedgerTotals(committed=90_00))


def test_delays_granted_over_each_other_count_once_each(app, project, people):
    funding.signed(project, people.operator)
    other = make.actor(make.role(project.programme_id, Role.PROGRAMME_LEAD))
    place, ends_on = project.id, get_agreement(project).ends_on

    def file(days):
        facts = ChangeFacts(kind=FundingChangeKind.DELAY, reason="r", days=days)
        row = file_change_request(people.lead, db.session.get_one(Project, place), agreement(), facts)
        db.session.commit()
        return row.id

    def agreement():
        return get_agreement(db.session.get_one(Project, place))

    def acting(command, actor, id_, *given):
        version = db.session.get_one(FundingChange, id_).version

        def act():
            row = db.session.get_one(FundingChange, id_)
            command(
                actor, LoadedChange(db.session.get_one(Project, place), agreement(), row), *given, version
            )

        return act

    for days in (30, 12):
        id_ = file(days)
        deciding = [acting(decide_change, lead, id_, YES) for lead in (people.direction, other)]
        assert sorted(map(str, at_once(app, *deciding))) == ["None", TOLD]
        applying = [acting(apply_change, lead, id_) for lead in (people.direction, other)]
        assert sorted(map(str, at_once(app, *applying))) == ["None", TOLD]
        row = db.session.get_one(FundingChange, id_)
        assert (row.state, sum_change_delays(row)) == (ChangeState.APPLIED, days)
    assert db.session.scalar(select(func.count()).select_from(ChangeDecision)) == 2
    assert db.session.scalar(select(func.sum(GrantedDelay.days))) == 42
    assert (agreement().ends_on - ends_on).days == 42


def test_a_second_delay_is_not_filed_beside_an_open_one(app, project, people):
    funding.signed(project, people.operator)
    place = project.id

    def filing(days):
        def act():
            own = db.session.get_one(Project, place)
            facts = ChangeFacts(kind=FundingChangeKind.DELAY, reason="r", days=days)
            return file_change_request(people.lead, own, get_agreement(own), facts).days

        return act

    with pytest.raises(Exception, match="déjà ouverte"):
        at_once(app, filing(30), filing(12))
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(FundingChange)) == 1
