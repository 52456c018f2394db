"""The door for what comes in: refuses what no keyboard types, before any feature sees it."""

from collections.abc import Iterable
from urllib.parse import unquote_to_bytes

from flask import Flask, request
from werkzeug.exceptions import BadRequest, Forbidden

from portal.kernel.engines import SAFE_METHODS

# What a browser says of a request that another site's page caused.
_FOREIGN = frozenset({"cross-site", "same-site"})


def init_app(app: Flask) -> None:
    app.before_request(_refuse_other_sites)
    app.before_request(_refuse_other_encodings)
    app.before_request(_refuse_files)
    app.before_request(_refuse_broken_text)


def _refuse_other_sites() -> None:
    if request.method not in SAFE_METHODS and request.headers.get("Sec-Fetch-Site") in _FOREIGN:
        raise Forbidden


def _refuse_broken_text() -> None:
    """NUL bytes and text that is not Unicode have no place in a database."""
    for text in _texts():
        if "\x00" in text or "\ufffd" in text or any("\ud800" <= char <= "\udfff" for char in text):
            raise BadRequest


def _refuse_files() -> None:
    """No form of this portal takes a file."""
    if request.files:
        raise BadRequest


def _refuse_other_encodings() -> None:
    if request.mimetype == "application/x-www-form-urlencoded":
        try:
            unquote_to_bytes(request.get_data()).decode()
        except UnicodeDecodeError:
            raise BadRequest from None


def _texts() -> Iterable[str]:
    yield request.path
    yield unquote_to_bytes(request.query_string).decode("utf-8", "replace")
    for values in (request.args, request.form):
        for name, value in values.items(multi=True):
            yield name
            yield value
