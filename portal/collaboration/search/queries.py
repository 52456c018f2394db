"""Finds what an actor may read: candidates from the index, hits from the features' own queries.

Who reads a text is part of the index query, so that counts, near-misses and times say nothing of
what the actor may not read. At most `CANDIDATES` entries are looked at, the latest first.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache, cached_property
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from portal.collaboration.search import policy
from portal.collaboration.search.models import SearchEntry
from portal.collaboration.search.near_queries import list_near_words, list_term_counts, spell
from portal.collaboration.search.query_rules import (
    Facets,
    Reader,
    Tier,
    WordQuery,
    fts5_query,
    parse_query,
    ts_query,
)
from portal.collaboration.search.search import SearchHit, SearchSource, text_of
from portal.people.programmes.models import Scope, ScopeKind
from portal.platform.kernel.access import Actor
from portal.platform.kernel.contributions import contributed
from portal.platform.kernel.database import connection, db, fetch_rows
from portal.platform.kernel.prepared_statements import PreparedStatement

CANDIDATES = 1000  # entries that a search looks at
WALKED = 20_000  # entries written last, among which PostgreSQL looks for common words
PER_PAGE = 20


class SearchOrder(StrEnum):
    RELEVANCE = "relevance"
    NEWEST = "newest"


@dataclass(frozen=True, kw_only=True)
class SearchFilters:
    """What is searched for. `kind` is the code of a source, `kinds` those that may be found: all where
    none is named."""

    q: str = ""
    kind: str = ""
    kinds: Collection[str] = ()
    scope_id: UUID | None = None
    author_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None
    order: SearchOrder = SearchOrder.RELEVANCE
    page: int = 1

    @cached_property
    def words(self) -> WordQuery:
        return parse_query(self.q)


class MatchedEntry(NamedTuple):
    """An entry of the index that matches: ids and moments as the driver gives them, since a thousand
    are counted and twenty shown (`read_id`)."""

    id: int
    kind: str
    subject_id: Any
    scope_id: Any
    author_id: Any
    changed_at: Any


def read_id(stored: Any) -> UUID:
    """An id as SQLite stores it, or as PostgreSQL has it."""
    return stored if isinstance(stored, UUID) else UUID(stored)


@dataclass(frozen=True, kw_only=True)
class SearchResults:
    """A page of hits, and how many candidates there are by kind, scope and author; `is_capped` where
    there may be more. Where nothing was found, `near_words` are words of texts that the actor reads,
    and `term_counts` tells how many of these have each term alone."""

    hits: Sequence[tuple[SearchSource, SearchHit]] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    count_by_scope: Mapping[UUID, int] = field(default_factory=dict)
    count_by_author: Mapping[UUID, int] = field(default_factory=dict)
    count: int = 0
    is_capped: bool = False
    near_words: Sequence[str] = ()
    term_counts: Sequence[tuple[str, int]] = ()
    page: int = 1

    @property
    def page_count(self) -> int:
        return max(1, -(-self.count // PER_PAGE))


def search(actor: Actor, filters: SearchFilters, part: slice | None = None) -> SearchResults:
    """A page of what the actor may read and the query matches, or `part` of it; nothing for letters."""
    if filters.words.is_empty or filters.words.is_short:
        return SearchResults()
    reader = reads_as(actor)
    if not reader.audience:
        return SearchResults()
    candidates = list_candidates(reader, filters)
    is_capped = len(candidates) >= CANDIDATES
    of_kind = [each for each in candidates if filters.kind in ("", each.kind)]
    counts = Counter(candidate.kind for candidate in candidates)
    if is_capped and filters.kind:  # the latest of all are not the latest of one kind
        of_kind = list(list_candidates(reader, filters, filters.kind))
        counts[filters.kind] = len(of_kind)
    start = (filters.page - 1) * PER_PAGE
    return SearchResults(
        hits=find_hits(actor, of_kind[part or slice(start, start + PER_PAGE)]),
        counts=counts,
        count_by_scope=_count_ids(candidate.scope_id for candidate in candidates),
        count_by_author=_count_ids(each.author_id for each in candidates if each.author_id),
        count=len(of_kind),
        is_capped=is_capped,
        near_words=[] if candidates else _list_near_words(actor, reader, filters),
        term_counts=[] if candidates else list_term_counts(reader, filters.words),
        page=filters.page,
    )


def _list_near_words(actor: Actor, reader: Reader, filters: SearchFilters) -> Sequence[str]:
    """Near words as one of the texts that the search is narrowed to writes them."""
    facets = Facets(scope_id=filters.scope_id, author_id=filters.author_id)
    period = {"since": filters.since or _EARLIEST, "until": filters.until or _LAST}
    near_words = list_near_words(reader, filters.words, facets, period)
    return [_spell_as_written(actor, reader, replace(filters, q=word), word) for word in near_words]


def _spell_as_written(actor: Actor, reader: Reader, filters: SearchFilters, word: str) -> str:
    hits = find_hits(actor, list_candidates(reader, filters)[:1])
    return next((spell(word, text_of(hit.title, hit.text)) for _source, hit in hits), "") or word


_EARLIEST, _LAST = datetime(1900, 1, 1, tzinfo=UTC), datetime(3000, 1, 1, tzinfo=UTC)


def _count_ids(stored: Iterable[Any]) -> Mapping[UUID, int]:
    return {read_id(id_): count for id_, count in Counter(stored).items()}


def newest_entry_id() -> int:
    """The id of the entry written last, 0 without any: every text that is written has a new one."""
    return connection().execute(_NEWEST).scalar() or 0


_NEWEST = sa.select(sa.func.max(SearchEntry.id))


def reads_as(actor: Actor) -> Reader:
    """The readers that the actor is in the index."""
    scope_ids = policy.list_read_scopes(actor)
    rows = connection().execute(_PROGRAMMES, {"ids": list(scope_ids)}).all() if scope_ids else ()
    return policy.reads_as(actor, dict(map(tuple, rows)))


_PROGRAMMES = sa.select(
    Scope.id, sa.case((Scope.kind == ScopeKind.PROJECT, Scope.parent_id), else_=Scope.id)
).where(Scope.id.in_(sa.bindparam("ids", expanding=True)))


def list_candidates(reader: Reader, filters: SearchFilters, kind: str = "") -> Sequence[MatchedEntry]:
    """Entries that match, best tier first and latest first within one, or latest first alone."""
    kinds = [kind] if kind else sorted(filters.kinds)
    facets = Facets(kinds=kinds, scope_id=filters.scope_id, author_id=filters.author_id)
    entries = _match(reader, filters, facets)
    if filters.order is SearchOrder.NEWEST or len(entries) < 2:
        return sorted(entries, key=lambda entry: entry.changed_at, reverse=True)
    ranks = _rank(reader, filters, facets, [entry.id for entry in entries])
    return sorted(entries, key=lambda entry: (ranks.get(entry.id, Tier.STEM), -entry.id))


def _match(reader: Reader, filters: SearchFilters, facets: Facets) -> Sequence[MatchedEntry]:
    """The latest entries that match."""
    is_sqlite = db.engine.dialect.name == "sqlite"
    words = (fts5_query if is_sqlite else ts_query)(filters.words, Tier.STEM, reader, facets)
    period = {name: day for name in ("since", "until") if (day := getattr(filters, name))}
    parameters = {"words": words, "most": CANDIDATES, **period}
    if not (is_sqlite or period) and _is_common(words):
        rows = fetch_rows(_LATEST_COMMON, parameters | {"walked": WALKED})
        if len(rows) == CANDIDATES:
            return list(map(MatchedEntry._make, rows))
    rows = fetch_rows(_match_within(is_sqlite, *period), parameters)
    return list(map(MatchedEntry._make, rows))


def _is_common(words: str) -> bool:
    """Whether PostgreSQL expects so many matches that the latest are among the entries written last."""
    plan = connection().execute(_EXPECTED, {"words": words}).scalar_one()
    expected = plan[0]["Plan"]["Plan Rows"]
    if expected < CANDIDATES:
        return False
    return bool(expected * WALKED >= CANDIDATES * connection().execute(_SIZE).scalar_one())


@cache
def _match_within(is_sqlite: bool, *bounds: str) -> PreparedStatement:
    statement = _SQLITE if is_sqlite else _POSTGRESQL_WITHIN if bounds else _POSTGRESQL
    if "since" in bounds:
        statement = statement.where(SearchEntry.changed_at >= _moment("since"))
    if "until" in bounds:
        statement = statement.where(SearchEntry.changed_at < _moment("until"))
    return PreparedStatement(statement)


def _moment(name: str) -> sa.BindParameter[datetime]:
    return sa.bindparam(name, type_=SearchEntry.changed_at.type)


def _rank(reader: Reader, filters: SearchFilters, facets: Facets, ids: Sequence[int]) -> Mapping[int, int]:
    """The tier of those of some entries that match a better one than the last."""
    is_sqlite = db.engine.dialect.name == "sqlite"
    ask = fts5_query if is_sqlite else ts_query
    title, exact = (ask(filters.words, tier, reader, facets) for tier in (Tier.TITLE, Tier.EXACT))
    bounds = {"first": min(ids), "last": max(ids)} if is_sqlite else {"ids": list(ids)}
    statement = _SQLITE_RANK if is_sqlite else _POSTGRESQL_RANK
    rows = fetch_rows(statement, {"title": title, "exact": exact, **bounds})
    return {entry_id: Tier.TITLE if is_title else Tier.EXACT for entry_id, is_title in rows}


_ENTRY = sa.select(
    *(sa.type_coerce(getattr(SearchEntry, name), sa.types.NullType()) for name in MatchedEntry._fields)
)
_MOST: sa.BindParameter[int] = sa.bindparam("most")
_SQLITE_TABLE = sa.table("search_words", sa.column("rowid"))
_SQLITE = (
    _ENTRY.join(_SQLITE_TABLE, _SQLITE_TABLE.c.rowid == SearchEntry.id)
    .where(sa.text("search_words MATCH :words"))
    .order_by(_SQLITE_TABLE.c.rowid.desc())
    .limit(_MOST)
)
_SQLITE_RANK = PreparedStatement(  # titles last: their tier is the better one
    sa.text(
        "SELECT rowid, 0 FROM search_words WHERE search_words MATCH :exact AND rowid BETWEEN :first AND :last"
        " UNION ALL SELECT rowid, 1 FROM search_words"
        " WHERE search_words MATCH :title AND rowid BETWEEN :first AND :last"
    )
)
# Ordered after the match: to walk the latest entries until a rare word has come takes longer.
_MATCHED = (
    sa.select(sa.column("entry_id"))
    .select_from(sa.table("search_words"))
    .where(sa.text("search_words.words @@ CAST(:words AS tsquery)"))
    .cte("matched")
    .prefix_with("MATERIALIZED")
)
_LATEST = sa.select(_MATCHED.c.entry_id).order_by(_MATCHED.c.entry_id.desc()).limit(_MOST).cte("latest")
_POSTGRESQL = _ENTRY.join(_LATEST, _LATEST.c.entry_id == SearchEntry.id).order_by(SearchEntry.id.desc())
_POSTGRESQL_WITHIN = (
    _ENTRY.join(_MATCHED, _MATCHED.c.entry_id == SearchEntry.id).order_by(SearchEntry.id.desc()).limit(_MOST)
)
# A word that is everywhere matches too much for that: its latest entries are near the end.
_LATEST_COMMON = PreparedStatement(
    _ENTRY.where(
        sa.text(
            "search_entry.id IN (SELECT entry_id FROM"
            " (SELECT entry_id, words FROM search_words ORDER BY entry_id DESC LIMIT :walked) AS walked"
            " WHERE words @@ CAST(:words AS tsquery) ORDER BY entry_id DESC LIMIT :most)"
        )
    ).order_by(SearchEntry.id.desc())
)
_SIZE = sa.text("SELECT reltuples FROM pg_class WHERE oid = 'search_words'::regclass")
_EXPECTED = sa.text("EXPLAIN (FORMAT JSON) SELECT 1 FROM search_words WHERE words @@ CAST(:words AS tsquery)")
_POSTGRESQL_RANK = PreparedStatement(
    sa.text(
        "SELECT entry_id, words @@ CAST(:title AS tsquery) FROM search_words"
        " WHERE entry_id = ANY(:ids) AND words @@ CAST(:exact AS tsquery)"
    )
)


def find_hits(actor: Actor, candidates: Sequence[MatchedEntry]) -> Sequence[tuple[SearchSource, SearchHit]]:
    """The candidates as the features show them to the actor, in order; one statement a kind."""
    sources = {source.kind: source for source in contributed(SearchSource)}
    subjects = [(candidate.kind, read_id(candidate.subject_id)) for candidate in candidates]
    ids: dict[str, list[UUID]] = defaultdict(list)
    for kind, subject_id in subjects:
        ids[kind].append(subject_id)
    hits = {kind: sources[kind].find(actor, subject_ids) for kind, subject_ids in ids.items()}
    return [
        (sources[kind], hits[kind][subject_id]) for kind, subject_id in subjects if subject_id in hits[kind]
    ]
