"""Crawl the pages that a person can reach by links, one for each route.

Elements and links are read from the HTML; a browser loads only pages with new elements.
"""

import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import urljoin, urlsplit

import httpx
from lxml import html
from werkzeug.exceptions import HTTPException

from tests.journeys.person import Visitor
from tests.support.live import Portal

PAGES_MAX = 250
HEADING = re.compile("h([1-6])")


@dataclass(frozen=True)
class Found:
    """A response: its HTML, path and endpoint."""

    route: str
    path: str
    text: str
    page: html.HtmlElement

    @property
    def shapes(self) -> frozenset[str]:
        """Return the kinds of elements on the page."""
        return frozenset(map(_shape, self.page.iterdescendants(html.etree.Element)))

    def faults(self) -> Iterator[str]:
        """Yield faults of its headings: exactly one h1, and no skipped level."""
        tags = (str(tag.tag) for tag in self.page.iterdescendants(html.etree.Element))
        levels = [int(heading[1]) for tag in tags if (heading := HEADING.fullmatch(tag))]
        if levels.count(1) != 1:
            yield f"{levels.count(1)} headings of the first level"
        yield from (f"h{low} after h{high}" for high, low in pairwise(levels) if low > high + 1)


def crawl(portal: Portal, visitor: Visitor, seeds: Sequence[str]) -> Iterator[Found]:
    """Yield all seeds, then one page per route, requested with the cookies of a window."""
    cookies = {one["name"]: one["value"] for one in visitor.page.context.cookies()}
    waiting = deque((seed, "a seed") for seed in seeds)
    ours = set(seeds)
    seen: set[str] = set()
    shown: set[str] = set()
    plainly = {"Accept-Encoding": "identity"}  # compression costs time on a local connection
    given = {"cookies": cookies, "headers": plainly, "follow_redirects": True}
    with httpx.Client(base_url=portal.url, **given) as client:
        while waiting:
            path, origin = waiting.popleft()
            if _endpoint(portal, path) in seen and path not in ours:
                continue
            ours.discard(path)
            seen.add(_endpoint(portal, path))
            answer = client.get(path)
            assert answer.is_success, f"{answer.status_code} on {path}, linked by {origin}"
            if not answer.headers["content-type"].startswith("text/html"):
                continue
            page, here = html.document_fromstring(answer.text), urlsplit(str(answer.url))
            landed = here.path + (f"?{here.query}" if here.query else "")
            waiting.extend((link, landed) for link in _links(portal, page, str(answer.url)))
            if landed not in shown:
                shown.add(landed)
                assert len(shown) <= PAGES_MAX, sorted(seen)
                seen.add(arrived := _endpoint(portal, landed))
                yield Found(arrived, landed, answer.text, page)


def _shape(tag: html.HtmlElement) -> str:
    above = tag.getparent()
    within = "" if above is None else f"{above.tag} {above.get('class', '')}"
    return " ".join((within, ">", str(tag.tag), tag.get("class", ""), *sorted(tag.attrib)))


def _links(portal: Portal, page: html.HtmlElement, here: str) -> list[str]:
    links = (urljoin(here, link.get("href")) for link in page.iterdescendants("a") if link.get("href"))
    inside = (link.removeprefix(portal.url) for link in links if link.startswith(portal.url))
    paths = (path.partition("#")[0] for path in inside)
    return [path for path in paths if _endpoint(portal, path)]


def _endpoint(portal: Portal, path: str) -> str:
    """Return the endpoint of a path; "" if there is none."""
    try:
        return portal.endpoint(path.partition("?")[0])
    except HTTPException:
        return ""
