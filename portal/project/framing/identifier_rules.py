"""What in a text could tell who somebody is: addresses and telephone numbers.

It asks the writer to look again. It does not find names, and does not claim to.
"""

import re

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
# French numbers with their usual separators, and anything international.
_TELEPHONE = re.compile(
    r"(?<![\w+])(?:(?:\+|00)\d{1,3}[ .\-\u00a0\u202f]?(?:\(0\))?(?:[ .\-\u00a0\u202f]?\d){8,10}"
    r"|0[1-9](?:[ .\-\u00a0\u202f]?\d{2}){4})(?!\w)"
)


def find_identifiers(text: str) -> list[str]:
    """Each of them once, in order."""
    identifiers = [
        match.group().strip() for kind in (_EMAIL, _TELEPHONE) for match in kind.finditer(text)
    ]
    return list(dict.fromkeys(identifiers))
