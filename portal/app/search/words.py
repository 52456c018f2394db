"""How a name is matched: every word typed begins one of its words, or has the same stem; phrases and
exclusions count as in texts."""

from functools import lru_cache

from portal.collaboration.search.query_rules import PREFIX_MIN, QueryTerm, WordQuery, join_folded_words
from portal.collaboration.search.word_rules import stems_of
from portal.platform.kernel.text import translate_to_other_language

NAMES_MAX = 2_000  # those of pages, acts and sections of guides, in both languages


def name_matches_query(name: str, query: WordQuery) -> bool:
    """Whether a name has all words and phrases, and no excluded one."""
    line, own_stems = _fold_name_and_stems(name)
    return all(_line_has_term(term, line, own_stems) for term in query.required) and not any(
        _line_has_form(term, line, own_stems) for term in query.excluded
    )


def title_matches_query(title: str, query: WordQuery) -> bool:
    """Whether a title has all words in one of their forms, and not as mere beginnings."""
    line, own_stems = _fold_name_and_stems(title)
    return all(_line_has_form(term, line, own_stems) for term in query.required)


def name_matches_in_any_language(name: str, query: WordQuery) -> bool:
    """Whether a name of the pages answers a query in French or in English."""
    return name_matches_query(name, query) or name_matches_query(translate_to_other_language(name), query)


def is_exact_term(term: QueryTerm) -> bool:
    """Whether a term is found as it was typed alone: a phrase, or a single letter."""
    return term.is_phrase or len(term.words[0]) < PREFIX_MIN


def names_meet_phrases_and_exclusions(query: WordQuery, *names: str) -> bool:
    """Whether names that have all words have each phrase in a row too, and nothing excluded."""
    forms = [_fold_name_and_stems(name) for name in names]

    def has(term: QueryTerm) -> bool:
        return any(_line_has_form(term, line, own_stems) for line, own_stems in forms)

    return all(map(has, filter(is_exact_term, query.required))) and not any(map(has, query.excluded))


def _line_has_term(term: QueryTerm, line: str, own_stems: frozenset[str]) -> bool:
    return _line_has_form(term, line, own_stems) or (not is_exact_term(term) and f" {term.words[0]}" in line)


def _line_has_form(term: QueryTerm, line: str, own_stems: frozenset[str]) -> bool:
    """Whether a line has a phrase or a letter as it is, a word in any of its forms."""
    is_there = term.is_in(line)
    return is_there if is_exact_term(term) else is_there or not own_stems.isdisjoint(stems_of(term.words[0]))


@lru_cache(maxsize=NAMES_MAX)
def _fold_name_and_stems(name: str) -> tuple[str, frozenset[str]]:
    """The folded words of a name as a line, and their stems."""
    line = join_folded_words(name)
    return line, frozenset(stem for word in line.split() for stem in stems_of(word))
