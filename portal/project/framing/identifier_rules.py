"""Find e-mail addresses and telephone numbers in a text, and refuse those nobody confirmed.

Names are not detected. Pure.
"""

import re

from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.text import gettext as _

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
# French numbers with their usual separators, and anything international.
_TELEPHONE = re.compile(
    r"(?<![\w+])(?:(?:\+|00)\d{1,3}[ .\-\u00a0\u202f]?(?:\(0\))?(?:[ .\-\u00a0\u202f]?\d){8,10}"
    r"|0[1-9](?:[ .\-\u00a0\u202f]?\d{2}){4})(?!\w)"
)


def find_identifiers(text: str) -> list[str]:
    """Return the addresses, then the numbers, each once."""
    identifiers = [match.group().strip() for kind in (_EMAIL, _TELEPHONE) for match in kind.finditer(text)]
    return list(dict.fromkeys(identifiers))


def require_anonymous(*texts: str, knowingly: bool) -> None:
    """Raise `RuleBroken` on `knowingly` for a text with identifiers that nobody has confirmed."""
    identifiers = find_identifiers("\n".join(texts))
    if identifiers and not knowingly:
        sentence = _(
            "Ce texte semble contenir une adresse ou un numéro (%(what)s). Retirez-le, ou cochez"
            " la case si ce n’est celui de personne.",
            what=", ".join(identifiers[:3]),
        )
        raise RuleBroken("knowingly", sentence)
