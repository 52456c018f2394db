"""A browser for tests: reads pages as a person would, and inspects every page it reads."""

from collections import Counter

from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.kernel.db import db

INLINE = {"style", "onclick", "onload"}


class Browser:
    """`htmx=True` asks as htmx does, and expects fragments."""

    def __init__(self, client: FlaskClient, *, htmx: bool = False) -> None:
        self.client = client
        self.htmx = htmx

    def with_htmx(self) -> "Browser":
        return Browser(self.client, htmx=True)

    def visit(self, url: str, *, expect: int = 200) -> BeautifulSoup:
        return self._read(self.open(url, method="GET", follow_redirects=True), expect)

    def submit(self, url: str, *, expect: int = 200, **data: object) -> BeautifulSoup:
        """Post what was typed and go where it leads; None leaves a field out."""
        typed = {name: value for name, value in data.items() if value is not None}
        return self._read(self.open(url, method="POST", data=typed, follow_redirects=True), expect)

    def open(self, url: str, *, follow_redirects: bool = False, **request: object) -> TestResponse:
        """The bare answer. The test's own transaction ends first, each request has its own."""
        db.session.commit()
        headers = {"HX-Request": "true"} if self.htmx else {}
        with self.client.application.app_context():
            response = self.client.open(url, headers=headers, **request)
        if follow_redirects and "Location" in response.headers:
            return self.open(response.headers["Location"], method="GET", follow_redirects=True)
        return response

    def _read(self, response: TestResponse, expect: int) -> BeautifulSoup:
        assert response.status_code == expect, f"{response.status_code}\n{response.text[:3000]}"
        # lxml would make a page of a fragment.
        is_page = response.text.lstrip()[:9].lower() == "<!doctype"
        page = BeautifulSoup(response.text, "lxml" if is_page else "html.parser")
        if response.mimetype == "text/html" and response.text:
            inspect(page, fragment=self.htmx)
        return page


def inspect(page: BeautifulSoup, *, fragment: bool) -> None:
    """What holds for every page: unique ids, labelled fields, one h1 that the title repeats.

    One walk over the page, since each selector would be another and every test reads pages.
    """
    tags = page.find_all(True)
    ids = Counter(tag["id"] for tag in tags if tag.has_attr("id"))
    twice = {id_ for id_, times in ids.items() if times > 1}
    assert not twice, f"ids that stand twice: {twice}"
    labelled = {tag.get("for") for tag in tags if tag.name == "label"}
    for field in filter(_is_typed_in, tags):
        has_label = field.get("aria-label") or field.get("id", "") in labelled
        assert has_label or field.find_parent("label"), f"a field without a label: {field}"
    for form in tags:
        if form.name == "form" and form.get("method", "").lower() == "post":
            assert form.find(attrs={"name": "csrf_token"}), (
                f"a form without its token: {form.get('action')}"
            )
    assert not list(filter(_is_inline, tags)), "inline style or script"
    if fragment and page.html is None:
        return
    headings = [tag for tag in tags if tag.name == "h1"]
    assert len(headings) == 1, f"a page has one h1, not {headings}"
    assert page.title is not None
    title, heading = _words(page.title.text), _words(headings[0].text)
    assert title.startswith(heading), f"{title!r} does not start with {heading!r}"


def _is_typed_in(tag: Tag) -> bool:
    if tag.name == "input":
        return tag.get("type", "").lower() not in {"hidden", "submit"}
    return tag.name in {"select", "textarea"}


def _is_inline(tag: Tag) -> bool:
    return (tag.name == "script" and not tag.has_attr("src")) or not INLINE.isdisjoint(tag.attrs)


def _words(text: str) -> str:
    return " ".join(text.split())


def words_of(tag: object) -> str:
    """The text of a tag with plain single spaces."""
    return _words(tag.text.replace("\xa0", " "))  # type: ignore[attr-defined]
