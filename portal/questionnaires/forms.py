"""A section of a questionnaire as a form: one class per section of each edition, made once."""

import types
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, ClassVar

from wtforms import DateField, Field, IntegerField, RadioField, StringField, TextAreaField
from wtforms.fields.core import UnboundField
from wtforms.validators import Length, NumberRange, Optional, ValidationError

from portal.kernel import clock
from portal.kernel.text import LazyString
from portal.kernel.text import gettext as _
from portal.kernel.text import lazy_gettext as _l
from portal.questionnaires.answers import Answer, Answers
from portal.questionnaires.definition import (
    LINE_MAX,
    LINK_MAX,
    NOTE_MAX,
    TEXT_MAX,
    Item,
    Kind,
    Questionnaire,
    Section,
    field_of,
)
from portal.web.forms import EditForm, Form, NumberField, choices_of, dated, web_link

UNANSWERED = ""


class SectionForm(EditForm):
    """What is answered in one section; `asked` are its items. Anything may wait."""

    asked: ClassVar[tuple[Item, ...]] = ()

    def answers(self) -> dict[str, Answer]:
        """By the item's key, as answers are kept; what is empty is left out."""
        return dict(self._answers())

    def _answers(self) -> Iterator[tuple[str, Answer]]:
        for item in self.asked:
            for key in (item.key, item.note_key):
                value = self[field_of(key)].data if field_of(key) in self else None
                if value not in (None, UNANSWERED):
                    yield key, value.isoformat() if isinstance(value, date) else value

    def as_stored(self, row: Any) -> Form:
        return filled(type(self), row.answers, row.version)


def filled(form: type[SectionForm], answers: Answers, version: int) -> SectionForm:
    """The form as it stands before anybody types."""
    given: dict[str, object] = {field_of(key): value for key, value in answers.items()}
    for item in form.asked:
        name = field_of(item.key)
        if item.kind is Kind.DATE and name in given:
            given[name] = date.fromisoformat(str(given[name]))
    return form(formdata=None, data=given | {"version": version})


def forms_of(of: Questionnaire) -> Mapping[str, type[SectionForm]]:
    """By the key of the section."""
    return {section.key: _form(of, section) for section in of.sections}


def _form(of: Questionnaire, section: Section) -> type[SectionForm]:
    parts: dict[str, Any] = {"asked": section.items, "__doc__": str(section.title.fr)}
    for item in section.items:
        parts[field_of(item.key)] = _field(item)
        if item.note:
            parts[field_of(item.note_key)] = _note(item)
    name = f"{of.key}_{of.edition}_{section.key}".title().replace("_", "")
    made: type[SectionForm] = types.new_class(
        f"{name}Form", (SectionForm,), exec_body=lambda space: space.update(parts)
    )
    return made


def _field(item: Item) -> "UnboundField[Any]":
    label, help_ = item.label.lazy, item.help.lazy if item.help.fr else ""
    match item.kind:
        case Kind.CHOICE | Kind.YES_NO:
            labels: list[tuple[str, LazyString]] = [
                (choice.value, choice.label.lazy) for choice in item.choices
            ]
            offered = choices_of([*labels, (UNANSWERED, _l("Sans réponse"))])
            return RadioField(label, choices=offered, default=UNANSWERED, description=help_)  # type: ignore[return-value]
        case Kind.NUMBER:
            bounds = [Optional(), NumberRange(_plain(item.least), _plain(item.most))]
            kind = IntegerField if item.whole else NumberField
            return kind(label, bounds, description=help_)  # type: ignore[return-value]
        case Kind.DATE:
            checks = [Optional(), dated, *([_not_to_come] if item.past else [])]
            return DateField(label, checks, description=help_)  # type: ignore[return-value]
        case Kind.LINK:
            checks = [Length(max=LINK_MAX), web_link]
            shape = {"inputmode": "url"}
            return StringField(label, checks, description=help_, render_kw=shape)  # type: ignore[return-value]
        case Kind.TEXT:
            if item.long:
                rows = {"rows": 4}
                most = [Length(max=TEXT_MAX)]
                return TextAreaField(label, most, description=help_, render_kw=rows)  # type: ignore[return-value]
            return StringField(label, [Length(max=LINE_MAX)], description=help_)  # type: ignore[return-value]


def _note(item: Item) -> "UnboundField[Any]":
    label = LazyString(lambda: _("Remarque : %(item)s", item=str(item.label)))
    return TextAreaField(label, [Length(max=NOTE_MAX)], render_kw={"rows": 2})  # type: ignore[return-value]


def _plain(bound: float) -> float:
    """As people write it: 100, not 100.0."""
    return int(bound) if bound == int(bound) else bound


def _not_to_come(_form: Form, field: Field) -> None:
    if field.data is not None and field.data > clock.today():
        raise ValidationError(_("Cette date est à venir : un fait se note une fois arrivé."))
