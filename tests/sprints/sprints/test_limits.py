"""Limits of plans and logs, and rules that a corrected log obeys as well."""

from dataclasses import replace
from datetime import timedelta

import pytest

from portal.platform.kernel.access import Role
from portal.platform.kernel.errors import RuleBroken, TooLate
from portal.sprints.sprints import commands
from portal.sprints.sprints.commands import DAYS_MAX
from portal.sprints.sprints.models import NUMBER_MAX
from tests.sprints.sprints.test_commands import LOG, PLAN
from tests.support import factories as make


@pytest.fixture
def project(app):
    return make.project()


@pytest.fixture
def member(project):
    return make.actor(make.role(project.id, Role.TEAM_MEMBER))


def test_the_last_number_is_planned_and_no_more(project, member):
    make.closed_sprint(project, number=NUMBER_MAX - 1)
    later = PLAN.ends_on + timedelta(days=400)
    plan = replace(PLAN, starts_on=later, ends_on=later)
    assert commands.plan_sprint(member, project, plan).number == NUMBER_MAX
    last = replace(plan, starts_on=later + timedelta(days=1), ends_on=later + timedelta(days=1))
    with pytest.raises(RuleBroken) as refused:
        commands.plan_sprint(member, project, last)
    assert refused.value.field is None


def test_a_sprint_lasts_from_one_day_to_its_limit(project, member):
    def plan(days):
        return replace(PLAN, ends_on=PLAN.starts_on + timedelta(days=days - 1))

    sprint = commands.plan_sprint(member, project, plan(1))
    commands.edit_plan(member, project, sprint, plan(DAYS_MAX), sprint.version)
    for days in (0, DAYS_MAX + 1):
        with pytest.raises(RuleBroken) as refused:
            commands.edit_plan(member, project, sprint, plan(days), sprint.version)
        assert refused.value.field == "ends_on"


@pytest.mark.parametrize(
    ("values", "field"),
    [({"outcome": None}, "outcome"), ({"summary": ""}, "summary")],
)
def test_a_corrected_log_obeys_the_rules_of_a_new_one(project, member, values, field):
    sprint = make.active_sprint(project)
    with pytest.raises(RuleBroken) as refused:
        commands.close_sprint(member, project, sprint, replace(LOG, **values), sprint.version)
    assert refused.value.field == field
    commands.close_sprint(member, project, sprint, LOG, sprint.version)
    with pytest.raises(RuleBroken) as refused:
        commands.edit_log(member, project, sprint, replace(LOG, **values), sprint.version)
    assert refused.value.field == field
    assert sprint.summary == LOG.summary


def test_a_closed_or_planned_sprint_is_not_closed(project, member):
    closed = make.closed_sprint(project)
    with pytest.raises(TooLate, match="n’est plus à clore"):
        commands.close_sprint(member, project, closed, LOG, closed.version)
    planned = make.sprint(project, number=2)
    with pytest.raises(TooLate, match="n’a pas commencé"):
        commands.close_sprint(member, project, planned, LOG, planned.version)
    with pytest.raises(TooLate, match="n’a pas commencé"):
        commands.edit_log(member, project, planned, LOG, planned.version)
    active = make.active_sprint(project, number=3)
    with pytest.raises(TooLate, match="pas encore clos"):
        commands.edit_log(member, project, active, LOG, active.version)
