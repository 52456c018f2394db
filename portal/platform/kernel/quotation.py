"""Quotation marks inside quotation marks: what a sentence quotes has the inner ones of its language.

French: « “word” reads as proof »; English has double marks outside and single ones inside. A quotation
inside what is quoted has the marks of the next level; a mark without its other half, such as an arrow or an
inch, stays.
"""

import re
from collections.abc import Mapping
from functools import lru_cache

from flask_babel.speaklater import LazyString
from markupsafe import Markup

_QUOTED = re.compile("«[^»]*»|“[^”]*”")
_FACT_NAME = re.compile(r"%\((\w+)\)")
_GUILLEMETS = re.compile("«[\u00a0\u202f ]?([^«»]*?)[\u00a0\u202f ]?»")
_DOUBLE = re.compile("“([^“”]*)”")
_SINGLE = re.compile("\u2018([^\u2018]*?)’(?!\\w)")  # not an apostrophe
_MARKS = "\x00\x01\x02\x03"  # of the second and third level, until those of the language replace them
_ONE_LEVEL_DEEPER = str.maketrans(_MARKS[:2], _MARKS[2:])
# By the mark around a fact: the pairs of marks that become those of the second level, a mark that opens where
# the text is cut before it closes, the pairs that become those of the third, and the language's own.
_RULES = {
    "«": ((_GUILLEMETS,), re.compile("«[\u00a0\u202f ]?"), _DOUBLE, str.maketrans(_MARKS, "“”\u2018’")),
    "“": (
        (_GUILLEMETS, _DOUBLE),
        re.compile("«[\u00a0\u202f ]?|“"),
        _SINGLE,
        str.maketrans(_MARKS, "\u2018’“”"),
    ),
}


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
    outer, opening, second, marks = _RULES[quoting_mark]
    text = str(fact)
    for pairs in outer:
        count = 1
        while count:  # the innermost first
            text, count = pairs.subn(lambda pair: _nest_pair(pair[1], second), text)
    text = opening.sub(_MARKS[0], text).translate(marks)
    return Markup(text) if isinstance(fact, Markup) else text


def _nest_pair(inside: str, second: re.Pattern[str]) -> str:
    """What stands between two marks between those of the second level, what it quotes itself between those
    of the third."""
    deeper = second.sub(f"{_MARKS[2]}\\1{_MARKS[3]}", inside).translate(_ONE_LEVEL_DEEPER)
    return f"{_MARKS[0]}{deeper}{_MARKS[1]}"
