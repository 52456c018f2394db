"""The only file that knows about htmx.

A page is one template. A fragment is a named block of that page. A view asks for both in one call:
browsers get the page, htmx gets the block.
"""

import re
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from flask import (
    Flask,
    Response,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from jinja2.ext import Extension

from portal.platform.web.urls import path_to

HTMX_REQUEST = "HX-Request"


class StripIndentation(Extension):
    """What makes templates readable is left out of pages: an eighth of their bytes."""

    def preprocess(self, source: str, name: str | None, _filename: str | None = None) -> str:
        if not (name or "").endswith(".html"):
            return source
        return _INDENT.sub("\n", source)


_INDENT = re.compile(r"\n[ \t]+")


def init_app(app: Flask) -> None:
    app.jinja_env.add_extension(StripIndentation)
    app.jinja_env.globals["url_for"] = path_to


def redirect_to(endpoint: str, **values: Any) -> Response:
    """Post, redirect, get. htmx follows too, and `render` then gives it the fragment."""
    return redirect_to_path(url_for(endpoint, **values))


def redirect_to_path(path: str) -> Response:
    """The same for a path of our own that is already known."""
    return make_response(redirect(path, HTTPStatus.SEE_OTHER))


def render(
    template: str, *, fragment: str | None = None, status: int = 200, **context: Any
) -> Response:
    """The page, or for htmx its block `fragment` alone (the whole page where it has none)."""
    if fragment and wants_fragment():
        response = make_response(_render_block(template, fragment, context), status)
    else:
        response = make_response(render_template(template, **context), status)
    response.vary.add(HTMX_REQUEST)
    return response


def wants_fragment() -> bool:
    """Whether htmx is asking for a part of a page it already shows."""
    sent = request.headers
    return (
        HTMX_REQUEST in sent
        and "HX-Boosted" not in sent
        and "HX-History-Restore-Request" not in sent
        and sent.get("HX-Request-Type", "partial") != "full"
    )


def find_referring_path() -> str | None:
    """The path of the page that sent this request, when the browser says so."""
    address = request.headers.get("HX-Current-URL") or request.referrer
    try:
        parts = urlsplit(address or "")
    except ValueError:  # whatever sent this is no browser
        return None
    if parts.netloc != request.host:
        return None
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def redirect_window(path: str) -> Response:
    """Send the whole window elsewhere, also when only a fragment was asked for."""
    if HTMX_REQUEST not in request.headers:
        return redirect_to_path(path)
    response = make_response("", HTTPStatus.UNAUTHORIZED)
    response.headers["HX-Redirect"] = path
    return response


def _render_block(template: str, block: str, context: dict[str, Any]) -> str:
    page = current_app.jinja_env.get_template(template)
    current_app.update_template_context(context)
    return "".join(page.blocks[block](page.new_context(context)))
