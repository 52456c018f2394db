"""Extracts: the part of a text where the words of a query stand, with these words marked."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import NamedTuple

from portal.collaboration.search.markdown_rules import strip_markdown
from portal.collaboration.search.query_rules import QueryTerm, WordQuery, join_folded_words
from portal.collaboration.search.word_rules import LANGUAGES, LocatedWord, fold_words, iterate_words, stem

EXTRACT_MAX = 220  # characters
BEFORE = 60  # characters of an extract before the first marked word
TEXT_READ = 150_000  # characters of a text in which a mark is looked for
PART = 1500  # characters of a text that are folded at once

Matcher = Callable[[str], bool]


class ExtractSegment(NamedTuple):
    """A part of an extract."""

    text: str
    is_marked: bool = False


def cut_extract(
    text: str, matches: Matcher, length: int = EXTRACT_MAX, title: str = ""
) -> Sequence[ExtractSegment]:
    """The text around its first marked word, cut at words, with "…" where it goes on; without the marks
    of Markdown, and without the title that it begins with; nothing of an empty one."""
    text = " ".join(strip_markdown(text).split()).removeprefix(" ".join(title.split())).strip()
    if not text:
        return []
    first = _find_first_mark(text, matches)
    start = 0 if first is None else _find_extract_start(text, first)
    end = _find_extract_end(text, start + length)
    excerpt = text[start:end]
    return [
        *([ExtractSegment("… ")] if start else []),
        *_split_into_segments(excerpt, () if first is None else _iterate_marked_words(excerpt, matches)),
        *([ExtractSegment("…")] if end < len(text) else []),
    ]


def mark_matches(text: str, matches: Matcher) -> Sequence[ExtractSegment]:
    """The whole of a short text, such as a title, with its marks."""
    return list(_split_into_segments(text, _iterate_marked_words(text, matches)))


def create_matcher(query: WordQuery) -> Matcher:
    """Whether a folded word is one that the query asks for: itself, by its beginning or by a stem.

    One serves all texts of an answer: it keeps what it decided of each word.
    """
    alone = [term for term in query.required if not term.is_phrase]
    prefixes = tuple(term.words[0] for term in alone if term.is_prefix)
    stems = [(language, {stem(term.words[0], language) for term in alone}) for language in LANGUAGES]
    words = frozenset(query.words)

    @cache  # most words of a text repeat
    def matches(folded: str) -> bool:
        is_typed = folded in words or folded.startswith(prefixes)
        return is_typed or any(stem(folded, language) in own for language, own in stems)

    return matches


def find_best_matching_part(
    parts: Sequence[tuple[str, str]], title: str, query: WordQuery
) -> tuple[str, str] | None:
    """Of texts with their addresses, the first of those that have most terms of a query; None where none
    has any, and where the title that they share has all."""
    tests = [_create_term_matcher(query, term) for term in query.required]
    if not parts or all(has_term(title) for has_term in tests):
        return None
    counts = [sum(has_term(text) for has_term in tests) for text, _address in parts]
    return parts[counts.index(max(counts))] if any(counts) else None


def _create_term_matcher(query: WordQuery, term: QueryTerm) -> Matcher:
    """Whether a text has a term."""
    matches = create_matcher(replace(query, required=(term,)))
    return lambda text: (
        term.is_in(join_folded_words(text)) if term.is_phrase else any(map(matches, fold_words(text)))
    )


def _find_first_mark(text: str, matches: Matcher) -> int | None:
    """Where the first mark begins. The words of a part are folded all at once, which is ten times
    quicker than to tell where each stands."""
    start = 0
    while start < min(len(text), TEXT_READ):
        end = _find_extract_end(text, start + PART)
        part = text[start:end]
        if any(map(matches, fold_words(part))) and (
            first := next(_iterate_marked_words(part, matches), None)
        ):
            return start + first.start
        start = end
    return None


def _iterate_marked_words(text: str, matches: Matcher) -> Iterator[LocatedWord]:
    """Each part of the text once; a word of several folded ones is marked whole."""
    last_start = -1
    for word in iterate_words(text):
        if matches(word.folded) and word.start != last_start:
            last_start = word.start
            yield word


def _split_into_segments(text: str, marks: Iterable[LocatedWord]) -> Iterator[ExtractSegment]:
    start = 0
    for word in marks:
        if word.start > start:
            yield ExtractSegment(text[start : word.start])
        yield ExtractSegment(text[word.start : word.end], is_marked=True)
        start = word.end
    if start < len(text):
        yield ExtractSegment(text[start:])


def _find_extract_start(text: str, first_mark: int) -> int:
    """The start of a word, `BEFORE` characters before a mark at most."""
    if first_mark <= BEFORE:
        return 0
    space = text.find(" ", first_mark - BEFORE, first_mark)
    return first_mark if space < 0 else space + 1


def _find_extract_end(text: str, end: int) -> int:
    if end >= len(text):
        return len(text)
    space = text.rfind(" ", end - 40, end)
    return end if space < 0 else space
