"""Requests to hand a team over: what many of them cost."""

import pytest

from portal.coaching.coach_notes import commands as request_commands
from portal.oversight.coach_desk import commands, queries
from portal.people.programmes.models import Programme, RoleAssignment
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.project.projects.to_decide_queries import map_waiting_lines_by_kind
from tests.support import factories as make

WHY = "Je change de poste en janvier."


@pytest.fixture
def programme(project):
    return db.session.get_one(Programme, project.programme_id)


@pytest.fixture
def successor(programme):
    return make.role(programme.id, Role.COACH)


@pytest.fixture
def leading(programme):
    return make.role(programme.id, Role.PROGRAMME_LEAD)


def hand_over(project, leading, successor):
    """Give the successor the team of its only coach."""
    (id_,) = db.session.query(RoleAssignment.id).filter_by(scope_id=project.id, role=Role.COACH).one()
    part = queries.get_assignment(project, id_)
    commands.hand_over_team(make.actor(leading), project, part, successor, "À suivre.")
    db.session.commit()


def lines_of(person):
    return map_waiting_lines_by_kind(make.actor(person))["hand_overs"]


def test_ten_requests_cost_what_one_costs(browser_for, programme, leading, statements):
    lead, costs = browser_for(leading), []
    for count in (1, 9):
        for _number in range(count):
            team = make.project(programme)
            coach = make.role(team.id, Role.COACH)
            request_commands.request_hand_over(make.actor(coach), team, None, WHY)
        db.session.commit()
        lead.open("/to-decide")
        statements.clear()
        lead.open("/to-decide?show=nobody")
        costs.append(len(statements))
    assert costs[0] == costs[1]
