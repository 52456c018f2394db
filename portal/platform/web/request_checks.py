"""The door for what comes in: refuses what no keyboard types, before any feature sees it."""

import re
from itertools import chain
from urllib.parse import unquote_to_bytes, urlsplit

from flask import Flask, current_app, g, request
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, RequestURITooLarge

from portal.platform.kernel.engines import SAFE_METHODS
from portal.platform.kernel.errors import CrossSiteRequest
from portal.platform.web.uploads import find_upload_endpoint

# What a browser says of a request that another site's page caused.
_OTHER_SITES = frozenset({"cross-site", "same-site"})
_URLENCODED = "application/x-www-form-urlencoded"
_BROKEN_TEXT = re.compile("[\x00\ud800-\udfff]")
UPLOAD_FORM_OVERHEAD = 64 * 1024  # bytes of the other fields of a form that takes a file
ADDRESS_MAX = 4000  # characters of path and query; a view of the portfolio takes some hundred


def init_app(app: Flask) -> None:
    app.before_request(_refuse_long_addresses)
    app.before_request(_refuse_other_sites)
    app.before_request(_check_body)


def check_uploads_later(app: Flask) -> None:
    """The checks that read a body, where a file may be in it: once it is known who sends it.

    Until then nothing of it is read, so that a stranger makes nobody measure their file.
    """
    app.before_request(_check_upload_body)


def _refuse_long_addresses() -> None:
    if len(request.path) + len(request.query_string) > ADDRESS_MAX:
        raise RequestURITooLarge


def _refuse_other_sites() -> None:
    """What another site's page caused; the forgery token protects besides."""
    if request.method in SAFE_METHODS:
        return
    if (
        not _is_same_origin(request.headers.get("Origin", "null"))
        or request.headers.get("Sec-Fetch-Site") in _OTHER_SITES
    ):
        raise CrossSiteRequest


def _is_same_origin(origin: str) -> bool:
    """What the browser says of the page that sends; "null" where it does not say."""
    try:
        return origin == "null" or urlsplit(origin).netloc == request.host
    except ValueError:
        return False


def _refuse_broken_text() -> None:
    """NUL bytes and text that is not Unicode have no place in a database."""
    if _BROKEN_TEXT.search(_submitted_text()):
        raise BadRequest


def _refuse_files() -> None:
    """Forms take none, but those that the roof opened for one."""
    if len(list(request.files.items(multi=True))) > (find_upload_endpoint(request) is not None):
        raise BadRequest


def _refuse_large_forms() -> None:
    """Flask holds forms that carry files to these limits, and not plain ones."""
    limits = current_app.config
    if request.mimetype == _URLENCODED and len(request.get_data()) > limits["MAX_FORM_MEMORY_SIZE"]:
        raise RequestEntityTooLarge
    if max(len(request.form), len(request.args)) > limits["MAX_FORM_PARTS"]:
        raise RequestEntityTooLarge


def _refuse_other_encodings() -> None:
    """Asked of the bytes: once decoded, what was wrong looks like something that somebody typed.

    Werkzeug leaves what is no UTF-8 as it came, `%E9`: without a `%` there is nothing to look for.
    """
    received = [request.query_string]
    if request.mimetype == _URLENCODED:
        received.append(request.get_data())
    if "%" in _submitted_text() or not all(map(bytes.isascii, received)):
        try:
            for each in received:
                unquote_to_bytes(each).decode()
        except UnicodeDecodeError:
            raise BadRequest from None
    by_parts = request.mimetype == "multipart/form-data"
    if "\ufffd" in request.path or (by_parts and "\ufffd" in _submitted_text()):
        raise BadRequest


def _submitted_text() -> str:
    """Address, names and values, one after the other: for what must stand in none of them."""
    if "all_text" not in g:  # two checks ask
        pairs = chain(request.args.items(multi=True), request.form.items(multi=True))
        g.all_text = "\n".join([request.path, *chain.from_iterable(pairs)])
    return str(g.all_text)


_BODY_CHECKS = (_refuse_other_encodings, _refuse_files, _refuse_large_forms, _refuse_broken_text)


def _check_body() -> None:
    if find_upload_endpoint(request) is None:
        _run_body_checks()


def _run_body_checks() -> None:
    for check in _BODY_CHECKS:
        check()


def _check_upload_body() -> None:
    opening = find_upload_endpoint(request)
    if opening is None:
        return
    request.max_content_length = opening.bytes_max + UPLOAD_FORM_OVERHEAD
    _run_body_checks()
