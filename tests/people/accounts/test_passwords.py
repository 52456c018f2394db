import pytest

from portal.people.accounts.password_rules import PortalPasswordHasher

CHEAP = 8


@pytest.fixture(scope="module")
def passwords() -> PortalPasswordHasher:
    return PortalPasswordHasher(CHEAP)


def test_a_password_matches_its_own_hash_only(passwords):
    kept = passwords.hash("une phrase assez longue")
    assert kept.startswith("$argon2id$")
    assert passwords.matches(kept, "une phrase assez longue")
    assert not passwords.matches(kept, "une phrase assez courte")


def test_nobody_has_the_password_of_a_missing_hash(passwords):
    assert not passwords.matches(None, "a password that nobody has")
    assert not passwords.matches("not a hash", "a password that nobody has")


def test_a_password_too_long_to_have_been_chosen_matches_nothing(passwords):
    kept = passwords.hash("x" * 256)
    assert passwords.matches(kept, "x" * 256)
    assert not passwords.matches(kept, "x" * 257)


def test_an_accent_is_the_same_however_the_keyboard_wrote_it(passwords):
    composed, decomposed = "une phrase d\u00e9j\u00e0 longue", "une phrase de\u0301ja\u0300 longue"
    assert passwords.matches(passwords.hash(decomposed), composed)


def test_a_hash_made_with_another_cost_is_outdated(passwords):
    kept = PortalPasswordHasher(16).hash("une phrase assez longue")
    assert passwords.is_outdated(kept)
    assert not passwords.is_outdated(passwords.hash("une phrase assez longue"))
