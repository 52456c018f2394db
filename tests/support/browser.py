"""A test client that follows redirects, parses pages and checks every page it reads."""

from collections import Counter
from functools import cache
from typing import cast

from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from lxml import etree, html
from werkzeug.local import LocalProxy
from werkzeug.test import TestResponse

from portal.platform.kernel.database import db

INLINE = {"style", "onclick", "onload"}


class Browser:
    """A signed-in test client; `htmx=True` sends HTMX headers and expects fragments."""

    def __init__(self, client: FlaskClient, *, htmx: bool = False) -> None:
        self.client = client
        self.htmx = htmx

    def with_htmx(self) -> "Browser":
        return Browser(self.client, htmx=True)

    def visit(self, url: str, *, expect: int = 200) -> BeautifulSoup:
        return self._read(self.open(url, method="GET", follow_redirects=True), expect)

    def submit(self, url: str, *, expect: int = 200, **data: object) -> BeautifulSoup:
        """POST form fields and follow the redirect; a field that is None is left out."""
        typed = {name: value for name, value in data.items() if value is not None}
        return self._read(self.open(url, method="POST", data=typed, follow_redirects=True), expect)

    def open(self, url: str, *, follow_redirects: bool = False, **request: object) -> TestResponse:
        """Return the raw response. Ends the test's transaction first: a request has its own."""
        db.session.commit()
        headers = {"HX-Request": "true"} if self.htmx else {}
        with self.client.application.app_context():
            response = self.client.open(url, headers=headers, **request)
        if follow_redirects and "Location" in response.headers:
            return self.open(response.headers["Location"], method="GET", follow_redirects=True)
        return response

    def _read(self, response: TestResponse, expect: int) -> BeautifulSoup:
        text = response.text
        assert response.status_code == expect, f"{response.status_code}\n{text[:3000]}"
        # lxml would wrap a fragment in a page.
        is_page = text.lstrip()[:9].lower() == "<!doctype"
        if response.mimetype == "text/html" and text:
            inspect(text, whole=is_page or not self.htmx)
        # Most pages are only checked; parsing with BeautifulSoup takes ten times as long.
        soup = cache(lambda: BeautifulSoup(text, "lxml" if is_page else "html.parser"))
        return cast(BeautifulSoup, LocalProxy(soup))


def inspect(text: str, *, whole: bool = True) -> None:
    """Check invariants of every page: unique ids, labelled fields, one h1 repeated by the title."""
    page = html.document_fromstring(text)
    tags = list(page.iter(etree.Element))
    ids = Counter(tag.get("id") for tag in tags if tag.get("id") is not None)
    twice = {id_ for id_, times in ids.items() if times > 1}
    assert not twice, f"ids that stand twice: {twice}"
    labelled = {tag.get("for") for tag in tags if tag.tag == "label"}
    for field in filter(_is_typed_in, tags):
        has_label = field.get("aria-label") or field.get("id", "") in labelled
        assert has_label or next(field.iterancestors("label"), None) is not None, (
            f"a field without a label: {_shown(field)}"
        )
    for form in tags:
        if form.tag == "form" and form.get("method", "").lower() == "post":
            names = {tag.get("name") for tag in form.iter(etree.Element)}
            assert "csrf_token" in names, f"a form without its token: {form.get('action')}"
    assert not list(map(_shown, filter(_is_inline, tags))), "inline style or script"
    if not whole:
        return
    headings = [tag for tag in tags if tag.tag == "h1"]
    assert len(headings) == 1, f"a page has one h1, not {list(map(_shown, headings))}"
    title, heading = _words(page.findtext(".//title") or ""), _words(headings[0].text_content())
    assert title.startswith(heading), f"{title!r} does not start with {heading!r}"


def _is_typed_in(tag: html.HtmlElement) -> bool:
    if tag.tag == "input":
        return tag.get("type", "").lower() not in {"hidden", "submit"}
    return tag.tag in {"select", "textarea"}


def _is_inline(tag: html.HtmlElement) -> bool:
    return (tag.tag == "script" and not tag.get("src")) or not INLINE.isdisjoint(tag.keys())


def _shown(tag: html.HtmlElement) -> str:
    return str(html.tostring(tag, encoding="unicode", with_tail=False))


def _words(text: str) -> str:
    return " ".join(text.split())


def words_of(tag: object) -> str:
    """Return the text of a tag with single plain spaces."""
    return _words(tag.text.replace("\xa0", " "))  # type: ignore[attr-defined]
