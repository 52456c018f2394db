"""What waits for a decision of somebody around a project: lines that features contribute.

A feature declares a `WaitingKind` in its plug. The page "À décider", the navigation, the portfolio
and the digest read all of them, and know none.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from uuid import UUID

from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.contributions import Contribution, contributed
from portal.project.projects.to_decide_rules import WaitingLine

WAITING_MAX = 500  # lines of one kind
_CACHE_SIZE = 500


@dataclass(frozen=True, eq=False, kw_only=True)
class WaitingKind(Contribution):
    """One kind of what waits. `code` stands in addresses and never changes; `title` takes a count.

    `list_lines` returns what waits for the actor, the oldest first, at most `WAITING_MAX` lines, in
    a constant number of statements; nothing for whoever may not decide.
    """

    code: str
    title: Callable[[int], str]
    list_lines: Callable[[Actor], Sequence[WaitingLine]]


@dataclass(frozen=True)
class WaitingCount:
    """How many lines wait for a person: in all, past their date, and by programme."""

    total: int = 0
    late: int = 0
    by_programme: Mapping[UUID, int] = field(default_factory=dict)


def list_waiting(actor: Actor) -> Mapping[str, Sequence[WaitingLine]]:
    """All that waits for an actor, by the code of its kind, in the order of the features."""
    return {kind.code: kind.list_lines(actor) for kind in contributed(WaitingKind)}


@dataclass(frozen=True)
class _CountQuery:
    as_of: str
    person_id: UUID
    today: date
    actor: Actor = field(compare=False)


def count_waiting(actor: Actor) -> WaitingCount:
    """Count what waits for an actor; cached until the audit trail grows or the day changes."""
    query = _CountQuery(actor.as_of, actor.person_id, clock.today(), actor)
    return _count(query) if actor.as_of else _count.__wrapped__(query)


@lru_cache(maxsize=_CACHE_SIZE)
def _count(query: _CountQuery) -> WaitingCount:
    lines = [line for group in list_waiting(query.actor).values() for line in group]
    by_programme: dict[UUID, int] = {}
    for line in lines:
        programme_id = line.project.programme_id
        by_programme[programme_id] = by_programme.get(programme_id, 0) + 1
    return WaitingCount(len(lines), sum(line.days_late > 0 for line in lines), by_programme)


def clear_cache() -> None:
    """Forget counts, where rows change without an audit event: in tests."""
    _count.cache_clear()
