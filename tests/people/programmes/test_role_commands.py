import pytest
import sqlalchemy as sa

from portal.people.accounts.models import Person
from portal.people.programmes import commands, queries, role_commands
from portal.people.programmes.commands import RoleOffer
from portal.people.programmes.models import INSTALLATION, Invitation, RoleAssignment
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import NotFound, RuleBroken
from tests.people.programmes.conftest import trail
from tests.support import factories as make
from tests.support.refusals import forbidden


@pytest.mark.parametrize(
    ("held", "wanted"),
    [
        (Role.TEAM_MEMBER, Role.COACH),
        (Role.COACH, Role.ETHICS_REVIEWER),
        (Role.ETHICS_REVIEWER, Role.TEAM_LEAD),
    ],
)
def test_nobody_looks_at_one_project_from_two_sides(app, held, wanted):
    project = make.project()
    who = make.role(project.id, held)
    with pytest.raises(RuleBroken):
        role_commands.give_role(None, project.id, who, wanted)
    role_commands.give_role(None, make.project().id, who, wanted)


def test_a_role_is_held_once(programme):
    who = make.role(programme.id, Role.COACH)
    with pytest.raises(RuleBroken):
        role_commands.give_role(None, programme.id, who, Role.COACH)


def test_only_people_of_the_pool_are_assigned(lead, programme):
    project = make.project(programme)
    scope, track = queries.get_scope(project.id), make.tracks_of(programme)["technical"]
    with pytest.raises(NotFound):
        role_commands.assign_role_from_pool(make.actor(lead), scope, make.person(), Role.COACH, track)
    coach = make.role(programme.id, Role.COACH)
    role_commands.assign_role_from_pool(make.actor(lead), scope, coach, Role.COACH, track)
    line = trail()[-1]
    assert (line.action, line.facts["person_id"]) == ("role.assigned", str(coach.id))


def test_a_coach_may_follow_two_tracks_of_one_project_but_none_twice(lead, programme):
    project = make.project(programme)
    actor, scope = make.actor(lead), queries.get_scope(project.id)
    coach, tracks = make.role(programme.id, Role.COACH), make.tracks_of(programme)
    role_commands.assign_role_from_pool(actor, scope, coach, Role.COACH, tracks["technical"])
    role_commands.assign_role_from_pool(actor, scope, coach, Role.COACH, tracks["strategic"])
    with pytest.raises(RuleBroken):
        role_commands.assign_role_from_pool(actor, scope, coach, Role.COACH, tracks["technical"])


def held_by(person: Person) -> list[RoleAssignment]:
    db.session.flush()
    mine = sa.select(RoleAssignment).where(RoleAssignment.person_id == person.id)
    return list(db.session.scalars(mine))


def test_the_last_administrator_stays(admin):
    actor, scope = make.actor(admin), queries.get_scope(INSTALLATION)
    with pytest.raises(RuleBroken):
        role_commands.end_role(actor, scope, held_by(admin)[0])
    make.role(INSTALLATION, Role.ADMINISTRATOR)
    role_commands.end_role(actor, scope, held_by(admin)[0])
    assert not held_by(admin)


def test_who_leaves_the_pool_leaves_its_projects_and_no_other(lead, programme):
    coach = make.role(programme.id, Role.COACH)
    project, elsewhere = make.project(programme), make.project()
    for place in (project, elsewhere):
        make.role(place.id, Role.COACH, coach)
    pool = next(role for role in held_by(coach) if role.scope_id == programme.id)
    role_commands.end_role(make.actor(lead), queries.get_scope(programme.id), pool)
    assert [role.scope_id for role in held_by(coach)] == [elsewhere.id]
    ended = {line.scope_id for line in trail() if line.action == "role.ended"}
    assert ended == {programme.id, project.id}


def test_a_role_that_is_gone_is_not_ended_twice(lead, programme):
    coach = make.role(programme.id, Role.COACH)
    role, scope = held_by(coach)[0], queries.get_scope(programme.id)
    role_commands.end_role(make.actor(lead), scope, role)
    db.session.flush()
    with pytest.raises(NotFound):
        role_commands.end_role(make.actor(lead), scope, role)


def test_a_coach_ends_no_role(programme):
    coach = make.role(programme.id, Role.COACH)
    observer = make.role(programme.id, Role.OBSERVER)
    with forbidden():
        role_commands.end_role(make.actor(coach), queries.get_scope(programme.id), held_by(observer)[0])


def test_the_invitations_of_who_leaves_a_role_leave_with_it(admin, lead, programme):
    kept = make.role(programme.id, Role.PROGRAMME_LEAD)
    for person, email in ((lead, "a@demo.example"), (kept, "b@demo.example")):
        offer = RoleOffer(email=email, role=Role.OBSERVER)
        commands.invite_to_programme(make.actor(person), programme, offer)
    project = make.project(programme)
    team = RoleOffer(email="c@demo.example", role=Role.TEAM_MEMBER)
    commands.invite_to_role(make.actor(lead), queries.get_scope(project.id), team)
    scope = queries.get_scope(programme.id)
    role_commands.end_role(make.actor(admin), scope, held_by(lead)[0])
    db.session.flush()
    open_ = [queries.find_open_invitation(one.id) for one in db.session.scalars(sa.select(Invitation))]
    assert [one.email for one in open_ if one] == ["b@demo.example"]
    assert [line.action for line in trail()].count("role.offer_withdrawn") == 2


def test_a_closed_accounts_invitations_open_nothing(lead, programme):
    token = commands.invite_to_programme(
        make.actor(lead), programme, RoleOffer(email="a@demo.example", role=Role.OBSERVER)
    )
    lead.disabled_at = clock.now()
    db.session.flush()
    assert queries.find_open_invitation(token) is None
    lead.disabled_at = None
    db.session.flush()
    assert queries.find_open_invitation(token)
