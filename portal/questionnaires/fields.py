"""The fields that ask for one item, and its answer read back from them."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from wtforms import (
    DateField,
    Field,
    IntegerField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Length, NumberRange, Optional, ValidationError

from portal.kernel.clock import find_to_come
from portal.kernel.text import LazyString
from portal.kernel.text import gettext as _
from portal.kernel.text import lazy_gettext as _l
from portal.questionnaires.definition import (
    LINK_MAX,
    NOTE_MAX,
    Answer,
    Answers,
    Cells,
    Choice,
    Item,
    Kind,
    Words,
    field_of,
)
from portal.questionnaires.fitting import most_of
from portal.web.forms import Form, NumberField, choices_of, dated, web_link

Fields = Mapping[str, Any]  # unbound, by the name they have in a form
UNANSWERED = ""


def fields_of(item: Item) -> Fields:
    """By name: one, or as many as a matrix has; then the note's."""
    asked = _matrix(item) if item.kind is Kind.MATRIX else {field_of(item.key): _field(item)}
    return asked | ({field_of(item.note_key): _note(item)} if item.note else {})


def cell_of(item: Item, row: Choice, column: Choice | None = None) -> str:
    """The name of a matrix's field: of a row of ticks, or of a text in a row."""
    parts = [item.key, row.value, *([column.value] if column else [])]
    return field_of("__".join(parts))


def answers_of(item: Item, form: Form) -> Iterator[tuple[str, Answer]]:
    """What a form says to an item, and beside it, by their keys; nothing for what is empty."""
    told = _table(item, form) if item.kind is Kind.MATRIX else form[field_of(item.key)].data
    notes = [(item.note_key, form[field_of(item.note_key)].data)] if item.note else []
    for key, value in [(item.key, told), *notes]:
        if value not in (None, UNANSWERED, [], {}):
            yield key, value.isoformat() if isinstance(value, date) else value


def data_of(item: Item, answers: Answers) -> Mapping[str, object]:
    """What fields hold before anybody types."""
    found: dict[str, object] = {}
    answer = answers.get(item.key)
    if isinstance(answer, dict):
        for row in item.rows:
            held = answer.get(row.value, {})
            found |= (
                {cell_of(item, row): held}
                if isinstance(held, list)
                else {cell_of(item, row, one): held.get(one.value, "") for one in item.choices}
            )
    elif answer is not None:
        is_day = item.kind is Kind.DATE
        found[field_of(item.key)] = date.fromisoformat(str(answer)) if is_day else answer
    if item.note_key in answers:
        found[field_of(item.note_key)] = answers[item.note_key]
    return found


def _field(item: Item) -> Any:
    label = LazyString(str, item.label)
    help_: Any = LazyString(str, item.help) if item.help.fr else ""
    match item.kind:
        case Kind.CHOICE | Kind.YES_NO | Kind.ASSESSED:
            offered = choices_of([*_offered(item), (UNANSWERED, _l("Sans réponse"))])
            return RadioField(label, choices=offered, default=UNANSWERED, description=help_)
        case Kind.SEVERAL:
            offered = choices_of(_offered(item))
            return SelectMultipleField(label, choices=offered, description=help_)
        case Kind.NUMBER:
            bounds = [Optional(), NumberRange(_plain(item.least), _plain(item.most))]
            kind = IntegerField if item.whole else NumberField
            return kind(label, bounds, description=help_)
        case Kind.DATE:
            checks = [Optional(), dated, *([_not_to_come] if item.past else [])]
            return DateField(label, checks, description=help_)
        case _:
            return _written(item, label, help_)


def _written(item: Item, label: LazyString, help_: Any) -> Any:
    """A text or a link."""
    is_link = item.kind is Kind.LINK
    checks = [Length(max=LINK_MAX), web_link] if is_link else [Length(max=most_of(item))]
    kind = TextAreaField if item.long and not is_link else StringField
    shape: Any = {"inputmode": "url"} if is_link else {"rows": 4} if item.long else {}
    return kind(label, checks, description=help_, render_kw=shape)


def _matrix(item: Item) -> dict[str, Any]:
    if item.cells is Cells.TICK:
        offered = choices_of(_offered(item))
        return {
            cell_of(item, row): SelectMultipleField(_where(item.label, row.label), choices=offered)
            for row in item.rows
        }
    return {
        cell_of(item, row, column): TextAreaField(
            _where(row.label, column.label), [Length(max=NOTE_MAX)], render_kw={"rows": 2}
        )
        for row in item.rows
        for column in item.choices
    }


def _table(item: Item, form: Form) -> dict[str, Any]:
    if item.cells is Cells.TICK:
        rows = {row.value: form[cell_of(item, row)].data for row in item.rows}
    else:
        rows = {row.value: dict(_texts(item, row, form)) for row in item.rows}
    return {key: row for key, row in rows.items() if row}


def _texts(item: Item, row: Choice, form: Form) -> Iterator[tuple[str, str]]:
    for column in item.choices:
        if text := form[cell_of(item, row, column)].data:
            yield column.value, text


def _note(item: Item) -> Any:
    label = LazyString(lambda: _("Remarque : %(item)s", item=str(item.label)))
    return TextAreaField(label, [Length(max=NOTE_MAX)], render_kw={"rows": 2})


def _offered(item: Item) -> list[tuple[str, LazyString]]:
    return [(choice.value, LazyString(str, choice.label)) for choice in item.choices]


def _where(above: Words, within: Words) -> LazyString:
    return LazyString(lambda: _("%(above)s : %(within)s", above=str(above), within=str(within)))


def _plain(bound: float) -> float:
    """As people write it: 100, not 100.0."""
    return int(bound) if bound == int(bound) else bound


def _not_to_come(_form: Form, field: Field) -> None:
    if field.data is not None and (fault := find_to_come(field.data)):
        raise ValidationError(fault)
