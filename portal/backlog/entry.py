"""Fast entry: a line of text for each item, « bug : 3 L’export plante ». Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from portal.backlog.models import POINTS_MAX, Kind
from portal.kernel.text import fold

# As a team would write them, in either language.
KINDS = {
    "histoire": Kind.STORY,
    "recit": Kind.STORY,
    "story": Kind.STORY,
    "donnee": Kind.DATA,
    "donnees": Kind.DATA,
    "data": Kind.DATA,
    "modele": Kind.MODEL,
    "model": Kind.MODEL,
    "constat": Kind.TEST_FINDING,
    "finding": Kind.TEST_FINDING,
    "action": Kind.RETRO_ACTION,
    "bug": Kind.BUG,
    "anomalie": Kind.BUG,
}
_KIND = re.compile(r"([^\W\d_]{3,10})\s?:\s*(?=\S)")
_POINTS = re.compile(r"(\d{1,3})\s+(?=\S)")
_BULLET = re.compile(r"[-*•–]\s+")


@dataclass(frozen=True, kw_only=True)
class Typed:
    """What a line says of an item."""

    title: str
    kind: Kind = Kind.STORY
    points: int | None = None


def parse(text: str) -> Iterator[Typed]:
    """An item for each line that is not empty.

    A kind with a colon may come first, then a number of points; what follows is the title. A line
    that starts with a dash is a title as it stands, so that « - 3 communes » has no points.
    """
    for line in map(str.strip, text.splitlines()):
        if line:
            yield _parse_line(line)


def _parse_line(line: str) -> Typed:
    if bullet := _BULLET.match(line):
        return Typed(title=line[bullet.end() :])
    kind, points = Kind.STORY, None
    named = _KIND.match(line)
    if named and fold(named[1]) in KINDS:
        kind, line = KINDS[fold(named[1])], line[named.end() :]
    sized = _POINTS.match(line)
    if sized and int(sized[1]) <= POINTS_MAX:
        points, line = int(sized[1]), line[sized.end() :]
    return Typed(title=line, kind=kind, points=points)
