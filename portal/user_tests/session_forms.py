"""A session as a form: one part for each task, for each item of the scale, and for the whole.

Without a script all parts are sent at once, with one each time. Whatever is right is kept; what is
not comes back with its reason, and holds up nothing else.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from wtforms import Field

from portal.kernel.text import lazy_gettext as _l
from portal.usability.wording import Wording
from portal.user_tests import session_words as words
from portal.user_tests.merging import Typed, marks_of, read_marks
from portal.user_tests.models import TestTask
from portal.user_tests.pen import OF_RESULT, OF_SESSION, SESSION, VALUE, Deed
from portal.user_tests.session_commands import Sent
from portal.user_tests.session_fields import NO_GROUP, AnswerPart, PartForm, SessionPart, TaskPart
from portal.user_tests.session_queries import Held
from portal.web.forms import TwoTexts, choices_of

_ASKED_AS = {"errors": "slips"}  # a form has errors of its own


@dataclass
class Part:
    """A part as it is shown: `marks` of what its fields hold, and what somebody else wrote."""

    key: str
    form: PartForm
    marks: str
    names: Sequence[str]
    task: TestTask | None = None
    item: int = 0
    two_texts: list[TwoTexts] = field(default_factory=list)

    @property
    def is_refused(self) -> bool:
        return bool(self.two_texts or self.form.errors)

    def asking(self, name: str) -> Field:
        """The field that asks what a column keeps."""
        one: Field = self.form[_ASKED_AS.get(name, name)]
        return one


class SessionSheet:
    """All parts of a session, filled from what is stored or, where it was sent, from that."""

    def __init__(self, held: Held, sent: Any = None) -> None:
        self.held = held
        self._sent = sent
        asked = sent.getlist("only") if sent is not None else []
        self.parts = [one for one in self._make() if not asked or one.key in asked]

    def _make(self) -> Iterator[Part]:
        yield self._part(SESSION, SessionPart, self.held.session, OF_SESSION)
        for task in self.held.tasks:
            row = self.held.results.get(task.id)
            yield self._part(f"t{task.number}", TaskPart, row, OF_RESULT, task=task)
        asked = words.scale_words(self.held.round.scale)
        for item in range(1, self.held.items + 1):
            said = self.held.answers.get(item)
            yield self._part(f"a{item}", AnswerPart, said, (VALUE,), item=item, asked=asked)

    def _part(
        self,
        key: str,
        kind: type[PartForm],
        row: Any,
        names: Sequence[str],
        *,
        task: TestTask | None = None,
        item: int = 0,
        asked: Wording | None = None,
    ) -> Part:
        form = kind(key, self._sent, data=self._stored(row, names))
        if isinstance(form, SessionPart):
            groups: list[tuple[int, object]] = [(one.number, one.name) for one in self.held.groups]
            none = (NO_GROUP, _l("Aucun des publics visés"))
            form.target_group_id.choices = choices_of([*groups, none])
        if isinstance(form, AnswerPart) and asked is not None:
            form.value.choices = choices_of(
                [(n, str(n)) for n in range(asked.least, asked.most + 1)]
            )
        marks = marks_of([getattr(row, name, None) for name in names])
        return Part(key, form, marks, names, task, item)

    def _stored(self, row: Any, names: Sequence[str]) -> dict[str, Any]:
        stored = {_ASKED_AS.get(name, name): getattr(row, name, None) for name in names}
        if "target_group_id" in stored:
            stored["target_group_id"] = self.held.group.number if self.held.group else NO_GROUP
        return stored

    def read(self) -> Sent:
        """What was sent and is right; what is wrong carries its reason from now on."""
        parts = {}
        for part in self.parts:
            part.form.validate()
            typed = self._typed(part)
            if typed:
                parts[part.key] = typed
        return Sent(parts, _read_deed(self._sent.get("deed", "")))

    def _typed(self, part: Part) -> Mapping[str, Typed]:
        read = self._marks_read(part)
        typed = {}
        for name in part.names:
            one = part.asking(name)
            if one.name in self._sent and not one.errors:
                typed[name] = Typed(self._value(name, one.data), read[name])
        return typed

    def _marks_read(self, part: Part) -> Mapping[str, str]:
        marks = read_marks(self._sent.get(f"{part.key}-was", ""), len(part.names))
        return dict(zip(part.names, marks, strict=True))

    def _value(self, name: str, data: Any) -> Any:
        if name != "target_group_id":
            return data
        return next((one.id for one in self.held.groups if one.number == data), None)

    def give_back(self, refused: "SessionSheet", clashes: Mapping[str, Mapping[str, Any]]) -> bool:
        """Put what was refused in place of what is stored now; whether there was any.

        A field that was wrong keeps the mark of what its author had read; one that somebody else
        wrote has that of what they wrote: who saves again has seen both texts.
        """
        theirs = {one.key: one for one in refused.parts}
        for n, part in enumerate(self.parts):
            mine = theirs.get(part.key)
            if mine is None or not (mine.form.errors or part.key in clashes):
                continue
            mine.two_texts = [
                self._two_texts(mine, name, value)
                for name, value in clashes.get(part.key, {}).items()
            ]
            mine.marks = self._mixed(part, mine, refused)
            self.parts[n] = mine
        return any(one.is_refused for one in self.parts)

    def _mixed(self, now: Part, mine: Part, refused: "SessionSheet") -> str:
        read, current = refused._marks_read(mine), now.marks.split(".")
        return ".".join(
            read[name] if mine.asking(name).errors else mark
            for name, mark in zip(mine.names, current, strict=True)
        )

    def _two_texts(self, mine: Part, name: str, theirs: Any) -> TwoTexts:
        one = mine.asking(name)
        typed = words.shown(self._value(name, one.data), self.held)
        return TwoTexts(str(one.label.text), typed, words.shown(theirs, self.held))


def _read_deed(text: str) -> tuple[Deed, int] | None:
    """« start-3 »; what is none of these asks for nothing."""
    name, _dash, number = text.partition("-")
    if name not in {one.value for one in Deed} or not re.fullmatch(r"\d{1,4}", number, re.ASCII):
        return None
    return Deed(name), int(number)


def faults(parts: Iterable[Part]) -> Sequence[tuple[str, str, str]]:
    """Of refused parts: the id to go to, the label, the reason."""
    return [
        (one.id, str(one.label.text), str(error))
        for part in parts
        for one in part.form
        for error in one.errors
    ]
