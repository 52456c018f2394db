"""Rendering of pages and redirects; the only file that knows about htmx.

A page is one template, a fragment is a named block of it. `render` returns the page to browsers and
the block to htmx.
"""

import re
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, make_response, redirect, render_template, request, url_for
from jinja2.ext import Extension

from portal.platform.web import template_code
from portal.platform.web.urls import path_to

HTMX_REQUEST = "HX-Request"


class StripIndentation(Extension):
    """Strips the indentation of HTML templates, an eighth of a page's bytes, and the line ends that
    no browser shows: at the start and after the end of a block, and in the head."""

    def preprocess(self, source: str, name: str | None, _filename: str | None = None) -> str:
        if not (name or "").endswith(".html"):
            return source
        return _LINE_END.sub(r"\1", _INDENT.sub("\n", source))


_INDENT = re.compile(r"\n[ \t]+")
_BOXES = "div|section|nav|main|header|footer|fieldset"
_LINE_END = re.compile(
    rf"(</?(?:{_BOXES})\b[^<>{{}}]*>|<(?:form|ul|ol|details|table|thead|tbody)\b[^<>{{}}]*>)\n(?=<)"
    rf"|(?<=>)\n(?=</(?:{_BOXES}|form|ul|ol|details)>|<(?:link|meta|script|title|/head)\b)"
)


def init_app(app: Flask) -> None:
    """Strip indentation in templates, compile them to cheaper code, and give them the cached `url_for`."""
    template_code.init_environment(app.jinja_env)
    app.jinja_env.add_extension(StripIndentation)
    app.jinja_env.globals["url_for"] = path_to


def redirect_to(endpoint: str, **values: Any) -> Response:
    """Redirect after a POST (303); htmx follows it and `render` returns the fragment."""
    return redirect_to_path(url_for(endpoint, **values))


def redirect_to_path(path: str) -> Response:
    """The same for a path of the portal."""
    return make_response(redirect(path, HTTPStatus.SEE_OTHER))


def redirect_forever(path: str) -> Response:
    """Redirect an address of an earlier release to the page that replaces it (301)."""
    return make_response(redirect(path, HTTPStatus.MOVED_PERMANENTLY))


def render(template: str, *, fragment: str | None = None, status: int = 200, **context: Any) -> Response:
    """The page; for htmx only its block `fragment`, if one is named."""
    if fragment and wants_fragment():
        response = make_response(_render_block(template, fragment, context), status)
    else:
        response = make_response(render_template(template, **context), status)
    response.vary.add(HTMX_REQUEST)
    return response


def wants_fragment() -> bool:
    """Whether htmx requests a part of the page that it shows."""
    headers = request.headers
    return (
        HTMX_REQUEST in headers
        and "HX-Boosted" not in headers
        and "HX-History-Restore-Request" not in headers
        and headers.get("HX-Request-Type", "partial") != "full"
    )


def find_referring_path() -> str | None:
    """The path and query of the page that sent this request, if known and of this host."""
    address = request.headers.get("HX-Current-URL") or request.referrer
    try:
        parts = urlsplit(address or "")
    except ValueError:  # not sent by a browser
        return None
    if parts.netloc != request.host:
        return None
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def redirect_window(path: str) -> Response:
    """Redirect the whole window, also when htmx requested a fragment (`HX-Redirect`)."""
    if HTMX_REQUEST not in request.headers:
        return redirect_to_path(path)
    response = make_response("", HTTPStatus.UNAUTHORIZED)
    response.headers["HX-Redirect"] = path
    return response


def _render_block(template: str, block: str, context: dict[str, Any]) -> str:
    page = current_app.jinja_env.get_template(template)
    current_app.update_template_context(context)
    return "".join(page.blocks[block](page.new_context(context)))
