"""Fragment cache: parts of a page are rendered once per set of values.

A part sees the values passed to it, translations, paths and filters, but nothing of the request:
neither reader nor session. CSRF token and key of its forms are filled in for each request. The values,
the reader's language and time zone and the date are the cache key, so one person's part is right
for another and nothing is ever invalidated.

The portfolio (21 teams) takes 1.4 instead of 10.7 ms of CPU with its summary and list cached, and
each page 0.1 ms less with its footer and its assets cached. (SQLite, three runs, November 2026)
"""

import secrets
from collections.abc import Callable, Hashable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from flask import Flask, current_app
from flask_babel import get_locale, get_timezone
from flask_wtf.csrf import generate_csrf
from jinja2 import Environment
from markupsafe import Markup

from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.identifiers import new_id
from portal.platform.kernel.unchanged_answers import cache_until_change
from portal.platform.web.template_cache import TemplateBytecodeCache
from portal.platform.web.template_filters import mark_safe

PARTS_CACHED = 2_000  # parts of about 2 kB each
LARGE_PARTS_CACHED = 128  # parts of about 40 kB each
# Stand for CSRF token and idempotency key in cached parts; nobody can type them.
_TOKEN_MARK, KEY_MARK = secrets.token_hex(16), secrets.token_hex(16)
PART_GLOBALS = (
    *("_", "gettext", "ngettext", "url_for", "static_url", "in_reader_language"),
    *("range", "dict", "namespace"),
)


class LazyMacros:
    """The macros of `platform/web/ui.html`, compiled at their first use: not for commands."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment

    def __getattr__(self, name: str) -> Any:
        macro = getattr(self._environment.get_template("platform/web/ui.html").module, name)
        setattr(self, name, macro)
        return macro


def compile_macros(app: Flask) -> None:
    """Compile the macros before gunicorn's master forks its workers, which then share them."""
    for environment in (app.jinja_env, app.extensions["part_environment"]):
        environment.get_template("platform/web/ui.html").module  # noqa: B018  compiles it


def init_app(app: Flask) -> None:
    """Define the macros `ui` and the cached parts. Call it after globals and filters are set."""
    app.jinja_env.bytecode_cache = TemplateBytecodeCache()
    part_environment = app.jinja_env.overlay()
    part_environment.globals = {name: app.jinja_env.globals[name] for name in PART_GLOBALS}
    part_environment.globals["csrf_token"] = lambda: _TOKEN_MARK
    app.extensions["part_environment"] = part_environment
    for environment in (app.jinja_env, part_environment):
        environment.globals["ui"] = LazyMacros(environment)
        environment.globals["draw"] = render_part
    app.jinja_env.globals["draw_page"] = render_large_part
    app.jinja_env.globals["draw_facts"] = render_page_facts


def render_part(template: str, **values: Any) -> Markup:
    """The HTML of a part, in the reader's language and time zone. Its values must be hashable."""
    return _fill_form_keys(_cached_part(_part_environment(), template, _reader_key(), tuple(values.items())))


def render_large_part(template: str, **values: Any) -> Markup:
    """The same for a part that fills a page: a cache of its own keeps the small parts."""
    return _fill_form_keys(
        _cached_large_part(_part_environment(), template, _reader_key(), tuple(values.items()))
    )


class CachedPageFacts:
    """Values of a page that stay the same until the audit trail grows, and the parts drawn of them.
    Compared by identity."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values = values
        self.drawn: dict[Hashable, Markup] = {}


def cache_page_facts(actor: Actor, key: Hashable, read: Callable[[], Mapping[str, Any]]) -> CachedPageFacts:
    """The values that `read` returns, cached as `cache_until_change` says."""
    return cache_until_change(actor, key, lambda: CachedPageFacts(read()))


def render_page_facts(template: str, facts: CachedPageFacts, **values: Any) -> Markup:
    """The HTML of a part that sees the values of `facts`, and further hashable values; drawn once."""
    key = template, _reader_key(), tuple(values.items())
    html = facts.drawn.get(key)
    if html is None:
        page = _part_environment().get_template(template)
        html = facts.drawn[key] = mark_safe(page.render(facts.values, **values))
    return _fill_form_keys(html)


def _fill_form_keys(html: Markup) -> Markup:
    """The part with the reader's CSRF token, and a new idempotency key for each form that has one."""
    if _TOKEN_MARK in html:
        html = html.replace(_TOKEN_MARK, generate_csrf())
    while KEY_MARK in html:
        html = html.replace(KEY_MARK, new_id().hex, 1)
    return html


def _part_environment() -> Environment:
    environment: Environment = current_app.extensions["part_environment"]
    return environment


ReaderKey = tuple[str, str, date]


def _reader_key() -> ReaderKey:
    zone = str(get_timezone())
    return str(get_locale()), zone, clock.today(zone)


def _render_template(
    environment: Environment, template: str, _reader: ReaderKey, values: tuple[tuple[str, Any], ...]
) -> Markup:
    return mark_safe(environment.get_template(template).render(values))


_cached_part = lru_cache(maxsize=PARTS_CACHED)(_render_template)
_cached_large_part = lru_cache(maxsize=LARGE_PARTS_CACHED)(_render_template)
