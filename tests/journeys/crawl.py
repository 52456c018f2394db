"""Every page that somebody can reach by links, one for each route.

What a page is made of and where it leads is read from its HTML; a browser is only needed to look
at one that is made of something new.
"""

import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, Tag
from werkzeug.exceptions import HTTPException

from tests.journeys.person import Visitor
from tests.support.live import Portal

PAGES_MAX = 200


@dataclass(frozen=True)
class Found:
    """A page as it was sent, where it is, and what answers there."""

    route: str
    path: str
    page: BeautifulSoup

    @property
    def shapes(self) -> frozenset[str]:
        """The kinds of elements that it is made of, wherever and however often."""
        tags = (tag for tag in self.page.find_all(True) if tag.parent)
        return frozenset(" ".join(_shape(tag)) for tag in tags)

    @property
    def outline(self) -> str:
        """Its headings by their levels, a run of the same one as one."""
        levels = (tag.name for tag in self.page.find_all(re.compile("^h[1-6]$")))
        return " ".join(level for level, _ in groupby(levels))


def crawl(portal: Portal, visitor: Visitor, seeds: Sequence[str]) -> Iterator[Found]:
    """The seeds all, then a page per route."""
    waiting = deque((seed, "a seed") for seed in seeds)
    ours = set(seeds)
    seen: set[str] = set()
    shown: set[str] = set()
    while waiting:
        path, origin = waiting.popleft()
        if _endpoint(portal, path) in seen and path not in ours:
            continue
        ours.discard(path)
        seen.add(_endpoint(portal, path))
        answer = visitor.page.request.get(portal.url + path)
        assert answer.status < 400, f"{answer.status} on {path}, linked by {origin}"
        if not answer.headers["content-type"].startswith("text/html"):
            continue
        page, here = BeautifulSoup(answer.text(), "html.parser"), urlsplit(answer.url)
        landed = here.path + (f"?{here.query}" if here.query else "")
        waiting.extend((link, landed) for link in _links(portal, page, answer.url))
        if landed not in shown:
            shown.add(landed)
            assert len(shown) <= PAGES_MAX, sorted(seen)
            seen.add(arrived := _endpoint(portal, landed))
            yield Found(arrived, landed, page)


def _shape(tag: Tag) -> Iterator[str]:
    above = tag.parent
    assert above is not None
    yield from (above.name, *above.get_attribute_list("class"), ">", tag.name)
    yield from (*tag.get_attribute_list("class"), *sorted(tag.attrs))


def _links(portal: Portal, page: BeautifulSoup, here: str) -> list[str]:
    links = (urljoin(here, str(link["href"])) for link in page.find_all("a", href=True))
    inside = (link.removeprefix(portal.url) for link in links if link.startswith(portal.url))
    paths = (path.partition("#")[0] for path in inside)
    return [path for path in paths if _endpoint(portal, path)]


def _endpoint(portal: Portal, path: str) -> str:
    """What answers a path; empty when nothing does."""
    try:
        return portal.endpoint(path.partition("?")[0])
    except HTTPException:
        return ""
