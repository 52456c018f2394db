"""Quotation marks inside quotation marks: what a sentence quotes has the inner ones of its language.

French: « “word” reads as proof »; English has double marks outside and single ones inside. A mark without its
other half, such as an arrow or an inch, stays.
"""

import re
from collections.abc import Mapping
from functools import lru_cache

from flask_babel.speaklater import LazyString
from markupsafe import Markup

_QUOTED = re.compile("«[^»]*»|“[^”]*”")
_FACT_NAME = re.compile(r"%\((\w+)\)")
_PAIR = re.compile("«[\u00a0\u202f ]?([^«»]*?)[\u00a0\u202f ]?»")
_DOUBLE_PAIR = re.compile("“([^“”]*)”")
_OPENING, _CLOSING = ("«\u00a0", "«\u202f", "« ", "«"), ("\u00a0»", "\u202f»", " »", "»")
# By the mark around a fact: the pairs inside it that are replaced, and the inner marks that replace them.
_RULES = {"«": ((_PAIR,), "“", "”"), "“": ((_PAIR, _DOUBLE_PAIR), "\u2018", "’")}


def nest_quotation_marks(sentence: str, facts: Mapping[str, object]) -> Mapping[str, object]:
    """The facts of a sentence, those that it quotes with inner quotation marks. `sentence` is not yet
    formatted: its language is told by its own marks."""
    quoting_mark_by_name = _map_quoted_names_to_marks(sentence)
    if not quoting_mark_by_name:
        return facts
    return {
        name: _use_inner_marks(fact, quoting_mark_by_name[name]) if name in quoting_mark_by_name else fact
        for name, fact in facts.items()
    }


@lru_cache(maxsize=4096)
def _map_quoted_names_to_marks(sentence: str) -> Mapping[str, str]:
    """The opening mark around each name of a fact that the sentence quotes."""
    return {
        name: quotation[0]
        for quotation in _QUOTED.findall(sentence)
        for name in _FACT_NAME.findall(quotation)
    }


def _use_inner_marks(fact: object, quoting_mark: str) -> object:
    if isinstance(fact, LazyString):
        fact = str(fact)
    if not isinstance(fact, str):
        return fact
    pairs, opening, closing = _RULES[quoting_mark]
    if isinstance(fact, Markup):  # mark by mark, so that it stays HTML
        for outer, inner in ((_OPENING, opening), (_CLOSING, closing)):
            for mark in outer:
                fact = fact.replace(mark, inner)
        return fact
    text = fact
    for pair in pairs:
        count = 1
        while count:  # the innermost first
            text, count = pair.subn(rf"{opening}\1{closing}", text)
    for mark in _OPENING:  # its other half is cut off
        text = text.replace(mark, opening)
    return text
