"""Commands on demonstrations, retrospectives and actions."""

from datetime import date, timedelta

import pytest

from portal.people.programmes.models import RoleAssignment
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import Conflict, RuleBroken, TooLate
from portal.project.projects.models import Project
from portal.sprints.backlog.models import Item, ItemKind
from portal.sprints.ceremonies import action_commands as actions
from portal.sprints.ceremonies import action_queries, commands, queries
from portal.sprints.ceremonies.action_commands import ActionFacts
from portal.sprints.ceremonies.commands import DemonstrationFacts, RetrospectiveFacts
from portal.sprints.ceremonies.models import RetroAction, Retrospective, Settlement
from tests.support import ceremonies, project_file
from tests.support import factories as make
from tests.support.refusals import forbidden

DAY = date(2026, 3, 12)


def facts(**given):
    usual = {"held_on": DAY, "version": None, "attendee_counts": {"agents": 3}, "feedback": "f"}
    return DemonstrationFacts(**{"decisions": ""} | usual | given)


def looked_back(**given):
    usual = {"held_on": DAY, "went_well": "w", "went_badly": ""}
    return RetrospectiveFacts(**usual | given)


def will(person, **given):
    usual = {"what": "Inviter le DPO", "owner_id": person.id, "due_on": date(2026, 3, 20)}
    return ActionFacts(**usual | given)


def last_line():
    return db.session.query(AuditEvent).order_by(AuditEvent.id.desc()).first()


def test_a_demonstration_counts_people_and_says_what_was_shown(project, sprint, member):
    version = project_file.version(project)
    made = commands.note_demonstration(member, project, sprint, facts(version=version))
    shown = queries.get_demonstration(member, project, made.number)
    assert (shown.version, made.in_team, made.outside) == (1, 0, 3)
    line = last_line()
    assert (line.action, line.facts["path"]) == ("demonstration.noted", "/projects/heron/demonstrations/1")
    assert line.after["shown"] == 1
    commands.change_demonstration(member, project, shown, facts(attendee_counts={"coaches": 1}), made.version)
    assert last_line().after | {"feedback": None} == {
        "agents": 0,
        "coaches": 1,
        "shown": None,
        "feedback": None,
    }


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"held_on": date(2026, 3, 1)}, "held_on"),  # before the sprint
        ({"held_on": clock.today() + timedelta(days=2)}, "held_on"),
        ({"attendee_counts": {"agents": 0}}, "team_business"),
        ({"attendee_counts": {"agents": 1000}}, "agents"),
        ({"attendee_counts": {"agents": 3, "others": -1}}, "others"),
    ],
)
def test_what_a_demonstration_may_not_say(project, sprint, member, given, field):
    with pytest.raises(RuleBroken) as refused:
        commands.note_demonstration(member, project, sprint, facts(**given))
    assert refused.value.field == field


def test_a_version_of_another_project_or_of_a_later_day_was_not_shown(project, sprint, member):
    foreign = project_file.version(make.project())
    later = project_file.version(project, released_on=DAY + timedelta(days=1))
    for version in (foreign, later):
        with pytest.raises(RuleBroken) as refused:
            commands.note_demonstration(member, project, sprint, facts(version=version))
        assert refused.value.field == "prototype"


def test_a_demonstration_long_after_its_sprint_is_not_of_it(project, member):
    sprint = make.closed_sprint(project, closed_at=clock.now() - timedelta(days=40))
    day = commands.find_ceremony_deadline(sprint) + timedelta(days=1)
    with pytest.raises(RuleBroken) as refused:
        commands.note_demonstration(member, project, sprint, facts(held_on=day))
    assert refused.value.field == "held_on"


def test_a_sprint_that_began_before_its_first_day_is_looked_back_upon_that_day(project, member):
    today = clock.today()
    sprint = make.closed_sprint(
        project, starts_on=today + timedelta(days=1), ends_on=today + timedelta(days=1)
    )
    commands.note_demonstration(member, project, sprint, facts(held_on=today))
    commands.write_retrospective(member, project, sprint, looked_back(held_on=today), 0)
    earlier = facts(held_on=today - timedelta(days=1))
    with pytest.raises(RuleBroken):
        commands.note_demonstration(member, project, sprint, earlier)


def test_a_sprint_that_has_not_begun_has_nothing_to_tell(project, member):
    sprint = make.sprint(project)
    with pytest.raises(TooLate):
        commands.note_demonstration(member, project, sprint, facts())
    with pytest.raises(TooLate):
        commands.write_retrospective(member, project, sprint, looked_back(), 0)


def test_a_sprint_has_one_retrospective_and_two_who_write_it_read_each_other(project, sprint, member):
    made = commands.write_retrospective(member, project, sprint, looked_back(), 0)
    again = commands.write_retrospective(member, project, sprint, looked_back(), 0)
    assert again is made
    with pytest.raises(Conflict):
        commands.write_retrospective(member, project, sprint, looked_back(went_well="x"), 0)
    changed = looked_back(went_badly="Trop de réunions")
    commands.write_retrospective(member, project, sprint, changed, made.version)
    assert last_line().after == {"went_badly": "Trop de réunions"}
    with pytest.raises(Conflict):
        commands.write_retrospective(member, project, sprint, looked_back(), 1)
    assert db.session.query(Retrospective).count() == 1


