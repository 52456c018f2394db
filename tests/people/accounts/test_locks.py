"""Links in letters lock what they change, so that they serve once; sessions are one’s own."""

import pytest

from portal.people.accounts import address_commands, commands, reset_commands
from portal.people.accounts.address_commands import AddressSide
from portal.people.accounts.password_rules import PortalPasswordHasher
from portal.platform.kernel.database import db
from portal.platform.kernel.services import get_service
from tests.people.accounts.conftest import SECRET
from tests.support import factories as make
from tests.support.refusals import forbidden
from tests.support.trail import is_locked


@pytest.fixture
def passwords(app):
    return get_service(PortalPasswordHasher, app)


def test_a_confirmed_address_change_is_locked(ada, passwords):
    signed_in = commands.open_session(ada)
    db.session.commit()
    change = address_commands.request_address_change(
        make.actor(ada), signed_in, "ada@ministere.example", SECRET, passwords
    )
    db.session.commit()
    assert not is_locked(change)
    address_commands.confirm_address_change(change.id, AddressSide.OLD)
    assert is_locked(change)


def test_a_used_password_reset_is_locked(ada, passwords):
    reset = make.password_reset(ada)
    db.session.commit()
    new_password = "une autre phrase, assez longue aussi"
    reset_commands.reset_password_by_link(make.actor(ada), reset.id, new_password, passwords)
    assert is_locked(reset)


def test_nobody_ends_the_session_of_somebody_else(ada):
    session = make.session(ada)
    other = make.actor(make.person())
    for command in (commands.close_session, commands.sign_out):
        with forbidden():
            command(other, session)
    assert session.ended_at is None
    commands.close_session(make.actor(ada), session)
    assert session.ended_at is not None
