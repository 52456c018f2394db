"""What was answered: what is asked, how far one is, what is missing, what falls short.

Answers are held by the item's key (a note by its own); an item that was not answered is not there.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.kernel.text import LazyString
from portal.kernel.text import gettext as _
from portal.kernel.text import lazy_gettext as _l
from portal.questionnaires.definition import (
    NOTE_MAX,
    Answer,
    Answers,
    Choice,
    Item,
    Questionnaire,
    Section,
)
from portal.questionnaires.fitting import Misfit, misfit, most_of, note_misfit
from portal.questionnaires.scoring import is_beside_the_point
from portal.questionnaires.visibility import asked_in

__all__ = ["Answer", "Answers", "asked_in"]


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


def is_answered(item: Item, answers: Answers) -> bool:
    """Whether it needs nothing more: an item that asks why is answered once that is said."""
    return item.key in answers and (not item.says_why or item.note_key in answers)


def progress(of: Questionnaire, answers: Answers, section: Section | None = None) -> Progress:
    """Of a section, or of the whole."""
    sections = [section] if section else of.sections
    asked = [item for one in sections for item in asked_in(of, one, answers)]
    return Progress(sum(is_answered(item, answers) for item in asked), len(asked))


def missing(of: Questionnaire, answers: Answers) -> Sequence[tuple[Section, Item]]:
    """What must be answered and is not, in order."""
    return [
        (section, item)
        for section in of.sections
        for item in asked_in(of, section, answers)
        if item.required and not is_answered(item, answers)
    ]


def gaps(of: Questionnaire, answers: Answers) -> Sequence[Gap]:
    """Items whose answers weigh, and whose answer could weigh more: what weighs least first."""
    found = []
    for section in of.sections:
        for item in asked_in(of, section, answers):
            if is_beside_the_point(item, answers):
                continue
            choice = item.choice(answers.get(item.key))
            if item.best and (choice is None or choice.weight < item.best):
                note = str(answers.get(item.note_key, ""))
                found.append(Gap(section, item, choice, note))
    return sorted(found, key=lambda gap: gap.choice.weight if gap.choice else 0.0)


def find_fault(item: Item, answer: Answer) -> str | None:
    """Why an answer cannot be one to this item; None when it can. Its bounds may have moved."""
    wrong = misfit(item, answer)
    return None if wrong is None else _sentence(item, wrong)


def find_note_fault(note: Answer) -> str | None:
    """The same for what is said beside an answer."""
    return _too_long(NOTE_MAX) if note_misfit(note) else None


def _sentence(item: Item, wrong: Misfit) -> str:
    if wrong is Misfit.NO_TEXT:
        return _too_long(most_of(item))
    if wrong is Misfit.OUT_OF_BOUNDS:
        return _("Donnez un nombre entre %(min)s et %(max)s.", min=item.least, max=item.most)
    return str(_SENTENCES[wrong])


_SENTENCES: dict[Misfit, LazyString] = {
    Misfit.NOT_OFFERED: _l("Choisissez dans la liste."),
    Misfit.NOT_SEVERAL: _l("Cochez une ou plusieurs réponses de la liste, chacune une fois."),
    Misfit.NO_TABLE: _l("Remplissez le tableau avec ses lignes et ses colonnes."),
    Misfit.NO_NUMBER: _l("Écrivez un nombre."),
    Misfit.NOT_WHOLE: _l("Écrivez un nombre entier."),
    Misfit.NO_DAY: _l("Écrivez une date qui existe."),
    Misfit.NO_LINK: _l("Donnez une adresse complète, qui commence par https://."),
}


def _too_long(most: int) -> str:
    return _("Écrivez un texte d’au plus %(n)s caractères.", n=most)
