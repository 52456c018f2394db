"""Parts of a page that follow from their values alone: drawn once, remembered by what they show.

A part sees the values it is given, sentences, paths and filters; nothing of the request: neither
reader nor session nor token. So what was drawn for one person is right for whoever is shown the
same values, and nothing has to be thrown away when the data change: other values are another part.
"""

import secrets
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from flask import Flask, current_app
from flask_babel import get_locale, get_timezone
from jinja2 import Environment
from markupsafe import escape

from portal.platform.kernel import clock
from portal.platform.web.template_cache import TemplateBytecodeCache
from portal.platform.web.template_filters import mark_safe

PARTS_CACHED = 2_000  # parts, of some 2 kB each
LARGE_PARTS_CACHED = 128  # large ones, of some 40 kB each
PART_GLOBALS = (
    *("_", "gettext", "ngettext", "url_for", "static_url", "in_reader_language"),
    *("range", "dict", "namespace"),
)
# Stands in what is remembered where each request has a value of its own; nobody can guess it.
_PLACEHOLDER = secrets.token_hex(16)


class LazyMacros:
    """The macros of `platform/web/ui.html`, compiled when a page first needs them: a command never does."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment

    def __getattr__(self, name: str) -> Any:
        macro = getattr(self._environment.get_template("platform/web/ui.html").module, name)
        setattr(self, name, macro)
        return macro


def compile_macros(app: Flask) -> None:
    """Compile the components now: for a master, whose workers then share them."""
    for each in (app.jinja_env, app.extensions["drawing"]):
        each.get_template("platform/web/ui.html").module  # noqa: B018  makes it


def init_app(app: Flask) -> None:
    """After whatever adds globals and filters."""
    app.jinja_env.bytecode_cache = TemplateBytecodeCache()
    blind = app.jinja_env.overlay()
    blind.globals = {name: app.jinja_env.globals[name] for name in PART_GLOBALS}
    blind.globals["draw"] = render_part  # a part may hold others
    app.extensions["drawing"] = blind
    for each in (app.jinja_env, blind):
        each.globals["ui"] = LazyMacros(each)
    app.jinja_env.globals.update(
        draw=render_part, draw_page=render_large_part, draw_filled=render_part_with_values
    )


def render_part(template: str, **values: Any) -> str:
    """A part, in the reader's language and on their day. Its values can be hashed."""
    blind: Environment = current_app.extensions["drawing"]
    return _cached_part(blind, template, _reader_key(), tuple(values.items()))


def render_large_part(template: str, **values: Any) -> str:
    """The same for what fills a page: fewer are kept, so that they do not crowd out the parts."""
    blind: Environment = current_app.extensions["drawing"]
    return _cached_large_part(blind, template, _reader_key(), tuple(values.items()))


def render_part_with_values(template: str, holes: Mapping[str, str], **values: Any) -> str:
    """A part, the same for many requests but for some holes: texts that each fills by itself."""
    part: str = render_part(
        template, **values, **{name: f"{_PLACEHOLDER}{name}." for name in holes}
    )
    for name, text in holes.items():
        part = str(part).replace(f"{_PLACEHOLDER}{name}.", escape(text))
    return mark_safe(part)


ReaderKey = tuple[str, str, date]


def _reader_key() -> ReaderKey:
    zone = str(get_timezone())
    return str(get_locale()), zone, clock.today(zone)


def _render_template(
    blind: Environment, template: str, _reader: ReaderKey, values: tuple[tuple[str, Any], ...]
) -> str:
    return mark_safe(blind.get_template(template).render(values))


_cached_part = lru_cache(maxsize=PARTS_CACHED)(_render_template)
_cached_large_part = lru_cache(maxsize=LARGE_PARTS_CACHED)(_render_template)
