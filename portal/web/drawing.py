"""Parts of a page that follow from their values alone: drawn once, remembered by what they show.

A part sees the values it is given, sentences, paths and filters; nothing of the request: neither
reader nor session nor token. So what was drawn for one person is right for whoever is shown the
same values, and nothing has to be thrown away when the data change: other values are another part.
"""

from datetime import date
from functools import lru_cache
from typing import Any

from flask import Flask, current_app
from flask_babel import get_locale, get_timezone
from jinja2 import Environment

from portal.kernel import clock
from portal.web.show import drawn

REMEMBERED = 2_000  # parts, of some 2 kB each
SEEN = ("_", "gettext", "ngettext", "url_for", "in_reader_language", "range", "dict")


def init_app(app: Flask) -> None:
    """After whatever adds globals and filters."""
    blind = app.jinja_env.overlay()
    blind.globals = {name: app.jinja_env.globals[name] for name in SEEN}
    app.extensions["drawing"] = blind
    app.jinja_env.globals["draw"] = draw


def draw(template: str, **values: Any) -> str:
    """A part, in the reader's language and on their day. Its values can be hashed."""
    zone = str(get_timezone())
    reader = str(get_locale()), zone, clock.today(zone)
    return _draw(current_app.extensions["drawing"], template, reader, tuple(values.items()))


@lru_cache(maxsize=REMEMBERED)
def _draw(
    blind: Environment,
    template: str,
    _reader: tuple[str, str, date],
    values: tuple[tuple[str, Any], ...],
) -> str:
    return drawn(blind.get_template(template).render(values))
