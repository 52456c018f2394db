"""Password hashing with argon2id (RFC 9106), in constant time whether or not the person exists."""

import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import ARGON2_VERSION

from portal.people.accounts.models import PASSWORD_MAX

# Salt (16 bytes) and hash (32 bytes) in base64 that no password has.
_DUMMY_SALT_AND_HASH = f"${'A' * 22}${'A' * 43}"


class PortalPasswordHasher:
    """Hashes and verifies passwords at one cost, `memory_kib` KiB of memory."""

    def __init__(self, memory_kib: int) -> None:
        rounds = 3 if memory_kib >= 1024 else 1
        self._hasher = PasswordHasher(time_cost=rounds, memory_cost=memory_kib, parallelism=1)
        self._dummy = f"$argon2id$v={ARGON2_VERSION}$m={memory_kib},t={rounds},p=1{_DUMMY_SALT_AND_HASH}"

    def hash(self, password: str) -> str:
        """Return the encoded argon2id hash."""
        return self._hasher.hash(_normalize_password(password))

    def matches(self, known_hash: str | None, password: str) -> bool:
        """Tell whether the password matches; a missing hash takes as long as a wrong password."""
        usable = known_hash is not None and len(password) <= PASSWORD_MAX
        candidate = _normalize_password(password[:PASSWORD_MAX])
        try:
            self._hasher.verify(known_hash if usable and known_hash else self._dummy, candidate)
        except (VerificationError, InvalidHashError):
            return False
        return usable

    def is_outdated(self, known_hash: str) -> bool:
        """Tell whether a hash was made at another cost than the current one."""
        return self._hasher.check_needs_rehash(known_hash)


def _normalize_password(password: str) -> str:
    """Return the password in Unicode form NFC (RFC 8265, 4.2.2)."""
    return unicodedata.normalize("NFC", password)
