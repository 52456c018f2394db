"""The form of a session: a part for each task, for each item of the scale, and for the session.

Without JavaScript all parts are sent at once, with it one at a time. Valid fields are saved;
invalid ones come back with their error, without blocking the others.
"""

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from wtforms import Field

from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.base_form import build_choices_from_pairs
from portal.platform.web.conflicts import ConflictingTexts
from portal.user_tests.rounds import session_labels
from portal.user_tests.rounds.merge_rules import (
    REFUSED_MARK,
    SentValue,
    join_value_marks,
    split_value_marks,
    value_mark,
)
from portal.user_tests.rounds.models import TestTask
from portal.user_tests.rounds.session_commands import SessionInput
from portal.user_tests.rounds.session_entry_commands import (
    RESULT_FIELDS,
    SESSION,
    SESSION_FIELDS,
    VALUE,
    TaskAction,
)
from portal.user_tests.rounds.session_field_forms import (
    NO_GROUP,
    AnswerPartForm,
    SessionPartForm,
    TaskPartForm,
    WholeSessionPartForm,
)
from portal.user_tests.rounds.session_queries import SessionDetails
from portal.user_tests.statistics.scale_labels import ScaleWording

_FORM_FIELD_NAMES = {"errors": "slips"}  # WTForms uses `errors` itself


@dataclass
class SessionFormPart:
    """A part on the page: its form, the marks of the values shown, both texts of conflicts.

    `marks_to_choose`: the marks that overwrite the values in conflict. `stored_marks`: those of the
    stored values, where `marks` are of what stands in the page of a sender who goes on typing.
    """

    key: str
    form: SessionPartForm
    marks: str
    names: Sequence[str]
    task: TestTask | None = None
    item: int = 0
    two_texts: list[ConflictingTexts] = field(default_factory=list)
    marks_to_choose: str = ""
    stored_marks: str = ""

    @property
    def is_refused(self) -> bool:
        return bool(self.two_texts or self.form.errors)

    def get_field(self, name: str) -> Field:
        """Return the form field of a column."""
        form_field: Field = self.form[_FORM_FIELD_NAMES.get(name, name)]
        return form_field


