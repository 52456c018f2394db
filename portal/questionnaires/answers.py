"""What was answered: what is asked, how far one is, what is missing, what falls short. Pure.

Answers are held by the item's key (a note by its own); an item that was not answered is not there.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import assert_never
from urllib.parse import urlsplit

from portal.kernel.text import gettext as _
from portal.questionnaires.definition import (
    LINE_MAX,
    LINK_MAX,
    NOTE_MAX,
    TEXT_MAX,
    Choice,
    Item,
    Kind,
    Questionnaire,
    Section,
)

Answer = str | float
Answers = Mapping[str, Answer]


@dataclass(frozen=True)
class Progress:
    """Items answered, of those that are asked."""

    answered: int
    asked: int

    @property
    def is_whole(self) -> bool:
        return self.answered == self.asked


@dataclass(frozen=True)
class Gap:
    """What falls short of the best answer. `choice`: what was answered, None for nothing yet."""

    section: Section
    item: Item
    choice: Choice | None
    note: str


def is_asked(of: Questionnaire, item: Item, answers: Answers) -> bool:
    """Whether its condition holds, and that of what it hangs on."""
    if item.when is None:
        return True
    other = of.item(item.when.item)
    if other is None or not is_asked(of, other, answers):
        return False
    return answers.get(other.key) in item.when.among


def asked_in(of: Questionnaire, section: Section, answers: Answers) -> Sequence[Item]:
    return [item for item in section.items if is_asked(of, item, answers)]


def progress(of: Questionnaire, answers: Answers, section: Section | None = None) -> Progress:
    """Of a section, or of the whole."""
    sections = [section] if section else of.sections
    asked = [item for one in sections for item in asked_in(of, one, answers)]
    return Progress(sum(item.key in answers for item in asked), len(asked))


def missing(of: Questionnaire, answers: Answers) -> Sequence[tuple[Section, Item]]:
    """What must be answered and is not, in order."""
    return [
        (section, item)
        for section in of.sections
        for item in asked_in(of, section, answers)
        if item.required and item.key not in answers
    ]


def gaps(of: Questionnaire, answers: Answers) -> Sequence[Gap]:
    """Items whose answers weigh, and whose answer could weigh more: what weighs least first."""
    found = []
    for section in of.sections:
        for item in asked_in(of, section, answers):
            choice = item.choice(answers.get(item.key))
            if item.best and (choice is None or choice.weight < item.best):
                note = str(answers.get(item.note_key, ""))
                found.append(Gap(section, item, choice, note))
    return sorted(found, key=lambda gap: gap.choice.weight if gap.choice else 0.0)


def find_fault(item: Item, answer: Answer) -> str | None:
    """Why an answer cannot be one to this item; None when it can. Its bounds may have moved."""
    match item.kind:
        case Kind.CHOICE | Kind.YES_NO:
            return None if item.choice(answer) else _("Choisissez dans la liste.")
        case Kind.TEXT:
            return _text_fault(answer, TEXT_MAX if item.long else LINE_MAX)
        case Kind.NUMBER:
            return _number_fault(item, answer)
        case Kind.DATE:
            return None if _is_day(answer) else _("Écrivez une date qui existe.")
        case Kind.LINK:
            return _link_fault(answer)
        case _:
            assert_never(item.kind)


def find_note_fault(note: Answer) -> str | None:
    """The same for what is said beside an answer."""
    return _text_fault(note, NOTE_MAX)


def _text_fault(answer: Answer, most: int) -> str | None:
    if isinstance(answer, str) and 0 < len(answer) <= most:
        return None
    return _("Écrivez un texte d’au plus %(n)s caractères.", n=most)


def _number_fault(item: Item, answer: Answer) -> str | None:
    if isinstance(answer, str) or not math.isfinite(answer):
        return _("Écrivez un nombre.")
    if item.whole and answer != int(answer):
        return _("Écrivez un nombre entier.")
    if not item.least <= answer <= item.most:
        return _("Donnez un nombre entre %(min)s et %(max)s.", min=item.least, max=item.most)
    return None


def _is_day(answer: Answer) -> bool:
    try:
        date.fromisoformat(str(answer))
    except ValueError:
        return False
    return True


def _link_fault(answer: Answer) -> str | None:
    try:
        parts = urlsplit(str(answer))
        is_sound = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        is_sound = False
    if is_sound and len(str(answer)) <= LINK_MAX:
        return None
    return _("Donnez une adresse complète, qui commence par https://.")
