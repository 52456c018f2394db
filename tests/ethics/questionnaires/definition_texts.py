"""All texts of a definition, and a check of their typography."""

import re
from collections.abc import Iterator

from portal.ethics.questionnaires.definition_rules import (
    BilingualText,
    ItemChoice,
    Questionnaire,
    QuestionnaireItem,
)

# French needs non-breaking spaces and curly apostrophes.
_WRONG_FRENCH = re.compile(r" [:;?!»%]|« |'|\d \d{3}\b")
_WRONG_ENGLISH = re.compile("[«»\u00a0']")


def words_of(definition: Questionnaire) -> list[BilingualText]:
    return [words for words in _all(definition) if words.fr or words.en]


def is_well_written(words: BilingualText) -> bool:
    both = bool(words.fr) and bool(words.en)
    return both and not (_WRONG_FRENCH.search(words.fr) or _WRONG_ENGLISH.search(words.en))


def _all(of: Questionnaire) -> Iterator[BilingualText]:
    yield from (of.title, of.about, of.source)
    yield from (band.title for band in (of.score.bands if of.score else ()))
    for verdict in of.verdicts:
        yield from (verdict.title, verdict.about)
    for duty in of.duties:
        yield from (duty.title, duty.about, duty.source)
    for section in of.sections:
        yield from (section.title, section.about)
        for item in section.items:
            yield from _item(item)


def _item(item: QuestionnaireItem) -> Iterator[BilingualText]:
    yield from (item.label, item.help)
    choices: tuple[ItemChoice, ...] = (*item.choices, *item.rows)
    yield from (choice.label for choice in choices)
