from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal.people.accounts import address_commands, commands, queries
from portal.people.accounts.address_commands import AddressSide
from portal.people.accounts.password_rules import PortalPasswordHasher
from portal.platform.kernel import clock
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import NotFound, RuleBroken
from portal.platform.kernel.outbox import OutboxMessage
from portal.platform.kernel.services import get_service
from tests.people.accounts.conftest import SECRET
from tests.support import factories as make
from tests.support.refusals import forbidden

NEW = "ada@ministere.example"


@pytest.fixture
def ask(ada, app):
    """Request another address from a session that stays open."""
    signed_in = commands.open_session(ada)
    db.session.commit()

    def ask_for(email=NEW, current=SECRET):
        passwords = get_service(PortalPasswordHasher, app)
        change = address_commands.request_address_change(
            make.actor(ada), signed_in, email, current, passwords
        )
        db.session.commit()
        return change

    ask_for.session = signed_in
    return ask_for


def letters() -> list[tuple[str, str]]:
    rows = db.session.scalars(sa.select(OutboxMessage).order_by(OutboxMessage.id))
    return [(row.kind, row.address) for row in rows]


@pytest.mark.parametrize(
    "order", [(AddressSide.OLD, AddressSide.NEW), (AddressSide.NEW, AddressSide.OLD)], ids=str
)
def test_an_address_changes_once_both_have_confirmed(ada, ask, order):
    change = ask()
    assert letters() == [("address-old", "ada@demo.example"), ("address-new", NEW)]
    assert address_commands.confirm_address_change(change.id, order[0]) is False
    assert address_commands.confirm_address_change(change.id, order[0]) is False
    assert ada.email == "ada@demo.example"
    assert address_commands.confirm_address_change(change.id, order[1]) is True
    db.session.commit()
    assert ada.email == NEW
    assert letters()[2:] == [("address-changed", "ada@demo.example")]


def test_sessions_end_but_the_one_that_asked_and_links_sent_to_the_old_address_die(ada, ask):
    elsewhere, reset = commands.open_session(ada), None
    change = ask()
    reset = make.password_reset(ada)
    address_commands.confirm_address_change(change.id, AddressSide.NEW)
    address_commands.confirm_address_change(change.id, AddressSide.OLD)
    db.session.commit()
    assert queries.find_signed_in(ask.session.token)
    assert queries.find_signed_in(elsewhere.token) is None
    with pytest.raises(NotFound):
        queries.get_reset_and_person(reset.id)


def test_an_address_that_is_taken_is_told_and_whoever_asks_sees_no_difference(ada, ask, statements):
    taken, free = make.person(email="taken@demo.example", locale="en").email, NEW
    ask("first@demo.example")  # so that the next requests also replace an earlier one
    seen = []
    for email in (free, taken):
        before = len(statements)
        ask(email)
        seen.append([statement.split()[0] for statement in statements[before:]])
    assert queries.find_own_address_change(make.actor(ada)).email == taken
    assert seen[0] == seen[1]
    assert letters()[-2:] == [("address-old", ada.email), ("address-taken", taken)]


def test_an_address_taken_while_the_letters_travelled_is_refused(ada, ask):
    change = ask()
    address_commands.confirm_address_change(change.id, AddressSide.OLD)
    make.person(email=NEW)
    with pytest.raises(RuleBroken, match="un compte depuis peu"):
        address_commands.confirm_address_change(change.id, AddressSide.NEW)
    db.session.rollback()
    assert ada.email == "ada@demo.example"


@pytest.mark.parametrize(
    ("typed", "field"),
    [({"current": "autre chose"}, "current_password"), ({"email": " ADA@demo.example"}, "email")],
)
def test_what_is_refused_sends_nothing(ask, typed, field):
    with pytest.raises(RuleBroken) as refused:
        ask(**typed)
    assert refused.value.field == field
    assert letters() == []


def test_a_second_wish_replaces_the_first(ada, ask):
    first, second = ask("first@demo.example"), ask()
    with pytest.raises(NotFound):
        address_commands.confirm_address_change(first.id, AddressSide.OLD)
    assert queries.find_own_address_change(make.actor(ada)) is second


def test_a_wish_lapses_after_a_day_and_another_may_follow(ada, ask):
    change = ask()
    address_commands.confirm_address_change(change.id, AddressSide.OLD)
    with clock.frozen_at(clock.now() + timedelta(hours=24, minutes=1)):
        with pytest.raises(NotFound):
            address_commands.confirm_address_change(change.id, AddressSide.NEW)
        assert queries.find_own_address_change(make.actor(ada)) is None
        assert ask().id != change.id


def test_a_person_thinks_better_of_it(ada, ask):
    change = ask()
    address_commands.cancel_address_change(make.actor(ada), ada)
    address_commands.cancel_address_change(make.actor(ada), ada)
    with pytest.raises(NotFound):
        address_commands.confirm_address_change(change.id, AddressSide.OLD)
    assert queries.find_signed_in(ask.session.token)


def test_a_refusal_from_the_old_address_ends_every_session_too(ada, ask):
    change = ask()
    address_commands.refuse_address_change(change.id)
    db.session.commit()
    assert queries.find_signed_in(ask.session.token) is None
    with pytest.raises(NotFound):
        address_commands.confirm_address_change(change.id, AddressSide.NEW)


def test_a_new_password_or_a_closed_account_ends_the_wish(ada, ask, app):
    change = ask()
    commands.change_password(
        make.actor(ada), ask.session, SECRET, "lune vélo carton", get_service(PortalPasswordHasher, app)
    )
    with pytest.raises(NotFound):
        address_commands.confirm_address_change(change.id, AddressSide.OLD)
    change = ask(current="lune vélo carton")
    commands.disable_account(None, ada)
    with pytest.raises(NotFound):
        address_commands.confirm_address_change(change.id, AddressSide.OLD)


def test_nobody_changes_or_keeps_the_address_of_another(ada, ask, app):
    stranger = make.actor(make.person())
    with forbidden():
        address_commands.request_address_change(
            stranger, ask.session, NEW, SECRET, get_service(PortalPasswordHasher, app)
        )
    with forbidden():
        address_commands.cancel_address_change(stranger, ada)


def test_the_trail_says_who_changed_it_and_holds_no_address(ada, ask):
    change = ask()
    address_commands.confirm_address_change(change.id, AddressSide.OLD)
    address_commands.confirm_address_change(change.id, AddressSide.NEW)
    db.session.commit()
    rows = db.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id)).all()
    assert [row.action for row in rows] == [
        "person.signed_in",
        "person.asked_address",
        "person.confirmed_address",
        "person.confirmed_address",
        "person.changed_address",
    ]
    assert "@" not in str([(row.stored_before, row.stored_after, row.stored_facts) for row in rows])
    assert rows[-1].before == {"email": "ada@demo.example"}  # beside it, where an erasure looks
