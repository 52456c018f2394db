from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from portal.people.accounts.password_rules import PortalPasswordHasher
from portal.people.programmes import commands, queries
from portal.people.programmes.commands import NewAccount, ProgrammePlan, RoleOffer
from portal.people.programmes.models import INSTALLATION, Invitation
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import Conflict, NotFound, RuleBroken
from portal.platform.kernel.services import get_service
from tests.people.programmes.conftest import trail
from tests.support import factories as make
from tests.support.refusals import forbidden

PLAN = ProgrammePlan(
    name_fr="AMI IA 2018",
    name_en="AI Call 2018",
    about_fr="",
    about_en="",
    starts_on=date(2018, 11, 21),
    months=10,
)
TRACKS = [("Technique", "Technical"), ("Stratégique", "")]
ACCOUNT = NewAccount(name="Nour Petit", password="une phrase assez longue")
COACH = RoleOffer(email="nour@demo.example", role=Role.COACH)


@pytest.fixture
def passwords(app):
    return get_service(PortalPasswordHasher, app)


def offer_coach(lead, programme) -> str:
    return commands.invite_to_programme(make.actor(lead), programme, COACH)


# Programmes


def test_an_administrator_creates_a_programme_with_its_tracks(admin):
    made = commands.create_programme(make.actor(admin), PLAN, TRACKS)
    assert made.slug == "ami-ia-2018"
    tracks = queries.list_tracks(made.id)
    assert [(t.key, t.name_en) for t in tracks] == [("technique", "Technical"), ("strategique", "Strategic")]
    assert [line.action for line in trail()] == ["programme.created"]


@pytest.mark.parametrize("name", ["AMI IA 2018", "ami ia 2018 !", "New", "???"])
def test_a_programmes_address_is_its_own(admin, name):
    actor = make.actor(admin)
    commands.create_programme(actor, PLAN, TRACKS)
    with pytest.raises(RuleBroken) as refused:
        commands.create_programme(actor, replace(PLAN, name_fr=name), TRACKS)
    assert refused.value.field == "name_fr"


def test_a_lead_creates_no_programme(lead):
    with forbidden():
        commands.create_programme(make.actor(lead), PLAN, TRACKS)


def test_an_edit_keeps_what_was_there_before(lead, programme):
    before = programme.months
    plan = replace(PLAN, name_fr=programme.name_fr, months=12)
    commands.edit_programme(make.actor(lead), programme, plan, programme.version)
    line = trail()[-1]
    assert (line.before["months"], line.after["months"]) == (before, 12)
    assert "name_fr" not in line.after


def test_a_save_that_changes_nothing_leaves_no_trace(lead, programme):
    actor = make.actor(lead)
    commands.edit_programme(actor, programme, PLAN, programme.version)
    db.session.flush()
    commands.edit_programme(actor, programme, PLAN, programme.version)
    assert len(trail()) == 1


def test_a_stale_edit_is_refused(lead, programme):
    with pytest.raises(Conflict):
        commands.edit_programme(make.actor(lead), programme, PLAN, programme.version + 1)


# Invitations


def test_an_invitation_keeps_only_the_hash_of_its_link(lead, programme):
    token = offer_coach(lead, programme)
    kept = db.session.scalars(sa.select(Invitation)).one()
    assert token not in (kept.token_hash, kept.page)
    assert queries.find_open_invitation(token) is kept
    assert kept.place_fr == programme.name_fr
    line = trail()[-1]
    assert line.action == "role.offered"
    assert "nour" not in str(line.facts | line.after)


def test_one_may_not_offer_more_than_ones_role_allows(lead, programme, admin):
    scope = queries.get_scope(programme.id)
    with forbidden():
        commands.invite_to_role(make.actor(lead), scope, replace(COACH, role=Role.PROGRAMME_LEAD))
    with forbidden():
        commands.invite_to_role(make.actor(admin), scope, COACH)


def test_nobody_is_invited_to_a_role_they_hold(lead, programme):
    held = make.role(programme.id, Role.COACH)
    with pytest.raises(RuleBroken) as refused:
        commands.invite_to_programme(make.actor(lead), programme, replace(COACH, email=held.email))
    assert refused.value.field == "email"


def test_a_link_gives_its_role_once(lead, programme):
    token, nour = offer_coach(lead, programme), make.person(email=COACH.email)
    commands.accept_invitation(token, nour)
    assert queries.get_roles_in_scope(nour.id, programme.id) == {Role.COACH}
    with pytest.raises(NotFound):
        commands.accept_invitation(token, make.person(), knowingly=True)
    given = trail()[-1]
    assert (given.action, given.actor_id) == ("role.given", nour.id)


def test_a_link_that_is_withdrawn_expired_or_unknown_gives_nothing(lead, programme):
    token, nour = offer_coach(lead, programme), make.person(email=COACH.email)
    with (
        clock.frozen_at(clock.now() + commands.INVITATION_LIFE + timedelta(seconds=1)),
        pytest.raises(NotFound),
    ):
        commands.accept_invitation(token, nour)
    actor, scope = make.actor(lead), queries.get_scope(programme.id)
    commands.revoke_invitation(actor, scope, queries.list_open_invitations(actor, scope)[0])
    for dead in (token, "unknown", ""):
        with pytest.raises(NotFound):
            commands.accept_invitation(dead, nour)
    assert not queries.get_roles_in_scope(nour.id, programme.id)


def test_an_offer_settled_a_moment_earlier_is_not_withdrawn(lead, programme):
    token = offer_coach(lead, programme)
    taken = commands.accept_invitation(token, make.person(), knowingly=True)
    with pytest.raises(NotFound):
        commands.revoke_invitation(make.actor(lead), queries.get_scope(programme.id), taken)
    assert taken.revoked_at is None


def test_an_observer_withdraws_nothing(lead, programme):
    offer_coach(lead, programme)
    offer = db.session.scalars(sa.select(Invitation)).one()
    other = make.actor(make.role(programme.id, Role.OBSERVER))
    with forbidden():
        commands.revoke_invitation(other, queries.get_scope(programme.id), offer)


def test_an_account_is_opened_with_the_address_that_was_invited(lead, programme, passwords):
    person = commands.open_invited_account(offer_coach(lead, programme), ACCOUNT, passwords)
    assert person.email == "nour@demo.example"
    assert passwords.matches(person.password_hash, ACCOUNT.password)
    assert queries.get_roles_in_scope(person.id, programme.id) == {Role.COACH}


def test_one_link_opens_one_account(lead, programme, passwords):
    token = offer_coach(lead, programme)
    commands.open_invited_account(token, ACCOUNT, passwords)
    with pytest.raises(NotFound):
        commands.open_invited_account(token, ACCOUNT, passwords)


def test_an_address_that_has_an_account_opens_no_second_one(lead, programme, passwords):
    token = offer_coach(lead, programme)
    make.person(email=COACH.email)
    with pytest.raises(RuleBroken):
        commands.open_invited_account(token, ACCOUNT, passwords)


def test_an_administrator_to_be_chooses_fourteen_characters(admin, passwords):
    offer = RoleOffer(email="root@demo.example", role=Role.ADMINISTRATOR)
    token = commands.invite_to_role(make.actor(admin), queries.get_scope(INSTALLATION), offer)
    with pytest.raises(RuleBroken) as refused:
        commands.open_invited_account(token, replace(ACCOUNT, password="x" * 13), passwords)
    assert refused.value.field == "password"
