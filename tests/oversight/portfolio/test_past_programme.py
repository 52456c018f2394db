"""A past day shows its programme as it was, and what it owed."""

from dataclasses import fields, replace
from datetime import timedelta

from portal.funding.change_requests.commands import ChangeFacts, file_change_request
from portal.funding.change_requests.decision_commands import (
    ChangeAnswer,
    apply_change,
    correct_decision,
    decide_change,
)
from portal.funding.change_requests.models import FundingChangeKind
from portal.funding.change_requests.queries import LoadedChange
from portal.oversight.health.queries import read_states
from portal.oversight.portfolio.past_owed_queries import read_past_waiting_counts
from portal.oversight.portfolio.queries import read_teams
from portal.people.programmes.commands import ProgrammePlan, edit_programme
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from tests.oversight.portfolio.conftest import ago, row
from tests.oversight.portfolio.test_past import URL
from tests.support import factories as make
from tests.support import funding
from tests.support.browser import words_of
from tests.support.health import known


def test_a_past_day_counts_the_months_that_the_programme_had(browser, programme, shown, lead):
    months = programme.months
    plan = ProgrammePlan(**{each.name: getattr(programme, each.name) for each in fields(ProgrammePlan)})
    edit_programme(make.actor(lead), programme, replace(plan, months=months + 3), programme.version)
    db.session.commit()
    for query, length in (("", months + 3), (f"?on={ago(15)}", months)):
        assert f"sur {length}" in words_of(browser.visit(f"{URL}{query}").main.h1)
        assert f"sur {length} mois" in words_of(browser.visit(f"{URL}/timeline{query}").main.h1)


def test_a_past_day_shows_the_change_requests_that_waited_then(browser, team):
    people = funding.cast(team("DGFiP", silent=1))
    facts = ChangeFacts(kind=FundingChangeKind.DELAY, reason="Retard", days=30)
    with clock.frozen_at(clock.now() - timedelta(days=20)):
        known(people.project)
        agreement = funding.signed(people.project, people.operator)
        change = LoadedChange(
            people.project, agreement, file_change_request(people.lead, people.project, agreement, facts)
        )
        db.session.commit()
    assert "Demande, 20 j" in row(browser.visit(URL), "DGFiP")
    with clock.frozen_at(clock.now() - timedelta(days=10)):
        grant = ChangeAnswer(is_granted=True, reasons="Oui")
        decide_change(people.direction, change, grant, change.row.version)
        apply_change(people.direction, change, change.row.version)
        db.session.commit()
    correct_decision(
        people.direction, change, ChangeAnswer(is_granted=False, reasons="Non"), change.row.version
    )
    db.session.commit()
    assert "Demande, 9 j" in row(browser.visit(f"{URL}?on={ago(11)}"), "DGFiP")
    for query in ("", f"?on={ago(5)}", f"?on={ago(21)}"):
        assert "Demande," not in browser.visit(f"{URL}{query}").text


def test_what_was_owed_to_four_teams_costs_what_it_costs_for_one(programme, team, statements):
    teams = [team(f"Équipe {n}", silent=1) for n in range(4)]
    for project in teams:
        known(project)
    moment, ids = clock.now(), [project.id for project in teams]
    lead_ = make.actor(make.role(programme.id, Role.PROGRAMME_LEAD))
    states, rows = read_states(ids), read_teams(lead_, ids)
    page = [replace(rows[id_], state=states[id_]) for id_ in ids]

    def cost(shown_teams):
        before = len(statements)
        read_past_waiting_counts(lead_, shown_teams, moment, clock.DEFAULT_ZONE)
        return len(statements) - before

    assert cost(page[:1]) == cost(page) <= 8
