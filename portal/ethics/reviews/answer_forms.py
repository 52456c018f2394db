"""Form classes for the answers of a review; each question carries its own etag."""

import json
import types
from collections.abc import Mapping, Sequence
from hashlib import sha256
from types import MappingProxyType
from typing import Any, ClassVar

from flask import request
from wtforms import Field, HiddenField, RadioField, SelectMultipleField
from wtforms.validators import Length

from portal.ethics.questionnaires.definition_rules import (
    Answer,
    QuestionnaireItem,
    QuestionnaireSection,
    form_field_name,
)
from portal.ethics.questionnaires.field_forms import (
    build_initial_field_data,
    make_item_fields,
    read_item_answers,
)
from portal.ethics.questionnaires.visibility_rules import list_visible_items
from portal.ethics.reviews.answer_commands import AnswerInput
from portal.ethics.reviews.models import ReviewAnswer
from portal.ethics.reviews.queries import ReviewWithAnswers
from portal.platform.kernel.text import gettext as _
from portal.platform.web.base_form import Form
from portal.platform.web.conflicts import ConflictingTexts, refill_empty_field

ETAG_MAX = 40
ETAG_PREFIX = "s_"
CHOICE_MARK = "!"  # ends the etag of an answer in conflict: no automatic save overwrites it
NO_VERSION = 0  # no row has it, so that a save that expects it is refused


class AnswersForm(Form):
    """Some questions of a review.

    The hidden field `s_…` of each is its etag: the version of its row and the fingerprint of the
    answer, so that unchanged answers are not saved again.
    """

    items: ClassVar[tuple[QuestionnaireItem, ...]] = ()
    etags_to_choose: Mapping[str, str] = MappingProxyType({})  # of the rows in conflict, by item key
    conflict_sentences: Mapping[str, str] = MappingProxyType({})  # who saved them

    def read_answers(self, but: str = "", *, is_automatic: bool = False) -> dict[str, AnswerInput]:
        """The changed answers, by item key; `but` is the key of one whose stored answer was chosen.

        `is_automatic`: no button was pressed, so that no answer counts as chosen after a conflict.
        """
        answers = {}
        for item in (item for item in self.items if item.key != but):
            etag = self[etag_name(item)].data or ""
            expected_version, fingerprint = _parse_etag(etag.removesuffix(CHOICE_MARK))
            if is_automatic and etag.endswith(CHOICE_MARK):
                expected_version = NO_VERSION
            value, note = self._read_answer_and_note(item)
            if fingerprint is not None and fingerprint != _compute_answer_fingerprint(item, value, note):
                answers[item.key] = AnswerInput(value, note, expected_version)
        return answers

    def _read_answer_and_note(self, item: QuestionnaireItem) -> tuple[Answer | None, str]:
        answers = dict(read_item_answers(item, self))
        return answers.get(item.key), str(answers.get(item.note_key, ""))

    def list_added_items(
        self, record: ReviewWithAnswers, section: QuestionnaireSection
    ) -> Sequence[QuestionnaireItem]:
        """The questions without an answer that the answers of this form added to its page: those that the
        page did not show, or marks as new."""
        new_keys = request.form.getlist("appeared")
        return [
            item
            for item in list_visible_items(record.definition, section, record.answers)
            if record.rows[item.key].value is None
            and (item.key in new_keys or not self[etag_name(item)].raw_data)
        ]

    def fields_of(self, item: QuestionnaireItem) -> Sequence[Field]:
        """The bound fields of an item, the note's last."""
        return [self[name] for name in make_item_fields(item)]

    def set_etags_to_choose(self, rows: Mapping[str, ReviewAnswer], *, is_automatic: bool) -> None:
        """Set the etags of answers in conflict: from now on only a button overwrites the stored row.

        After an automatic save the button beside both texts alone does, which sends the etag of the row;
        else the button of the whole form does too.
        """
        self.etags_to_choose = {
            item.key: make_etag(item, rows[item.key]) for item in self.items if item.key in rows
        }
        for key, etag in self.etags_to_choose.items():
            refused_etag = f"{NO_VERSION}.{etag.partition('.')[2]}"
            self[ETAG_PREFIX + key].process(None, refused_etag if is_automatic else etag + CHOICE_MARK)

    def choose_typed_answers(self, etag: str) -> None:
        """Take the etag of the row that the form's only answer is to overwrite."""
        (item,) = self.items
        self[etag_name(item)].data = etag

    def compare_texts(self, item: QuestionnaireItem, row: ReviewAnswer) -> list[ConflictingTexts]:
        """The typed and the stored text of each field of an item where they differ. An empty field
        takes the stored text, but for the reason of another answer, and the answer of another reason."""
        stored_form = make_filled_form(type(self), {item.key: row})
        note_name = form_field_name(item.note_key)
        names = list(make_item_fields(item))
        differing = {name == note_name for name in names if _is_other(self[name], stored_form[name])}
        return [
            ConflictingTexts(
                _get_field_label(item, self[name]),
                _format_field_text(self[name]),
                _format_field_text(stored_form[name]),
                is_refilled=(name != note_name) not in differing
                and refill_empty_field(self[name], stored_form[name]),
            )
            for name in names
            if _format_field_text(self[name]) != _format_field_text(stored_form[name])
        ]


