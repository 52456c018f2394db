"""Every page that somebody can reach by links, one for each route."""

from collections import deque
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from werkzeug.exceptions import HTTPException

from tests.journeys.person import Visitor
from tests.support.live import Portal

PAGES_MAX = 60
LINKS = "() => [...document.querySelectorAll('a[href]')].map((link) => link.href)"


def crawl(portal: Portal, visitor: Visitor, seeds: Iterable[str]) -> Iterator[tuple[str, str]]:
    """(endpoint, path) of each page while it is shown; the seeds all, then a page per route."""
    waiting = deque((seed, True) for seed in seeds)
    seen: set[str] = set()
    shown: set[str] = set()
    for _page in range(PAGES_MAX):
        endpoint = ""
        while waiting and (not endpoint or (endpoint in seen and not wanted)):
            path, wanted = waiting.popleft()
            endpoint = _endpoint(portal, path)
        if not endpoint or (endpoint in seen and not wanted):
            return
        seen.add(endpoint)
        visitor.page.goto(portal.url + path)
        here = urlsplit(visitor.page.url)
        landed = here.path + (f"?{here.query}" if here.query else "")
        waiting.extend((link, False) for link in _links(portal, visitor))
        if landed not in shown:
            shown.add(landed)
            seen.add(arrived := _endpoint(portal, here.path))
            yield arrived, landed
    raise AssertionError(f"more than {PAGES_MAX} pages: {sorted(seen)}")


def _links(portal: Portal, visitor: Visitor) -> list[str]:
    links = visitor.page.evaluate(LINKS)
    inside = (link.removeprefix(portal.url) for link in links if link.startswith(portal.url))
    return [path.partition("#")[0] for path in inside]


def _endpoint(portal: Portal, path: str) -> str:
    """What answers a path; empty when nothing does."""
    try:
        return portal.endpoint(path.partition("?")[0])
    except HTTPException:
        return ""
