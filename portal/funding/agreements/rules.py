"""Preconditions of agreements, and texts that people type for them. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from uuid import UUID

from portal.funding.agreements.condition_rules import NeededDocument
from portal.funding.agreements.models import NAME_MAX, OVER, PARTIES_MAX, Instalment
from portal.platform.kernel.company_numbers import clean_company_number, is_siret
from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.text import format_day
from portal.platform.kernel.text import gettext as _

SIGNED_AHEAD_MAX = timedelta(days=366)  # before the programme begins
LEGAL_COMMITMENT_LENGTH = 10  # digits of an « engagement juridique » of Chorus
_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}")
Party = tuple[str, str]  # name, SIRET


def parse_parties(text: str) -> Sequence[Party]:
    """Read « name ; SIRET », one a line, as pairs that nobody has checked."""
    parts = (line.rpartition(";") for line in text.splitlines() if line.strip())
    return [(name.strip(), number.strip()) for name, _separator, number in parts]


def is_iban(text: str) -> bool:
    """Whether a text is a bank account, by its checksum (ISO 7064, mod 97-10)."""
    compact = re.sub(r"\s", "", text).upper()
    if not _IBAN.fullmatch(compact):
        return False
    return int("".join(str(int(letter, 36)) for letter in compact[4:] + compact[:4])) % 97 == 1


def clean_parties(parties: Iterable[Party]) -> Sequence[Party]:
    """The same pairs, each SIRET as its digits. Raises `RuleBroken` on `parties`."""
    cleaned: list[Party] = []
    for name, number in parties:
        digits = clean_company_number(number)
        if is_iban(name):
            raise RuleBroken("parties", _("Aucune coordonnée bancaire ne se note ici."))
        if re.fullmatch(r"\d{14}", digits) and not is_siret(digits):
            sentence = _("Le SIRET %(number)s n’existe pas : vérifiez ses chiffres.", number=digits)
            raise RuleBroken("parties", sentence)
        if not name or len(name) > NAME_MAX or not is_siret(digits):
            line = " ; ".join(filter(None, (name, number)))[:60]
            sentence = _("« %(line)s » : écrivez un nom, puis son SIRET de 14 chiffres.", line=line)
            raise RuleBroken("parties", sentence)
        if digits in {siret for _name, siret in cleaned}:
            raise RuleBroken("parties", _("Le SIRET %(number)s est donné deux fois.", number=digits))
        cleaned.append((name, digits))
    if len(cleaned) > PARTIES_MAX:
        raise RuleBroken("parties", _("Nommez au plus %(n)s parties.", n=PARTIES_MAX))
    return cleaned


def format_parties(parties: Iterable[Sequence[str]]) -> str:
    """The same as text."""
    return "\n".join(f"{name} ; {siret}" for name, siret in parties)


def clean_legal_commitment(text: str) -> str | None:
    """The ten digits of an « engagement juridique », None for an empty text. Raises `RuleBroken`."""
    digits = re.sub(r"[\s.\-]", "", text)
    if digits and not (digits.isascii() and digits.isdigit() and len(digits) == LEGAL_COMMITMENT_LENGTH):
        sentence = _("Un engagement juridique de Chorus a %(n)s chiffres.", n=LEGAL_COMMITMENT_LENGTH)
        raise RuleBroken("legal_commitment", sentence)
    return digits or None


def require_end_after_start(starts_on: date | None, ends_on: date | None) -> None:
    """Raise `RuleBroken` on `ends_on` unless it comes after the first day."""
    if starts_on and ends_on and ends_on <= starts_on:
        raise RuleBroken("ends_on", _("La fin vient après le début."))


def require_plausible_signature_day(signed_on: date, starts_on: date, ends_on: date | None) -> None:
    """Raise `RuleBroken` on `signed_on` for a day far before `starts_on`, the programme's first one, or
    after the end of the agreement."""
    if signed_on < starts_on - SIGNED_AHEAD_MAX:
        raise RuleBroken("signed_on", _("C’est plus d’un an avant le programme : vérifiez l’année."))
    if ends_on and signed_on > ends_on:
        raise RuleBroken("signed_on", _("C’est après la fin de la convention."))


def require_end_after_instalments(
    ends_on: date, instalments: Iterable[Instalment], documents: Mapping[UUID, Iterable[NeededDocument]]
) -> None:
    """Raise `RuleBroken` on `ends_on` where an agreement would end before what is paid or planned."""
    for row in instalments:
        if row.paid_on and row.paid_on > ends_on:
            sentence = _(
                "La tranche %(n)s a été versée le %(day)s : la fin ne la précède pas.",
                n=row.number,
                day=format_day(row.paid_on),
            )
            raise RuleBroken("ends_on", sentence)
        if row.state in OVER:
            continue
        days = [row.due_on, *(each.row.due_on for each in documents.get(row.id, ()))]
        last = max(filter(None, days), default=ends_on)
        if last > ends_on:
            sentence = _(
                "La tranche %(n)s a une échéance le %(day)s : changez-la d’abord.",
                n=row.number,
                day=format_day(last),
            )
            raise RuleBroken("ends_on", sentence)


def require_day_within_agreement(
    field: str, day: date | None, starts_on: date | None, ends_on: date | None
) -> None:
    """Raise `RuleBroken` on the field for a day outside of an agreement."""
    if day and ((starts_on and day < starts_on) or (ends_on and day > ends_on)):
        raise RuleBroken(field, _("Ce jour est hors de la convention."))
