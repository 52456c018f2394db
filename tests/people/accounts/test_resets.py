from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal.people.accounts import commands, queries, reset_commands
from portal.people.accounts.models import PasswordReset
from portal.people.accounts.password_rules import PortalPasswordHasher
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import NotFound, RuleBroken
from portal.platform.kernel.outbox import OutboxMessage
from portal.platform.kernel.services import get_service
from tests.people.accounts.conftest import SECRET, with_password
from tests.support import factories as make
from tests.support.refusals import forbidden

NEW = "lune vélo carton"


@pytest.fixture
def passwords(app):
    return get_service(PortalPasswordHasher, app)


def letters() -> list[OutboxMessage]:
    return list(db.session.scalars(sa.select(OutboxMessage).order_by(OutboxMessage.id)))


def choose(person, reset, passwords, new=NEW):
    return reset_commands.reset_password_by_link(make.actor(person), reset.id, new, passwords)


def test_a_letter_goes_to_whoever_has_the_address(ada):
    reset_commands.request_password_reset(" ADA@demo.example ")
    letter = letters()[0]
    reset = db.session.scalars(sa.select(PasswordReset)).one()
    assert (letter.kind, letter.address, letter.locale) == ("password-reset", ada.email, "fr")
    assert letter.facts == {"id": str(reset.id), "name": "Ada Martin"}
    assert reset.expires_at - clock.now() <= timedelta(hours=1)


def nobody(app):
    return "nobody@demo.example"


def a_closed_account(app):
    gone = make.person(email="gone@demo.example", disabled_at=clock.now())
    return with_password(gone, app).email


def somebody_who_never_signs_in(app):
    return make.person(email="shown@demo.example").email


UNKNOWN = (nobody, a_closed_account, somebody_who_never_signs_in)


@pytest.mark.parametrize("whose", UNKNOWN, ids=lambda whose: whose.__name__)
def test_no_letter_goes_where_nobody_can_sign_in_and_the_same_statements_are_sent(
    ada, app, statements, whose, monkeypatch
):
    known, unknown = ada.email, whose(app)
    monkeypatch.setattr(PortalPasswordHasher, "hash", None)  # hashing would take measurable time
    db.session.commit()
    shapes = []
    for address in (known, unknown):
        before = len(statements)
        reset_commands.request_password_reset(address)
        db.session.commit()
        shapes.append([statement.split()[0] for statement in statements[before:]])
    assert shapes[0] == shapes[1]
    assert [letter.address for letter in letters()] == [known]


def test_an_unknown_address_is_kept_nowhere(ada):
    reset_commands.request_password_reset("nobody@elsewhere.example")
    db.session.commit()
    rows = [
        dict(row)
        for table in ("password_reset", "audit_event", "outbox_message")
        for row in db.session.execute(sa.text(f"SELECT * FROM {table}")).mappings()
    ]
    assert rows
    assert "elsewhere" not in str(rows)


def test_a_new_password_ends_every_session_and_every_link_and_is_told(ada, passwords):
    session = commands.open_session(ada)
    used, other = make.password_reset(ada), make.password_reset(ada)
    change = make.address_change(ada)
    choose(ada, used, passwords)
    db.session.commit()
    assert passwords.matches(ada.password_hash, NEW)
    assert queries.find_signed_in(session.token) is None
    for reset in (used, other):
        with pytest.raises(NotFound):
            queries.get_reset_and_person(reset.id)
    with pytest.raises(NotFound):
        queries.get_address_change_and_person(change.id)
    assert [(letter.kind, letter.address) for letter in letters()] == [("password-changed", ada.email)]
    deed = db.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id.desc()).limit(1)).one()
    assert (deed.action, deed.actor_id) == ("person.reset_password", ada.id)


def test_a_link_serves_once(ada, passwords):
    reset = make.password_reset(ada)
    choose(ada, reset, passwords)
    with pytest.raises(NotFound):
        choose(ada, reset, passwords, "une autre phrase à moi")
    assert passwords.matches(ada.password_hash, NEW)


def test_a_link_lives_an_hour(ada, passwords):
    reset_commands.request_password_reset(ada.email)
    reset = db.session.scalars(sa.select(PasswordReset)).one()
    with clock.frozen_at(clock.now() + timedelta(minutes=61)), pytest.raises(NotFound):
        choose(ada, reset, passwords)
    choose(ada, reset, passwords)


def test_a_link_opens_nothing_once_the_account_is_closed_or_for_nobody(ada, passwords):
    ada.disabled_at = clock.now()
    for reset in (make.password_reset(ada), make.password_reset(None)):
        with pytest.raises(NotFound):
            choose(ada, reset, passwords)


def test_closing_an_account_ends_its_links_for_good(ada, passwords):
    reset = make.password_reset(ada)
    commands.disable_account(None, ada)
    commands.enable_account(None, ada)
    with pytest.raises(NotFound):
        choose(ada, reset, passwords)


def test_a_refused_password_leaves_the_link_as_it_was(ada, passwords):
    reset = make.password_reset(ada)
    with pytest.raises(RuleBroken) as refused:
        choose(ada, reset, passwords, "azerty123456")
    assert refused.value.field == "password"
    choose(ada, reset, passwords)


def test_an_administrator_who_forgot_still_needs_fourteen_characters(ada, passwords):
    make.role(make.INSTALLATION, Role.ADMINISTRATOR, ada)
    with pytest.raises(RuleBroken):
        choose(ada, make.password_reset(ada), passwords, "lune vélo 36.")
    choose(ada, make.password_reset(ada), passwords, "lune vélo 365.")


def test_nobody_uses_the_link_of_another(ada, passwords):
    with forbidden():
        choose(make.person(), make.password_reset(ada), passwords)
    assert passwords.matches(ada.password_hash, SECRET)


@pytest.mark.parametrize("email", ["ada@demo.example", "nobody@demo.example"])
def test_the_sender_is_woken_for_every_address(app, ada, monkeypatch, email):
    rung: list[bool] = []
    monkeypatch.setitem(app.extensions, "outbox", lambda: rung.append(True))
    reset_commands.request_password_reset(email)
    db.session.commit()
    assert rung == [True]


def test_old_requests_are_forgotten_and_open_ones_are_not(app):
    old = make.password_reset(None, expires_at=clock.now() - timedelta(days=91)).id
    kept = make.password_reset(make.person()).id
    db.session.rollback()  # the cleanup runs in another transaction and must not wait
    assert reset_commands.delete_resets_before(clock.now() - timedelta(days=90)) == 1
    left = set(db.session.scalars(sa.select(PasswordReset.id)))
    assert kept in left
    assert old not in left
