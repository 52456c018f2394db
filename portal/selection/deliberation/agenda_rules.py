"""Order of the day: the fewest jurors leave the room between two applications.

Whoever is in conflict with an application leaves before it is discussed. Going from one application
to the next costs as many leavings as there are people who must be out now and were in before.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Generic, TypeVar

Item = TypeVar("Item", bound=Hashable)
Person = TypeVar("Person", bound=Hashable)
EXACT_MAX = 9  # different groups of absent people for which all orders are compared


@dataclass(frozen=True)
class AgendaStep(Generic[Item, Person]):
    """An application on the agenda: who is out of the room, who leaves now, who comes back."""

    item: Item
    absent: frozenset[Person]
    leaving: frozenset[Person]
    returning: frozenset[Person]


def order_agenda(absences: Mapping[Item, frozenset[Person]]) -> Sequence[AgendaStep[Item, Person]]:
    """Order applications; those with the same people out stay together, in the order given."""
    groups: dict[frozenset[Person], list[Item]] = {}
    for item, absent in absences.items():
        groups.setdefault(absent, []).append(item)
    sets = list(groups)
    order = _order_exactly(sets) if len(sets) <= EXACT_MAX else _order_greedily(sets)
    steps = []
    before: frozenset[Person] = frozenset()
    for absent in order:
        for item in groups[absent]:
            steps.append(AgendaStep(item, absent, absent - before, before - absent))
            before = absent
    return steps


def count_leavings(order: Sequence[frozenset[Person]]) -> int:
    """How many times somebody leaves, starting with everybody in the room."""
    return sum(len(after - before) for before, after in pairwise([frozenset(), *order]))


def _order_exactly(sets: Sequence[frozenset[Person]]) -> Sequence[frozenset[Person]]:
    """The best order of all, by dynamic programming over subsets (Held and Karp)."""
    best: dict[tuple[int, int], tuple[int, tuple[int, ...]]] = {
        (1 << n, n): (len(group), (n,)) for n, group in enumerate(sets)
    }
    for _length in range(1, len(sets)):
        longer: dict[tuple[int, int], tuple[int, tuple[int, ...]]] = {}
        for (mask, last), (cost, path) in best.items():
            for n, group in enumerate(sets):
                if mask & (1 << n):
                    continue
                candidate = cost + len(group - sets[last]), (*path, n)
                key = mask | (1 << n), n
                if key not in longer or candidate < longer[key]:
                    longer[key] = candidate
        best = longer
    if not best:
        return []
    _cost, path = min(best.values())
    return [sets[n] for n in path]


def _order_greedily(sets: Sequence[frozenset[Person]]) -> Sequence[frozenset[Person]]:
    """Each group is inserted where it costs least, then moved while that helps."""
    order: list[frozenset[Person]] = []
    for group in sorted(sets, key=len):
        order = min(([*order[:n], group, *order[n:]] for n in range(len(order) + 1)), key=count_leavings)
    improved = True
    while improved:
        improved = False
        for group in list(order):
            rest = [other for other in order if other != group]
            moved = min(([*rest[:n], group, *rest[n:]] for n in range(len(rest) + 1)), key=count_leavings)
            if count_leavings(moved) < count_leavings(order):
                order, improved = moved, True
    return min(order, list(sets), key=count_leavings)