def test_an_empty_retrospective_says_nothing(project, sprint, member):
    with pytest.raises(RuleBroken):
        commands.write_retrospective(member, project, sprint, looked_back(went_well=""), 0)


def test_an_action_is_for_one_of_the_team_and_a_day_to_come(project, sprint, member, person):
    told = ceremonies.retrospective(project, sprint)
    stranger = make.role(make.project().id, Role.TEAM_MEMBER)
    for wrong, field in (
        (will(stranger), "owner"),
        (will(person, due_on=date(2026, 3, 1)), "due_on"),
        (will(person, due_on=clock.today() + timedelta(days=400)), "due_on"),
    ):
        with pytest.raises(RuleBroken) as refused:
            actions.add_action(member, project, told, wrong)
        assert refused.value.field == field


def test_an_open_action_counts_the_sprints_that_were_closed_since(project, member, person):
    first = make.closed_sprint(project)
    action = ceremonies.action(project, ceremonies.retrospective(project, first), person)
    known = [action_queries.get_action_detail(member, project, action.number).sprints_open]
    for number in (2, 3):
        make.closed_sprint(project, number=number)
        known.append(action_queries.get_action_detail(member, project, action.number).sprints_open)
    make.active_sprint(project, number=4)
    make.closed_sprint(make.project(), number=4)
    known.append(action_queries.get_action_detail(member, project, action.number).sprints_open)
    assert known == [0, 1, 2, 2]


def test_the_next_retrospective_shows_what_is_still_open(project, member, person):
    first = make.closed_sprint(project)
    told = ceremonies.retrospective(project, first)
    still, done = (ceremonies.action(project, told, person) for _number in range(2))
    actions.settle_action(member, project, done, Settlement.COMPLETED)
    second = make.active_sprint(project, number=2)
    assert [one.action for one in action_queries.list_earlier_open_actions(member, project, second)] == [
        still
    ]
    assert action_queries.list_earlier_open_actions(member, project, first) == []


def test_who_settled_an_action_and_when_is_kept_until_it_is_reopened(project, sprint, person):
    member = make.actor(person)
    action = ceremonies.action(project, ceremonies.retrospective(project, sprint), person)
    actions.settle_action(member, project, action, Settlement.DROPPED)
    actions.settle_action(member, project, action, Settlement.DROPPED)
    told = action_queries.get_action_detail(member, project, action.number)
    assert (told.settled_by, action.settled_at is not None) == (person.name, True)
    actions.settle_action(member, project, action, None)
    assert (action.settlement, action.settled_at, action.settled_by_id) == (None, None, None)
    kept = [one.action for one in db.session.query(AuditEvent).order_by(AuditEvent.id)]
    assert kept == ["retro_action.dropped", "retro_action.reopened"]


def test_an_action_outlives_its_owners_place_in_the_team(project, sprint, member, person):
    leaver = make.role(project.id, Role.TEAM_MEMBER)
    action = ceremonies.action(project, ceremonies.retrospective(project, sprint), leaver)
    db.session.query(RoleAssignment).filter_by(person_id=leaver.id).delete()
    assert action_queries.get_action_detail(member, project, action.number).has_owner_left
    actions.change_action(member, project, action, will(leaver, what="Relancer le DPO"), 1)
    other = make.role(make.project().id, Role.TEAM_MEMBER)
    with pytest.raises(RuleBroken):
        actions.change_action(member, project, action, will(other), action.version)
    item = actions.create_backlog_item(member, project, action)
    assert item.assignee_id is None


def test_an_action_becomes_one_item_however_often_it_is_asked(project, sprint, member, person):
    action = ceremonies.action(project, ceremonies.retrospective(project, sprint), person)
    item = actions.create_backlog_item(member, project, action)
    assert actions.create_backlog_item(member, project, action) is item
    assert (item.kind, item.title, item.assignee_id) == (ItemKind.RETRO_ACTION, action.what, person.id)
    assert item.origin == "/projects/heron/actions/1"
    assert action_queries.get_action_detail(member, project, action.number).item is item
    assert db.session.query(Item).count() == 1


def test_a_settled_action_makes_no_item(project, sprint, member, person):
    action = ceremonies.action(project, ceremonies.retrospective(project, sprint), person)
    actions.settle_action(member, project, action, Settlement.COMPLETED)
    with pytest.raises(TooLate):
        actions.create_backlog_item(member, project, action)


@pytest.mark.parametrize("role", [Role.COACH, Role.PROGRAMME_LEAD])
def test_nobody_else_writes_in_the_teams_name(project, sprint, person, role):
    other = make.actor(make.holder(role, project))
    told = ceremonies.retrospective(project, sprint)
    action = ceremonies.action(project, told, person)
    for deed in (
        lambda: commands.note_demonstration(other, project, sprint, facts()),
        lambda: commands.write_retrospective(other, project, sprint, looked_back(), 1),
        lambda: actions.add_action(other, project, told, will(person)),
        lambda: actions.settle_action(other, project, action, Settlement.COMPLETED),
        lambda: actions.create_backlog_item(other, project, action),
    ):
        with forbidden():
            deed()
    assert action_queries.get_action_detail(other, project, action.number).action is action


def test_a_project_that_rests_takes_no_more(project, sprint, member):
    project.paused_on = clock.today()
    with pytest.raises(TooLate):
        commands.note_demonstration(member, project, sprint, facts())
    assert db.session.query(Project).count() == 1
    assert db.session.query(RetroAction).count() == 0
