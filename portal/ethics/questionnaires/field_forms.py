"""WTForms fields of one item, and its answer read back from them."""

import types
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

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

from portal.ethics.questionnaires.answer_rules import max_text_length
from portal.ethics.questionnaires.definition_rules import (
    LINK_MAX,
    NOTE_MAX,
    Answer,
    Answers,
    BilingualText,
    ItemChoice,
    MatrixCellContent,
    Questionnaire,
    QuestionnaireItem,
    QuestionnaireItemKind,
    form_field_name,
)
from portal.platform.kernel.clock import find_future_date_problem
from portal.platform.kernel.text import LazyString
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.base_form import (
    EditForm,
    Form,
    NumberField,
    build_choices_from_pairs,
    validate_plausible_date,
    validate_web_link,
)
from portal.platform.web.form_fields import LINK_HINT

Fields = Mapping[str, Any]  # unbound fields by name
UNANSWERED = ""


def make_item_fields(item: QuestionnaireItem) -> Fields:
    """Return the unbound fields of an item by name; the field of its note comes last."""
    item_fields = (
        _make_matrix_fields(item)
        if item.kind is QuestionnaireItemKind.MATRIX
        else {form_field_name(item.key): _make_field(item)}
    )
    return item_fields | ({form_field_name(item.note_key): _make_note_field(item)} if item.note else {})


def cell_field_name(item: QuestionnaireItem, row: ItemChoice, column: ItemChoice | None = None) -> str:
    """The name of a field of a matrix: a row of ticks, or the text of one cell."""
    parts = [item.key, row.value, *([column.value] if column else [])]
    return form_field_name("__".join(parts))


def read_item_answers(item: QuestionnaireItem, form: Form) -> Iterator[tuple[str, Answer]]:
    """Yield the answer and the note of an item, by key, as they are stored; no empty ones."""
    answer = (
        _read_matrix_answer(item, form)
        if item.kind is QuestionnaireItemKind.MATRIX
        else form[form_field_name(item.key)].data
    )
    notes = [(item.note_key, form[form_field_name(item.note_key)].data)] if item.note else []
    for key, value in [(item.key, answer), *notes]:
        if value not in (None, UNANSWERED, [], {}):
            yield key, value.isoformat() if isinstance(value, date) else value


def build_initial_field_data(item: QuestionnaireItem, answers: Answers) -> Mapping[str, object]:
    """The initial data of the fields of an item, by field name."""
    data: dict[str, object] = {}
    answer = answers.get(item.key)
    if isinstance(answer, dict):
        for row in item.rows:
            row_answer = answer.get(row.value, {})
            data |= (
                {cell_field_name(item, row): row_answer}
                if isinstance(row_answer, list)
                else {
                    cell_field_name(item, row, column): row_answer.get(column.value, "")
                    for column in item.choices
                }
            )
    elif answer is not None:
        is_day = item.kind is QuestionnaireItemKind.DATE
        data[form_field_name(item.key)] = date.fromisoformat(str(answer)) if is_day else answer
    if item.note_key in answers:
        data[form_field_name(item.note_key)] = answers[item.note_key]
    return data


def _make_field(item: QuestionnaireItem) -> Any:
    label = LazyString(str, item.label)
    help_: Any = LazyString(str, item.help) if item.help.fr else ""
    match item.kind:
        case QuestionnaireItemKind.CHOICE | QuestionnaireItemKind.YES_NO | QuestionnaireItemKind.ASSESSED:
            offered = build_choices_from_pairs([*_list_choice_labels(item), (UNANSWERED, _l("Sans réponse"))])
            return RadioField(label, choices=offered, default=UNANSWERED, description=help_)
        case QuestionnaireItemKind.SEVERAL:
            offered = build_choices_from_pairs(_list_choice_labels(item))
            return SelectMultipleField(label, choices=offered, description=help_)
        case QuestionnaireItemKind.NUMBER:
            bounds = [Optional(), NumberRange(_drop_zero_decimal(item.least), _drop_zero_decimal(item.most))]
            kind = IntegerField if item.whole else NumberField
            return kind(label, bounds, description=help_)
        case QuestionnaireItemKind.DATE:
            checks = [Optional(), validate_plausible_date, *([_check_not_in_future] if item.past else [])]
            return DateField(label, checks, description=help_)
        case _:
            return _make_text_field(item, label, help_)


