"""Text in the cells of a CSV file that a spreadsheet will open: never a formula. Pure.

A spreadsheet runs what begins with one of these signs (OWASP, “CSV injection”). An apostrophe in
front makes it text, and reading it back takes that apostrophe away: text that began with one before
such a sign gets another, so that every text comes back as it was.
"""

import re

_SIGNS = "[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]"  # and their wide forms
_RUNS = re.compile(f"'*{_SIGNS}")
_HELD = re.compile(f"'+{_SIGNS}")


def hold(text: str) -> str:
    """As it is written."""
    return f"'{text}" if _RUNS.match(text) else text


def release(text: str) -> str:
    """As it was before it was written."""
    return text[1:] if _HELD.match(text) else text
