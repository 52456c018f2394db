"""Every page that somebody can reach by links, one for each route."""

from collections import deque
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from werkzeug.exceptions import HTTPException

from tests.journeys.person import Visitor
from tests.support.live import Portal

PAGES_MAX = 150
LINKS = "() => [...document.querySelectorAll('a[href]')].map((link) => link.href)"


def crawl(portal: Portal, visitor: Visitor, seeds: Sequence[str]) -> Iterator[tuple[str, str]]:
    """(endpoint, path) of each page while it is shown; the seeds all, then a page per route."""
    waiting = deque(seeds)
    ours = set(seeds)
    seen: set[str] = set()
    shown: set[str] = set()
    while waiting:
        path = waiting.popleft()
        if _endpoint(portal, path) in seen and path not in ours:
            continue
        ours.discard(path)
        seen.add(_endpoint(portal, path))
        visitor.page.goto(portal.url + path)
        here = urlsplit(visitor.page.url)
        landed = here.path + (f"?{here.query}" if here.query else "")
        waiting.extend(_links(portal, visitor))
        if landed not in shown:
            shown.add(landed)
            assert len(shown) <= PAGES_MAX, sorted(seen)
            seen.add(arrived := _endpoint(portal, landed))
            yield arrived, landed


def _links(portal: Portal, visitor: Visitor) -> list[str]:
    links = visitor.page.evaluate(LINKS)
    inside = (link.removeprefix(portal.url) for link in links if link.startswith(portal.url))
    paths = (path.partition("#")[0] for path in inside)
    return [path for path in paths if _endpoint(portal, path)]


def _endpoint(portal: Portal, path: str) -> str:
    """What answers a path; empty when nothing does."""
    try:
        return portal.endpoint(path.partition("?")[0])
    except HTTPException:
        return ""
