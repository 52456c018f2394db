"""The door for what comes in: refuses what no keyboard types, before any feature sees it."""

import re
from collections.abc import Iterable
from urllib.parse import unquote_to_bytes

from flask import Flask, current_app, request
from werkzeug.exceptions import BadRequest, Forbidden, RequestEntityTooLarge, RequestURITooLarge

from portal.kernel.engines import SAFE_METHODS

# What a browser says of a request that another site's page caused.
_FOREIGN = frozenset({"cross-site", "same-site"})
_PLAIN_FORM = "application/x-www-form-urlencoded"
_BROKEN = re.compile("[\x00\ufffd\ud800-\udfff]")
ADDRESS_MAX = 4000  # characters of path and query; a view of the portfolio takes some hundred


def init_app(app: Flask) -> None:
    app.before_request(_refuse_long_addresses)
    app.before_request(_refuse_other_sites)
    app.before_request(_refuse_other_encodings)
    app.before_request(_refuse_files)
    app.before_request(_refuse_large_forms)
    app.before_request(_refuse_broken_text)


def _refuse_long_addresses() -> None:
    if len(request.path) + len(request.query_string) > ADDRESS_MAX:
        raise RequestURITooLarge


def _refuse_other_sites() -> None:
    if request.method not in SAFE_METHODS and request.headers.get("Sec-Fetch-Site") in _FOREIGN:
        raise Forbidden


def _refuse_broken_text() -> None:
    """NUL bytes and text that is not Unicode have no place in a database."""
    for text in _texts():
        if _BROKEN.search(text):
            raise BadRequest


def _refuse_files() -> None:
    """No form of this portal takes a file."""
    if request.files:
        raise BadRequest


def _refuse_large_forms() -> None:
    """Flask holds forms that carry files to these limits, and not plain ones."""
    limits = current_app.config
    if request.mimetype == _PLAIN_FORM and len(request.get_data()) > limits["MAX_FORM_MEMORY_SIZE"]:
        raise RequestEntityTooLarge
    if max(len(request.form), len(request.args)) > limits["MAX_FORM_PARTS"]:
        raise RequestEntityTooLarge


def _refuse_other_encodings() -> None:
    if request.mimetype == _PLAIN_FORM:
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
