"""What the teams of a portfolio planned, beside what is accepted."""

from datetime import timedelta

from portal.funding.change_requests.commands import ChangeFacts, file_change_request
from portal.funding.change_requests.models import FundingChangeKind, GrantedDelay
from portal.oversight.gates.definition_rules import GateVerb
from portal.oversight.health.queries import read_state
from portal.oversight.portfolio.progress_queries import list_team_plans
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from tests.support import factories as make
from tests.support import funding, gates
from tests.support.browser import words_of
from tests.support.health import known


def test_what_was_planned_holds_the_delays_and_waivers_of_each_team(programme, shown, lead):
    """As on its own page and in a pack."""
    first, *others = [step.number for step in read_state(shown).facts.steps]
    then = list_team_plans([shown.id])
    for number in others:
        gates.decision(shown, number, GateVerb.WAIVED, lead)
    agreement = funding.signed(shown, make.actor(make.role(programme.id, Role.OPERATOR)))
    change = file_change_request(
        make.actor(make.role(shown.id, Role.TEAM_LEAD)),
        shown,
        agreement,
        ChangeFacts(kind=FundingChangeKind.DELAY, reason="Retard", days=30),
    )
    db.session.add(GrantedDelay(project_id=shown.id, change_id=change.id, days=30, from_on=clock.today()))
    db.session.commit()
    known(shown)
    ((starts_on, plan),) = list_team_plans([shown.id])
    assert starts_on == shown.starts_on
    assert [due_on for due_on, _weight in plan] == [then[0][1][0][0] + timedelta(days=30)]
    steps = [step for step in read_state(shown).facts.steps if step.number == first]
    assert plan == tuple((step.due_on, step.weight) for step in steps)
    assert list_team_plans([shown.id], clock.today() - timedelta(days=5)) == [(starts_on, list(then[0][1]))]


def test_the_month_is_said_to_be_the_programmes_where_a_team_began_later(programme, browser, shown, team):
    spaced = str.maketrans("\xa0", " ")
    page = browser.visit("/portfolio")
    assert "du programme" not in words_of(page.main)
    known(team("Jeune", None, starts_on=clock.today()))
    known(team("À venir", None, starts_on=clock.today() + timedelta(days=40)))  # it has not begun
    page = browser.visit("/portfolio")
    assert words_of(page.h1).translate(spaced).endswith("quatre équipes, mois 7 sur 10 du programme")
    says = words_of(page.select_one(".picture figcaption b")).translate(spaced)
    assert "au mois 7 du programme, pour" in says
    assert says.endswith("prévus ; une équipe a commencé plus tard.")
