"""Texts as they read: without the marks of Markdown, which people type and do not search for."""

import re

_MARKS = re.compile(r"[#>*_~`\[\\|<+-]")
_BLOCK = re.compile(
    r"^[ \t]{0,3}(?:"
    r"#{1,6}[ \t]+"  # a heading
    r"|(?:>[ \t]?)+"  # a quotation
    r"|[-*+][ \t]+(?:\[[ xX]\][ \t]+)?"  # an entry of a list
    r"|(?:`{3,}|~{3,})[^\n]*$"  # the edge of a block of code
    r"|\|?[ \t]*:?-{2,}:?[ \t]*(?:\|[ \t]*:?-{2,}:?[ \t]*)*\|?[ \t]*$"  # below the head of a table, a line
    r"|\*{3,}[ \t]*$"
    r")",
    re.MULTILINE,
)
_CELLS = re.compile(r"^\|.*\|[ \t]*$", re.MULTILINE)
_LINK = re.compile(r"!?\[([^\]\n]{0,300})\]\([^()\s]{0,500}(?:[ \t]+\"[^\"\n]{0,200}\")?\)")
_ADDRESS = re.compile(r"<((?:https?://|mailto:)[^<>\s]{1,500})>")
_EMPHASIS = re.compile(
    r"(?<![\w*_~`\\])(\*{1,3}|_{1,3}|~~|`{1,2})(?=[^\s*_~`])([^\n]{1,300}?)(?<=\S)\1(?![\w*_~`])"
)
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+.!>~|-])")
_NESTED = 2  # emphasis within emphasis


def strip_markdown(text: str) -> str:
    """A text without marks: of headings, lists, quotations, tables, links and emphasis. Its words, and
    marks that are part of one, stay."""
    if not _MARKS.search(text):
        return text
    text = _BLOCK.sub("", text)
    text = _CELLS.sub(lambda row: row.group().replace("|", " "), text)
    text = _ADDRESS.sub(r"\1", _LINK.sub(r"\1", text))
    for _level in range(_NESTED):
        text = _EMPHASIS.sub(r"\2", text)
    return _ESCAPED.sub(r"\1", text)
