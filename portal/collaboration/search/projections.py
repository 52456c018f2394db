"""Keeps the index up to date: in the transaction that changed a text, from its audit lines."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
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
    def sources(self) -> Mapping[str, SearchSource]:
        return {source.kind: source for source in contributed(SearchSource)}

    @cached_property
    def followed(self) -> frozenset[str]:
        return frozenset(action.code for each in contributed(SearchFollow) for action in each.actions)

    def parts_of(self, line: AuditEvent | AuditLine) -> Parts:
        return ALL if line.subject in self.sources or line.action in self.followed else frozenset()


def index_lines(lines: Sequence[AuditLine]) -> None:
    """Index again the rows that the lines are about, each once."""
    ids: dict[SearchSource, dict[UUID, None]] = defaultdict(dict)
    sources = PROJECTION.sources
    for line in lines:
        if line.subject in sources:
            ids[sources[line.subject]][line.subject_id] = None
    codes = {line.action for line in lines}
    for follow in contributed(SearchFollow) if codes & PROJECTION.followed else ():
        ids[follow.source] |= dict.fromkeys(_list_followed(follow, lines))
    for source, subject_ids in ids.items():
        index_rows(source, list(subject_ids))


def _list_followed(follow: SearchFollow, lines: Sequence[AuditLine]) -> Sequence[UUID]:
    codes = {action.code for action in follow.actions}
    followed = [line for line in lines if line.action in codes]
    return follow.list_ids(followed) if followed else ()


PROJECTION = SearchProjection(name="search index", depends={}, refresh=index_lines)
