"""What figures read of a sprint that was started. Pure."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from portal.sprints.backlog.flow_rules import ItemState


class StateCounts(dict[ItemState, int]):
    """How many items stood in each state; by these numbers a drawing is remembered."""

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(tuple(self.items()))


@dataclass(frozen=True)
class StartedSprint:
    """A started sprint: its days, what was committed, and since its close what came of it.

    `planned_to` is its last day as it was planned: a sprint that is closed early gives the rest of
    its days away, and the trail keeps which.
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

    def finished(self, *, in_points: bool) -> int:
        return self.finished_points if in_points else self.finished_items

    def carry_over_rate(self, *, in_points: bool) -> float | None:
        """The part of the scope that was not done at the close, 0 to 1."""
        total, completed = (
            (self.points, self.done_points) if in_points else (self.items, self.done_items)
        )
        return (total - completed) / total if total else None
