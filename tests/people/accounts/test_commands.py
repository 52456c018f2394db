import base64
import os
import secrets
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from portal.people.accounts import commands, queries
from portal.people.accounts.commands import Profile
from portal.people.accounts.models import OpenSession, Person
from portal.people.accounts.password_rules import PortalPasswordHasher
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db, separate_transaction
from portal.platform.kernel.errors import Conflict, RuleBroken
from portal.platform.kernel.services import get_service
from portal.platform.kernel.tokens import token_hash
from tests.people.accounts.conftest import SECRET
from tests.support import factories as make
from tests.support.refusals import forbidden

NEW = "lune vélo carton"
PROFILE = Profile(name="Ada Lovelace", locale="en", time_zone="Indian/Reunion")


@pytest.fixture
def passwords(app):
    return get_service(PortalPasswordHasher, app)


def actions() -> list[str]:
    return list(db.session.scalars(sa.select(AuditEvent.action).order_by(AuditEvent.id)))


def test_signing_in_keeps_only_the_hash_of_the_session_token(ada, passwords):
    signed_in = commands.sign_in(" ADA@demo.example ", SECRET, passwords)
    kept = db.session.scalars(sa.select(OpenSession)).one()
    assert signed_in
    assert kept.token_hash == token_hash(signed_in.token) != signed_in.token
    assert actions() == ["person.signed_in"]


def test_every_session_token_is_32_bytes_of_the_systems_generator(ada, passwords, monkeypatch):
    drawn: list[bytes] = []

    def draw(size: int) -> bytes:
        drawn.append(os.urandom(size))
        return drawn[-1]

    monkeypatch.setattr(secrets, "token_bytes", draw)
    signed_in = [commands.sign_in(ada.email, SECRET, passwords) for _number in range(3)]
    tokens = [base64.urlsafe_b64decode(each.token + "=") for each in signed_in if each]
    assert tokens == drawn
    assert len(set(tokens)) == 3
    assert {len(token) for token in tokens} == {32}


@pytest.mark.parametrize(
    ("email", "password"), [("ada@demo.example", "autre chose"), ("nobody@demo.example", SECRET)]
)
def test_what_does_not_go_together_opens_nothing(ada, passwords, email, password):
    assert commands.sign_in(email, password, passwords) is None
    assert not db.session.scalars(sa.select(OpenSession)).all()


def test_a_disabled_account_does_not_open(ada, passwords):
    ada.disabled_at = clock.now()
    assert commands.sign_in(ada.email, SECRET, passwords) is None


@pytest.mark.parametrize("house", ["postgresql"], indirect=True)  # SQLite's writers take turns
@pytest.mark.parametrize(
    "meanwhile", [{"password_hash": "another"}, {"disabled_at": datetime(2026, 1, 1, tzinfo=UTC)}]
)
def test_what_changes_while_a_password_is_compared_lets_nobody_in(ada, passwords, meanwhile):
    """A sign-in with the old password during the change gets no session."""

    class Slow:
        def matches(self, *given: str) -> bool:
            with separate_transaction() as elsewhere:
                elsewhere.execute(sa.update(Person).values(meanwhile))
            return passwords.matches(*given)

        is_outdated, hash = passwords.is_outdated, passwords.hash

    assert commands.sign_in(ada.email, SECRET, Slow()) is None
    assert not db.session.scalars(sa.select(OpenSession)).all()


def test_an_outdated_hash_is_renewed_at_sign_in(ada, passwords):
    ada.password_hash = type(passwords)(16).hash(SECRET)
    assert commands.sign_in(ada.email, SECRET, passwords)
    assert not passwords.is_outdated(ada.password_hash)


def test_a_session_ends_with_its_life_its_sign_out_or_its_account(ada):
    signed_in = commands.open_session(ada)
    db.session.flush()
    assert queries.find_signed_in(signed_in.token)
    with clock.frozen_at(clock.now() + commands.SESSION_LIFE + timedelta(seconds=1)):
        assert queries.find_signed_in(signed_in.token) is None
    commands.sign_out(make.actor(ada), signed_in.session)
    db.session.flush()
    assert queries.find_signed_in(signed_in.token) is None


