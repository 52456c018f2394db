"""What a browser fetches for a page: with an empty cache, and when it has been there before."""

import gzip
import http.client
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

import brotli

from bench import serving
from bench.pages import Visitor
from bench.serving import Base

_LINKED = re.compile(r'<(?:link|script|img)\b[^>]*?(?:href|src)="(/static/[^"]+)"[^>]*>')
_IN_CSS = re.compile(r'url\("?([^")]+)"?\)')
_FACE = re.compile(r"@font-face\s*{[^}]*}")
_RANGES = re.compile(r"unicode-range:\s*([^;}]+)")


def of_brand(base: Base, brand: str) -> Iterator[dict[str, Any]]:
    """Bytes of bodies as transferred (brotli where it is offered), and how many requests."""
    visitor = Visitor(base, BRAND=brand)
    lead, member = base.cast.leads[0], base.cast.members[0]
    with serving.serve(base, BRAND=brand) as portal:
        for name, seat, path in (
            ("portfolio", lead, "/portfolio"),
            ("project", member, member.project),
            ("sprint", member, member.sprint),
        ):
            browser = _Browser(portal.port, visitor.cookie(seat))
            cold = browser.visit(path)
            cold_requests = browser.requests
            warm = browser.visit(path)
            yield {"brand": brand, "page": name, "cold": cold, "cold_requests": cold_requests, "warm": warm}


class _Browser:
    """Fetches a page with all it links, keeps what it is told to keep."""

    def __init__(self, port: int, cookie: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port)
        self.cookie = cookie
        self.kept: dict[str, str] = {}
        self.requests = 0

    def visit(self, path: str) -> int:
        """Bytes transferred."""
        self.requests, weight = 0, 0
        html, size = self._fetch(path)
        weight += size
        for asset in dict.fromkeys(_assets_of(html)):
            text, size = self._fetch(asset)
            weight += size
            if asset.endswith(".css"):
                for face in fonts_used(text, html):
                    weight += self._fetch(urljoin(asset, face))[1]
        return weight

    def _fetch(self, path: str) -> tuple[str, int]:
        if path in self.kept:
            return self.kept[path], 0
        headers = {"Accept-Encoding": "br, gzip", "Cookie": self.cookie, "Host": "127.0.0.1"}
        headers["Sec-Fetch-Site"] = "same-origin"
        self.connection.request("GET", path, headers=headers)
        answer = self.connection.getresponse()
        body = answer.read()
        assert answer.status == 200, (path, answer.status)
        self.requests += 1
        text = _decoded(body, answer.headers.get("Content-Encoding", ""))
        if "immutable" in answer.headers.get("Cache-Control", ""):
            self.kept[path] = text
        return text, len(body)


def _decoded(body: bytes, encoding: str) -> str:
    if encoding == "br":
        body = brotli.decompress(body)
    elif encoding == "gzip":
        body = gzip.decompress(body)
    return body.decode("utf-8", "replace")


def _assets_of(html: str) -> Iterator[str]:
    """What the page links: but of several icons, a browser takes one."""
    icons = 0
    for found in _LINKED.finditer(html):
        if re.search(r'rel="[^"]*icon', found[0]):
            icons += 1
            if icons > 1:
                continue
        yield found[1]


def fonts_used(css: str, html: str) -> Iterator[str]:
    """The faces a text page draws with: regular and bold, upright, of the characters that it has."""
    characters = set(map(ord, html))
    for face in _FACE.findall(css):
        if re.search(r"font-style:\s*italic", face):
            continue
        if "Spectral" in face or not re.search(r"font-weight:\s*(400|700)", face):
            continue
        ranges = _RANGES.search(face)
        if ranges and characters.isdisjoint(_list_characters(ranges[1])):
            continue
        for url in _IN_CSS.findall(face):
            if url.endswith(".woff2"):
                yield url
                break


def _list_characters(ranges: str) -> Iterator[int]:
    """The code points of a `unicode-range` without wildcards."""
    for each in ranges.split(","):
        first, _, last = each.strip().removeprefix("U+").partition("-")
        yield from range(int(first, 16), int(last or first, 16) + 1)
