"""The door for what comes in: refuses what no keyboard types, before any feature sees it."""

import re
from itertools import chain
from urllib.parse import unquote_to_bytes, urlsplit

from flask import Flask, current_app, g, request
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, RequestURITooLarge

from portal.kernel.engines import SAFE_METHODS
from portal.kernel.errors import FromElsewhere
from portal.web.passing import opening_of

# What a browser says of a request that another site's page caused.
_FOREIGN = frozenset({"cross-site", "same-site"})
_PLAIN_FORM = "application/x-www-form-urlencoded"
_BROKEN = re.compile("[\x00\ud800-\udfff]")
AROUND_FILE = 64 * 1024  # bytes of the other fields of a form that takes a file
ADDRESS_MAX = 4000  # characters of path and query; a view of the portfolio takes some hundred


def init_app(app: Flask) -> None:
    app.before_request(_refuse_long_addresses)
    app.before_request(_refuse_other_sites)
    app.before_request(_read)


def let_files_pass(app: Flask) -> None:
    """The checks that read a body, where a file may be in it: once it is known who sends it.

    Until then nothing of it is read, so that a stranger makes nobody measure their file.
    """
    app.before_request(_read_with_file)


def _refuse_long_addresses() -> None:
    if len(request.path) + len(request.query_string) > ADDRESS_MAX:
        raise RequestURITooLarge


def _refuse_other_sites() -> None:
    """What another site's page caused; the forgery token protects besides."""
    if request.method in SAFE_METHODS:
        return
    if (
        not _is_ours(request.headers.get("Origin", "null"))
        or request.headers.get("Sec-Fetch-Site") in _FOREIGN
    ):
        raise FromElsewhere


def _is_ours(origin: str) -> bool:
    """What the browser says of the page that sends; "null" where it does not say."""
    try:
        return origin == "null" or urlsplit(origin).netloc == request.host
    except ValueError:
        return False


def _refuse_broken_text() -> None:
    """NUL bytes and text that is not Unicode have no place in a database."""
    if _BROKEN.search(_all_text()):
        raise BadRequest


def _refuse_files() -> None:
    """Forms take none, but those that the roof opened for one."""
    if len(list(request.files.items(multi=True))) > (opening_of(request) is not None):
        raise BadRequest


def _refuse_large_forms() -> None:
    """Flask holds forms that carry files to these limits, and not plain ones."""
    limits = current_app.config
    if request.mimetype == _PLAIN_FORM and len(request.get_data()) > limits["MAX_FORM_MEMORY_SIZE"]:
        raise RequestEntityTooLarge
    if max(len(request.form), len(request.args)) > limits["MAX_FORM_PARTS"]:
        raise RequestEntityTooLarge


def _refuse_other_encodings() -> None:
    """Asked of the bytes: once decoded, what was wrong looks like something that somebody typed.

    Werkzeug leaves what is no UTF-8 as it came, `%E9`: without a `%` there is nothing to look for.
    """
    received = [request.query_string]
    if request.mimetype == _PLAIN_FORM:
        received.append(request.get_data())
    if "%" in _all_text() or not all(map(bytes.isascii, received)):
        try:
            for each in received:
                unquote_to_bytes(each).decode()
        except UnicodeDecodeError:
            raise BadRequest from None
    by_parts = request.mimetype == "multipart/form-data"
    if "\ufffd" in request.path or (by_parts and "\ufffd" in _all_text()):
        raise BadRequest


def _all_text() -> str:
    """Address, names and values, one after the other: for what must stand in none of them."""
    if "all_text" not in g:  # two checks ask
        pairs = chain(request.args.items(multi=True), request.form.items(multi=True))
        g.all_text = "\n".join([request.path, *chain.from_iterable(pairs)])
    return str(g.all_text)


_READING = (_refuse_other_encodings, _refuse_files, _refuse_large_forms, _refuse_broken_text)


def _read() -> None:
    if opening_of(request) is None:
        _check_all()


def _check_all() -> None:
    for check in _READING:
        check()


def _read_with_file() -> None:
    opening = opening_of(request)
    if opening is None:
        return
    request.max_content_length = opening.largest + AROUND_FILE
    _check_all()
