"""What features add to a digest besides notifications: lines about the reader's projects."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from portal.platform.kernel.access import Actor
from portal.platform.kernel.contributions import Contribution
from portal.platform.kernel.text import LazyString


@dataclass(frozen=True)
class DigestLine:
    """A sentence about a project, without text that people typed, and the path of its page."""

    place: str
    sentence: str
    path: str


@dataclass(frozen=True, eq=False)
class DigestSection(Contribution):
    """A list under a title; `list_lines` returns what the reader may see, in a constant number of
    statements, nothing to leave it out."""

    title: LazyString
    list_lines: Callable[[Actor], Sequence[DigestLine]]
