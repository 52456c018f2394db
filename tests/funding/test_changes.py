"""Change requests: who decides, what a delay moves, how an abandonment ends, what recalls."""

from datetime import timedelta

import pytest

from portal.funding.agreements.gate_queries import read_gates_by_project
from portal.funding.agreements.models import AgreementState
from portal.funding.agreements.queries import get_agreement
from portal.funding.change_requests import commands, labels, queries, terms_commands
from portal.funding.change_requests.decision_commands import (
    ChangeAnswer,
    apply_change,
    correct_decision,
    decide_change,
)
from portal.funding.change_requests.letter_documents import build_letter
from portal.funding.change_requests.models import ChangeState
from portal.funding.change_requests.rules import DEFAULT_MODES, ChangeMode
from portal.funding.change_requests.terms_commands import FundingTermsFacts
from portal.funding.instalments.plan_commands import InstalmentFacts
from portal.funding.ledger.queries import read_project_totals_by_instalment
from portal.funding.ledger.rules import LedgerTotals, add_totals
from portal.oversight.gates.definition_rules import GateVerb
from portal.oversight.gates.forecast_rules import PlannedGate, derive_lateness_increments, list_latenesses
from portal.oversight.gates.models import TeamKeyRoles
from portal.oversight.health.queries import read_state
from portal.people.accounts.models import Person
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import Conflict, NotAllowed, Overtaken, RuleBroken, TooLate
from portal.platform.web.template_filters import day
from portal.project.projects.models import ProjectState
from portal.project.projects.queries import get_programme_of
from tests.support import factories as make
from tests.support import funding, gates, project_file
from tests.support.browser import words_of
from tests.support.change_requests import ABANDONMENT, BUDGET, DELAY, SCOPE, YES, dues, file, grant
from tests.support.health import known


def test_applying_a_delay_says_which_days_move_and_asks(project, people, browser_for):
    funding.signed(project, people.operator)
    funding.accept_gate(project, people.coach)
    coach = db.session.get_one(Person, people.coach.person_id)
    gates.decision(project, 5, GateVerb.REFUSED, coach)  # its first acceptance keeps its day
    gates.judged(project)
    known(project)
    assert not read_gates_by_project([project])[project.id][5].accepted_on
    loaded = file(people, DELAY, days=30)
    decide_change(people.direction, loaded, YES, loaded.row.version)
    db.session.commit()
    direction, here = (
        browser_for(db.session.get_one(Person, people.direction.person_id)),
        (f"/projects/heron/funding/changes/{loaded.row.number}"),
    )
    ends_on, moved = get_agreement(project).ends_on, timedelta(days=30)
    period = f"du {day(ends_on)} au {day(ends_on + moved)}"
    page = words_of(direction.visit(here).main)
    asker = db.session.get_one(Person, people.lead.person_id).name
    assert f"Demandé par {asker}, le" in page
    assert period in page
    sent = {"version": loaded.row.version}
    question = words_of(direction.submit(f"{here}/apply", **sent).main)
    assert period in question
    assert "Jalon G6 : du " in question
    assert "Jalon G5" not in question  # it was passed once
    assert "Avec 30 jours de plus, et d’autres dates" in words_of(direction.visit(f"{here}/correct").main)
    assert get_agreement(project).ends_on == ends_on
    longer = ChangeAnswer(is_granted=True, reasons="Il en faut plus", days=40)
    correct_decision(people.direction, loaded, longer, loaded.row.version)
    db.session.commit()
    again = words_of(direction.submit(f"{here}/apply", **sent, confirmed="1").main)
    assert "La décision précédente était d’accorder 30 jours de plus, « Justifié »." in again
    assert "La décision est maintenant d’accorder 40 jours de plus, « Il en faut plus »." in again
    with pytest.raises(Conflict):  # as the API, or a click that passed the question before the correction
        apply_change(people.direction, loaded, sent["version"])
    db.session.rollback()
    moved = timedelta(days=40)
    period = f"du {day(ends_on)} au {day(ends_on + moved)}"
    assert period in again  # those of the first decision were read
    assert get_agreement(project).ends_on == ends_on
    done = words_of(direction.submit(f"{here}/apply", version=loaded.row.version, confirmed="1").main)
    assert period in done
    db.session.expire_all()
    assert get_agreement(project).ends_on == ends_on + moved


