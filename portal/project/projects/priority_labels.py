"""What matters now: a few headings, a few lines under each, each with a link."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class PriorityLine:
    """A line of text that links to where one acts on it, followed by a small `note`.

    `badge` is a state in one or two words before it, styled as `kind` (success, warning, error,
    info).
    """

    text: str
    url: str
    note: str = ""
    badge: str = ""
    kind: str | None = None


@dataclass(frozen=True, kw_only=True)
class PriorityGroup:
    """A heading and its lines; without lines, the sentence `nothing` and the link `start`."""

    title: str
    points: Sequence[PriorityLine] = ()
    nothing: str = ""
    start: PriorityLine | None = None
