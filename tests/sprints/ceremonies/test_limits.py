"""When a ceremony may be noted, and the last accepted value of each limit."""

from dataclasses import replace
from datetime import timedelta

import pytest

from portal.platform.kernel import clock
from portal.platform.kernel.errors import RuleBroken, TooLate
from portal.sprints.ceremonies import action_commands, commands, queries
from portal.sprints.ceremonies.action_commands import ActionFacts
from portal.sprints.ceremonies.models import ATTENDEES, PEOPLE_MAX
from portal.sprints.sprints.models import SprintState
from tests.sprints.ceremonies.test_commands import DAY, facts, looked_back
from tests.support import ceremonies, project_file
from tests.support import factories as make
from tests.support.refusals import forbidden
from tests.support.trail import audited_actions


def test_a_demonstration_of_a_planned_sprint_is_refused_even_on_an_allowed_day(project, member):
    today = clock.today()
    sprint = make.sprint(project, starts_on=today, ends_on=today + timedelta(days=7))
    with pytest.raises(TooLate):
        commands.note_demonstration(member, project, sprint, facts(held_on=today))
    with pytest.raises(TooLate):
        commands.write_retrospective(member, project, sprint, looked_back(held_on=today), 0)
    ceremonies.demonstration(project, sprint, held_on=today)
    detail = queries.get_demonstration(member, project, 1)
    with pytest.raises(TooLate):
        commands.change_demonstration(member, project, detail, facts(held_on=today), 1)


def test_a_demonstration_of_a_sprint_under_way_is_noted_from_its_first_day(project, member):
    today = clock.today()
    sprint = make.active_sprint(project, starts_on=today, ends_on=today + timedelta(days=7))
    assert sprint.state is SprintState.ACTIVE
    noted = commands.note_demonstration(member, project, sprint, facts(held_on=today))
    assert noted.held_on == today


def test_only_the_team_changes_a_demonstration(project, sprint, member):
    commands.note_demonstration(member, project, sprint, facts())
    detail = queries.get_demonstration(member, project, 1)
    stranger = make.actor(make.person())
    with forbidden():
        commands.change_demonstration(stranger, project, detail, facts(feedback="x"), 1)


def test_a_changed_demonstration_obeys_the_rules_of_a_new_one(project, sprint, member):
    commands.note_demonstration(member, project, sprint, facts())
    detail = queries.get_demonstration(member, project, 1)
    for values, field in (
        ({"held_on": clock.today() + timedelta(days=1)}, "held_on"),
        ({"attendee_counts": {}}, ATTENDEES[0]),
    ):
        with pytest.raises(RuleBroken) as refused:
            commands.change_demonstration(member, project, detail, facts(**values), 1)
        assert refused.value.field == field


def test_each_group_of_attendees_counts_up_to_its_limit(project, sprint, member):
    counts = {"agents": PEOPLE_MAX, "coaches": 0}
    noted = commands.note_demonstration(member, project, sprint, facts(attendee_counts=counts))
    assert (noted.agents, noted.coaches) == (PEOPLE_MAX, 0)


def test_a_version_may_be_shown_on_its_release_day(project, sprint, member):
    version = project_file.version(project, released_on=DAY)
    noted = commands.note_demonstration(member, project, sprint, facts(version=version))
    assert noted.prototype_version_id == version.id


def test_a_ceremony_may_be_held_on_the_last_day(project, member):
    sprint = make.closed_sprint(project, closed_at=clock.now() - timedelta(days=40))
    last_day = commands.find_ceremony_deadline(sprint)
    assert last_day < clock.today()
    commands.note_demonstration(member, project, sprint, facts(held_on=last_day))
    commands.write_retrospective(member, project, sprint, looked_back(held_on=last_day), 0)


def test_saving_the_same_values_writes_no_audit_line(project, sprint, member):
    commands.note_demonstration(member, project, sprint, facts())
    detail = queries.get_demonstration(member, project, 1)
    commands.change_demonstration(member, project, detail, facts(), 1)
    retrospective = commands.write_retrospective(member, project, sprint, looked_back(), 0)
    commands.write_retrospective(member, project, sprint, looked_back(), retrospective.version)
    assert audited_actions() == ["demonstration.noted", "retrospective.noted"]


def test_a_changed_due_date_is_checked_and_an_unchanged_one_is_not(project, sprint, member, person):
    retrospective = ceremonies.retrospective(project, sprint)
    overdue = retrospective.held_on - timedelta(days=1)
    action = ceremonies.action(project, retrospective, person, due_on=overdue)
    values = ActionFacts(what="Relancer", owner_id=person.id, due_on=overdue)
    action_commands.change_action(member, project, action, values, action.version)
    assert action.what == "Relancer"
    latest = clock.today() + timedelta(days=action_commands.DUE_DAYS_MAX)
    for due_on in (overdue - timedelta(days=1), latest + timedelta(days=1)):
        moved = replace(values, due_on=due_on)
        with pytest.raises(RuleBroken) as refused:
            action_commands.change_action(member, project, action, moved, action.version)
        assert refused.value.field == "due_on"
    for due_on in (retrospective.held_on, latest):
        moved = replace(values, due_on=due_on)
        action_commands.change_action(member, project, action, moved, action.version)
        assert action.due_on == due_on
