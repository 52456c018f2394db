"""What waits for a decision of somebody around a project: lines that features contribute.

A feature declares a `WaitingKind` in its plug. The page "À décider", the navigation, the portfolio
and the digest read all of them, and know none.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from uuid import UUID

from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.contributions import Contribution, list_contributions
from portal.platform.kernel.text import LazyString, in_reader_language
from portal.project.projects.to_decide_rules import WaitingLine

WAITING_MAX = 500  # lines of one kind
_CACHE_SIZE = 64  # readers


@dataclass(frozen=True, eq=False, kw_only=True)
class WaitingKind(Contribution):
    """One kind of what waits. `code` stands in addresses and never changes; `title` takes a count,
    `short` is one thing in a word or two, for the line of a team.

    `list_lines` returns what waits for the actor, the oldest first, at most `WAITING_MAX` lines, in
    a constant number of statements; nothing for whoever may not decide. `describe` returns the
    details of a page of them, in their order, where those cost more than the lines themselves.
    `rank` orders the kinds in menus, the lowest first. The lines of a kind that `is_private` are read
    by whoever decides them alone: they enter no record that others read. In the menu of kinds a kind is one
    with that of the code that it `joins`, which lists the same need. A kind that `dates_details` says in them
    since when.
    """

    code: str
    title: Callable[[int], str]
    short: LazyString
    list_lines: Callable[[Actor], Sequence[WaitingLine]]
    describe: Callable[[Sequence[WaitingLine]], Sequence[str]] | None = None
    rank: int
    is_private: bool = False
    dates_details: bool = False
    joins: str = ""

    @property
    def menu_code(self) -> str:
        """The code of its entry in the menu of kinds."""
        return self.joins or self.code


@dataclass(frozen=True)
class WaitingCount:
    """How many lines wait for a person: in all, past their date, and by programme."""

    total: int = 0
    late: int = 0
    by_programme: Mapping[UUID, int] = field(default_factory=dict)


@dataclass(frozen=True)
class _WaitingCacheKey:
    as_of: str
    person_id: UUID
    today: date
    language: str
    actor: Actor = field(compare=False)


def map_waiting_lines_by_kind(actor: Actor) -> Mapping[str, Sequence[WaitingLine]]:
    """All that waits for an actor, by the code of its kind, in the order of their ranks; cached
    until the audit trail grows or the day changes."""
    return _read_waiting(actor)[0]


def count_waiting(actor: Actor) -> WaitingCount:
    """Count what waits for an actor."""
    return _read_waiting(actor)[1]


_Waiting = tuple[Mapping[str, Sequence[WaitingLine]], WaitingCount]


def _read_waiting(actor: Actor) -> _Waiting:
    language = in_reader_language("fr", "en")
    query = _WaitingCacheKey(actor.as_of, actor.person_id, clock.today(), language, actor)
    return _read_waiting_cached(query) if actor.as_of else _read_waiting_cached.__wrapped__(query)


@lru_cache(maxsize=_CACHE_SIZE)
def _read_waiting_cached(query: _WaitingCacheKey) -> _Waiting:
    waiting = {kind.code: kind.list_lines(query.actor) for kind in list_waiting_kinds()}
    lines = [line for group in waiting.values() for line in group if not line.is_in_hand]
    by_programme = Counter(line.project.programme_id for line in lines)
    return waiting, WaitingCount(len(lines), sum(line.days_late > 0 for line in lines), by_programme)


def find_next_waiting_line(actor: Actor, but: str) -> WaitingLine | None:
    """The line that has waited for the actor longest, of those that are theirs where there are any, and
    that is not about the page `but`; None where nothing else waits."""
    lines = [
        line
        for group in map_waiting_lines_by_kind(actor).values()
        for line in group
        if line.path != but and not line.is_in_hand
    ]
    return min(lines, key=lambda line: (not line.is_own, line.since, line.path), default=None)


def list_waiting_kinds() -> Sequence[WaitingKind]:
    """All kinds, in the order of their ranks."""
    return sorted(list_contributions(WaitingKind), key=lambda kind: kind.rank)


def clear_waiting_cache() -> None:
    """Forget what waits, where rows change without an audit event: in tests."""
    _read_waiting_cached.cache_clear()
