"""Quote a comment in a reply. Quoting mentions nobody."""

from collections.abc import Iterable

from portal.platform.kernel.text import replace_handles_with_names

QUOTE_MAX = 2000  # characters; the rest is cut


def quote_text(author: str, text: str, mentions: Iterable[tuple[str, str]] = ()) -> str:
    """The start of a reply in Markdown: the author's name and the text as a block quote, with names in
    place of the handles that it mentions; `mentions` are handles and names."""
    text = replace_handles_with_names(text, mentions)
    text = text if len(text) <= QUOTE_MAX else text[:QUOTE_MAX] + "…"
    lines = [f"**{author}**", "", *text.splitlines()]
    return "\n".join(f"> {line}".rstrip() for line in lines) + "\n\n"


def remove_quotes(text: str) -> str:
    """The lines of a Markdown text that quote nobody: `@handle` mentions people there alone."""
    return "\n".join(line for line in text.splitlines() if not line.lstrip().startswith(">"))
