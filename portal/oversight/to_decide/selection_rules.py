"""Which waiting lines a page shows, and in which order. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from portal.project.projects.to_decide_rules import WaitingLine

PER_PAGE = 10


class TurnHolder(StrEnum):
    """Whose turn it is, from the reader's point of view; lines are shown in this order."""

    ALL = "all"
    OWN = "mine"
    NOBODY = "nobody"
    OTHERS = "others"
    IN_HAND = "in_hand"  # somebody does it already: in no sum of what is to decide


@dataclass(frozen=True)
class WaitingPage:
    """A page of lines, each with the code of its kind, out of `count`; `number` counts from 1."""

    lines: Sequence[tuple[str, WaitingLine]]
    count: int
    number: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.count // PER_PAGE))


def get_turn_holder_of_line(line: WaitingLine) -> TurnHolder:
    """Tell whose turn a line is: the reader's, a named other's, or nobody's by name; apart from these,
    what somebody does already."""
    if line.is_in_hand:
        return TurnHolder.IN_HAND
    if line.is_own:
        return TurnHolder.OWN
    return TurnHolder.OTHERS if line.owner or line.is_assigned else TurnHolder.NOBODY


def filter_by_programme(
    waiting: Mapping[str, Sequence[WaitingLine]], programme_id: UUID | None
) -> Mapping[str, Sequence[WaitingLine]]:
    """Keep the lines of one programme, or all."""
    if programme_id is None:
        return waiting
    return {
        code: [line for line in lines if line.project.programme_id == programme_id]
        for code, lines in waiting.items()
    }


def filter_by_turn_holder(
    waiting: Mapping[str, Sequence[WaitingLine]], holding: TurnHolder
) -> Mapping[str, Sequence[WaitingLine]]:
    """The lines of a tab, by kind; only kinds of which there are some."""
    groups = {code: [line for line in lines if _is_on_tab(line, holding)] for code, lines in waiting.items()}
    return {code: lines for code, lines in groups.items() if lines}


def _is_on_tab(line: WaitingLine, holding: TurnHolder) -> bool:
    return not line.is_in_hand if holding is TurnHolder.ALL else get_turn_holder_of_line(line) is holding


def sort_lines(waiting: Mapping[str, Sequence[WaitingLine]]) -> Sequence[tuple[str, WaitingLine]]:
    """All lines with the code of their kind: the reader's own, then nobody's, then what others have; of
    each what waits longest first."""
    lines = [(code, line) for code, group in waiting.items() for line in group]
    holders = list(TurnHolder)
    return sorted(
        lines,
        key=lambda each: (
            holders.index(get_turn_holder_of_line(each[1])),
            each[1].since,
            each[1].project.slug,
        ),
    )


def count_by_turn_holder(waiting: Mapping[str, Sequence[WaitingLine]]) -> Mapping[TurnHolder, int]:
    """How many lines each tab holds."""
    lines = [line for group in waiting.values() for line in group]
    counts = dict.fromkeys(TurnHolder, 0)
    for line in lines:
        counts[get_turn_holder_of_line(line)] += 1
    return counts | {TurnHolder.ALL: sum(not line.is_in_hand for line in lines)}


def count_late(waiting: Mapping[str, Sequence[WaitingLine]]) -> int:
    """How many lines are past their day, but for what somebody does already."""
    return sum(line.days_late > 0 and not line.is_in_hand for lines in waiting.values() for line in lines)


def build_waiting_page(lines: Sequence[tuple[str, WaitingLine]], page: int) -> WaitingPage:
    """A page of sorted lines; beyond the last one, the last one."""
    number = min(page, max(1, -(-len(lines) // PER_PAGE)))
    return WaitingPage(lines[(number - 1) * PER_PAGE : number * PER_PAGE], len(lines), number)


def find_page_of_line(
    lines: Sequence[tuple[str, WaitingLine]], wanted: tuple[str, UUID] | None
) -> int | None:
    """The page of sorted lines on which that of a code and an id stands; None if it is not among them."""
    places = (place for place, (code, line) in enumerate(lines) if (code, line.id) == wanted)
    return next((place // PER_PAGE + 1 for place in places), None)
