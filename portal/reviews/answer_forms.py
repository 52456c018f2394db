"""The shape of answers as they are typed: by question, each with what was read of it."""

import json
import types
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any, ClassVar

from wtforms import Field, HiddenField, RadioField, SelectMultipleField
from wtforms.validators import Length

from portal.kernel.text import gettext as _
from portal.questionnaires.definition import Answer, Item, Section, field_of
from portal.questionnaires.fields import answers_of, data_of, fields_of
from portal.reviews.answer_commands import Said
from portal.reviews.models import ReviewAnswer
from portal.web.forms import Form, TwoTexts

SEEN_MAX = 40


class AnswersForm(Form):
    """Questions together, each with what was read of it (`s_…`): the version of its row and the
    fingerprint of the answer. What somebody did not touch is not sent again for them."""

    asked: ClassVar[tuple[Item, ...]] = ()

    def said(self) -> dict[str, Said]:
        """What was touched, by item."""
        found = {}
        for item in self.asked:
            seen, known = _read(self[seen_of(item)].data)
            value, note = self._told(item)
            if known is not None and known != _fingerprint(item, value, note):
                found[item.key] = Said(value, note, seen)
        return found

    def _told(self, item: Item) -> tuple[Answer | None, str]:
        told = dict(answers_of(item, self))
        return told.get(item.key), str(told.get(item.note_key, ""))

    def fields_of(self, item: Item) -> Sequence[Field]:
        return [self[name] for name in fields_of(item)]

    def mark(self, rows: Mapping[str, ReviewAnswer]) -> None:
        """Let the next save of each of these be a knowing one."""
        for item in self.asked:
            if item.key in rows:
                field = self[seen_of(item)]
                field.data = seen_now(item, rows[item.key])
                field.raw_data = None

    def set_beside(self, item: Item, row: ReviewAnswer) -> list[TwoTexts]:
        """What was typed to a question, beside what somebody else kept."""
        theirs = filled(type(self), {item.key: row})
        pairs = ((self[name], theirs[name]) for name in fields_of(item))
        return [
            TwoTexts(_called(item, mine), _shown(mine), _shown(other))
            for mine, other in pairs
            if _shown(mine) != _shown(other)
        ]


def _called(item: Item, field: Field) -> str:
    """As it is called where it is typed."""
    if field.short_name == field_of(item.note_key):
        return _("Pourquoi") if item.says_why else _("Remarque")
    return str(field.label.text)


def seen_of(item: Item) -> str:
    return f"s_{item.key}"


def seen_now(item: Item, row: ReviewAnswer) -> str:
    """What a form carries of an answer, as it is kept now."""
    return f"{row.version}.{_fingerprint(item, row.value, row.note)}"


def answers_form(edition: str, part: str, items: tuple[Item, ...]) -> type[AnswersForm]:
    """One class for some questions of an edition (its fingerprint), made once."""
    if (edition, part) not in _made:
        _made[edition, part] = _make(part, items)
    return _made[edition, part]


_made: dict[tuple[str, str], type[AnswersForm]] = {}


def _make(part: str, items: tuple[Item, ...]) -> type[AnswersForm]:
    parts: dict[str, Any] = {"asked": items}
    for item in items:
        parts |= fields_of(item)
        parts[seen_of(item)] = HiddenField(validators=[Length(max=SEEN_MAX)])
    name = "".join(filter(str.isalnum, part.title()))
    made: type[AnswersForm] = types.new_class(
        f"{name}AnswersForm", (AnswersForm,), exec_body=lambda space: space.update(parts)
    )
    return made


def section_form(edition: str, section: Section) -> type[AnswersForm]:
    return answers_form(edition, f"section {section.key}", section.items)


def question_form(edition: str, item: Item) -> type[AnswersForm]:
    return answers_form(edition, item.key, (item,))


def filled(form: type[AnswersForm], rows: Mapping[str, ReviewAnswer]) -> AnswersForm:
    """As it stands before anybody types."""
    data: dict[str, object] = {}
    for item in form.asked:
        row = rows.get(item.key)
        if row is None:
            continue
        held = {item.key: row.value} if row.value is not None else {}
        data |= data_of(item, held | ({item.note_key: row.note} if row.note else {}))
        data[seen_of(item)] = seen_now(item, row)
    return form(formdata=None, data=data)


def _read(seen: str | None) -> tuple[int, str | None]:
    """The version and the fingerprint; None for a question that the page did not show."""
    version, dot, known = (seen or "").partition(".")
    if not dot:
        return 0, None
    return (int(version) if version.isascii() and version.isdigit() else 0), known


def _fingerprint(item: Item, value: Answer | None, note: str) -> str:
    """Of an answer, however it is kept: ticks in the order of the choices, numbers alike."""
    plain: Any = value
    if isinstance(value, list):
        plain = [one.value for one in item.choices if one.value in value]
    elif isinstance(value, int | float) and not isinstance(value, bool):
        plain = float(value)
    text = json.dumps([plain, note if item.note else ""], sort_keys=True)
    return sha256(text.encode()).hexdigest()[:16]


def _shown(field: Field) -> str:
    if isinstance(field, RadioField | SelectMultipleField):
        return ", ".join(str(one[1]) for one in field.iter_choices() if one[2])
    value = field._value() if hasattr(field, "_value") else field.data
    return str(value or "")
