"""Hashing passwords: argon2id (RFC 9106), the same work whether the person exists or not."""

import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import ARGON2_VERSION

from portal.people.accounts.models import PASSWORD_MAX

# What nobody's password hashes to: 16 bytes of salt and 32 of hash, in base64.
_DUMMY_SALT_AND_HASH = f"${'A' * 22}${'A' * 43}"


class Passwords:
    """Hashes and checks with one cost, in KiB of memory."""

    def __init__(self, memory_kib: int) -> None:
        rounds = 3 if memory_kib >= 1024 else 1
        self._hasher = PasswordHasher(time_cost=rounds, memory_cost=memory_kib, parallelism=1)
        self._dummy = (
            f"$argon2id$v={ARGON2_VERSION}$m={memory_kib},t={rounds},p=1{_DUMMY_SALT_AND_HASH}"
        )

    def hash(self, password: str) -> str:
        return self._hasher.hash(_normalize(password))

    def matches(self, known_hash: str | None, password: str) -> bool:
        """Whether the password is the one; a missing hash costs as much as a wrong password."""
        usable = known_hash is not None and len(password) <= PASSWORD_MAX
        candidate = _normalize(password[:PASSWORD_MAX])
        try:
            self._hasher.verify(known_hash if usable and known_hash else self._dummy, candidate)
        except (VerificationError, InvalidHashError):
            return False
        return usable

    def is_outdated(self, known_hash: str) -> bool:
        """Whether a hash was made with another cost than today's."""
        return self._hasher.check_needs_rehash(known_hash)


def _normalize(password: str) -> str:
    """An é is an é, whichever keyboard composed it (RFC 8265, 4.2.2)."""
    return unicodedata.normalize("NFC", password)
