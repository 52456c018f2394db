"""The door for what comes in: refuses what no keyboard types, before any feature sees it."""

from collections.abc import Iterable
from urllib.parse import unquote_to_bytes, urlsplit

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
    """What another site's page caused; the forgery token protects besides."""
    if request.method in SAFE_METHODS:
        return
    origin = request.headers.get("Origin", "null")
    foreign = origin != "null" and urlsplit(origin).netloc != request.host
    if foreign or request.headers.get("Sec-Fetch-Site") in _FOREIGN:
        raise Forbidden


def _refuse_broken_text() -> None:
    """NUL bytes and text that is not Unicode have no place in a database."""
    for text in _texts():
        if "\x00" in text or any("\ud800" <= char <= "\udfff" for char in text):
            raise BadRequest


def _refuse_files() -> None:
    """No form of this portal takes a file."""
    if request.files:
        raise BadRequest


def _refuse_other_encodings() -> None:
    """Asked of the bytes: once decoded, what was wrong looks like a \ufffd that somebody pasted."""
    received = [unquote_to_bytes(request.query_string)]
    if request.mimetype == "application/x-www-form-urlencoded":
        received.append(unquote_to_bytes(request.get_data()))
    try:
        for each in received:
            each.decode()
    except UnicodeDecodeError:
        raise BadRequest from None
    by_parts = request.mimetype == "multipart/form-data"
    if "\ufffd" in request.path or (by_parts and any("\ufffd" in text for text in _texts())):
        raise BadRequest


def _texts() -> Iterable[str]:
    yield request.path
    for values in (request.args, request.form):
        for name, value in values.items(multi=True):
            yield name
            yield value
