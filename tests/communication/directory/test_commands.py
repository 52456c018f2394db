import pytest
import sqlalchemy as sa

from portal.communication.directory import commands
from portal.people.accounts import commands as accounts
from portal.people.accounts.models import OpenSession
from portal.people.programmes import role_commands as roles
from portal.people.programmes.models import INSTALLATION, RoleAssignment
from portal.people.programmes.queries import get_scope, has_other_holder
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.personal_data import ERASED_DOMAIN
from tests.support import factories as make
from tests.support.refusals import forbidden


@pytest.fixture
def admin(app):
    return make.role(INSTALLATION, Role.ADMINISTRATOR)


@pytest.fixture
def ada(app):
    return make.person(name="Ada Martin")


def last_deed():
    return db.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id.desc())).first()


def assignment_of(person):
    mine = sa.select(RoleAssignment).where(RoleAssignment.person_id == person.id)
    return db.session.scalars(mine).one()


def test_an_account_is_closed_with_its_sessions_and_opened_without_them(admin, ada):
    accounts.open_session(ada)
    commands.close_account(make.actor(admin), ada)
    assert ada.disabled_at is not None
    session = db.session.scalars(sa.select(OpenSession)).one()
    assert session.ended_at is not None
    assert (last_deed().action, last_deed().actor_id) == ("person.disabled", admin.id)
    commands.reopen_account(make.actor(admin), ada)
    assert ada.disabled_at is None
    assert session.ended_at is not None
    assert last_deed().action == "person.enabled"


def test_nobody_closes_their_own_account(admin):
    make.role(INSTALLATION, Role.ADMINISTRATOR)
    with forbidden(match="propre compte"):
        commands.close_account(make.actor(admin), admin)


def test_two_administrators_cannot_close_each_others_accounts(admin):
    """Simulate two concurrent requests that started with both accounts open."""
    other = make.role(INSTALLATION, Role.ADMINISTRATOR)
    first, second = make.actor(admin), make.actor(other)
    commands.close_account(first, other)
    with pytest.raises(RuleBroken, match="au moins un administrateur"):
        commands.close_account(second, admin)


def test_an_administrator_who_cannot_sign_in_does_not_keep_the_last_key(admin):
    gone = make.role(INSTALLATION, Role.ADMINISTRATOR)
    commands.close_account(make.actor(admin), gone)
    scope = get_scope(INSTALLATION)
    with pytest.raises(RuleBroken, match="au moins une personne"):
        roles.end_role(make.actor(admin), scope, assignment_of(admin))
    roles.end_role(make.actor(admin), scope, assignment_of(gone))


def test_the_administrators_role_is_given_once_and_to_an_open_account(admin, ada):
    commands.make_administrator(make.actor(admin), ada)
    deed = last_deed()
    assert (deed.action, deed.facts["person_id"]) == ("role.assigned", str(ada.id))
    with pytest.raises(RuleBroken, match="déjà ce rôle"):
        commands.make_administrator(make.actor(admin), ada)
    closed = make.person()
    commands.close_account(make.actor(admin), closed)
    with pytest.raises(RuleBroken, match="fermé"):
        commands.make_administrator(make.actor(admin), closed)


def test_an_erased_account_opens_no_more_and_so_never_is_the_administrator_who_stays(admin):
    erased = make.person(email=f"x@{ERASED_DOMAIN}", disabled_at=clock.now())
    with pytest.raises(RuleBroken, match="ne se rouvre pas"):
        commands.reopen_account(make.actor(admin), erased)
    with pytest.raises(RuleBroken, match="fermé"):
        commands.make_administrator(make.actor(admin), erased)
    make.role(INSTALLATION, Role.ADMINISTRATOR, make.person(email=f"y@{ERASED_DOMAIN}"))
    assert not has_other_holder(INSTALLATION, Role.ADMINISTRATOR, admin.id), "one that was reopened before"


@pytest.mark.parametrize("role", [Role.PROGRAMME_LEAD, Role.TEAM_LEAD, Role.OBSERVER])
def test_others_change_nothing_here(app, ada, role):
    someone = make.actor(make.holder(role, make.project()))
    for command in (commands.close_account, commands.reopen_account, commands.make_administrator):
        with forbidden():
            command(someone, ada)


def test_an_administrator_takes_back_any_role(admin):
    project = make.project()
    member = make.role(project.id, Role.TEAM_MEMBER)
    roles.end_role(make.actor(admin), get_scope(project.id), assignment_of(member))
    deed = last_deed()
    assert (deed.action, deed.scope_id) == ("role.ended", project.id)  # in the team's feed