def test_nobody_ends_the_session_of_another(ada):
    signed_in = commands.open_session(ada)
    with forbidden():
        commands.sign_out(make.actor(make.person()), signed_in.session)


def test_two_people_of_one_name_have_handles_of_their_own(app):
    handles = [
        commands.create_person(None, email=f"a{n}@demo.example", name="Œdipe Élan").handle for n in range(3)
    ]
    assert handles == ["oedipe-elan", "oedipe-elan-2", "oedipe-elan-3"]


def test_a_profile_is_changed_and_the_trail_keeps_no_name(ada):
    commands.change_profile(make.actor(ada), ada, PROFILE, ada.version)
    line = db.session.scalars(sa.select(AuditEvent)).one()
    assert (ada.name, ada.locale, ada.time_zone) == ("Ada Lovelace", "en", "Indian/Reunion")
    assert line.action == "person.changed_profile"
    assert "Ada" not in str(line.stored_before | line.stored_after | line.stored_facts)


def test_a_stale_profile_is_refused(ada):
    with pytest.raises(Conflict):
        commands.change_profile(make.actor(ada), ada, PROFILE, ada.version - 1)


def test_nobody_changes_the_profile_or_the_language_of_another(ada):
    stranger = make.actor(make.person())
    with forbidden():
        commands.change_profile(stranger, ada, PROFILE, ada.version)
    with forbidden():
        commands.choose_language(stranger, ada, "en")


@pytest.mark.parametrize("new", ["lune vélo 8", "x" * 257, "azerty123456", "Ada Martin 1987"])
def test_a_password_too_short_too_long_or_easily_guessed_is_refused(ada, passwords, new):
    signed_in = commands.open_session(ada)
    with pytest.raises(RuleBroken) as refused:
        commands.change_password(make.actor(ada), signed_in, SECRET, new, passwords)
    assert refused.value.field == "password"


def test_an_administrator_needs_fourteen_characters(ada, passwords):
    make.role(make.INSTALLATION, Role.ADMINISTRATOR, ada)
    signed_in = commands.open_session(ada)
    with pytest.raises(RuleBroken):
        commands.change_password(make.actor(ada), signed_in, SECRET, "lune vélo 36.", passwords)
    commands.change_password(make.actor(ada), signed_in, SECRET, "lune vélo 365.", passwords)


def test_changing_the_password_asks_for_the_current_one_and_ends_the_other_sessions(ada, passwords):
    here, elsewhere = commands.open_session(ada), commands.open_session(ada)
    db.session.flush()
    with pytest.raises(RuleBroken) as refused:
        commands.change_password(make.actor(ada), here, "autre chose", NEW, passwords)
    assert refused.value.field == "current_password"
    commands.change_password(make.actor(ada), here, SECRET, NEW, passwords)
    assert queries.find_signed_in(here.token)
    assert queries.find_signed_in(elsewhere.token) is None
    assert passwords.matches(ada.password_hash, NEW)
    assert actions()[-1] == "person.changed_password"


@pytest.fixture
def administrator(app):
    return make.actor(make.role(make.INSTALLATION, Role.ADMINISTRATOR))


def test_a_closed_account_lets_nobody_in_until_it_is_opened_again(ada, passwords, administrator):
    session = commands.open_session(ada)
    commands.disable_account(administrator, ada)
    commands.disable_account(administrator, ada)
    assert queries.find_signed_in(session.token) is None
    assert commands.sign_in(ada.email, SECRET, passwords) is None
    commands.enable_account(administrator, ada)
    commands.enable_account(administrator, ada)
    assert queries.find_signed_in(session.token) is None
    assert commands.sign_in(ada.email, SECRET, passwords)
    assert actions()[1:3] == ["person.disabled", "person.enabled"]


def test_accounts_are_closed_and_opened_by_administrators_and_never_their_own(ada, administrator):
    somebody = make.actor(make.person())
    for act in (commands.disable_account, commands.enable_account):
        with forbidden():
            act(somebody, ada)
    with forbidden():
        commands.disable_account(administrator, db.session.get(type(ada), administrator.person_id))
