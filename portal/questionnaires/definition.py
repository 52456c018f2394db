"""What a questionnaire is: sections of items, in both languages, of one edition. Pure.

An edition never changes once people have answered it: another edition takes its place. Nothing here
knows who answers, nor where answers are kept.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal.kernel.text import LazyString, in_reader_language

KEY_MAX = 40
LINE_MAX = 300
TEXT_MAX = 4000
NOTE_MAX = 1000
LINK_MAX = 500
NUMBER_LIMIT = 1e12  # beyond this an answer is a slip of the hand
NOTE = "_note"  # ends the key of what is said beside an answer

YES, NO = "yes", "no"


def field_of(key: str) -> str:
    """What a form calls an answer, so that no key hides a part of the form."""
    return f"a_{key}"


class Kind(StrEnum):
    """What an item asks for. How its answer is kept: text, but a number as a number."""

    CHOICE = "choice"
    YES_NO = "yes_no"
    TEXT = "text"
    NUMBER = "number"
    DATE = "date"  # kept as 2026-11-24
    LINK = "link"


class Rule(StrEnum):
    """How weights make a score."""

    MINIMUM = "minimum"  # the smallest of the sections' sums
    SUM = "sum"


@dataclass(frozen=True)
class Words:
    """One sentence in both languages, for whoever reads it."""

    fr: str
    en: str

    def __str__(self) -> str:
        return in_reader_language(self.fr, self.en)

    @property
    def lazy(self) -> LazyString:
        return LazyString(in_reader_language, self.fr, self.en)


NOTHING = Words("", "")


@dataclass(frozen=True, kw_only=True)
class Choice:
    value: str
    label: Words
    weight: float = 0.0


@dataclass(frozen=True)
class Condition:
    """The item is asked when another one was answered by one of these."""

    item: str
    among: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Item:
    """`note`: a few words may be said beside the answer. `past`: a day that has come.

    `least` and `most` bound a number; `whole`: without decimals; `long`: a text of several lines.
    """

    key: str
    kind: Kind
    label: Words
    help: Words = NOTHING
    required: bool = False
    choices: tuple[Choice, ...] = ()
    note: bool = False
    when: Condition | None = None
    least: float = -NUMBER_LIMIT
    most: float = NUMBER_LIMIT
    whole: bool = False
    past: bool = False
    long: bool = False

    @property
    def note_key(self) -> str:
        return self.key + NOTE

    @property
    def best(self) -> float:
        """The greatest weight that an answer may have."""
        return max((choice.weight for choice in self.choices), default=0.0)

    def choice(self, value: object) -> Choice | None:
        return next((one for one in self.choices if one.value == value), None)


@dataclass(frozen=True, kw_only=True)
class Section:
    key: str
    title: Words
    about: Words = NOTHING
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Band:
    """How a score is read, up to and with a value."""

    up_to: float
    title: Words


@dataclass(frozen=True)
class Score:
    """`bands` rise; the last one takes the greatest score there can be."""

    rule: Rule
    bands: tuple[Band, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Questionnaire:
    """`traits` are for the feature that asks it; this floor only checks that they are known."""

    key: str
    edition: int
    dated: date
    title: Words
    about: Words
    source: Words = NOTHING
    traits: frozenset[str] = frozenset()
    score: Score | None = None
    sections: tuple[Section, ...]

    @property
    def items(self) -> Iterator[Item]:
        return (item for section in self.sections for item in section.items)

    def section(self, key: str) -> Section | None:
        return next((one for one in self.sections if one.key == key), None)

    def item(self, key: str) -> Item | None:
        return next((one for one in self.items if one.key == key), None)

    def section_of(self, item: Item) -> Section:
        return next(one for one in self.sections if item in one.items)

    def after(self, section: Section) -> Section | None:
        """The section that comes next."""
        return next(iter(self.sections[self.sections.index(section) + 1 :]), None)


def latest(editions: Sequence[Questionnaire]) -> Questionnaire:
    return max(editions, key=lambda one: one.edition)
