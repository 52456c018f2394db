"""The running sprint on a project's page: its items by state, as a bar."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.sprints.backlog.flow_rules import ItemState
from portal.sprints.backlog.queries import SprintItem

_ORDER = (ItemState.DONE, ItemState.DOING, ItemState.BLOCKED, ItemState.TO_DO)


@dataclass(frozen=True)
class SprintBar:
    """The items by state, their points, and the segments of the bar: state, x and width in per
    cent."""

    counts: Mapping[str, int]
    points: int
    done_points: int
    segments: Sequence[tuple[str, float, float]]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def build_sprint_bar(items: Sequence[SprintItem]) -> SprintBar:
    """The bar of a sprint's items."""
    counts = {state.value: sum(item.state is state for item in items) for state in _ORDER}
    x, segments = 0.0, []
    for state in _ORDER:
        width = counts[state.value] * 100 / len(items) if items else 0.0
        if width:
            segments.append((state.value, round(x, 1), round(width, 1)))
        x += width
    finished_items = [item for item in items if item.state is ItemState.DONE]
    return SprintBar(
        counts,
        points=sum(item.points or 0 for item in items),
        done_points=sum(item.points or 0 for item in finished_items),
        segments=segments,
    )
