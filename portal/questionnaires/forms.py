"""Items of a questionnaire as a form: one class per section of each edition, made once."""

import types
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from wtforms import Field

from portal.questionnaires.answers import Answer, Answers
from portal.questionnaires.definition import Item, Questionnaire
from portal.questionnaires.fields import answers_of, data_of, fields_of
from portal.web.forms import EditForm, Form


class SectionForm(EditForm):
    """What is answered in one section; `asked` are its items. Anything may wait."""

    asked: ClassVar[tuple[Item, ...]] = ()

    def answers(self) -> dict[str, Answer]:
        """By the item's key, as answers are kept; what is empty is left out."""
        return {key: told for item in self.asked for key, told in answers_of(item, self)}

    def fields_of(self, item: Item) -> Sequence[Field]:
        """Those that ask for an item, its note's last; a matrix has one a row, or one a cell."""
        return [self[name] for name in fields_of(item)]

    def as_stored(self, row: Any) -> Form:
        return filled(type(self), row.answers, row.version)


def filled(form: type[SectionForm], answers: Answers, version: int) -> SectionForm:
    """The form as it stands before anybody types."""
    given = {name: held for item in form.asked for name, held in data_of(item, answers).items()}
    return form(formdata=None, data=given | {"version": version})


def forms_of(of: Questionnaire) -> Mapping[str, type[SectionForm]]:
    """By the key of the section."""
    return {one.key: form_of(of, one.key, one.items) for one in of.sections}


def form_of(of: Questionnaire, part: str, items: Sequence[Item]) -> type[SectionForm]:
    """A form that asks some items. `part` is for its name."""
    parts: dict[str, Any] = {"asked": tuple(items)}
    for item in items:
        parts |= fields_of(item)
    name = f"{of.key}_{of.edition}_{part}".title().replace("_", "")
    made: type[SectionForm] = types.new_class(
        f"{name}Form", (SectionForm,), exec_body=lambda space: space.update(parts)
    )
    return made
