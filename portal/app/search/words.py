"""How a name is matched: every word typed begins one of its words, or has the same stem."""

from collections.abc import Sequence

from portal.collaboration.search.word_rules import fold_words, is_stop_word, stems_of

WORDS_MAX = 8


def read_words(query: str) -> Sequence[str]:
    """The folded words of what was typed, at most `WORDS_MAX`, without those of no meaning beside
    others."""
    words = fold_words(query)
    telling = [word for word in words if not is_stop_word(word)]
    return (telling or words)[:WORDS_MAX]


def is_named(name: str, words: Sequence[str]) -> bool:
    """Whether a name has all words."""
    own_words = fold_words(name)
    own_stems = {stem for word in own_words for stem in stems_of(word)}
    return all(
        any(own.startswith(word) for own in own_words) or not own_stems.isdisjoint(stems_of(word))
        for word in words
    )
