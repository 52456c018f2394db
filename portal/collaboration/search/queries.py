"""Finds what an actor may read: candidates from the index, hits from the features' own queries.

Who reads a text is part of the index query, so that counts, near-misses and times say nothing of
what the actor may not read. At most `match_queries.CANDIDATES` entries are looked at, the latest first.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from functools import cached_property
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from portal.collaboration.search import match_queries, policy
from portal.collaboration.search.extract_rules import find_best_matching_part
from portal.collaboration.search.match_queries import MatchedEntry, list_latest_matches
from portal.collaboration.search.models import SearchEntry
from portal.collaboration.search.near_queries import list_near_spellings, list_term_counts, spell_as_in_text
from portal.collaboration.search.page_queries import list_kinds_called
from portal.collaboration.search.query_rules import (
    MatchTier,
    QueryTerm,
    SearchFacetFilter,
    SearchReader,
    WordQuery,
    parse_query,
)
from portal.collaboration.search.search import SearchHit, SearchKindWeight, SearchSource, join_texts
from portal.people.programmes.models import Scope, ScopeKind
from portal.platform.kernel.access import Actor
from portal.platform.kernel.contributions import list_contributions
from portal.platform.kernel.database import connection

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
    is_widened: bool = False  # each word may be the beginning of another, not the last one alone
    left_out: QueryTerm | None = None  # which names the kinds, and is no word of their texts

    @cached_property
    def words(self) -> WordQuery:
        words = parse_query(self.q)
        words = replace(words, required=tuple(term for term in words.required if term != self.left_out))
        return words.widened if self.is_widened else words

    @property
    def has_number(self) -> bool:
        """Whether one of the words may be what a thing of a kind is called by."""
        return any(term.is_number for term in self.words.required)


def parse_stored_id(stored: Any) -> UUID:
    """An id as SQLite stores it, or as PostgreSQL has it."""
    return stored if isinstance(stored, UUID) else UUID(stored)


@dataclass(frozen=True, kw_only=True)
class SearchResults:
    """A page of hits, and how many candidates there are by kind, scope and author; `is_capped` where
    there may be more, `is_widened` where words are but beginnings of words, `is_of_kind_named` where a
    word is but the name of the kind. Where nothing was found, `near_words` are words of texts that the
    actor reads, by the folded word that was typed, and `term_counts` tells how many of these have each
    term alone."""

    hits: Sequence[tuple[SearchSource, SearchHit]] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    count_by_scope: Mapping[UUID, int] = field(default_factory=dict)
    count_by_author: Mapping[UUID, int] = field(default_factory=dict)
    count: int = 0
    is_capped: bool = False
    is_widened: bool = False
    is_of_kind_named: bool = False
    near_words: Mapping[str, str] = field(default_factory=dict)
    term_counts: Sequence[tuple[str, int]] = ()
    page: int = 1

    @property
    def page_count(self) -> int:
        return max(1, -(-self.count // PER_PAGE))


def search(actor: Actor, filters: SearchFilters, part: slice | None = None) -> SearchResults:
    """A page of what the actor may read and the query matches, or `part` of it; nothing for letters."""
    if filters.words.is_empty or filters.words.is_short:
        return SearchResults()
    reader = get_search_reader(actor)
    if not reader.audience:
        return SearchResults()
    filters, candidates = _try_search_attempts(reader, filters)
    is_capped = len(candidates) >= match_queries.CANDIDATES
    of_kind = [each for each in candidates if filters.kind in ("", each.kind)]
    counts = Counter(candidate.kind for candidate in candidates)
    if is_capped and filters.kind:  # the latest of all are not the latest of one kind
        of_kind = list(_list_matches_number_first(reader, filters, filters.kind))
        counts[filters.kind] = len(of_kind)
    start = (filters.page - 1) * PER_PAGE
    hits = list_search_hits(actor, of_kind[part or slice(start, start + PER_PAGE)])
    return SearchResults(
        hits=[(source, _point_hit_to_part(hit, filters.words)) for source, hit in hits],
        counts=counts,
        count_by_scope=_count_occurrences_by_id(candidate.scope_id for candidate in candidates),
        count_by_author=_count_occurrences_by_id(each.author_id for each in candidates if each.author_id),
        count=len(of_kind),
        is_capped=is_capped,
        is_widened=filters.is_widened and bool(candidates),
        is_of_kind_named=filters.left_out is not None and not filters.has_number,
        near_words={} if candidates else _list_near_spellings(actor, reader, filters),
        term_counts=[] if candidates else list_term_counts(reader, filters.words.widened, filters.q),
        page=filters.page,
    )


def _point_hit_to_part(hit: SearchHit, words: WordQuery) -> SearchHit:
    """A hit, opened where the words stand."""
    part = find_best_matching_part(hit.parts, hit.title, words)
    return replace(hit, text=part[0], address=part[1]) if part else hit


def _try_search_attempts(
    reader: SearchReader, filters: SearchFilters
) -> tuple[SearchFilters, Sequence[MatchedEntry]]:
    """What the first attempt that finds something finds, with its filters; else those of the search."""
    for attempt in _iterate_search_attempts(filters):
        if candidates := _list_matches_number_first(reader, attempt):
            return attempt, candidates
    return filters, ()


def _list_matches_number_first(
    reader: SearchReader, filters: SearchFilters, kind: str = ""
) -> Sequence[MatchedEntry]:
    """Entries that match. Where a kind is named with a number, those of the kind that have the number
    come first: “jalon G2”."""
    candidates = list_matched_entries(reader, filters, kind)
    if filters.left_out or not (filters.has_number and candidates):
        return candidates
    named = [
        each
        for attempt in _iterate_kind_attempts(filters)
        for each in list_matched_entries(reader, attempt, kind)
    ]
    by_id = {each.id: each for each in [*named, *candidates]}
    if filters.order is SearchOrder.NEWEST:
        return sorted(by_id.values(), key=lambda entry: entry.changed_at, reverse=True)
    return list(by_id.values())


def has_results(actor: Actor, filters: SearchFilters) -> bool:
    """Whether a search finds a text."""
    reader = get_search_reader(actor)
    is_asked = reader.audience and not (filters.words.is_empty or filters.words.is_short)
    return bool(is_asked and _try_search_attempts(reader, filters)[1])


def _iterate_search_attempts(filters: SearchFilters) -> Iterator[SearchFilters]:
    """What is asked in turn until something is found: texts with all words, those of a kind that one
    of the words names with the others, those with the words as beginnings."""
    yield filters
    yield from _iterate_kind_attempts(filters)
    if filters.words != filters.words.widened:
        yield replace(filters, is_widened=True)


def _iterate_kind_attempts(filters: SearchFilters) -> Iterator[SearchFilters]:
    """For each word that names kinds: these kinds, by the other words."""
    for term in filters.words.required if len(filters.words.required) > 1 else ():
        called = () if term.is_phrase else list_kinds_called(term.words[0])
        kinds = [kind for kind in called if filters.kind in ("", kind)]
        if own := [kind for kind in kinds if not filters.kinds or kind in filters.kinds]:
            yield replace(filters, kinds=own, left_out=term)


def _list_near_spellings(actor: Actor, reader: SearchReader, filters: SearchFilters) -> Mapping[str, str]:
    """Near words as one of the texts that the search is narrowed to writes them, each with what was
    typed."""
    facets = SearchFacetFilter(scope_id=filters.scope_id, author_id=filters.author_id)
    period = {"since": filters.since or _EARLIEST, "until": filters.until or _LAST}
    near_words = list_near_spellings(reader, filters.words, facets, period)
    return {
        _spell_word_as_in_first_hit(actor, reader, replace(filters, q=word), word): typed
        for typed, word in near_words
    }


def _spell_word_as_in_first_hit(actor: Actor, reader: SearchReader, filters: SearchFilters, word: str) -> str:
    hits = list_search_hits(actor, list_matched_entries(reader, filters)[:1])
    return (
        next((spell_as_in_text(word, join_texts(hit.title, hit.text)) for _source, hit in hits), "") or word
    )


_EARLIEST, _LAST = datetime(1900, 1, 1, tzinfo=UTC), datetime(3000, 1, 1, tzinfo=UTC)


def _count_occurrences_by_id(stored: Iterable[Any]) -> Mapping[UUID, int]:
    return {parse_stored_id(id_): count for id_, count in Counter(stored).items()}


def newest_entry_id() -> int:
    """The id of the entry written last, 0 without any: every text that is written has a new one."""
    return connection().execute(_NEWEST).scalar() or 0


_NEWEST = sa.select(sa.func.max(SearchEntry.id))


def get_search_reader(actor: Actor) -> SearchReader:
    """The readers that the actor is in the index."""
    scope_ids = policy.list_readable_scope_ids(actor)
    rows = connection().execute(_PROGRAMMES, {"ids": list(scope_ids)}).all() if scope_ids else ()
    return policy.make_search_reader(actor, dict(map(tuple, rows)))


_PROGRAMMES = sa.select(
    Scope.id, sa.case((Scope.kind == ScopeKind.PROJECT, Scope.parent_id), else_=Scope.id)
).where(Scope.id.in_(sa.bindparam("ids", expanding=True)))


def list_matched_entries(
    reader: SearchReader, filters: SearchFilters, kind: str = ""
) -> Sequence[MatchedEntry]:
    """Entries that match, best tier first and latest first within one, or latest first alone. Kinds
    that repeat what others tell come after these, unless their title has the words."""
    kinds = [kind] if kind else sorted(filters.kinds)
    facets = SearchFacetFilter(kinds=kinds, scope_id=filters.scope_id, author_id=filters.author_id)
    period = {name: day for name in ("since", "until") if (day := getattr(filters, name))}
    is_ranked = filters.order is SearchOrder.RELEVANCE
    entries = list_latest_matches(filters.words, reader, facets, period, ranks=is_ranked)
    if not is_ranked:
        return sorted(entries, key=lambda entry: entry.changed_at, reverse=True)
    weights = {source.kind: source.weight for source in list_contributions(SearchSource)}

    def place_of(entry: MatchedEntry) -> tuple[bool, int, bool, int]:
        weight = weights[entry.kind]
        is_digest = weight is SearchKindWeight.DIGEST and entry.tier != MatchTier.TITLE
        return is_digest, entry.tier, weight is not SearchKindWeight.FIRST, -entry.id

    return sorted(entries, key=place_of)


def list_search_hits(
    actor: Actor, candidates: Sequence[MatchedEntry]
) -> Sequence[tuple[SearchSource, SearchHit]]:
    """The candidates as the features show them to the actor, in order; one statement a kind."""
    sources = {source.kind: source for source in list_contributions(SearchSource)}
    subjects = [(candidate.kind, parse_stored_id(candidate.subject_id)) for candidate in candidates]
    ids: dict[str, list[UUID]] = defaultdict(list)
    for kind, subject_id in subjects:
        ids[kind].append(subject_id)
    hits = {kind: sources[kind].find(actor, subject_ids) for kind, subject_ids in ids.items()}
    return [
        (sources[kind], hits[kind][subject_id]) for kind, subject_id in subjects if subject_id in hits[kind]
    ]