def _make_text_field(item: QuestionnaireItem, label: LazyString, help_: Any) -> Any:
    is_link = item.kind is QuestionnaireItemKind.LINK
    if is_link:
        help_ = help_ or LINK_HINT
    checks = [Length(max=LINK_MAX), validate_web_link] if is_link else [Length(max=max_text_length(item))]
    kind = TextAreaField if item.long and not is_link else StringField
    shape: Any = {"inputmode": "url"} if is_link else {"rows": 4} if item.long else {}
    return kind(label, checks, description=help_, render_kw=shape)


def _make_matrix_fields(item: QuestionnaireItem) -> dict[str, Any]:
    if item.cells is MatrixCellContent.TICK:
        offered = build_choices_from_pairs(_list_choice_labels(item))
        return {
            cell_field_name(item, row): SelectMultipleField(
                _join_labels(item.label, row.label), choices=offered
            )
            for row in item.rows
        }
    return {
        cell_field_name(item, row, column): TextAreaField(
            _join_labels(row.label, column.label), [Length(max=NOTE_MAX)], render_kw={"rows": 2}
        )
        for row in item.rows
        for column in item.choices
    }


def _read_matrix_answer(item: QuestionnaireItem, form: Form) -> dict[str, Any]:
    if item.cells is MatrixCellContent.TICK:
        rows = {row.value: form[cell_field_name(item, row)].data for row in item.rows}
    else:
        rows = {row.value: dict(_iterate_row_texts(item, row, form)) for row in item.rows}
    return {key: row for key, row in rows.items() if row}


def _iterate_row_texts(item: QuestionnaireItem, row: ItemChoice, form: Form) -> Iterator[tuple[str, str]]:
    for column in item.choices:
        if text := form[cell_field_name(item, row, column)].data:
            yield column.value, text


def _make_note_field(item: QuestionnaireItem) -> Any:
    label = LazyString(lambda: _("Remarque : %(item)s", item=str(item.label)))
    return TextAreaField(label, [Length(max=NOTE_MAX)], render_kw={"rows": 2})


def _list_choice_labels(item: QuestionnaireItem) -> list[tuple[str, LazyString]]:
    return [(choice.value, LazyString(str, choice.label)) for choice in item.choices]


def _join_labels(above: BilingualText, within: BilingualText) -> LazyString:
    return LazyString(lambda: _("%(above)s : %(within)s", above=str(above), within=str(within)))


def _drop_zero_decimal(bound: float) -> float:
    """100 rather than 100.0, for messages."""
    return int(bound) if bound == int(bound) else bound


def _check_not_in_future(_form: Form, field: Field) -> None:
    if field.data is not None and (fault := find_future_date_problem(field.data)):
        raise ValidationError(fault)


class SectionForm(EditForm):
    """The answers of one section, whose items are `items`. No answer is required to save."""

    items: ClassVar[tuple[QuestionnaireItem, ...]] = ()

    def answers(self) -> dict[str, Answer]:
        """Answers and notes by key, as they are stored; empty ones are absent."""
        return {key: answer for item in self.items for key, answer in read_item_answers(item, self)}

    def make_form_from_stored(self, row: Any) -> Form:
        return make_filled_form(type(self), row.answers, row.version)


def make_filled_form(form: type[SectionForm], answers: Answers, version: int) -> SectionForm:
    """The form filled from stored answers."""
    data = {
        name: value for item in form.items for name, value in build_initial_field_data(item, answers).items()
    }
    return form(formdata=None, data=data | {"version": version})


def make_section_form_classes(definition: Questionnaire) -> Mapping[str, type[SectionForm]]:
    """Form classes by section key."""
    return {
        section.key: make_section_form_class(definition, section.key, section.items)
        for section in definition.sections
    }


def make_section_form_class(
    definition: Questionnaire, part: str, items: Sequence[QuestionnaireItem]
) -> type[SectionForm]:
    """A form class for some items; `part` is for its name."""
    parts: dict[str, Any] = {"items": tuple(items)}
    for item in items:
        parts |= make_item_fields(item)
    class_name = f"{definition.key}_{definition.edition}_{part}".title().replace("_", "")
    form_class: type[SectionForm] = types.new_class(
        f"{class_name}Form", (SectionForm,), exec_body=lambda space: space.update(parts)
    )
    return form_class
