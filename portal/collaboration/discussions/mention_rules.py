"""Names and handles in a comment: one writes and reads `@` and a name, its text keeps the handle."""

import re
from collections.abc import Mapping

from portal.platform.kernel.text import MENTION


def replace_names_with_handles(text: str, handles: Mapping[str, str]) -> str:
    """The text with handles in place of the names after `@`, outside quotes; `handles` are by name."""
    longest_first = sorted(handles, key=len, reverse=True)
    names = re.compile(
        rf"(?<![\w@/.])@({'|'.join(map(re.escape, longest_first))})(?!\w)" if handles else r"(?!)",
        re.IGNORECASE,
    )
    by_folded_name = {name.casefold(): handle for name, handle in handles.items()}
    lines = text.split("\n")
    return "\n".join(
        line
        if line.lstrip().startswith(">")
        else names.sub(lambda match: f"@{by_folded_name.get(match[1].casefold(), match[1])}", line)
        for line in lines
    )


def show_names(text: str, handles: Mapping[str, str]) -> str:
    """The reverse, for whoever edits the text."""
    names = {handle: name for name, handle in handles.items()}
    return MENTION.sub(lambda match: f"@{names.get(match[1].lower(), match[1])}", text)
