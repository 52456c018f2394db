"""Extracts: the part of a text where the words of a query stand, with these words marked."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice, takewhile
from typing import NamedTuple

from portal.collaboration.search.query_rules import Term, WordQuery
from portal.collaboration.search.word_rules import LANGUAGES, Word, find_words, stem

EXTRACT_MAX = 220  # characters
BEFORE = 60  # characters of an extract before the first marked word
WORDS_READ = 20_000  # words of a text in which a mark is looked for


class Segment(NamedTuple):
    """A part of an extract."""

    text: str
    is_marked: bool = False


def extract(text: str, query: WordQuery, length: int = EXTRACT_MAX) -> Sequence[Segment]:
    """The text around its first marked word, cut at words, with "…" where it goes on."""
    text = " ".join(text.split())
    marks = _marks_of(text, query)
    first = next(marks, None)
    start = _start_of(text, first.start) if first else 0
    end = _end_of(text, start + length)
    within = takewhile(lambda mark: mark.end <= end, chain([first], marks)) if first else ()
    return [
        *([Segment("… ")] if start else []),
        *_segments(text, within, start, end),
        *([Segment("…")] if end < len(text) else []),
    ]


def mark(text: str, query: WordQuery) -> Sequence[Segment]:
    """The whole of a short text, such as a title, with its marks."""
    return list(_segments(text, list(_marks_of(text, query)), 0, len(text)))


def _marks_of(text: str, query: WordQuery) -> Iterator[Word]:
    """Each part of the text once; a word of several folded ones is marked whole."""
    last_start = -1
    matches: dict[str, bool] = {}  # most words of a text repeat
    for word in islice(find_words(text), WORDS_READ):
        folded = word.folded
        if folded not in matches:
            matches[folded] = any(_matches(folded, term) for term in query.required)
        if matches[folded] and word.start != last_start:
            last_start = word.start
            yield word


def _matches(folded: str, term: Term) -> bool:
    if folded in term.words:
        return True
    if term.is_phrase:
        return False
    required = term.words[0]
    if term.is_prefix and folded.startswith(required):
        return True
    return any(stem(folded, language) == stem(required, language) for language in LANGUAGES)


def _segments(text: str, marks: Iterable[Word], start: int, end: int) -> Iterator[Segment]:
    for word in marks:
        if word.start > start:
            yield Segment(text[start : word.start])
        yield Segment(text[word.start : word.end], is_marked=True)
        start = word.end
    if start < end:
        yield Segment(text[start:end])


def _start_of(text: str, first_mark: int) -> int:
    """The start of a word, `BEFORE` characters before a mark at most."""
    if first_mark <= BEFORE:
        return 0
    space = text.find(" ", first_mark - BEFORE, first_mark)
    return first_mark if space < 0 else space + 1


def _end_of(text: str, end: int) -> int:
    if end >= len(text):
        return len(text)
    space = text.rfind(" ", end - 40, end)
    return end if space < 0 else space
