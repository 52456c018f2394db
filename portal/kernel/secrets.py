"""Tokens that open something.

Either 32 random bytes, shown once, of which only the SHA-256 is kept; or sealed: a row's id signed
with the installation's key, so that a letter can carry a link that no table holds.
"""

import hashlib
import secrets
from collections.abc import Sequence
from uuid import UUID

from itsdangerous import BadSignature, URLSafeSerializer


def new_token() -> str:
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


class Sealer:
    """Seals ids with the newest key, and opens what the newest or an earlier one sealed."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._keys = list(keys)  # the newest last, as itsdangerous wants them

    def seal(self, purpose: str, id_: UUID) -> str:
        """A token for one purpose. Who holds it holds what the row allows, while it allows it."""
        sealed = self._serializer(purpose).dumps(id_.hex)
        return sealed if isinstance(sealed, str) else sealed.decode()

    def open(self, purpose: str, token: str) -> UUID | None:
        """The id, or None for what was not sealed here for this purpose."""
        try:
            return UUID(hex=self._serializer(purpose).loads(token))
        except (BadSignature, ValueError, TypeError, AttributeError):
            return None

    def _serializer(self, purpose: str) -> URLSafeSerializer:
        options = {"digest_method": hashlib.sha256}
        return URLSafeSerializer(self._keys, salt=f"sealed {purpose}", signer_kwargs=options)
