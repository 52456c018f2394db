"""Quote a comment in a reply."""

QUOTE_MAX = 2000  # characters; the rest is cut


def quote_text(handle: str, text: str) -> str:
    """The start of a reply in Markdown: a mention of the author and the text as a block quote."""
    text = text if len(text) <= QUOTE_MAX else text[:QUOTE_MAX] + "…"
    lines = "\n".join(f"> {line}".rstrip() for line in text.splitlines())
    return f"@{handle}\n\n{lines}\n\n"