def test_a_granted_delay_moves_the_open_gates_from_its_day_on(project, people):
    project.starts_on = clock.today() - timedelta(days=20)
    funding.signed(project, people.operator)
    funding.accept_gate(project, people.coach)
    before, moment = dues(project), clock.now()
    ends_on = get_agreement(project).ends_on
    with clock.frozen_at(clock.now() + timedelta(days=1)):
        loaded = file(people, DELAY, days=30)
        with pytest.raises(NotAllowed):
            decide_change(people.operator, loaded, YES, loaded.row.version)
        with pytest.raises(RuleBroken):
            file(people, DELAY, days=10)
        db.session.rollback()
        grant(people, loaded, ChangeAnswer(is_granted=True, reasons="Vingt jours suffisent", days=20))
        after = dues(project)
        assert {n: (after[n] - before[n]).days for n in before} == {n: 0 if n == 5 else 20 for n in before}
        assert get_agreement(project).ends_on == ends_on + timedelta(days=20)
        assert {step.number: step.due_on for step in read_state(project, moment).facts.steps} == before
    with clock.frozen_at(clock.now() + timedelta(days=2)):
        grant(people, file(people, DELAY, days=10))  # granted over the first
        assert (dues(project)[6] - before[6]).days == 30
        shorter = ChangeAnswer(is_granted=True, reasons="Une erreur", days=5)
        correct_decision(people.direction, loaded, shorter, loaded.row.version)
        db.session.commit()
        assert (dues(project)[6] - before[6]).days == 15
        no = ChangeAnswer(is_granted=False, reasons="Ce n’était pas notre projet")
        correct_decision(people.direction, loaded, no, loaded.row.version)
        db.session.commit()
        assert ((dues(project)[6] - before[6]).days, loaded.row.state) == (10, ChangeState.REFUSED)
    first, second, _third = (decision for decision, _name in reversed(queries.list_decisions(loaded.row)))
    letters = [build_letter(project, loaded.agreement, loaded.row, each) for each in (first, second)]
    assert "20 jours" in str(letters[0])
    assert "remplace" in str(letters[1])


def test_a_delay_of_the_day_a_gate_was_passed_leaves_that_gate_alone(project, people):
    project.starts_on = clock.today() - timedelta(days=20)
    funding.signed(project, people.operator)
    funding.accept_gate(project, people.coach)
    before = dues(project)
    grant(people, file(people, DELAY, days=30))
    assert dues(project)[5] == before[5]
    assert (dues(project)[6] - before[6]).days == 30


def test_steps_across_a_delay_are_left_out():
    day = clock.today()
    move = (day, 30)
    gates = [
        PlannedGate(0, day - timedelta(days=60), day - timedelta(days=55)),
        PlannedGate(1, day - timedelta(days=30), day - timedelta(days=20)),
        PlannedGate(2, day + timedelta(days=30), day + timedelta(days=31), moves=(move,)),
        PlannedGate(3, day + timedelta(days=60), day + timedelta(days=64), moves=(move,)),
    ]
    assert list_latenesses(gates) == [5, 10, None, 1, 4]
    assert derive_lateness_increments([list_latenesses(gates)]).days == (3, 5)


