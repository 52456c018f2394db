"""The latest entries of the index that match, each with its tier: on both engines.

On PostgreSQL rows are looked up one by one, by key, once it is known which are the latest thousand:
left to choose, it reads all entries to find these.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa

from portal.collaboration.search.models import SearchEntry
from portal.collaboration.search.query_rules import (
    MatchTier,
    SearchFacetFilter,
    SearchReader,
    WordQuery,
    fts5_query,
    ts_query,
    ts_rank_query,
)
from portal.platform.kernel.database import db, fetch_rows
from portal.platform.kernel.prepared_statements import PreparedStatement

CANDIDATES = 1000  # entries that a search looks at
WALKED = 8_000  # entries of a programme written last, among which PostgreSQL looks for common words
SAMPLE = 200  # of these, looked at to know whether words are common


class MatchedEntry(NamedTuple):
    """An entry of the index that matches: ids and moments as the driver gives them, since a thousand
    are counted and twenty shown (`parse_stored_id`)."""

    id: int
    kind: str
    subject_id: Any
    scope_id: Any
    author_id: Any
    changed_at: Any
    tier: int = MatchTier.STEM


def list_latest_matches(
    words: WordQuery,
    reader: SearchReader,
    facets: SearchFacetFilter,
    period: Mapping[str, datetime],
    *,
    ranks: bool,
) -> Sequence[MatchedEntry]:
    """The latest entries that match, changed in a period (`since`, `until`), the latest first; with
    their tiers where the order needs them."""
    if db.engine.dialect.name == "sqlite":
        entries = _list_sqlite_matches(words, reader, facets, period)
        return _assign_match_tiers(words, reader, facets, entries) if ranks and len(entries) > 1 else entries
    return _list_postgresql_matches(words, reader, facets, period)


def _list_sqlite_matches(
    words: WordQuery, reader: SearchReader, facets: SearchFacetFilter, period: Mapping[str, datetime]
) -> Sequence[MatchedEntry]:
    parameters = {"words": fts5_query(words, MatchTier.STEM, reader, facets), "most": CANDIDATES, **period}
    rows = fetch_rows(_prepare_sqlite_match_statement(*period), parameters)
    return list(map(MatchedEntry._make, rows))


def _assign_match_tiers(
    words: WordQuery, reader: SearchReader, facets: SearchFacetFilter, entries: Sequence[MatchedEntry]
) -> Sequence[MatchedEntry]:
    """Entries with the tier of those that match a better one than the last."""
    title, exact = (fts5_query(words, tier, reader, facets) for tier in (MatchTier.TITLE, MatchTier.EXACT))
    bounds = {"first": entries[-1].id, "last": entries[0].id}
    rows = fetch_rows(_SQLITE_RANK, {"title": title, "exact": exact, **bounds})
    tiers = {entry_id: MatchTier.TITLE if is_title else MatchTier.EXACT for entry_id, is_title in rows}
    return [entry._replace(tier=tiers[entry.id]) if entry.id in tiers else entry for entry in entries]


def _list_postgresql_matches(
    words: WordQuery, reader: SearchReader, facets: SearchFacetFilter, period: Mapping[str, datetime]
) -> Sequence[MatchedEntry]:
    any_form = ts_query(words, MatchTier.STEM, reader, facets)
    title, exact = (ts_rank_query(words, tier, reader) for tier in (MatchTier.TITLE, MatchTier.EXACT))
    parameters = {"words": any_form, "title": title, "exact": exact, "most": CANDIDATES, **period}
    if reader.reads_most and not period:
        walked = parameters | {f"key{place}": key for place, key in enumerate(reader.keys)}
        if _is_match_common(walked, len(reader.keys)):
            rows = fetch_rows(_prepare_latest_common_statement(len(reader.keys)), walked | {"walked": WALKED})
            if len(rows) == CANDIDATES:
                return list(map(MatchedEntry._make, rows))
    return list(map(MatchedEntry._make, fetch_rows(_prepare_postgresql_match_statement(*period), parameters)))


def _is_match_common(parameters: Mapping[str, object], key_count: int) -> bool:
    """Whether so many of the latest entries match that a walk would meet all candidates. The planner's
    estimate does not say it: it takes the beginning of a word, and readers, for far more than they are."""
    [(matching,)] = fetch_rows(_prepare_sample_count_statement(key_count), {**parameters, "walked": SAMPLE})
    return bool(matching * WALKED >= CANDIDATES * SAMPLE)


_COLUMNS = ", ".join(f"entry.{name}" for name in MatchedEntry._fields[:-1])
_PLAIN_COLUMNS = (  # three thousand ids and a thousand moments take longer to read than to find
    "entry.id, entry.kind, CAST(entry.subject_id AS text), CAST(entry.scope_id AS text),"
    " CAST(entry.author_id AS text), date_part('epoch', entry.changed_at)"
)
_BOUNDS = {"since": "entry.changed_at >= :since", "until": "entry.changed_at < :until"}


def _prepare_statement(sql: str, bounds: Sequence[str]) -> PreparedStatement:
    moments = (sa.bindparam(name, type_=SearchEntry.changed_at.type) for name in bounds)
    return PreparedStatement(sa.text(sql).bindparams(*moments))


@cache
def _prepare_sqlite_match_statement(*bounds: str) -> PreparedStatement:
    within = "".join(f" AND {_BOUNDS[name]}" for name in bounds)
    return _prepare_statement(
        f"SELECT {_COLUMNS}, {MatchTier.STEM:d} FROM search_entry AS entry"
        " JOIN search_words ON search_words.rowid = entry.id"
        f" WHERE search_words MATCH :words{within} ORDER BY search_words.rowid DESC LIMIT :most",
        bounds,
    )


_SQLITE_RANK = PreparedStatement(  # titles last: their tier is the better one
    sa.text(
        "SELECT rowid, 0 FROM search_words WHERE search_words MATCH :exact AND rowid BETWEEN :first AND :last"
        " UNION ALL SELECT rowid, 1 FROM search_words"
        " WHERE search_words MATCH :title AND rowid BETWEEN :first AND :last"
    )
)

_TIER = (
    f"CASE WHEN NOT words @@ CAST(:exact AS tsquery) THEN {MatchTier.STEM:d}"
    f" WHEN words @@ CAST(:title AS tsquery) THEN {MatchTier.TITLE:d} ELSE {MatchTier.EXACT:d} END"
)
# From `ranked`, at most a thousand ids with their tiers. No join: where PostgreSQL expects few, it compares
# each with each.
_ENTRIES_RANKED = (
    f" SELECT {_PLAIN_COLUMNS}, CASE"
    + "".join(
        f" WHEN entry.id IN (SELECT entry_id FROM ranked WHERE tier = {tier:d}) THEN {tier:d}"
        for tier in (MatchTier.TITLE, MatchTier.EXACT)
    )
    + f" ELSE {MatchTier.STEM:d} END"
    " FROM search_entry AS entry WHERE entry.id = ANY(ARRAY(SELECT entry_id FROM ranked))"
    " ORDER BY entry.id DESC"
)


@cache
def _prepare_postgresql_match_statement(*bounds: str) -> PreparedStatement:
    """Ordered after the match: to walk the latest entries until a rare word has come takes longer."""
    within = " AND ".join(_BOUNDS[name] for name in bounds)
    of_period = f" JOIN search_entry AS entry ON entry.id = matched.entry_id WHERE {within}" if within else ""
    return _prepare_statement(
        "WITH matched AS MATERIALIZED"
        " (SELECT entry_id FROM search_words WHERE words @@ CAST(:words AS tsquery)),"
        f" latest AS MATERIALIZED (SELECT matched.entry_id FROM matched{of_period}"
        " ORDER BY matched.entry_id DESC LIMIT :most),"
        f" ranked AS MATERIALIZED (SELECT entry_id, {_TIER} AS tier FROM search_words"
        f" WHERE entry_id = ANY(ARRAY(SELECT entry_id FROM latest))){_ENTRIES_RANKED}",
        bounds,
    )


def latest_entries_sql(count: int) -> str:
    """A word that is everywhere matches too much for that: its latest entries are among those that so
    many programmes wrote last, walked only as far as it takes. In this order their own index alone has
    them: by the key of the table PostgreSQL would walk the entries of all others too. The order is that of
    a column of theirs: else PostgreSQL walks them all and sorts what matches."""
    return (
        f"WITH ranked AS MATERIALIZED (SELECT entry_id, {_TIER} AS tier"
        f" FROM ({_latest_words_sql(count)}) AS recent"
        f" WHERE words @@ CAST(:words AS tsquery) ORDER BY place LIMIT :most){_ENTRIES_RANKED}"
    )


def _latest_words_sql(count: int) -> str:
    return " UNION ALL ".join(
        "(SELECT entry_id, words, -entry_id AS place FROM search_words"
        f" WHERE key = :key{place} ORDER BY -entry_id LIMIT :walked)"
        for place in range(count)
    )


@cache
def _prepare_latest_common_statement(count: int) -> PreparedStatement:
    return PreparedStatement(sa.text(latest_entries_sql(count)))


@cache
def _prepare_sample_count_statement(count: int) -> PreparedStatement:
    return PreparedStatement(
        sa.text(
            "SELECT count(*) FILTER (WHERE words @@ CAST(:words AS tsquery))"
            f" FROM (SELECT words FROM ({_latest_words_sql(count)}) AS recent"
            " ORDER BY place LIMIT :walked) AS latest"
        )
    )
