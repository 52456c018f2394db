"""How answers are read, in the reader's language."""

from datetime import date

from flask_babel import format_decimal

from portal.kernel.text import LazyString
from portal.kernel.text import lazy_gettext as _l
from portal.questionnaires.answers import Answer
from portal.questionnaires.changes import What
from portal.questionnaires.definition import Item, Kind
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
    if answer is None:
        return ""
    if item is None:
        return str(answer)
    if choice := item.choice(answer):
        return str(choice.label)
    if item.kind is Kind.NUMBER and not isinstance(answer, str):
        return str(format_decimal(answer))
    if item.kind is Kind.DATE:
        return day(date.fromisoformat(str(answer)))
    return str(answer)