def test_a_budget_and_a_scope_make_amendments(project, people):
    half = InstalmentFacts(amount_cents=50_00)
    funding.signed(project, people.operator, half, half)
    budget = file(people, BUDGET, amount_cents=130_00)
    grant(people, budget)
    grant(people, file(people, SCOPE, purpose="Un autre objet"))
    agreement = get_agreement(project)
    assert (agreement.amount_cents, agreement.purpose) == (130_00, "Un autre objet")
    assert [loaded.row.amount_cents for loaded in funding.instalments(project)] == [50_00, 80_00]
    assert add_totals(read_project_totals_by_instalment(project).values()) == LedgerTotals(committed=130_00)
    for wrong in ({"days": 0}, {"days": 900}):
        with pytest.raises(RuleBroken):
            file(people, DELAY, **wrong)
        db.session.rollback()
    refused = file(people, BUDGET, amount_cents=1)
    decide_change(
        people.operator, refused, ChangeAnswer(is_granted=False, reasons="Non"), refused.row.version
    )
    db.session.commit()
    with pytest.raises(Overtaken):
        apply_change(people.operator, refused, refused.row.version)


def test_a_budget_is_refused_at_its_decision_with_the_figures(project, people, browser_for):
    third = InstalmentFacts(amount_cents=50_00)
    funding.signed(project, people.operator, third, third, third)
    funding.paid(people, funding.instalments(project)[0])
    loaded = file(people, BUDGET, amount_cents=140_00)
    for cents in (1, 100_00, 150_00):
        answer = ChangeAnswer(is_granted=True, reasons="r", amount_cents=cents)
        with pytest.raises(RuleBroken) as broken:
            decide_change(people.operator, loaded, answer, loaded.row.version)
        db.session.rollback()
        assert broken.value.field == "amount_cents"
        figures = [amount in broken.value.message for amount in ("50,00", "100,00")]
        assert figures == [cents < 150_00] * 2
    browser = browser_for(db.session.get_one(Person, people.lead.person_id))
    place = "/projects/heron/funding"

    def subjects():
        return [browser.visit(path).main.get_text() for path in (place, f"{place}/changes/1")]

    assert all("nouveau montant\xa0: 140,00" in text for text in subjects())
    answer = ChangeAnswer(is_granted=True, reasons="r", amount_cents=120_00)
    decide_change(people.operator, loaded, answer, loaded.row.version)
    db.session.commit()
    granted = "nouveau montant\xa0: 120,00\xa0€ (demandé\xa0: nouveau montant\xa0: 140,00\xa0€)"
    assert all(granted in text for text in subjects())
    less = ChangeAnswer(is_granted=True, reasons="r", amount_cents=90_00)
    with pytest.raises(RuleBroken, match="100,00"):
        correct_decision(people.operator, loaded, less, loaded.row.version)
    db.session.rollback()
    apply_change(people.operator, loaded, loaded.row.version)
    assert get_agreement(project).amount_cents == 120_00
    db.session.commit()


def test_an_abandonment_is_confirmed_stops_the_project_and_settles(project, people):
    half = InstalmentFacts(amount_cents=50_00)
    funding.signed(project, people.operator, half, half)
    funding.paid(people, funding.instalments(project)[0])
    sponsor = make.actor(make.role(project.id, Role.TEAM_MEMBER))
    project_file.save(TeamKeyRoles(project_id=project.id, sponsor_id=sponsor.person_id))
    delay, budget = file(people, DELAY, days=10), file(people, BUDGET, amount_cents=90_00)
    decide_change(people.operator, budget, YES, budget.row.version)
    loaded = file(people, ABANDONMENT, learnings="Les données manquent")
    states = ChangeState.FILED, ChangeState.GRANTED
    assert (delay.row.state, budget.row.state) == states  # nobody has confirmed it
    with pytest.raises(RuleBroken):
        file(people, SCOPE, purpose="Autre")
    db.session.rollback()
    with pytest.raises(RuleBroken):
        decide_change(people.direction, loaded, YES, loaded.row.version)
    db.session.rollback()
    with pytest.raises(NotAllowed):
        commands.confirm_abandonment(people.lead, loaded, loaded.row.version)
    filer = loaded.row.filed_by_id
    loaded.row.filed_by_id = sponsor.person_id
    db.session.commit()
    with pytest.raises(RuleBroken):  # nobody confirms what they filed
        commands.confirm_abandonment(sponsor, loaded, loaded.row.version)
    db.session.rollback()
    loaded.row.filed_by_id = filer
    db.session.commit()
    commands.confirm_abandonment(sponsor, loaded, loaded.row.version)
    assert (delay.row.state, budget.row.state) == (ChangeState.WITHDRAWN, ChangeState.WITHDRAWN)
    second = funding.instalments(project)[1]
    funding.ask(people.lead, second)
    with pytest.raises(RuleBroken, match="tranche 2"):  # somebody has it in hand
        grant(people, loaded)
    db.session.rollback()
    funding.send_back(people.operator, second)
    grant(people, loaded)
    assert (project.state, project.learnings) == (ProjectState.STOPPED, "Les données manquent")
    assert get_agreement(project).state is AgreementState.ENDED
    totals = add_totals(read_project_totals_by_instalment(project).values())
    assert (totals.committed, totals.paid, totals.remaining) == (50_00, 50_00, 0)
    with pytest.raises(TooLate):
        file(people, DELAY, days=10)


