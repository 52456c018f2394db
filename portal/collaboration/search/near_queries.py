"""Why nothing was found: the nearest words, and how many texts have each word alone.

Both look only at what the reader may read.
"""

import difflib
from collections.abc import Iterable, Sequence

import sqlalchemy as sa

from portal.collaboration.search import policy
from portal.collaboration.search.query_rules import Reader, Term, Tier, WordQuery, fts5_query, ts_query
from portal.collaboration.search.word_rules import stems_of
from portal.platform.kernel.database import connection, db

NEAR_TEXTS = 200  # texts in which a word near to one that finds nothing is looked for
NEAR_WORDS = 3
COUNTED_TERMS = 4  # terms of a query that finds nothing that are looked for alone


def list_term_counts(reader: Reader, words: WordQuery) -> Sequence[tuple[str, int]]:
    """How many of the texts that the reader may read have each of the first terms, `NEAR_TEXTS` at
    most, in one statement."""
    terms = words.required[:COUNTED_TERMS]
    ask = fts5_query if db.engine.dialect.name == "sqlite" else ts_query
    count_sql = _SQLITE_COUNT if db.engine.dialect.name == "sqlite" else _POSTGRESQL_COUNT
    statement = sa.select(
        *(
            sa.text(count_sql.format(place)).columns(sa.column("n", sa.Integer)).scalar_subquery()
            for place in range(len(terms))
        )
    )
    values = {f"words{place}": ask(WordQuery((term,)), Tier.STEM, reader) for place, term in enumerate(terms)}
    counts = connection().execute(statement, values).one()
    return [(" ".join(term.words), count) for term, count in zip(terms, counts, strict=True)]


def list_near_words(reader: Reader, words: WordQuery) -> Sequence[str]:
    """Words near to those typed, from the latest texts that the reader may read and that have a word
    of the same first letters."""
    near: dict[str, None] = {}
    for word in words.words:
        prefix = word[: max(2, len(word) // 3)]
        stems = frozenset(stems_of(word))  # a word of the same stem finds the same
        others = sorted(w for w in _words_with_prefix(reader, prefix) if stems.isdisjoint(stems_of(w)))
        for close in difflib.get_close_matches(word, others, n=NEAR_WORDS, cutoff=0.75):
            near[close] = None
    return list(near)[:NEAR_WORDS]


def _words_with_prefix(reader: Reader, prefix: str) -> frozenset[str]:
    term = WordQuery((Term((prefix,), is_prefix=True),))
    if db.engine.dialect.name == "sqlite":
        values = {"words": fts5_query(term, Tier.STEM, reader), "most": NEAR_TEXTS}
        rows: Iterable[Sequence[str]] = connection().execute(_SQLITE_TEXTS, values)
        words = (word for title, body in rows for word in f"{title} {body}".split())
    else:
        values = {"words": ts_query(term, Tier.STEM, reader), "most": NEAR_TEXTS}
        rows = connection().execute(_POSTGRESQL_TEXTS, values)
        words = (word for (lexemes,) in rows for word in lexemes)
    plain_words = (word[policy.KEY_LENGTH :] for word in words if word.isalpha())
    return frozenset(word for word in plain_words if word.startswith(prefix))


_SQLITE_TEXTS = sa.text(
    "SELECT title, body FROM search_words WHERE search_words MATCH :words ORDER BY rowid DESC LIMIT :most"
)
_POSTGRESQL_TEXTS = sa.text(
    "SELECT tsvector_to_array(words) FROM search_words WHERE words @@ CAST(:words AS tsquery)"
    " ORDER BY entry_id DESC LIMIT :most"
)

_LIMITED_COUNT = (
    f"SELECT count(*) AS n FROM (SELECT 1 FROM search_words WHERE {{}} LIMIT {NEAR_TEXTS}) AS own"
)
_SQLITE_COUNT = _LIMITED_COUNT.format("search_words MATCH :words{}")
_POSTGRESQL_COUNT = _LIMITED_COUNT.format("words @@ CAST(:words{} AS tsquery)")
