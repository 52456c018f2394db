"""How answers are read, in the reader's language."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import format_decimal

from portal.kernel.text import LazyString
from portal.kernel.text import gettext as _
from portal.kernel.text import lazy_gettext as _l
from portal.questionnaires.changes import What
from portal.questionnaires.definition import (
    Answer,
    Choice,
    Condition,
    Item,
    Kind,
    Questionnaire,
    When,
)
from portal.web.show import day

DIFFERENCES: dict[What, LazyString] = {
    What.WORDS: _l("les mots changent"),
    What.ANSWERS: _l("les réponses possibles changent"),
    What.PLACE: _l("elle passe dans une autre section"),
    What.REQUIRED: _l("obligatoire ou non"),
    What.CONDITION: _l("posée dans d’autres cas"),
}


def shown(item: Item | None, answer: Answer | None) -> str:
    """An answer in words; empty for none. What a former edition held is shown as it is kept."""
    if item is None or answer is None:
        return "" if answer is None else str(answer)
    if isinstance(answer, list):
        return _listed(item.choices, answer)
    if isinstance(answer, dict):
        return "\n".join(_row(item, key, row) for key, row in answer.items())
    if item.kind is Kind.NUMBER and isinstance(answer, int | float):
        return str(format_decimal(answer))
    return _told(item, str(answer))


def _told(item: Item, answer: str) -> str:
    if choice := item.choice(answer):
        return str(choice.label)
    return day(date.fromisoformat(answer)) if item.kind is Kind.DATE else answer


def waiting(of: Questionnaire, when: When | None) -> str:
    """When an item is asked, for who reads all of them at once; empty where it always is."""
    if isinstance(when, Condition):
        item = of.item(when.item)
        if item is None:
            return ""
        return _("« %(question)s » : %(answers)s", question=item.label, answers=_among(item, when))
    if when is None:
        return ""
    joint = _(" ou ") if when.enough_one else _(" et ")
    return joint.join(waiting(of, one) for one in when.of)


def _among(item: Item, when: Condition) -> str:
    return _listed(item.choices, when.among)


def _listed(offered: Sequence[Choice], values: Sequence[str]) -> str:
    labels = {choice.value: str(choice.label) for choice in offered}
    return ", ".join(labels.get(value, value) for value in values)


def _row(item: Item, key: str, row: Any) -> str:
    """A row of a matrix: what is ticked, or what is said under each column."""
    name = _listed(item.rows, [key])
    if isinstance(row, dict):
        said = ", ".join(_pair(_listed(item.choices, [at]), text) for at, text in row.items())
        return _pair(name, said)
    return _pair(name, _listed(item.choices, row))


def _pair(above: str, within: str) -> str:
    return _("%(above)s : %(within)s", above=above, within=within)
