"""The values that figures and charts are computed from, per started sprint. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from portal.sprints.backlog.flow_rules import ItemState


class StateCounts(dict[ItemState, int]):
    """Number of items by state. Hashable, so that it can be part of a cache key."""

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(tuple(self.items()))


@dataclass(frozen=True)
class StartedSprint:
    """A started sprint: its days, the scope at its start and, once closed, at its close.

    `planned_to` is the last day as planned (an early close moves `ends_on`), from the audit trail.
    `cycle_days` is the median cycle time in days.
    """

    id: UUID
    number: int
    starts_on: date
    ends_on: date
    planned_to: date
    started_at: datetime
    closed_at: datetime | None
    start_number: int
    committed_items: int
    committed_points: int
    standing_at_start: StateCounts | None
    close_number: int | None
    items: int
    points: int
    done_items: int
    done_points: int
    finished_items: int
    finished_points: int
    cycle_days: float | None
    standing_at_close: StateCounts | None

    def finished_amount(self, *, in_points: bool) -> int:
        """What the sprint finished, in points or items."""
        return self.finished_points if in_points else self.finished_items

    def carry_over_rate(self, *, in_points: bool) -> float | None:
        """The part of the scope not done at the close, 0 to 1; None without a scope."""
        total, completed = (self.points, self.done_points) if in_points else (self.items, self.done_items)
        return (total - completed) / total if total else None


def pick_within(amounts: Iterable[tuple[str, int]], room: float | None) -> frozenset[str]:
    """Return the keys of the first (key, amount) that together fit into `room`, in their order; all
    where it is None."""
    picked, total = [], 0
    for key, amount in amounts:
        total += amount
        if room is not None and total > room:
            break
        picked.append(key)
    return frozenset(picked)
