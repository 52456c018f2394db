"""Parse fast entry, one item per line: « bug : 3 L’export plante », or « 3 bug : … ». Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from portal.platform.kernel.text import fold
from portal.sprints.backlog.models import POINTS_MAX, ItemKind

# The folded words for kinds, in French and English.
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
class ParsedItemLine:
    """The item that a line describes."""

    title: str
    kind: ItemKind = ItemKind.STORY
    points: int | None = None


def parse_item_lines(text: str) -> Iterator[ParsedItemLine]:
    """An item per non-empty line: optional kind with colon and optional points, then the title.

    After a dash or bullet the whole line is the title, so that « - 3 communes » has no points.
    """
    for line in map(str.strip, text.splitlines()):
        if line:
            yield _parse_line(line)


def _parse_line(line: str) -> ParsedItemLine:
    if bullet := _BULLET.match(line):
        return ParsedItemLine(title=line[bullet.end() :])
    kind, points = None, None
    for _mark in range(2):  # in either order
        named = _KIND.match(line)
        if kind is None and named and fold(named[1]) in KINDS:
            kind, line = KINDS[fold(named[1])], line[named.end() :]
        sized = _POINTS.match(line)
        if points is None and sized and int(sized[1]) <= POINTS_MAX:
            points, line = int(sized[1]), line[sized.end() :]
    return ParsedItemLine(title=line, kind=kind or ItemKind.STORY, points=points)
