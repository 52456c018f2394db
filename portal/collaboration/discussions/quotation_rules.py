"""Quote a comment in a reply. Quoting mentions nobody."""

QUOTE_MAX = 2000  # characters; the rest is cut


def quote_text(author: str, text: str) -> str:
    """The start of a reply in Markdown: the author's name and the text as a block quote."""
    text = text if len(text) <= QUOTE_MAX else text[:QUOTE_MAX] + "…"
    lines = [f"**{author}**", "", *text.splitlines()]
    return "\n".join(f"> {line}".rstrip() for line in lines) + "\n\n"


def remove_quotes(text: str) -> str:
    """The lines of a Markdown text that quote nobody: `@handle` mentions people there alone."""
    return "\n".join(line for line in text.splitlines() if not line.lstrip().startswith(">"))
