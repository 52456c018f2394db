"""Keeps the index up to date: in the transaction that changed a text, from its audit lines."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from portal.collaboration.search.commands import index_rows
from portal.collaboration.search.search import SearchSource
from portal.platform.kernel.audit import AuditEvent, AuditLine
from portal.platform.kernel.contributions import contributed
from portal.platform.kernel.projection import ALL, Parts, Projection


@dataclass(frozen=True, eq=False, kw_only=True)
class SearchProjection(Projection):
    """Depends on every action whose subject is a row of a source, whatever the action."""

    @cached_property
    def tables(self) -> frozenset[str]:
        return frozenset().union(*(source.tables for source in contributed(SearchSource)))

    def parts_of(self, line: AuditEvent | AuditLine) -> Parts:
        return ALL if line.subject in self.tables else frozenset()


def index_lines(lines: Sequence[AuditLine]) -> None:
    """Index again the rows that the lines are about, each once."""
    ids_by_table: dict[str, list[UUID]] = defaultdict(list)
    for line in lines:
        ids_by_table[line.subject].append(line.subject_id)
    for source in contributed(SearchSource):
        subject_ids: dict[UUID, None] = {}
        for table in source.tables & ids_by_table.keys():
            subject_ids |= dict.fromkeys(source.subjects_of(table, ids_by_table[table]))
        index_rows(source, list(subject_ids))


PROJECTION = SearchProjection(name="search index", depends={}, refresh=index_lines)
