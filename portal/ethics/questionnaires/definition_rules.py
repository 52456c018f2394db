"""The data model of a questionnaire: sections of items, bilingual, of one edition. Pure.

An edition never changes once people have answered it; a change is a new edition. Nothing here knows
who answers, nor where answers are stored.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any

KEY_MAX = 40
VERSION_MAX = 20
LINE_MAX = 300
TEXT_MAX = 4000
NOTE_MAX = 1000
LINK_MAX = 500
NUMBER_LIMIT = 1e12  # a greater number is a typing error
NOTE_SUFFIX = "_note"  # ends the key of a note

YES, NO = "yes", "no"
PARTLY, NOT_APPLICABLE = "partly", "not_applicable"


def form_field_name(key: str) -> str:
    """The name of the form field of an answer; the prefix avoids clashes with form attributes."""
    return f"a_{key}"


Answer = str | float | list[str] | dict[str, Any]
Answers = Mapping[str, Answer]  # by item key, notes by their own; answered items only


class QuestionnaireItemKind(StrEnum):
    """What an item asks for. Its answer is stored as text unless a comment says otherwise."""

    CHOICE = "choice"
    SEVERAL = "several"  # a list of the ticked values
    YES_NO = "yes_no"
    ASSESSED = "assessed"  # yes, partly, no, not applicable; always with a note
    MATRIX = "matrix"  # a mapping by row: a list of ticked columns, or texts by column
    TEXT = "text"
    NUMBER = "number"  # a number
    DATE = "date"  # in ISO format
    LINK = "link"


class MatrixCellContent(StrEnum):
    """What a cell of a matrix holds."""

    TICK = "tick"
    TEXT = "text"


class ScoreRule(StrEnum):
    """How weights are combined into a score."""

    MINIMUM = "minimum"  # the smallest of the sections' sums
    SUM = "sum"  # all sections added up


class RiskOrMitigation(StrEnum):
    """What the weights of a section count for."""

    RISK = "risk"
    MITIGATION = "mitigation"  # summed apart; may lower the score: see `MitigationRelief`


@dataclass(frozen=True)
class BilingualText:
    """One text in both languages; `LocalizedText` chooses the reader's."""

    fr: str
    en: str

    def __str__(self) -> str:
        return self.fr


NO_TEXT = BilingualText("", "")


@dataclass(frozen=True, kw_only=True)
class ItemChoice:
    """A possible answer, or a row or column of a matrix."""

    value: str
    label: BilingualText
    weight: float = 0.0


@dataclass(frozen=True)
class Condition:
    """Holds while an item is visible and its answer, or one of its ticks, is among these values."""

    item: str
    among: tuple[str, ...]


@dataclass(frozen=True)
class ConditionGroup:
    """Holds when all of its conditions do, with `is_any` when one does, with `is_none` when none does."""

    conditions: tuple["When", ...]
    is_any: bool = False
    is_none: bool = False


When = Condition | ConditionGroup


def iterate_single_conditions(when: When | None) -> Iterator[Condition]:
    """Yield the single conditions of a tree of conditions."""
    if isinstance(when, Condition):
        yield when
    elif when is not None:
        for condition in when.conditions:
            yield from iterate_single_conditions(condition)


@dataclass(frozen=True, kw_only=True)
class QuestionnaireItem:
    """A question.

    `note`: a note may be added to the answer; `says_why`: it must. `past`: the date may not be in
    the future. `under`: the key of the earlier item whose sub-question it is. `least` and `most`
    bound a number; `whole`: an integer; `long`: several lines of text. The columns of a matrix are
    its `choices`.
    """

    key: str
    kind: QuestionnaireItemKind
    label: BilingualText
    help: BilingualText = NO_TEXT
    required: bool = False
    choices: tuple[ItemChoice, ...] = ()
    note: bool = False
    says_why: bool = False
    when: When | None = None
    under: str | None = None
    rows: tuple[ItemChoice, ...] = ()
    cells: MatrixCellContent = MatrixCellContent.TICK
    least: float = -NUMBER_LIMIT
    most: float = NUMBER_LIMIT
    whole: bool = False
    past: bool = False
    long: bool = False

    @property
    def note_key(self) -> str:
        return self.key + NOTE_SUFFIX

    @property
    def max_weight(self) -> float:
        """The greatest weight that an answer can have."""
        weights = [choice.weight for choice in self.choices]
        if self.kind is QuestionnaireItemKind.SEVERAL:
            return sum(weight for weight in weights if weight > 0)
        if self.kind is QuestionnaireItemKind.MATRIX:
            return len(self.rows) * sum(weight for weight in weights if weight > 0)
        return max(weights, default=0.0)

    def choice(self, value: object) -> ItemChoice | None:
        return next((choice for choice in self.choices if choice.value == value), None)


