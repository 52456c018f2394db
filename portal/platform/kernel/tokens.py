"""Secret tokens.

Random tokens: 32 bytes, shown once, only the SHA-256 is stored. Sealed tokens: a row's id signed
with the installation's key, for links in mails; no table holds them.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from uuid import UUID

from itsdangerous import BadSignature, URLSafeSerializer


def new_token() -> str:
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


class TokenSealer:
    """Signs ids with the newest key; verifies with the newest or an earlier key."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._keys = list(keys)  # the newest last, as itsdangerous expects

    def seal(self, purpose: str, id_: UUID) -> str:
        """A signed token for one purpose. It never expires and can be reused: the row decides."""
        sealed = self._serializer(purpose).dumps(id_.hex)
        return sealed if isinstance(sealed, str) else sealed.decode()

    def open(self, purpose: str, token: str) -> UUID | None:
        """The id, or None for a token that was not sealed here for this purpose."""
        try:
            return UUID(hex=self._serializer(purpose).loads(token))
        except (BadSignature, ValueError, TypeError, AttributeError):
            return None

    def compute_short_mac(self, purpose: str, text: str) -> str:
        """A short MAC of a text for one purpose: 24 letters and digits, case-insensitive."""
        return _compute_mac(self._keys[-1], purpose, text)

    def is_mac_of(self, purpose: str, text: str, mark: str) -> bool:
        """Whether a MAC is of this text, with the newest key or an earlier one."""
        candidate = mark.lower().encode()
        marks = [_compute_mac(key, purpose, text).encode() for key in self._keys]
        return any(hmac.compare_digest(candidate, valid_mark) for valid_mark in marks)

    def _serializer(self, purpose: str) -> URLSafeSerializer:
        options = {"digest_method": hashlib.sha256}
        return URLSafeSerializer(self._keys, salt=f"sealed {purpose}", signer_kwargs=options)


MARK_BYTES = 15  # 120 bits


def _compute_mac(key: str, purpose: str, text: str) -> str:
    own = hashlib.sha256(f"mark {purpose}\0{key}".encode()).digest()
    mark = hmac.new(own, text.encode(), hashlib.sha256).digest()[:MARK_BYTES]
    return base64.b32encode(mark).decode().lower()
