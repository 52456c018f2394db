"""Which waiting lines a page shows, and in which order. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from portal.project.projects.to_decide_rules import WaitingLine

PER_GROUP = 10


class Holding(StrEnum):
    """Whose turn it is, from the reader's point of view."""

    ALL = "all"
    OWN = "mine"
    NOBODY = "nobody"
    OTHERS = "others"


@dataclass(frozen=True)
class WaitingGroup:
    """The displayed lines of one kind, out of `count`; `page` counts from 1."""

    code: str
    lines: Sequence[WaitingLine]
    count: int
    page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.count // PER_GROUP))


def holding_of(line: WaitingLine) -> Holding:
    """Tell whose turn a line is: the reader's, a named other's, or nobody's by name."""
    if line.is_own:
        return Holding.OWN
    return Holding.OTHERS if line.owner or line.is_assigned else Holding.NOBODY


def filter_lines(
    waiting: Mapping[str, Sequence[WaitingLine]], programme_id: UUID | None
) -> Mapping[str, Sequence[WaitingLine]]:
    """Keep the lines of one programme, or all; the oldest first."""
    return {
        code: sorted(
            (line for line in lines if programme_id in {None, line.project.programme_id}),
            key=lambda line: (line.since, line.project.slug),
        )
        for code, lines in waiting.items()
    }


def count_by_holding(waiting: Mapping[str, Sequence[WaitingLine]]) -> Mapping[Holding, int]:
    """How many lines each tab holds."""
    lines = [line for group in waiting.values() for line in group]
    counts = dict.fromkeys(Holding, 0)
    for line in lines:
        counts[holding_of(line)] += 1
    return counts | {Holding.ALL: len(lines)}


def count_late(waiting: Mapping[str, Sequence[WaitingLine]]) -> int:
    """How many lines are past their day."""
    return sum(line.days_late > 0 for lines in waiting.values() for line in lines)


def group_lines(
    waiting: Mapping[str, Sequence[WaitingLine]], holding: Holding, code: str, page: int
) -> Sequence[WaitingGroup]:
    """The groups that hold lines, that of the oldest first: the first page of each, or the given page
    of the kind `code`."""
    groups = []
    for kind, lines in waiting.items():
        matching = [line for line in lines if holding in {Holding.ALL, holding_of(line)}]
        if not matching or (code and code != kind):
            continue
        number = min(page, max(1, -(-len(matching) // PER_GROUP))) if code else 1
        page_lines = matching[(number - 1) * PER_GROUP : number * PER_GROUP]
        groups.append(WaitingGroup(kind, page_lines, len(matching), number))
    return sorted(groups, key=lambda group: group.lines[0].since)
