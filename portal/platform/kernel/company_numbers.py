"""SIREN and SIRET numbers of organisations."""

import re

_OTHERS = re.compile(r"\D+")
SIRET_LENGTH = 14
_LA_POSTE = "356000000"  # its establishments have a checksum of their own


def clean_company_number(text: str) -> str:
    """The digits of a SIREN or SIRET, without spaces."""
    return _OTHERS.sub("", text)


def is_siret(digits: str) -> bool:
    """Whether fourteen digits have the checksum of a SIRET: Luhn's, or that of La Poste."""
    if len(digits) != SIRET_LENGTH:
        return False
    if digits.startswith(_LA_POSTE):
        return sum(map(int, digits)) % 5 == 0 or _has_luhn_checksum(digits)
    return _has_luhn_checksum(digits)


def _has_luhn_checksum(digits: str) -> bool:
    doubled = (int(digit) * (1 + n % 2) for n, digit in enumerate(reversed(digits)))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0