def _is_other(field: Field, stored_field: Field) -> bool:
    """Whether something else was typed than what is stored; ticks are always typed."""
    text = _format_field_text(field)
    is_typed = bool(text) or isinstance(field, SelectMultipleField)
    return is_typed and text != _format_field_text(stored_field)


def _get_field_label(item: QuestionnaireItem, field: Field) -> str:
    """The label of the field on its page."""
    if field.short_name == form_field_name(item.note_key):
        return _("Pourquoi") if item.says_why else _("Remarque")
    return str(field.label.text)


def etag_name(item: QuestionnaireItem) -> str:
    """The name of the hidden field that carries the etag."""
    return ETAG_PREFIX + item.key


def make_etag(item: QuestionnaireItem, row: ReviewAnswer) -> str:
    """The etag of a stored answer: version and fingerprint."""
    return f"{row.version}.{_compute_answer_fingerprint(item, row.value, row.note)}"


def get_answers_form_class(
    edition: str, part: str, items: tuple[QuestionnaireItem, ...]
) -> type[AnswersForm]:
    """The form class of some items of an edition (its fingerprint), cached; `part` names it."""
    if (edition, part) not in _form_classes:
        _form_classes[edition, part] = _make_form_class(part, items)
    return _form_classes[edition, part]


_form_classes: dict[tuple[str, str], type[AnswersForm]] = {}


def _make_form_class(part: str, items: tuple[QuestionnaireItem, ...]) -> type[AnswersForm]:
    parts: dict[str, Any] = {"items": items}
    for item in items:
        parts |= make_item_fields(item)
        parts[etag_name(item)] = HiddenField(validators=[Length(max=ETAG_MAX)])
    name = "".join(filter(str.isalnum, part.title()))
    form_class: type[AnswersForm] = types.new_class(
        f"{name}AnswersForm", (AnswersForm,), exec_body=lambda space: space.update(parts)
    )
    return form_class


def section_form_class(edition: str, section: QuestionnaireSection) -> type[AnswersForm]:
    return get_answers_form_class(edition, f"section {section.key}", section.items)


def question_form_class(edition: str, item: QuestionnaireItem) -> type[AnswersForm]:
    return get_answers_form_class(edition, item.key, (item,))


def make_filled_form(form: type[AnswersForm], rows: Mapping[str, ReviewAnswer]) -> AnswersForm:
    """The form filled from stored rows, by item key."""
    data: dict[str, object] = {}
    for item in form.items:
        row = rows.get(item.key)
        if row is None:
            continue
        stored_answer = {item.key: row.value} if row.value is not None else {}
        data |= build_initial_field_data(
            item, stored_answer | ({item.note_key: row.note} if row.note else {})
        )
        data[etag_name(item)] = make_etag(item, row)
    return form(formdata=None, data=data)


def _parse_etag(etag: str | None) -> tuple[int, str | None]:
    """Return version and fingerprint; the latter is None for an item that was not on the page."""
    version, dot, fingerprint = (etag or "").partition(".")
    if not dot:
        return 0, None
    return (int(version) if version.isascii() and version.isdigit() else 0), fingerprint


def _compute_answer_fingerprint(item: QuestionnaireItem, value: Answer | None, note: str) -> str:
    """Fingerprint of an answer, normalised: ticks in the order of choices, numbers as floats."""
    plain: Any = value
    if isinstance(value, list):
        plain = [choice.value for choice in item.choices if choice.value in value]
    elif isinstance(value, int | float) and not isinstance(value, bool):
        plain = float(value)
    text = json.dumps([plain, note if item.note else ""], sort_keys=True)
    return sha256(text.encode()).hexdigest()[:16]


def _format_field_text(field: Field) -> str:
    if isinstance(field, RadioField | SelectMultipleField):
        return ", ".join(str(choice[1]) for choice in field.iter_choices() if choice[2])
    value = field._value() if hasattr(field, "_value") else field.data
    return str(value or "")
