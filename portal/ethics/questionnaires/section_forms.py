"""Form classes of the sections of a questionnaire, generated once per edition."""

import types
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from portal.ethics.questionnaires.definition_rules import (
    Answer,
    Answers,
    Questionnaire,
    QuestionnaireItem,
)
from portal.ethics.questionnaires.field_forms import (
    initial_field_data,
    make_fields,
    read_item_answers,
)
from portal.platform.web.base_form import EditForm, Form


class SectionForm(EditForm):
    """The answers of one section, whose items are `items`. No answer is required to save."""

    items: ClassVar[tuple[QuestionnaireItem, ...]] = ()

    def answers(self) -> dict[str, Answer]:
        """Answers and notes by key, as they are stored; empty ones are absent."""
        return {key: answer for item in self.items for key, answer in read_item_answers(item, self)}

    def as_stored(self, row: Any) -> Form:
        return fill_form(type(self), row.answers, row.version)


def fill_form(form: type[SectionForm], answers: Answers, version: int) -> SectionForm:
    """The form filled from stored answers."""
    data = {
        name: value
        for item in form.items
        for name, value in initial_field_data(item, answers).items()
    }
    return form(formdata=None, data=data | {"version": version})


def make_section_forms(definition: Questionnaire) -> Mapping[str, type[SectionForm]]:
    """Form classes by section key."""
    return {
        section.key: make_section_form(definition, section.key, section.items)
        for section in definition.sections
    }


def make_section_form(
    definition: Questionnaire, part: str, items: Sequence[QuestionnaireItem]
) -> type[SectionForm]:
    """A form class for some items; `part` is for its name."""
    parts: dict[str, Any] = {"items": tuple(items)}
    for item in items:
        parts |= make_fields(item)
    class_name = f"{definition.key}_{definition.edition}_{part}".title().replace("_", "")
    form_class: type[SectionForm] = types.new_class(
        f"{class_name}Form", (SectionForm,), exec_body=lambda space: space.update(parts)
    )
    return form_class
