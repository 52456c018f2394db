"""Text in the cells of a CSV file that a spreadsheet will open: never a formula. Pure.

A spreadsheet runs what begins with one of these signs (OWASP, “CSV injection”). An apostrophe in
front makes it text, and reading it back takes that apostrophe away: text that began with one before
such a sign gets another, so that every text comes back as it was.
"""

import re

_FORMULA_SIGNS = "[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]"  # and their wide forms
_NEEDS_ESCAPE = re.compile(f"'*{_FORMULA_SIGNS}")
_ESCAPED = re.compile(f"'+{_FORMULA_SIGNS}")


def escape_cell(text: str) -> str:
    """As it is written."""
    return f"'{text}" if _NEEDS_ESCAPE.match(text) else text


def unescape_cell(text: str) -> str:
    """As it was before it was written."""
    return text[1:] if _ESCAPED.match(text) else text