@dataclass(frozen=True, kw_only=True)
class QuestionnaireSection:
    """Items answered together. `traits` are the facts of a project that it is about."""

    key: str
    title: BilingualText
    about: BilingualText = NO_TEXT
    when: When | None = None
    part: RiskOrMitigation = RiskOrMitigation.RISK
    traits: frozenset[str] = frozenset()
    items: tuple[QuestionnaireItem, ...]


@dataclass(frozen=True)
class ScoreBand:
    """The title of scores up to and including a value."""

    up_to: float
    title: BilingualText


@dataclass(frozen=True)
class MitigationRelief:
    """From `needed` points of mitigation on, the score is `percent` lower, rounded half up."""

    needed: float
    percent: int


@dataclass(frozen=True)
class ScoreDefinition:
    """`bands` are in ascending order and cover the greatest score; their ranks are levels."""

    rule: ScoreRule
    bands: tuple[ScoreBand, ...] = ()
    relief: MitigationRelief | None = None


@dataclass(frozen=True, kw_only=True)
class VerdictDefinition:
    """A possible conclusion; the first one whose condition holds is the verdict."""

    key: str
    title: BilingualText
    about: BilingualText = NO_TEXT
    when: When


@dataclass(frozen=True, kw_only=True)
class Duty:
    """An obligation that follows from answers while `when` holds (always, without a condition).

    It is limited to `levels` (ranks of bands, from 1) and `verdicts` (keys) where there are any.
    `since` is the day from which it applies; `to_check` marks that day as read in a secondary
    source only. `source` names the article.
    """

    key: str
    title: BilingualText
    about: BilingualText = NO_TEXT
    source: BilingualText = NO_TEXT
    when: When | None = None
    levels: tuple[int, ...] = ()
    verdicts: tuple[str, ...] = ()
    since: date | None = None
    to_check: bool = False


@dataclass(frozen=True, kw_only=True)
class Questionnaire:
    """One edition of a questionnaire.

    `traits` are for the feature that uses it. `version` is what people call the edition, by default
    its number; `passed_over` are items of its original that it does not ask.
    """

    key: str
    edition: int
    version: str
    dated: date
    title: BilingualText
    about: BilingualText
    source: BilingualText = NO_TEXT
    traits: frozenset[str] = frozenset()
    score: ScoreDefinition | None = None
    verdicts: tuple[VerdictDefinition, ...] = ()
    duties: tuple[Duty, ...] = ()
    passed_over: frozenset[str] = frozenset()
    sections: tuple[QuestionnaireSection, ...]

    @property
    def name(self) -> str:
        """The name used on the command line: aia-1.0.1."""
        return f"{self.key}-{self.version}"

    @property
    def items(self) -> Iterator[QuestionnaireItem]:
        return (item for section in self.sections for item in section.items)

    def section(self, key: str) -> QuestionnaireSection | None:
        return next((section for section in self.sections if section.key == key), None)

    def item(self, key: str) -> QuestionnaireItem | None:
        return self._items_by_key.get(key)

    def section_of(self, item: QuestionnaireItem) -> QuestionnaireSection:
        return self._sections_by_item[item.key]

    # Cached: a page looks items up many times, and there may be two hundred.
    @cached_property
    def _items_by_key(self) -> Mapping[str, QuestionnaireItem]:
        return {item.key: item for item in self.items}

    @cached_property
    def _sections_by_item(self) -> Mapping[str, QuestionnaireSection]:
        return {item.key: section for section in self.sections for item in section.items}

    def next_section(self, section: QuestionnaireSection) -> QuestionnaireSection | None:
        return next(iter(self.sections[self.sections.index(section) + 1 :]), None)


def find_latest_edition(editions: Sequence[Questionnaire]) -> Questionnaire:
    return max(editions, key=lambda definition: definition.edition)
