"""What a person searches for: words, quoted phrases and exclusions, as both engines are asked.

`portee "cas d’usage" -annotation` has a word, a phrase and an exclusion. The last word is also a
prefix. A word matches, and excludes, by its folded form or by its stem,
which is stored only where it is no word of the text; a phrase by folded words alone.

Every word of the index begins with the key of its programme: what a reader asks walks the words of
their programmes alone, whatever else there is (`bench/search.py` measures it).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from uuid import UUID

from portal.collaboration.search.word_rules import fold_words, is_stop_word, stems_of

QUERY_MAX = 200  # characters
TERMS_MAX = 12  # words and phrases of a query that are searched for
PREFIX_MIN = 2  # letters of a prefix
GATE_DIGITS = 2  # of a number that people write beside its letter
_NUMBER = re.compile(r"[a-z]?\d{1,4}")
_PART = re.compile(r'(-?)"([^"]*)"?|(-?)(\S+)')


class MatchTier(IntEnum):
    """How well a text matches; better ones come first."""

    TITLE = 1  # every word, as typed, in the title
    EXACT = 2  # every word, as typed, anywhere
    STEM = 3  # every word or its stem, the last one as a prefix too


@dataclass(frozen=True)
class QueryTerm:
    """A word or a phrase of a query, folded."""

    words: tuple[str, ...]
    is_phrase: bool = False
    is_excluded: bool = False
    is_prefix: bool = False

    @property
    def is_number(self) -> bool:
        """Whether it is what one of several things of a kind is called by: “9”, “g6”."""
        return not self.is_phrase and bool(_NUMBER.fullmatch(self.words[0]))

    def is_in(self, line: str) -> bool:
        """Whether its words stand in a row in a line that `join_folded_words` made."""
        return f" {' '.join(self.words)} " in line


@dataclass(frozen=True)
class WordQuery:
    """The terms that a text must have, and those that it must not have."""

    required: tuple[QueryTerm, ...] = ()
    excluded: tuple[QueryTerm, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not self.required

    @property
    def is_short(self) -> bool:
        """Whether all that is searched for are single letters: too many texts have them."""
        return bool(self.required) and all(len(word) < PREFIX_MIN for word in self.words)

    @property
    def widened(self) -> "WordQuery":
        """The same, with each word as the beginning of a word."""
        required = (
            term if term.is_phrase or len(term.words[0]) < PREFIX_MIN else replace(term, is_prefix=True)
            for term in self.required
        )
        return replace(self, required=tuple(required))

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(word for term in self.required for word in term.words)


@dataclass(frozen=True)
class SearchReader:
    """Whoever searches: the readers that they are, the keys of the programmes where they read, and
    the mark of texts that they do not find in spite of that. `reads_most`: of what these programmes
    wrote last."""

    audience: Sequence[str]
    keys: Sequence[str]
    shut_out: str
    reads_most: bool = False


@dataclass(frozen=True, kw_only=True)
class SearchFacetFilter:
    """What a search is narrowed to, and what a text can be narrowed by: kinds, project, author."""

    kinds: Sequence[str] = ()
    scope_id: UUID | None = None
    author_id: UUID | None = None

    def words_for(self, keys: Sequence[str]) -> Sequence[Sequence[str]]:
        """Each facet as alternative words of the index."""
        kinds = [kind.replace("_", "") for kind in self.kinds]
        facets = (
            [f"{key}k{kind}" for key in keys for kind in kinds],
            [f"s{self.scope_id.hex}"] if self.scope_id else (),
            [f"a{self.author_id.hex}"] if self.author_id else (),
        )
        return [words for words in facets if words]


def join_folded_words(text: str) -> str:
    """The folded words of a text, each between spaces."""
    return f" {' '.join(fold_words(text))} "


def parse_query(text: str) -> WordQuery:
    """The terms of what was typed. Stop words count in phrases, and where there is nothing else."""
    terms = [term for part in _PART.finditer(text[:QUERY_MAX]) for term in _parse_terms(part)][:TERMS_MAX]
    required = _join_numbers([term for term in terms if not term.is_excluded])
    telling = [term for term in required if term.is_phrase or not is_stop_word(term.words[0])]
    required = list(telling or required)
    if required and not required[-1].is_phrase and len(required[-1].words[0]) >= PREFIX_MIN:
        required[-1] = replace(required[-1], is_prefix=True)
    return WordQuery(tuple(dict.fromkeys(required)), tuple(term for term in terms if term.is_excluded))


def _join_numbers(terms: Sequence[QueryTerm]) -> Sequence[QueryTerm]:
    """“G 6” is the one word that texts write: “G6”."""
    joined: list[QueryTerm] = []
    for term in terms:
        (word, *_others), before = term.words, joined[-1].words if joined else ()
        if not term.is_phrase and word.isdecimal() and len(word) <= GATE_DIGITS and before == ("g",):
            joined[-1] = QueryTerm((f"g{word}",))
        else:
            joined.append(term)
    return joined


def _parse_terms(part: re.Match[str]) -> Sequence[QueryTerm]:
    minus, quoted, other_minus, word = part.groups()
    words = tuple(fold_words(word if quoted is None else quoted))
    is_excluded = bool(minus or other_minus)
    if not words:
        return ()
    if quoted is not None or is_excluded:
        return (QueryTerm(words, is_phrase=len(words) > 1, is_excluded=is_excluded),)
    return tuple(QueryTerm((each,)) for each in words)


def fts5_query(
    query: WordQuery, tier: MatchTier, reader: SearchReader, facets: SearchFacetFilter = SearchFacetFilter()
) -> str:
    """The MATCH expression of SQLite: who reads it, facets, terms. Words hold letters and digits."""
    columns = "{title}" if tier is MatchTier.TITLE else "{title body}"
    parts = [f"audience : ({' OR '.join(reader.audience)})"]
    parts += [f"facets : ({' OR '.join(words)})" for words in facets.words_for(reader.keys)]
    parts += [_fts5_term(term, tier, columns, reader.keys) for term in query.required]
    required = " AND ".join(parts)
    excluded = (_fts5_term(term, MatchTier.STEM, "{title body}", reader.keys) for term in query.excluded)
    return " NOT ".join([f"({required})", f"(audience : {reader.shut_out})", *excluded])


def _fts5_term(term: QueryTerm, tier: MatchTier, columns: str, keys: Sequence[str]) -> str:
    phrases = [f'{columns} : "{" ".join(key + word for word in term.words)}"' for key in keys]
    if tier is not MatchTier.STEM or term.is_phrase:
        return f"({' OR '.join(phrases)})"
    options = [phrase + (" *" if term.is_prefix else "") for phrase in phrases]
    stems = stems_of(term.words[0])
    options += [f'{{title body stems}} : "{key}{stem}"' for key in keys for stem in stems]
    return f"({' OR '.join(options)})"


def fts5_any_prefix_query(prefixes: Sequence[str], reader: SearchReader, facets: SearchFacetFilter) -> str:
    """The MATCH expression for texts with a word that begins in one of several ways."""
    options = (f'{{title body}} : "{key}{prefix}" *' for key in reader.keys for prefix in prefixes)
    readable = fts5_query(WordQuery(), MatchTier.STEM, reader, facets)
    return f"({' OR '.join(options)}) AND ({readable})"


def ts_any_prefix_query(prefixes: Sequence[str], reader: SearchReader, facets: SearchFacetFilter) -> str:
    """The `tsquery` for the same."""
    options = (_lexeme(key + prefix, "*") for key in reader.keys for prefix in prefixes)
    return f"{ts_query(WordQuery(), MatchTier.STEM, reader, facets)} & ({' | '.join(options)})"


def ts_query(
    query: WordQuery, tier: MatchTier, reader: SearchReader, facets: SearchFacetFilter = SearchFacetFilter()
) -> str:
    """The `tsquery` of PostgreSQL, for lexemes as `ts_vector` writes them."""
    weight = "A" if tier is MatchTier.TITLE else ""
    parts = [_any_lexeme("@", reader.audience), f"!{_lexeme(f'@{reader.shut_out}')}"]
    parts += [_any_lexeme("#", words) for words in facets.words_for(reader.keys)]
    parts += [_ts_term(term, tier, weight, reader.keys) for term in query.required]
    parts += [f"!{_ts_term(term, MatchTier.STEM, '', reader.keys)}" for term in query.excluded]
    return " & ".join(parts)


def ts_rank_query(query: WordQuery, tier: MatchTier, reader: SearchReader) -> str:
    """The `tsquery` of the words alone, for texts that are known to match: whether they do so better."""
    weight = "A" if tier is MatchTier.TITLE else ""
    return " & ".join(_ts_term(term, tier, weight, reader.keys) for term in query.required)


def _any_lexeme(mark: str, words: Sequence[str]) -> str:
    return f"({' | '.join(_lexeme(mark + word) for word in words)})"


def _ts_term(term: QueryTerm, tier: MatchTier, weight: str, keys: Sequence[str]) -> str:
    if tier is not MatchTier.STEM or term.is_phrase:
        phrases = (" <-> ".join(_lexeme(key + word, weight) for word in term.words) for key in keys)
        return f"({' | '.join(f'({phrase})' for phrase in phrases)})"
    word = term.words[0]
    options = [_lexeme(key + word, "*" if term.is_prefix else "") for key in keys]
    options += [_lexeme(mark + key + stem) for key in keys for stem in stems_of(word) for mark in ("", "~")]
    return f"({' | '.join(options)})"


def _lexeme(word: str, flags: str = "") -> str:
    return f"'{word}':{flags}" if flags else f"'{word}'"


def ts_vector(
    audience: Sequence[str],
    facets: Sequence[str],
    title: Sequence[str],
    body: Sequence[str],
    stems: Sequence[str],
) -> str:
    """The `tsvector` of a text: `@` readers, `#` facets and `~` stems without a place; words of the
    title with weight A, then those of the body. Phrases do not run from the title into the body."""
    places: dict[str, list[str]] = {}
    for place, word in enumerate(title, 1):
        places.setdefault(word, []).append(f"{place}A")
    for place, word in enumerate(body, len(title) + 2):
        places.setdefault(word, []).append(str(place))
    marks = [f"'@{reader}'" for reader in audience] + [f"'#{facet}'" for facet in facets]
    marks += [f"'~{stem}'" for stem in stems]
    return " ".join([*marks, *(f"'{word}':{','.join(where[:250])}" for word, where in places.items())])
