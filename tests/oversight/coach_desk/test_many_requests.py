"""Requests to hand a team over: what many of them cost."""

from portal.coaching.coach_notes import commands as request_commands
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from tests.support import factories as make

WHY = "Je change de poste en janvier."


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
