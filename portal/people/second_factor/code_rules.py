"""One-time codes (RFC 6238) and recovery codes: checks without a database."""

import base64
import hmac
import secrets
from datetime import datetime

import pyotp

STEP_SECONDS = 30
STEPS_AROUND = 1  # clocks may differ by a step
CODE_DIGITS = 6
RECOVERY_BYTES = 15  # 120 random bits: 24 letters and digits
RECOVERY_CODES = 8
_GROUP = 4


def new_secret() -> str:
    """A secret of 160 random bits, in base32."""
    return pyotp.random_base32()


def provisioning_uri(secret: str, account: str, issuer: str) -> str:
    """The address that applications of one-time codes read from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=issuer)


def find_code_time_step(secret: str, typed_code: str, now: datetime, last_step: int | None) -> int | None:
    """The time step of a typed code; None for a wrong code, or one that was accepted before.

    Codes of the step before and after are accepted too.
    """
    digits = "".join(typed_code.split())
    if len(digits) != CODE_DIGITS or not (digits.isascii() and digits.isdigit()):
        return None
    current = int(now.timestamp()) // STEP_SECONDS
    one_time = pyotp.TOTP(secret)
    for step in range(current - STEPS_AROUND, current + STEPS_AROUND + 1):
        is_new = last_step is None or step > last_step
        if hmac.compare_digest(one_time.generate_otp(step), digits) and is_new:
            return step
    return None


def new_recovery_code() -> str:
    """Six groups of four letters and digits."""
    text = base64.b32encode(secrets.token_bytes(RECOVERY_BYTES)).decode().lower()
    return "-".join(text[start : start + _GROUP] for start in range(0, len(text), _GROUP))


def normalize_recovery_code(typed_code: str) -> str:
    """The code as `new_recovery_code` writes it, however it was grouped or capitalised."""
    text = "".join(char for char in typed_code.lower() if char.isalnum()).replace("0", "o").replace("1", "l")
    return "-".join(text[start : start + _GROUP] for start in range(0, len(text), _GROUP))
