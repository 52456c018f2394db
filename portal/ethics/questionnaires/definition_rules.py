"""What a questionnaire is: sections of items, in both languages, of one edition. Pure.

An edition never changes once people have answered it: another edition takes its place. Nothing here
knows who answers, nor where answers are kept.
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
NUMBER_LIMIT = 1e12  # beyond this an answer is a slip of the hand
NOTE_SUFFIX = "_note"  # ends the key of what is said beside an answer

YES, NO = "yes", "no"
PARTLY, NOT_APPLICABLE = "partly", "not_applicable"


def form_field_name(key: str) -> str:
    """What a form calls an answer, so that no key hides a part of the form."""
    return f"a_{key}"


Answer = str | float | list[str] | dict[str, Any]
Answers = Mapping[str, Answer]  # by the item's key, a note by its own; only what was answered


class QuestionnaireItemKind(StrEnum):
    """What an item asks for. How its answer is kept: text, where nothing else is said."""

    CHOICE = "choice"
    SEVERAL = "several"  # a list of the values that were ticked
    YES_NO = "yes_no"
    ASSESSED = "assessed"  # yes, partly, no, not applicable; always with words beside it
    MATRIX = "matrix"  # by row: a list of ticked columns, or a text by column
    TEXT = "text"
    NUMBER = "number"  # a number
    DATE = "date"  # kept as 2026-11-24
    LINK = "link"


class MatrixCells(StrEnum):
    """What is said where a row of a matrix meets a column."""

    TICK = "tick"
    TEXT = "text"


class ScoreRule(StrEnum):
    """How weights make a score."""

    MINIMUM = "minimum"  # the smallest of the sections' sums
    SUM = "sum"


class ScoreSide(StrEnum):
    """Which side of a score a section's weights are on."""

    RISK = "risk"
    MITIGATION = "mitigation"  # has sums of its own, which may lower the score: see `Relief`


@dataclass(frozen=True)
class BilingualText:
    """One sentence in both languages. `bilingual` makes those that speak their reader's."""

    fr: str
    en: str

    def __str__(self) -> str:
        return self.fr


NO_TEXT = BilingualText("", "")


@dataclass(frozen=True, kw_only=True)
class ItemChoice:
    value: str
    label: BilingualText
    weight: float = 0.0


@dataclass(frozen=True)
class Condition:
    """Holds while an item is asked and was answered by one of these (one of the ticked, too)."""

    item: str
    among: tuple[str, ...]


@dataclass(frozen=True)
class ConditionGroup:
    """All of its conditions must hold, or with `enough_one` any of them."""

    conditions: tuple["When", ...]
    is_any: bool = False


When = Condition | ConditionGroup


def list_conditions(when: When | None) -> Iterator[Condition]:
    """Every answer that a condition looks at."""
    if isinstance(when, Condition):
        yield when
    elif when is not None:
        for condition in when.conditions:
            yield from list_conditions(condition)


@dataclass(frozen=True, kw_only=True)
class QuestionnaireItem:
    """`note`: a few words may be said beside the answer; `says_why`: they must. `past`: a day that
    has come. `under`: the item whose sub-question it is, which comes before it.

    `least` and `most` bound a number; `whole`: without decimals; `long`: a text of several lines.
    A matrix has `rows`, and `choices` for its columns.
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
    cells: MatrixCells = MatrixCells.TICK
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
        """The greatest weight that an answer may have."""
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
    """`traits` are for the feature that asks it: which facts of a project it is about."""

    key: str
    title: BilingualText
    about: BilingualText = NO_TEXT
    when: When | None = None
    part: ScoreSide = ScoreSide.RISK
    traits: frozenset[str] = frozenset()
    items: tuple[QuestionnaireItem, ...]


@dataclass(frozen=True)
class ScoreBand:
    """How a score is read, up to and with a value."""

    up_to: float
    title: BilingualText


@dataclass(frozen=True)
class Relief:
    """What mitigation gives: from `needed` on, so many percent less, rounded half up."""

    needed: float
    percent: int


@dataclass(frozen=True)
class Score:
    """`bands` rise; the last one takes the greatest score there can be. Their ranks are levels."""

    rule: ScoreRule
    bands: tuple[ScoreBand, ...] = ()
    relief: Relief | None = None


@dataclass(frozen=True, kw_only=True)
class QuestionnaireVerdict:
    """What the answers of a tree come to; the first that holds is the one."""

    key: str
    title: BilingualText
    about: BilingualText = NO_TEXT
    when: When


@dataclass(frozen=True, kw_only=True)
class Duty:
    """What follows: all of these that hold do. An empty condition holds always.

    `levels` are ranks of bands from 1, `verdicts` keys. `since`: the day it applies from, which
    `to_check` marks as read in a secondary source only. `source`: the article.
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
    """`traits` are for the feature that asks it; this floor only checks that they are known.

    `version` is what people call the edition, where it is not its number; `passed_over` are the
    items of its original that it does not ask.
    """

    key: str
    edition: int
    version: str
    dated: date
    title: BilingualText
    about: BilingualText
    source: BilingualText = NO_TEXT
    traits: frozenset[str] = frozenset()
    score: Score | None = None
    verdicts: tuple[QuestionnaireVerdict, ...] = ()
    duties: tuple[Duty, ...] = ()
    passed_over: frozenset[str] = frozenset()
    sections: tuple[QuestionnaireSection, ...]

    @property
    def name(self) -> str:
        """As a command names it: aia-1.0.1."""
        return f"{self.key}-{self.version}"

    @property
    def items(self) -> Iterator[QuestionnaireItem]:
        return (item for section in self.sections for item in section.items)

    def section(self, key: str) -> QuestionnaireSection | None:
        return next((section for section in self.sections if section.key == key), None)

    def item(self, key: str) -> QuestionnaireItem | None:
        return self._items.get(key)

    def section_of(self, item: QuestionnaireItem) -> QuestionnaireSection:
        return self._sections[item.key]

    def list_sub_items(self, item: QuestionnaireItem) -> Sequence[QuestionnaireItem]:
        """Its sub-questions."""
        return [sub_item for sub_item in self.section_of(item).items if sub_item.under == item.key]

    # A page asks for each of them many times, and there may be two hundred.
    @cached_property
    def _items(self) -> Mapping[str, QuestionnaireItem]:
        return {item.key: item for item in self.items}

    @cached_property
    def _sections(self) -> Mapping[str, QuestionnaireSection]:
        return {item.key: section for section in self.sections for item in section.items}

    def next_section(self, section: QuestionnaireSection) -> QuestionnaireSection | None:
        """The section that comes next."""
        return next(iter(self.sections[self.sections.index(section) + 1 :]), None)


def latest_edition(editions: Sequence[Questionnaire]) -> Questionnaire:
    return max(editions, key=lambda definition: definition.edition)
