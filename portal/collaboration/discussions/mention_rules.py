"""Names and handles in a comment: one writes and reads `@` and a name, its text keeps the handle."""

import re
from collections.abc import Mapping

from portal.collaboration.discussions.quotation_rules import replace_own_words
from portal.platform.kernel.text import replace_handles_with_names


def replace_names_with_handles(text: str, handles: Mapping[str, str]) -> str:
    """The text with handles in place of the names after `@`, outside quotes and code.

    `handles` are by what may stand there; what has none ("") stays as it is. A handle goes on through `-`
    and `.`, so no name ends before a hyphen and a letter, and a space parts a full name from a next sentence.
    """
    if not handles:
        return text
    longest_first = sorted(handles, key=len, reverse=True)
    names = re.compile(
        rf"(?<![\w@/.])@({'|'.join(map(re.escape, longest_first))})(?!\w)([-.](?=\w))?", re.IGNORECASE
    )
    by_folded_name = {name.casefold(): handle for name, handle in handles.items()}

    def write_handle(match: re.Match[str]) -> str:
        name, joint = match.groups()
        handle = by_folded_name.get(name.casefold())
        if not handle or joint == "-" or (joint and " " not in name):  # "@camille.roux" is no "@Camille"
            return match[0]
        return f"@{handle}. " if joint else f"@{handle}"

    return replace_own_words(text, lambda words: names.sub(write_handle, words))


def show_names(text: str, names: Mapping[str, str]) -> str:
    """The reverse, for whoever edits the text; `names` are by handle."""
    return replace_own_words(text, lambda words: replace_handles_with_names(words, names.items()))
