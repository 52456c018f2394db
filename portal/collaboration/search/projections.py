"""Keeps the index up to date: in the transaction that changed a text, from its audit lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from portal.collaboration.search.commands import index_rows
from portal.collaboration.search.search import SearchFollow, SearchSource
from portal.platform.kernel.audit import AuditEvent, AuditLine
from portal.platform.kernel.contributions import contributed
from portal.platform.kernel.projection import ALL, Parts, Projection


@dataclass(frozen=True, eq=False, kw_only=True)
class SearchProjection(Projection):
    """Depends on every action whose subject is a row of a source, and on those that a source follows."""

    @cached_property
    def tables(self) -> frozenset[str]:
        return frozenset(source.kind for source in contributed(SearchSource))

    @cached_property
    def followed(self) -> frozenset[str]:
        return frozenset(action.code for each in contributed(SearchFollow) for action in each.actions)

    def parts_of(self, line: AuditEvent | AuditLine) -> Parts:
        return ALL if line.subject in self.tables or line.action in self.followed else frozenset()


def index_lines(lines: Sequence[AuditLine]) -> None:
    """Index again the rows that the lines are about, each once."""
    tables, codes = {line.subject for line in lines}, {line.action for line in lines}
    followed = [each for each in contributed(SearchFollow) if any(a.code in codes for a in each.actions)]
    for source in contributed(SearchSource):
        ids: dict[UUID, None] = {}
        if source.kind in tables:
            ids |= dict.fromkeys(line.subject_id for line in lines if line.subject == source.kind)
        for follow in followed:
            if follow.source is source:
                ids |= dict.fromkeys(_list_followed(follow, lines))
        if ids:
            index_rows(source, list(ids))


def _list_followed(follow: SearchFollow, lines: Sequence[AuditLine]) -> Sequence[UUID]:
    codes = {action.code for action in follow.actions}
    followed = [line for line in lines if line.action in codes]
    return follow.list_ids(followed) if followed else ()


PROJECTION = SearchProjection(name="search index", depends={}, refresh=index_lines)
