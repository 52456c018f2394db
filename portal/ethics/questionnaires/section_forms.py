"""Items of a questionnaire as a form: one class per section of each edition, made once."""

import types
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from wtforms import Field

from portal.ethics.questionnaires.completion_rules import Answer, Answers
from portal.ethics.questionnaires.definition_rules import Questionnaire, QuestionnaireItem
from portal.ethics.questionnaires.field_forms import (
    initial_field_data,
    make_fields,
    read_item_answers,
)
from portal.platform.web.base_form import EditForm, Form


class SectionForm(EditForm):
    """What is answered in one section; `asked` are its items. Anything may wait."""

    items: ClassVar[tuple[QuestionnaireItem, ...]] = ()

    def answers(self) -> dict[str, Answer]:
        """By the item's key, as answers are kept; what is empty is left out."""
        return {key: answer for item in self.items for key, answer in read_item_answers(item, self)}

    def fields_of(self, item: QuestionnaireItem) -> Sequence[Field]:
        """Those that ask for an item, its note's last; a matrix has one a row, or one a cell."""
        return [self[name] for name in make_fields(item)]

    def as_stored(self, row: Any) -> Form:
        return fill_form(type(self), row.answers, row.version)


def fill_form(form: type[SectionForm], answers: Answers, version: int) -> SectionForm:
    """The form as it stands before anybody types."""
    data = {
        name: value
        for item in form.items
        for name, value in initial_field_data(item, answers).items()
    }
    return form(formdata=None, data=data | {"version": version})


def make_section_forms(of: Questionnaire) -> Mapping[str, type[SectionForm]]:
    """By the key of the section."""
    return {
        section.key: make_section_form(of, section.key, section.items) for section in of.sections
    }


def make_section_form(
    of: Questionnaire, part: str, items: Sequence[QuestionnaireItem]
) -> type[SectionForm]:
    """A form that asks some items. `part` is for its name."""
    parts: dict[str, Any] = {"items": tuple(items)}
    for item in items:
        parts |= make_fields(item)
    name = f"{of.key}_{of.edition}_{part}".title().replace("_", "")
    form_class: type[SectionForm] = types.new_class(
        f"{name}Form", (SectionForm,), exec_body=lambda space: space.update(parts)
    )
    return form_class
