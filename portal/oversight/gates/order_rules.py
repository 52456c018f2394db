"""Places of the gates of a programme. Pure."""

from collections.abc import Mapping, Sequence

from portal.oversight.gates.definition_rules import PLACE_GAP, GateDefinition


def compute_new_places(
    definitions: Sequence[GateDefinition], number: int, position: int
) -> Mapping[int, int]:
    """Return the new place of each gate that gets one when a gate moves to a position, from 1.

    `definitions` are all gates in their order, the moved one or not. Where there is room between
    the neighbours, only the moved gate gets a place. Empty if it stands there already.
    """
    others = [definition for definition in definitions if definition.number != number]
    index = min(position, len(others) + 1) - 1
    present = [definition.number for definition in definitions]
    order = [definition.number for definition in others]
    order.insert(index, number)
    if order == present:
        return {}
    before = others[index - 1].rank[0] if index else None
    after = others[index].rank[0] if index < len(others) else None
    place = _find_place_between(before, after)
    if place is not None:
        return {number: place}
    return {each: (n + 1) * PLACE_GAP for n, each in enumerate(order)}


def _find_place_between(before: int | None, after: int | None) -> int | None:
    """Return a place between two others, None without room."""
    if before is None:
        return (after or 0) - PLACE_GAP
    if after is None:
        return before + PLACE_GAP
    return (before + after) // 2 if after - before > 1 else None
