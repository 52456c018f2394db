"""An instalment that an operator puts off: for which gates, and until when; and one to pay later."""

from datetime import timedelta

from portal.funding.instalments import commands, plan_commands
from portal.funding.instalments.labels import is_own_turn, whose_turn
from portal.funding.instalments.models import InstalmentVerb
from portal.funding.instalments.plan_commands import InstalmentFacts
from portal.funding.instalments.queries import read_instalment_with_needs
from portal.funding.instalments.step_commands import add_step
from portal.funding.instalments.to_decide_labels import list_lines
from portal.oversight.gates.definition_rules import GateVerb
from portal.people.accounts.models import Person
from portal.platform.kernel import clock
from portal.platform.kernel.database import db
from tests.support import funding, gates
from tests.support.gates import PROTOTYPE

LATER = PROTOTYPE + 1


def test_an_instalment_is_put_off_for_the_gates_of_that_moment_until_they_are_accepted(project, people):
    funding.signed(project, people.operator, InstalmentFacts(amount_cents=100_00, gates=[PROTOTYPE]))
    (loaded,) = funding.instalments(project)
    demonstration = funding.accept_gate(project, people.coach)
    version_id = demonstration.prototype_version_id
    funding.ask(people.lead, loaded)
    funding.make_gate_stale(project, demonstration)

    def held():
        """The gates held for, and whether the line waits for the operator, with a delay of its own."""
        [line] = list_lines(people.operator)
        view = read_instalment_with_needs(project, loaded.row)
        return [*view.held_gates], line.is_own, line.patience is not None

    def defer():
        commands.defer_instalment(people.operator, loaded, "On attend", loaded.row.version)
        db.session.commit()

    defer()
    assert held() == ([PROTOTYPE], False, False)
    more = InstalmentFacts(amount_cents=100_00, gates=[PROTOTYPE, LATER])
    plan_commands.change_instalment(people.operator, loaded, more, loaded.row.version, "Un jalon de plus")
    db.session.commit()
    assert held() == ([PROTOTYPE], False, False)
    demonstration.prototype_version_id = version_id
    gates.judged(project)
    gates.decision(project, PROTOTYPE, GateVerb.ACCEPTED, db.session.get_one(Person, people.coach.person_id))
    funding.make_gate_stale(project, demonstration)
    assert held() == ([], True, True)
    defer()
    assert held() == ([PROTOTYPE, LATER], False, False)
    add_step(people.operator, loaded.row, InstalmentVerb.DEFERRED, "D’avant, qui ne dit pas de quel jalon")
    db.session.commit()
    assert held() == ([], True, True)


def test_what_is_paid_later_is_nobodys_turn_to_pay_yet(project, people):
    later = InstalmentFacts(amount_cents=100_00, due_on=clock.today() + timedelta(days=30))
    agreement = funding.signed(project, people.operator, later)
    (loaded,) = funding.instalments(project)
    funding.ask(people.lead, loaded)
    funding.check(people.operator, loaded)
    view = read_instalment_with_needs(project, loaded.row)
    assert not is_own_turn(people.second, project, agreement, view)
    assert whose_turn(people.second, project, agreement, view) == "à l’opérateur"
    with clock.frozen_at(clock.now() + timedelta(days=31)):
        assert whose_turn(people.second, project, agreement, view) == "à vous"
        assert whose_turn(people.operator, project, agreement, view) == "à l’opérateur, une autre personne"
