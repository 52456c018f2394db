"""How a name is matched: every word typed begins one of its words, or has the same stem."""

from collections.abc import Sequence
from functools import lru_cache

from portal.collaboration.search.word_rules import fold_words, is_stop_word, stems_of

WORDS_MAX = 8
NAMES_MAX = 2_000  # those of pages, acts and sections of guides, in both languages


def read_words(query: str) -> Sequence[str]:
    """The folded words of what was typed, at most `WORDS_MAX`, without those of no meaning beside
    others."""
    words = fold_words(query)
    telling = [word for word in words if not is_stop_word(word)]
    return (telling or words)[:WORDS_MAX]


def is_named(name: str, words: Sequence[str]) -> bool:
    """Whether a name has all words."""
    line, own_stems = _forms_of(name)
    return all(f" {word}" in line or not own_stems.isdisjoint(stems_of(word)) for word in words)


@lru_cache(maxsize=NAMES_MAX)
def _forms_of(name: str) -> tuple[str, frozenset[str]]:
    """The folded words of a name, each after a space, and their stems."""
    words = fold_words(name)
    return f" {' '.join(words)}", frozenset(stem for word in words for stem in stems_of(word))
