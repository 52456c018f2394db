"""Keeps the index up to date: in the transaction that changed a text, from its audit lines."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from portal.collaboration.search.commands import index_rows
from portal.collaboration.search.search import SearchReindexRule, SearchSource
from portal.platform.kernel.audit import AuditEvent, PendingAuditEvent
from portal.platform.kernel.contributions import list_contributions
from portal.platform.kernel.projection import ALL, Parts, Projection


@dataclass(frozen=True, eq=False, kw_only=True)
class SearchProjection(Projection):
    """Depends on every action whose subject is a row of a source, and on those that a source follows."""

    @cached_property
    def sources(self) -> Mapping[str, SearchSource]:
        return {source.kind: source for source in list_contributions(SearchSource)}

    def changed_parts_of(self, line: AuditEvent | PendingAuditEvent) -> Parts:
        is_followed = line.subject in self.sources or any(
            each.follows(line) for each in list_contributions(SearchReindexRule)
        )
        return ALL if is_followed else frozenset()


def reindex_rows_of_lines(lines: Sequence[PendingAuditEvent]) -> None:
    """Index again the rows that the lines are about, each once."""
    ids: dict[SearchSource, dict[UUID, None]] = defaultdict(dict)
    sources = PROJECTION.sources
    for line in lines:
        if line.subject in sources:
            ids[sources[line.subject]][line.subject_id] = None
    for follow in list_contributions(SearchReindexRule):
        if followed := [line for line in lines if follow.follows(line)]:
            ids[follow.source] |= dict.fromkeys(follow.list_ids(followed))
    for source, subject_ids in ids.items():
        index_rows(source, list(subject_ids))


PROJECTION = SearchProjection(name="search index", depends={}, refresh=reindex_rows_of_lines)
