"""What features contribute to one another's pages, inboxes and calendars, found by its type.

A feature that has a place for others defines a kind of `Contribution` and reads
`list_contributions(Kind)`; features above it bring theirs in `feature.py`. So a lower feature shows what a
higher one knows without importing it.
"""

from collections.abc import Sequence
from typing import TypeVar, cast


class Contribution:
    """What one feature brings to the place of another; each kind is a class of its own."""


Kind = TypeVar("Kind", bound=Contribution)

_registered: list[Contribution] = []
_by_kind: dict[type[Contribution], tuple[Contribution, ...]] = {}


def register_contributions(contributions: Sequence[Contribution]) -> None:
    """Make these the contributions of this process, in this order; the application does so once."""
    _registered[:] = contributions
    _by_kind.clear()


def list_contributions(kind: type[Kind]) -> tuple[Kind, ...]:
    """All contributions of a kind, in the order of the features."""
    if kind not in _by_kind:
        _by_kind[kind] = tuple(each for each in _registered if isinstance(each, kind))
    return cast("tuple[Kind, ...]", _by_kind[kind])