def test_a_programme_says_what_is_recorded_and_what_is_not_allowed(project, people):
    funding.signed(project, people.operator)
    programme = get_programme_of(project)
    modes = {**DEFAULT_MODES, SCOPE: ChangeMode.RECORDED, BUDGET: ChangeMode.NOT_ALLOWED}
    terms_commands.set_funding_terms(
        people.operator, programme, FundingTermsFacts(recovery_days=9, modes=modes), 0
    )
    db.session.commit()
    loaded = file(people, SCOPE, purpose="Noté")
    assert loaded.row.state is ChangeState.APPLIED
    assert get_agreement(project).purpose == "Noté"
    ((decision, _name),) = queries.list_decisions(loaded.row)
    assert labels.decision_answer_label(loaded.row, decision) == "notée"
    letter = str(build_letter(project, loaded.agreement, loaded.row, decision))
    assert "prend acte" in letter
    assert "accordée" not in letter
    with pytest.raises(RuleBroken):
        file(people, BUDGET, amount_cents=1)


@pytest.mark.parametrize("kind", [BUDGET, ABANDONMENT])
def test_a_team_commits_no_money_alone(project, people, browser_for, kind):
    """A programme whose rules once said that its budgets are recorded lets the operator decide."""
    funding.signed(project, people.operator)
    programme = get_programme_of(project)
    recorded = FundingTermsFacts(recovery_days=9, modes={**DEFAULT_MODES, kind: ChangeMode.RECORDED})
    with pytest.raises(RuleBroken) as broken:
        terms_commands.set_funding_terms(people.operator, programme, recorded, 0)
    db.session.rollback()
    assert broken.value.field == kind.value
    usual = FundingTermsFacts(recovery_days=9, modes=DEFAULT_MODES)
    terms = terms_commands.set_funding_terms(people.operator, programme, usual, 0)
    terms.change_rules = terms.change_rules | {kind.value: "recorded"}
    db.session.commit()
    if kind is ABANDONMENT:
        with pytest.raises(RuleBroken, match="sponsor"):
            file(people, kind, learnings="l")
        db.session.rollback()
        project_file.save(TeamKeyRoles(project_id=project.id, sponsor_id=people.member.person_id))
    loaded = file(people, kind, amount_cents=2 * funding.CANARY, learnings="l")
    assert loaded.row.state is ChangeState.FILED
    assert loaded.row.authority == DEFAULT_MODES[kind]
    assert add_totals(read_project_totals_by_instalment(project).values()).committed == funding.CANARY
    if kind is BUDGET:
        grant(people, loaded)
        assert add_totals(read_project_totals_by_instalment(project).values()).committed == 2 * funding.CANARY
    page = browser_for(db.session.get_one(Person, people.operator.person_id))
    modes = page.visit(f"/programmes/{programme.slug}/funding/terms").main.select(
        f'input[name="{kind.value}"]'
    )
    assert {mode["value"] for mode in modes} == {"lead", "operator", "not_allowed"}
