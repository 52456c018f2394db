"""Every GET door of the portal that the scene of a call can fill, and pages without what is random."""

import re
from collections.abc import Callable, Iterator

from flask import Flask
from werkzeug.routing import BuildError

from portal.people.accounts.models import Person
from tests.support import api
from tests.support.browser import Browser

# Tokens of forms, keys of new rows, ids of requests, hours; ids of stored rows stay as they are.
_RANDOM = re.compile(
    r"[A-Za-z0-9_-]{40,}\.[A-Za-z0-9_.-]{20,}|\b[0-9a-f]{32}\b|nonce=\"[^\"]*\"|T[\d:]+\.\d+|\b\d\d:\d\d\b"
)
_PERSON = re.compile(r'data-person="[^"]*"')
EXPORTS = ("csv", "json")
SKIPPED = {"static", "accounts.sign_out", "gallery.page", "metrics.serve_metrics"}


def list_paths(app: Flask, fills: list[dict[str, object]]) -> Iterator[str]:
    """The address of each GET route that a set of values fills."""
    paths = set()
    with app.test_request_context():
        adapter = app.create_url_adapter(None) or app.url_map.bind("localhost")
        for rule in app.url_map.iter_rules():
            if "GET" not in (rule.methods or ()) or rule.endpoint in SKIPPED:
                continue
            for values in fills:
                if rule.arguments <= values.keys():
                    try:
                        own = {name: values[name] for name in rule.arguments}
                        paths.add(adapter.build(rule.endpoint, own, "GET"))
                    except (BuildError, ValueError):
                        continue
    yield from sorted(paths)


def open_with_token(browser_for: Callable[[Person | None], Browser], person: Person | None) -> Browser:
    """A browser in which a person is signed in and that holds a token of theirs for the API."""
    browser = browser_for(person)
    if person is not None:
        browser.client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {api.token(person)}"
    return browser


def answer(browser: Browser, path: str, *, method: str = "GET") -> tuple[int, str, str]:
    """Status, place and text of an answer, without what is random."""
    response = browser.open(path, method=method)
    has_token = "HTTP_AUTHORIZATION" in browser.client.environ_base
    assert not (has_token and response.status_code == 429), f"too many requests say nothing: {path}"
    text = response.get_data(as_text=True) if _is_text(response.mimetype) else ""
    text = _PERSON.sub("", _RANDOM.sub("", text))
    return response.status_code, response.headers.get("Location", ""), text


def _is_text(mimetype: str) -> bool:
    return mimetype.startswith("text/") or mimetype.endswith("json")
