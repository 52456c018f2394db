"""Fast entry: a line of text for each item, « bug : 3 L’export plante ». Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from portal.platform.kernel.text import fold
from portal.sprints.backlog.models import POINTS_MAX, ItemKind

# As a team would write them, in either language.
KINDS = {
    "histoire": ItemKind.STORY,
    "recit": ItemKind.STORY,
    "story": ItemKind.STORY,
    "donnee": ItemKind.DATA,
    "donnees": ItemKind.DATA,
    "data": ItemKind.DATA,
    "modele": ItemKind.MODEL,
    "model": ItemKind.MODEL,
    "constat": ItemKind.TEST_FINDING,
    "finding": ItemKind.TEST_FINDING,
    "action": ItemKind.RETRO_ACTION,
    "bug": ItemKind.BUG,
    "anomalie": ItemKind.BUG,
}
_KIND = re.compile(r"([^\W\d_]{3,10})\s?:\s*(?=\S)")
_POINTS = re.compile(r"(\d{1,3})\s+(?=\S)")
_BULLET = re.compile(r"[-*•–]\s+")


@dataclass(frozen=True, kw_only=True)
class EntryLine:
    """What a line says of an item."""

    title: str
    kind: ItemKind = ItemKind.STORY
    points: int | None = None


def parse_entry(text: str) -> Iterator[EntryLine]:
    """An item for each line that is not empty.

    A kind with a colon may come first, then a number of points; what follows is the title. A line
    that starts with a dash is a title as it stands, so that « - 3 communes » has no points.
    """
    for line in map(str.strip, text.splitlines()):
        if line:
            yield _parse_line(line)


def _parse_line(line: str) -> EntryLine:
    if bullet := _BULLET.match(line):
        return EntryLine(title=line[bullet.end() :])
    kind, points = ItemKind.STORY, None
    named = _KIND.match(line)
    if named and fold(named[1]) in KINDS:
        kind, line = KINDS[fold(named[1])], line[named.end() :]
    sized = _POINTS.match(line)
    if sized and int(sized[1]) <= POINTS_MAX:
        points, line = int(sized[1]), line[sized.end() :]
    return EntryLine(title=line, kind=kind, points=points)
