"""What surrounds every page: the brand, who is reading, where they can go. Filled by the roof."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from flask import (
    Flask,
    Response,
    current_app,
    g,
    get_flashed_messages,
    has_request_context,
    request,
)
from flask_babel import Babel

from portal.platform.kernel.clock import DEFAULT_ZONE
from portal.platform.kernel.engines import SAFE_METHODS
from portal.platform.kernel.settings import Settings
from portal.platform.kernel.text import FORMAT_LOCALES, LOCALES, ngettext
from portal.platform.kernel.text import gettext as _
from portal.platform.web import template_filters
from portal.platform.web.actor import find_reader

LOCALE_COOKIE = "locale"
YEAR = 365 * 24 * 3600
WHOLE_PAGE = "message"  # Flask's own name for a message that names no place


@dataclass(frozen=True)
class NavigationLink:
    """A way to somewhere: one entry of the navigation."""

    label: str
    url: str
    exact: bool = False  # current on its own page only, not on those below
    beside: Collection[str] = ()  # blueprints all of whose pages belong there too

    @property
    def current(self) -> bool:
        """Whether the page shown is there, below or beside."""
        here = request.path
        below = not self.exact and self.url != "/" and here.startswith(f"{self.url}/")
        return here == self.url or below or request.blueprint in self.beside


@dataclass(frozen=True)
class NavigationMenu:
    """Several ways under one word, which opens them."""

    label: str
    links: Sequence[NavigationLink]


# What is drawn of a way: its words, its path, whether one is there. A menu has no path, and ways.
NavigationWay = tuple[str, str, bool]
NavigationEntry = tuple[str, str, bool, tuple[NavigationWay, ...]]


def _navigation_entry(link_or_menu: NavigationLink | NavigationMenu) -> NavigationEntry:
    if isinstance(link_or_menu, NavigationLink):
        return (link_or_menu.label, link_or_menu.url, link_or_menu.current, ())
    ways = tuple((link.label, link.url, link.current) for link in link_or_menu.links)
    return (link_or_menu.label, "", any(current for _label, _url, current in ways), ways)


@dataclass(frozen=True)
class PageFrame:
    """What is drawn above and below a page, the same for many."""

    brand: str
    locale: str
    person_name: str | None
    navigation: tuple[NavigationEntry, ...]
    demonstration: bool
    service_name: str
    tagline: str


@dataclass(frozen=True)
class PageShell:
    frame: PageFrame
    person_key: str
    here: str
    messages: Sequence[str]
    news: str  # the words of the link to what is new for its reader
    part_messages: Mapping[
        str, str
    ]  # what a part of the page shows itself, by its name: flash(text, name)

    @property
    def brand(self) -> str:
        return self.frame.brand

    @property
    def locale(self) -> str:
        return self.frame.locale

    @property
    def service_name(self) -> str:
        return self.frame.service_name


@dataclass(frozen=True)
class ShellContext:
    """What the roof knows of the person behind a request."""

    navigation: Sequence[NavigationLink | NavigationMenu] = ()
    demonstration: bool = False
    person_key: str = ""
    unread: int = 0  # how much is new for them


def init_app(app: Flask, settings: Settings, around: Callable[[], ShellContext]) -> None:
    Babel(
        app,
        default_locale="fr",
        default_timezone=DEFAULT_ZONE,
        default_translation_directories="../translations",
        locale_selector=lambda: FORMAT_LOCALES[choose_locale()],
        timezone_selector=lambda: reader.time_zone if (reader := find_reader()) else DEFAULT_ZONE,
    )
    template_filters.init_app(app)
    app.after_request(_remember_reader_language)

    @app.context_processor
    def surround() -> dict[str, object]:
        reader, beyond = find_reader(), ShellContext() if g.get("alone") else around()
        flashed = cast("list[tuple[str, str]]", get_flashed_messages(with_categories=True))
        return {
            "shell": PageShell(
                frame=PageFrame(
                    brand=settings.brand,
                    locale=choose_locale(),
                    person_name=reader.name if reader else None,
                    navigation=tuple(
                        _navigation_entry(link_or_menu) for link_or_menu in beyond.navigation
                    ),
                    demonstration=beyond.demonstration,
                    service_name=_("Portail des lauréats"),
                    tagline=_("AMI IA : du sprint au prototype éprouvé"),
                ),
                person_key=beyond.person_key,
                here=request.full_path.rstrip("?") if request.method == "GET" else request.path,
                news=_inbox_label(beyond.unread),
                messages=[str(text) for where, text in flashed if where == WHOLE_PAGE],
                part_messages={where: str(text) for where, text in flashed if where != WHOLE_PAGE},
            ),
            "settings": settings,
        }


def _inbox_label(unread: int) -> str:
    """What the link to the inbox says, above every page."""
    if not unread:
        return _("Notifications")
    return ngettext("%(num)s nouvelle", "%(num)s nouvelles", unread)


def set_language_cookie(response: Response, locale: str) -> None:
    """Let the browser remember it: what is refused before anybody is known is said in it too."""
    response.set_cookie(
        LOCALE_COOKIE,
        locale,
        max_age=YEAR,
        samesite="Lax",
        httponly=True,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )


def _remember_reader_language(response: Response) -> Response:
    """A person's language is the same in every browser they use."""
    reader = find_reader()
    is_other = reader is not None and request.cookies.get(LOCALE_COOKIE) != reader.locale
    if reader is not None and is_other and request.method in SAFE_METHODS:
        set_language_cookie(response, reader.locale)
    return response


def render_without_context() -> None:
    """Draw what remains of this request without asking the database what surrounds it."""
    g.alone = True


def choose_locale() -> str:
    """The person's own language, else the one chosen in this browser, else the browser's.

    On the command line there is nobody: French.
    """
    if not has_request_context():
        return "fr"
    reader = find_reader()
    if reader is not None:
        return reader.locale
    cookie_locale = request.cookies.get(LOCALE_COOKIE)
    if cookie_locale in LOCALES:
        return cookie_locale
    return request.accept_languages.best_match(LOCALES) or "fr"
