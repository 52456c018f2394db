from uuid import uuid4

import pytest

from portal.platform.kernel.access import Actor, Role
from portal.platform.mail import policy


def who(role: Role) -> Actor:
    return Actor(uuid4(), {uuid4(): frozenset({role})})


@pytest.mark.parametrize("role", Role)
def test_administrators_alone_read_the_outbox_and_try_again(role):
    is_administrator = role is Role.ADMINISTRATOR
    assert policy.can_read_outbox(who(role)) is is_administrator
    assert policy.can_retry_letters(who(role)) is is_administrator


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("is_production", [True, False])
def test_nobody_reads_bodies_in_production(role, is_production):
    may = role is Role.ADMINISTRATOR and not is_production
    assert policy.can_read_letter_bodies(who(role), is_production=is_production) is may
