"""How a name is matched: every word typed begins one of its words, or has the same stem; phrases and
exclusions count as in texts."""

from functools import lru_cache

from portal.collaboration.search.query_rules import PREFIX_MIN, Term, WordQuery, line_of
from portal.collaboration.search.word_rules import stems_of
from portal.platform.kernel.text import in_other_language

NAMES_MAX = 2_000  # those of pages, acts and sections of guides, in both languages


def is_named(name: str, query: WordQuery) -> bool:
    """Whether a name has all words and phrases, and no excluded one."""
    line, own_stems = _forms_of(name)
    return all(_has_term(term, line, own_stems) for term in query.required) and not any(
        _has_form(term, line, own_stems) for term in query.excluded
    )


def is_titled(title: str, query: WordQuery) -> bool:
    """Whether a title has all words in one of their forms, and not as mere beginnings."""
    line, own_stems = _forms_of(title)
    return all(_has_form(term, line, own_stems) for term in query.required)


def is_named_in_any_language(name: str, query: WordQuery) -> bool:
    """Whether a name of the pages answers a query in French or in English."""
    return is_named(name, query) or is_named(in_other_language(name), query)


def is_whole(term: Term) -> bool:
    """Whether a term is found as it was typed alone: a phrase, or a single letter."""
    return term.is_phrase or len(term.words[0]) < PREFIX_MIN


def admits_names(query: WordQuery, *names: str) -> bool:
    """Whether names that have all words have each phrase in a row too, and nothing excluded."""
    forms = [_forms_of(name) for name in names]

    def has(term: Term) -> bool:
        return any(_has_form(term, line, own_stems) for line, own_stems in forms)

    return all(map(has, filter(is_whole, query.required))) and not any(map(has, query.excluded))


def _has_term(term: Term, line: str, own_stems: frozenset[str]) -> bool:
    return _has_form(term, line, own_stems) or (not is_whole(term) and f" {term.words[0]}" in line)


def _has_form(term: Term, line: str, own_stems: frozenset[str]) -> bool:
    """Whether a line has a phrase or a letter as it is, a word in any of its forms."""
    is_there = term.is_in(line)
    return is_there if is_whole(term) else is_there or not own_stems.isdisjoint(stems_of(term.words[0]))


@lru_cache(maxsize=NAMES_MAX)
def _forms_of(name: str) -> tuple[str, frozenset[str]]:
    """The folded words of a name as a line, and their stems."""
    line = line_of(name)
    return line, frozenset(stem for word in line.split() for stem in stems_of(word))
