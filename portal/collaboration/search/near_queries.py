"""Why nothing was found: the nearest words, and how many texts have each word alone.

Both look only at what the reader may read.
"""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from portal.collaboration.search import policy
from portal.collaboration.search.models import SearchEntry
from portal.collaboration.search.query_rules import (
    MatchTier,
    QueryTerm,
    SearchFacetFilter,
    SearchReader,
    WordQuery,
    fts5_any_prefix_query,
    fts5_query,
    ts_any_prefix_query,
    ts_query,
)
from portal.collaboration.search.word_rules import iterate_words, stems_of
from portal.platform.kernel.database import connection, db

Period = Mapping[str, datetime]  # of `since` and `until`

NEAR_TEXTS = 200  # texts in which a word near to one that finds nothing is looked for
NEAR_WORDS = 3
SLIPS_MIN = 4  # letters of a word whose beginning is mended
COUNTED_TERMS = 4  # terms of a query that finds nothing that are looked for alone


def list_term_counts(reader: SearchReader, words: WordQuery, typed: str = "") -> Sequence[tuple[str, int]]:
    """How many of the texts that the reader may read have each of the first terms, `NEAR_TEXTS` at
    most, in one statement; each as it was typed."""
    terms = words.required[:COUNTED_TERMS]
    ask = fts5_query if db.engine.dialect.name == "sqlite" else ts_query
    count_sql = _SQLITE_COUNT if db.engine.dialect.name == "sqlite" else _POSTGRESQL_COUNT
    statement = sa.select(
        *(
            sa.text(count_sql.format(place)).columns(sa.column("n", sa.Integer)).scalar_subquery()
            for place in range(len(terms))
        )
    )
    values = {
        f"words{place}": ask(WordQuery((term,)), MatchTier.STEM, reader) for place, term in enumerate(terms)
    }
    counts = connection().execute(statement, values).one()
    return [(_format_term_as_typed(term, typed), count) for term, count in zip(terms, counts, strict=True)]


def _format_term_as_typed(term: QueryTerm, typed: str) -> str:
    """A term as it was typed: a phrase in quotes."""
    text = " ".join(spell_as_in_text(word, typed) or word for word in term.words)
    return f'"{text}"' if term.is_phrase else text


def list_near_spellings(
    reader: SearchReader, words: WordQuery, facets: SearchFacetFilter, period: Period
) -> Sequence[tuple[str, str]]:
    """Words typed that no text has, each with words near to it, folded, from the latest texts that the
    reader may read, that the search is narrowed to and that have a word of the same first letters."""
    near: dict[tuple[str, str], None] = {}
    counts = dict(list_term_counts(reader, WordQuery(tuple(QueryTerm((word,)) for word in words.words))))
    for word in (each for each in words.words if not counts.get(each)):
        for prefixes in ([near_word_prefix(word)], list_shorter_prefixes(word), list_slip_prefixes(word)):
            others = _list_words_with_prefixes(reader, prefixes, facets, period) if prefixes else ()
            if picked := pick_nearest_words(word, others):
                near |= dict.fromkeys((word, each) for each in picked)
                break
    return list(near)[:NEAR_WORDS]


def near_word_prefix(word: str) -> str:
    """The first letters that a word near to another shares with it."""
    return word[: max(2, len(word) // 3)]


def list_shorter_prefixes(word: str) -> Sequence[str]:
    """The first two letters of a long word, whose third or fourth may be the slip: “anotation” of
    “annotation”. None where `near_word_prefix` is as short."""
    return [word[:2]] if len(near_word_prefix(word)) > len(word[:2]) else []


def list_slip_prefixes(word: str) -> Sequence[str]:
    """The first letters of words that one slip at the beginning makes of a word: “jlaon” of
    “jalon”, “kalon”, “alon”, “jjalon”, “jilon” too. None for a word of three letters, which is near
    to too many."""
    if len(word) < SLIPS_MIN or not word.isalpha():
        return []
    first, second, third = word[0], word[1], word[2]
    slips = (second + first, first + third, second + third)
    others = (letter + next_letter for letter in policy.LETTERS for next_letter in (second, first))
    second_slips = (first + letter + after for letter in policy.LETTERS for after in (third, second))
    slips_of_all = (*slips, *others, *second_slips)
    return list(dict.fromkeys(slip for slip in slips_of_all if not slip.startswith(first + second)))


def pick_nearest_words(word: str, others: Iterable[str]) -> Sequence[str]:
    """The nearest of other folded words, best first; one of the same stem finds the same."""
    stems = frozenset(stems_of(word))
    distinct = sorted(w for w in others if stems.isdisjoint(stems_of(w)))
    return difflib.get_close_matches(word, distinct, n=NEAR_WORDS, cutoff=0.75)


def spell_as_in_text(folded: str, text: str) -> str:
    """A folded word as a text writes it, in lower case where it does anywhere; "" if it has none."""
    forms = [text[word.start : word.end] for word in iterate_words(text) if word.folded == folded]
    return next(filter(str.islower, forms), forms[0] if forms else "")


def _list_words_with_prefixes(
    reader: SearchReader, prefixes: Sequence[str], facets: SearchFacetFilter, period: Period
) -> frozenset[str]:
    is_sqlite = db.engine.dialect.name == "sqlite"
    ask = fts5_any_prefix_query if is_sqlite else ts_any_prefix_query
    values = {"words": ask(prefixes, reader, facets), "most": NEAR_TEXTS, **period}
    rows = connection().execute(_SQLITE_TEXTS if is_sqlite else _POSTGRESQL_TEXTS, values)
    if is_sqlite:
        words = [word for title, body in rows for word in f"{title} {body}".split()]
    else:
        words = [word for (lexemes,) in rows for word in lexemes]
    plain_words = (word[policy.KEY_LENGTH :] for word in words if word.isalpha())
    return frozenset(word for word in plain_words if word.startswith(tuple(prefixes)))


def _build_latest_texts_statement(columns: str, key: str, match: str) -> sa.TextClause:
    return sa.text(
        f"SELECT {columns} FROM search_words JOIN search_entry ON search_entry.id = {key} WHERE {match}"
        " AND search_entry.changed_at >= :since AND search_entry.changed_at < :until"
        f" ORDER BY {key} DESC LIMIT :most"
    ).bindparams(*(sa.bindparam(name, type_=SearchEntry.changed_at.type) for name in ("since", "until")))


_SQLITE_TEXTS = _build_latest_texts_statement(
    "title, body", "search_words.rowid", "search_words MATCH :words"
)
_POSTGRESQL_TEXTS = _build_latest_texts_statement(
    "tsvector_to_array(words)", "search_words.entry_id", "words @@ CAST(:words AS tsquery)"
)

_LIMITED_COUNT = (
    f"SELECT count(*) AS n FROM (SELECT 1 FROM search_words WHERE {{}} LIMIT {NEAR_TEXTS}) AS own"
)
_SQLITE_COUNT = _LIMITED_COUNT.format("search_words MATCH :words{}")
_POSTGRESQL_COUNT = _LIMITED_COUNT.format("words @@ CAST(:words{} AS tsquery)")