class WholeSessionForm:
    """All parts of a session, filled from the submitted values, else from the stored ones."""

    def __init__(self, details: SessionDetails, sent: Any = None) -> None:
        self.details = details
        self._sent = sent
        part_keys = sent.getlist("only") if sent is not None else []
        self.parts = [part for part in self._make_parts() if not part_keys or part.key in part_keys]

    @property
    def holds_values(self) -> bool:
        """Whether values of any part were sent."""
        return self._sent is not None and any(f"{part.key}-was" in self._sent for part in self.parts)

    def _make_parts(self) -> Iterator[SessionFormPart]:
        yield self._build_part(SESSION, WholeSessionPartForm, self.details.session, SESSION_FIELDS)
        for task in self.details.tasks:
            row = self.details.results.get(task.id)
            yield self._build_part(f"t{task.number}", TaskPartForm, row, RESULT_FIELDS, task=task)
        wording = session_labels.scale_wording(self.details.round.scale)
        for item in range(1, self.details.items + 1):
            answer = self.details.answers.get(item)
            yield self._build_part(f"a{item}", AnswerPartForm, answer, (VALUE,), item=item, wording=wording)

    def _build_part(
        self,
        key: str,
        form_class: type[SessionPartForm],
        row: Any,
        names: Sequence[str],
        *,
        task: TestTask | None = None,
        item: int = 0,
        wording: ScaleWording | None = None,
    ) -> SessionFormPart:
        form = form_class(key, self._sent, data=self._read_stored_values(row, names))
        if isinstance(form, WholeSessionPartForm):
            groups: list[tuple[int, object]] = [(group.number, group.name) for group in self.details.groups]
            none = (NO_GROUP, _l("Aucun des publics visés"))
            form.target_group_id.choices = build_choices_from_pairs([*groups, none])
        if isinstance(form, AnswerPartForm) and wording is not None:
            form.value.choices = build_choices_from_pairs(
                [(n, str(n)) for n in range(wording.least, wording.most + 1)]
            )
        marks = join_value_marks([getattr(row, name, None) for name in names])
        return SessionFormPart(key, form, marks, names, task, item)

    def _read_stored_values(self, row: Any, names: Sequence[str]) -> dict[str, Any]:
        stored = {_FORM_FIELD_NAMES.get(name, name): getattr(row, name, None) for name in names}
        if "target_group_id" in stored:
            stored["target_group_id"] = self.details.group.number if self.details.group else NO_GROUP
        return stored

    def read(self) -> SessionInput:
        """Validate, and return the valid submitted values; invalid fields keep their errors."""
        parts = {}
        for part in self.parts:
            part.form.validate()
            typed = self._read_typed_values(part)
            if typed:
                parts[part.key] = typed
        return SessionInput(parts, _parse_task_action(self._sent.get("deed", "")))

    def _read_typed_values(self, part: SessionFormPart) -> Mapping[str, SentValue]:
        read = self._read_marks_sent(part)
        takes_stored = f"{part.key}-stored" in self._sent
        typed = {}
        for name in part.names:
            form_field = part.get_field(name)
            if takes_stored and read[name] == REFUSED_MARK:
                continue  # the author gives up the text that was refused; the other fields are kept
            if form_field.name in self._sent and not form_field.errors:
                typed[name] = SentValue(self._convert_group_number_to_id(name, form_field.data), read[name])
        return typed

    def _read_marks_sent(self, part: SessionFormPart) -> Mapping[str, str]:
        """The marks of the button that keeps the author's values, else those of the hidden field."""
        sent_marks = self._sent.get(f"{part.key}-keep") or self._sent.get(f"{part.key}-was", "")
        marks = split_value_marks(sent_marks, len(part.names))
        return dict(zip(part.names, marks, strict=True))

    def restore_sent_marks(self) -> None:
        """Keep the marks of what the author had read, so that sending again still sees what a colleague
        wrote meanwhile."""
        for part in self.parts:
            part.marks = ".".join(self._read_marks_sent(part).values())

    def _convert_group_number_to_id(self, name: str, data: Any) -> Any:
        if name != "target_group_id":
            return data
        return next((group.id for group in self.details.groups if group.number == data), None)

    def restore_refused_parts(
        self,
        refused: "WholeSessionForm",
        clashes: Mapping[str, Mapping[str, Any]],
        *,
        is_part_alone: bool = False,
    ) -> bool:
        """Replace stored parts by refused ones; return whether there are any.

        An invalid field keeps the mark of the value its author had read. A field in conflict gets a
        mark that no value has: it is refused until a button of its part keeps either text.
        `is_part_alone`: the page may keep its fields, which get the marks of what stands in them.
        """
        refused_parts = {refused_part.key: refused_part for refused_part in refused.parts}
        for n, part in enumerate(self.parts):
            sent_part = refused_parts.get(part.key)
            if sent_part is None:
                continue
            if not (sent_part.form.errors or part.key in clashes):
                if is_part_alone:
                    part.stored_marks = part.marks
                    part.marks = refused._compute_marks_of_page(part, sent_part)
                continue
            sent_part.two_texts = [
                self._build_conflicting_texts(sent_part, name, value)
                for name, value in clashes.get(part.key, {}).items()
            ]
            clashing = clashes.get(part.key, {})
            sent_part.marks_to_choose = refused._compute_marks_of_page(part, sent_part, clashing)
            sent_part.marks = refused._compute_marks_of_page(part, sent_part, clashing, REFUSED_MARK)
            self.parts[n] = sent_part
        return any(sheet_part.is_refused for sheet_part in self.parts)

    def _compute_marks_of_page(
        self,
        stored_part: SessionFormPart,
        sent_part: SessionFormPart,
        clashing: Container[str] = (),
        clash_mark: str | None = None,
    ) -> str:
        """Marks of what stands in the fields of the sender's page; a field that was not sent is empty there.

        `clash_mark` is the mark of fields in conflict, by default that of the stored value.
        """
        read, marks = self._read_marks_sent(sent_part), []
        for name, stored_mark in zip(sent_part.names, stored_part.marks.split("."), strict=True):
            form_field = sent_part.get_field(name)
            if form_field.errors:
                marks.append(read[name])
            elif name in clashing:
                marks.append(stored_mark if clash_mark is None else clash_mark)
            else:
                is_sent = form_field.name in self._sent
                value = self._convert_group_number_to_id(name, form_field.data) if is_sent else None
                marks.append(value_mark(value))
        return ".".join(marks)

    def _build_conflicting_texts(
        self, sent_part: SessionFormPart, name: str, stored: Any
    ) -> ConflictingTexts:
        form_field = sent_part.get_field(name)
        typed = session_labels.value_label(
            self._convert_group_number_to_id(name, form_field.data), self.details
        )
        return ConflictingTexts(
            str(form_field.label.text), typed, session_labels.value_label(stored, self.details)
        )


def _parse_task_action(text: str) -> tuple[TaskAction, int] | None:
    """Parse « start-3 »; None for anything else."""
    name, _dash, number = text.partition("-")
    if name not in {action.value for action in TaskAction} or not re.fullmatch(r"\d{1,4}", number, re.ASCII):
        return None
    return TaskAction(name), int(number)


def list_field_errors(parts: Iterable[SessionFormPart]) -> Sequence[tuple[str, str, str]]:
    """Return the errors of parts: (field id, label, error)."""
    return [
        (form_field.id, str(form_field.label.text), str(error))
        for part in parts
        for form_field in part.form
        for error in form_field.errors
    ]
