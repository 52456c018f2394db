"""Encryption of secrets that must be read again, such as the tokens of other services.

Fernet (AES-128-CBC with HMAC-SHA256) under a key derived from the installation's; an earlier key
still opens what it closed.
"""

import base64
import hashlib
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

_BEGINNING = "gAAAA"  # of every closed text: Fernet's version, and zeros of its time


class SecretBox:
    """Encrypts with the newest key, decrypts with the newest or an earlier one."""

    def __init__(self, keys: Sequence[str]) -> None:
        """`keys`: the newest first."""
        self._box = MultiFernet([Fernet(_derive_encryption_key(key)) for key in keys])

    def close(self, secret: str) -> str:
        """The encrypted secret, as ASCII text."""
        return self._box.encrypt(secret.encode()).decode()

    def open(self, closed: str) -> str | None:
        """The secret; None when no key of this installation opens it."""
        try:
            return self._box.decrypt(closed.encode()).decode()
        except InvalidToken:
            return None


def is_encrypted_text(text: str) -> bool:
    """Whether a text was closed by some key, rather than written in clear; JSON never looks so."""
    return text.startswith(_BEGINNING)


def _derive_encryption_key(key: str) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(f"secret box\0{key}".encode()).digest())
