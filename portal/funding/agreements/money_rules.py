"""Amounts of euros as integer cents: read what people type, share a sum out. Pure."""

import re
from collections.abc import Sequence

from portal.funding.agreements.models import SHARE_TOTAL
from portal.platform.kernel.text import gettext as _

AMOUNT_MAX = 99_999_999_999  # cents: just under a thousand million euros
CENTS = 100
DECIMALS_MAX = 2
GROUP = 3  # digits between two separators of thousands
_SPACES = re.compile(r"[\s\u00a0\u202f\u2009]+")
_AMOUNT = re.compile(
    r"(?P<whole>\d{1,3}(?P<separator>[ .,'’])\d{3}(?:(?P=separator)\d{3})*|\d+)"
    r"(?:(?P<point>[.,])(?P<decimals>\d+))?",
    re.ASCII,
)


class AmountInvalid(ValueError):
    """A text that is no amount; its message says why."""


def parse_amount(text: str, language: str) -> int:
    """Return the cents of « 1 234,56 », "1,234.56" or "1.234,56 €".

    One separator before three digits is one of thousands in its own language alone, the comma in
    English; elsewhere it would be a third decimal. Raises `AmountInvalid`.
    """
    typed = _SPACES.sub(" ", text).strip(" €").removesuffix("EUR").strip()
    if typed.startswith(("-", "\u2212", "\u2013")):
        raise AmountInvalid(_("Un montant est au-dessus de zéro."))
    match = _AMOUNT.fullmatch(typed)
    if match is None or match["point"] == match["separator"] is not None:
        raise AmountInvalid(_("Écrivez un montant en euros, par exemple 1 234,56."))
    whole, decimals, separator = match["whole"], match["decimals"] or "", match["separator"]
    is_one_group = separator in {".", ","} and whole.count(separator) == 1 and not decimals
    if is_one_group and not (language == "en" and separator == ","):
        decimals, whole = whole.split(separator)[1], whole.split(separator)[0]
    if len(decimals) > DECIMALS_MAX:
        raise AmountInvalid(_("Un montant a deux décimales au plus."))
    cents = int(re.sub(r"\D", "", whole)) * CENTS + int((decimals or "0").ljust(DECIMALS_MAX, "0"))
    if cents == 0:
        raise AmountInvalid(_("Un montant est au-dessus de zéro."))
    if cents > AMOUNT_MAX:
        raise AmountInvalid(_("Un montant reste sous le milliard d’euros."))
    return cents


def split_amount(total: int, shares: Sequence[int]) -> Sequence[int]:
    """Return the amounts of shares in hundredths of a per cent; what cannot be shared goes to the
    last. Their sum is the total."""
    amounts = [total * share // SHARE_TOTAL for share in shares]
    return [*amounts[:-1], total - sum(amounts[:-1])]


def parse_shares(text: str) -> Sequence[int]:
    """Return the shares of « 30 ; 40 ; 30 » or one a line, in hundredths of a per cent. Raises
    `AmountInvalid` unless their sum is 100."""
    shares = []
    for part in re.split(r"[;\n/]+", text.replace("%", "")):
        if part.strip():
            match = re.fullmatch(r"([0-9]{1,3})(?:[.,]([0-9]{1,2}))?", _SPACES.sub("", part))
            if match is None:
                raise AmountInvalid(_("Écrivez des parts en pour cent, par exemple 30 ; 40 ; 30."))
            shares.append(int(match[1]) * CENTS + int((match[2] or "0").ljust(DECIMALS_MAX, "0")))
    require_shares_sum_to_whole(shares)
    return shares


def require_shares_sum_to_whole(shares: Sequence[int]) -> None:
    """Raise `AmountInvalid` unless the sum of shares is 100 % and each is over zero."""
    if sum(shares) != SHARE_TOTAL or min(shares) <= 0:
        raise AmountInvalid(_("La somme des parts est 100, et aucune n’est nulle."))
