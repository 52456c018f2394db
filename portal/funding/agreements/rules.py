"""Preconditions of agreements, and texts that people type for them. Pure."""

import re
from collections.abc import Iterable, Sequence
from datetime import date

from portal.funding.agreements.models import NAME_MAX, PARTIES_MAX
from portal.platform.kernel.company_numbers import clean_company_number, is_siret
from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.text import gettext as _

LEGAL_COMMITMENT_LENGTH = 10  # digits of an « engagement juridique » of Chorus
Party = tuple[str, str]  # name, SIRET


def parse_parties(text: str) -> Sequence[Party]:
    """Read « name ; SIRET », one a line, as pairs that nobody has checked."""
    parts = (line.rpartition(";") for line in text.splitlines() if line.strip())
    return [(name.strip(), number.strip()) for name, _separator, number in parts]


def clean_parties(parties: Iterable[Party]) -> Sequence[Party]:
    """The same pairs, each SIRET as its digits. Raises `RuleBroken` on `parties`."""
    cleaned = []
    for name, number in parties:
        digits = clean_company_number(number)
        if not name or len(name) > NAME_MAX or not is_siret(digits):
            line = " ; ".join(filter(None, (name, number)))[:60]
            sentence = _("« %(line)s » : écrivez un nom, puis son SIRET de 14 chiffres.", line=line)
            raise RuleBroken("parties", sentence)
        cleaned.append((name, digits))
    if len(cleaned) > PARTIES_MAX:
        raise RuleBroken("parties", _("Nommez au plus %(n)s parties.", n=PARTIES_MAX))
    return cleaned


def write_parties(parties: Iterable[Sequence[str]]) -> str:
    """The same as text."""
    return "\n".join(f"{name} ; {siret}" for name, siret in parties)


def clean_legal_commitment(text: str) -> str | None:
    """The ten digits of an « engagement juridique », None for an empty text. Raises `RuleBroken`."""
    digits = re.sub(r"[\s.\-]", "", text)
    if digits and not (digits.isascii() and digits.isdigit() and len(digits) == LEGAL_COMMITMENT_LENGTH):
        sentence = _("Un engagement juridique de Chorus a %(n)s chiffres.", n=LEGAL_COMMITMENT_LENGTH)
        raise RuleBroken("legal_commitment", sentence)
    return digits or None


def require_order(starts_on: date | None, ends_on: date | None) -> None:
    """Raise `RuleBroken` on `ends_on` unless it comes after the first day."""
    if starts_on and ends_on and ends_on <= starts_on:
        raise RuleBroken("ends_on", _("La fin vient après le début."))


def require_within(field: str, day: date | None, starts_on: date | None, ends_on: date | None) -> None:
    """Raise `RuleBroken` on the field for a day outside of an agreement."""
    if day and ((starts_on and day < starts_on) or (ends_on and day > ends_on)):
        raise RuleBroken(field, _("Ce jour est hors de la convention."))
