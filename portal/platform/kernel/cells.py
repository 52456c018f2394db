"""Escape text in CSV cells, so that a spreadsheet never runs it as a formula. Pure.

Source: OWASP, “CSV injection”. Text that starts with one of these signs, or with apostrophes before
one, gets an apostrophe in front; unescaping removes it, so that every text survives a round trip.
"""

import re

_FORMULA_SIGNS = "[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]"  # and their wide forms
_NEEDS_ESCAPE = re.compile(f"'*{_FORMULA_SIGNS}")
_ESCAPED = re.compile(f"'+{_FORMULA_SIGNS}")


def escape_cell(text: str) -> str:
    """The text to write to a cell."""
    return f"'{text}" if _NEEDS_ESCAPE.match(text) else text


def unescape_cell(text: str) -> str:
    """The text of a cell that `escape_cell` wrote."""
    return text[1:] if _ESCAPED.match(text) else text
