"""Quote a comment in a reply. Quoting mentions nobody, nor does code."""

import re
from collections.abc import Callable, Iterable

from portal.platform.kernel.text import replace_handles_with_names

QUOTE_MAX = 2000  # characters; the rest is cut
# The quoted lines of a Markdown text, its blocks of code between fences, and code in a line.
_QUOTE_OR_CODE = re.compile(
    r"""
    ^[^\S\n]*>.*(?:\n|\Z)
    | ^[ ]{0,3}(?P<fence>`{3,}(?=[^`\n]*$)|~{3,}).*(?:\n(?![ ]{0,3}(?P=fence)).*)*(?:\n.*|\Z)
    | (?<![`\\])(?P<ticks>`+)(?!`)(?:(?!\n[^\S\n]*(?:\n|>))(?s:.))+?(?<!`)(?P=ticks)(?!`)
    """,
    re.MULTILINE | re.VERBOSE,
)


def quote_text(author: str, text: str, mentions: Iterable[tuple[str, str]] = ()) -> str:
    """The start of a reply in Markdown: the author's name and the text as a block quote, with names in
    place of the handles that it mentions; `mentions` are handles and names."""
    text = replace_handles_with_names(text, mentions)
    text = text if len(text) <= QUOTE_MAX else text[:QUOTE_MAX] + "…"
    lines = [f"**{author}**", "", *text.splitlines()]
    return "\n".join(f"> {line}".rstrip() for line in lines) + "\n\n"


def remove_quotes_and_code(text: str) -> str:
    """What a Markdown text says in its author's own words: `@handle` mentions people there alone."""
    return _QUOTE_OR_CODE.sub(" ", text)


def replace_own_words(text: str, replace: Callable[[str], str]) -> str:
    """The text with its author's own words replaced, between quotes and code that stay as they are."""
    parts, end = [], 0
    for cited in _QUOTE_OR_CODE.finditer(text):
        parts += [replace(text[end : cited.start()]), cited[0]]
        end = cited.end()
    return "".join([*parts, replace(text[end:])])
