"""Checks of every request before its view: size, origin, encoding, files."""

import re
from itertools import chain
from urllib.parse import unquote_to_bytes, urlsplit

from flask import Flask, current_app, g, request
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, RequestURITooLarge

from portal.platform.kernel.engines import SAFE_METHODS
from portal.platform.kernel.errors import CrossSiteRequest
from portal.platform.web.api_origins import is_from_allowed_origin
from portal.platform.web.uploads import find_upload_endpoint

# `Sec-Fetch-Site` of requests caused by a page of another site.
_OTHER_SITES = frozenset({"cross-site", "same-site"})
_URLENCODED = "application/x-www-form-urlencoded"
_MULTIPART = "multipart/form-data"
_BROKEN_TEXT = re.compile("[\x00\ud800-\udfff]")
UPLOAD_FORM_OVERHEAD = 64 * 1024  # bytes for the other fields of a form with a file
ADDRESS_MAX = 4000  # characters of path and query; portfolio filters take some hundred


def init_app(app: Flask) -> None:
    app.before_request(_refuse_long_addresses)
    app.before_request(_refuse_other_sites)
    app.before_request(_check_body_without_upload)


def register_upload_checks(app: Flask) -> None:
    """Check bodies that may hold a file after authentication.

    Register after it: until then nothing of the body is read.
    """
    app.before_request(_check_upload_body)


def _refuse_long_addresses() -> None:
    if len(request.path) + len(request.query_string) > ADDRESS_MAX:
        raise RequestURITooLarge


def _refuse_other_sites() -> None:
    """Refuse writes caused by another site, in addition to the CSRF token."""
    if request.method in SAFE_METHODS or is_from_allowed_origin():
        return
    if (
        not _is_same_origin(request.headers.get("Origin", "null"))
        or request.headers.get("Sec-Fetch-Site") in _OTHER_SITES
    ):
        raise CrossSiteRequest


def _is_same_origin(origin: str) -> bool:
    """Whether the `Origin` header is this host, or "null" (not disclosed)."""
    try:
        return origin == "null" or urlsplit(origin).netloc == request.host
    except ValueError:
        return False


def _refuse_broken_text() -> None:
    """Refuse NUL bytes and surrogates, which PostgreSQL cannot store."""
    if _BROKEN_TEXT.search(_submitted_text()):
        raise BadRequest


def _refuse_nameless_parts() -> None:
    """Refuse a multipart body with a part whose name cannot be read. Reads no other body: parsing a form
    would leave nothing of the bytes that the next checks read."""
    if request.mimetype == _MULTIPART and any(name is None for name in chain(request.form, request.files)):
        raise BadRequest


def _refuse_files() -> None:
    """Refuse files, except one at an upload endpoint."""
    if len(list(request.files.items(multi=True))) > (find_upload_endpoint(request) is not None):
        raise BadRequest


def _refuse_large_forms() -> None:
    """Apply Flask's limits of multipart forms to urlencoded forms too."""
    limits = current_app.config
    if request.mimetype == _URLENCODED and len(request.get_data()) > limits["MAX_FORM_MEMORY_SIZE"]:
        raise RequestEntityTooLarge
    if max(len(request.form), len(request.args)) > limits["MAX_FORM_PARTS"]:
        raise RequestEntityTooLarge


def _refuse_other_encodings() -> None:
    """Refuse text that is not UTF-8, by its bytes: decoded text hides the error.

    Werkzeug leaves invalid sequences percent-encoded (`%E9`), so text without `%` is valid.
    """
    raw_texts = [request.query_string]
    if request.mimetype == _URLENCODED:
        raw_texts.append(request.get_data())
    if "%" in _submitted_text() or not all(map(bytes.isascii, raw_texts)):
        try:
            for raw_text in raw_texts:
                unquote_to_bytes(raw_text).decode()
        except UnicodeDecodeError:
            raise BadRequest from None
    if "\ufffd" in request.path or (request.mimetype == _MULTIPART and "\ufffd" in _submitted_text()):
        raise BadRequest


def _submitted_text() -> str:
    """Path, names and values of the request in one text, cached for the checks."""
    if "submitted_text" not in g:
        pairs = chain(request.args.items(multi=True), request.form.items(multi=True))
        g.submitted_text = "\n".join([request.path, *chain.from_iterable(pairs)])
    return str(g.submitted_text)


_BODY_CHECKS = (
    _refuse_nameless_parts,
    _refuse_other_encodings,
    _refuse_files,
    _refuse_large_forms,
    _refuse_broken_text,
)


def _check_body_without_upload() -> None:
    if find_upload_endpoint(request) is None:
        _run_body_checks()


def _run_body_checks() -> None:
    for check in _BODY_CHECKS:
        check()


def _check_upload_body() -> None:
    endpoint = find_upload_endpoint(request)
    if endpoint is None:
        return
    request.max_content_length = endpoint.bytes_max + UPLOAD_FORM_OVERHEAD
    _run_body_checks()
