"""What surrounds every page: brand, language, navigation, flashed messages."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from flask import Flask, Response, current_app, g, get_flashed_messages, has_request_context, request
from flask_babel import Babel

from portal.platform.kernel.clock import DEFAULT_ZONE
from portal.platform.kernel.engines import SAFE_METHODS
from portal.platform.kernel.services import get_service
from portal.platform.kernel.settings import Settings
from portal.platform.kernel.text import FORMAT_LOCALES, LOCALES, in_reader_language, ngettext
from portal.platform.kernel.text import gettext as _
from portal.platform.web import template_filters
from portal.platform.web.actor import find_reader
from portal.platform.web.api_problems import is_api_request
from portal.platform.web.cookies import read_cookie, set_cookie

LOCALE_COOKIE = "locale"
SEARCH = "search.index"  # the page whose words the field of the header repeats
WHOLE_PAGE = "message"  # Flask's default category: not for a part of the page
MESSAGE_LINK = "message_link"  # the category of the path and the label of the link after the messages


@dataclass(frozen=True)
class NavigationLink:
    """A link of the frame. `current` is the value of `aria-current`: "page" on its own page, "true"
    on pages that belong to it, "" elsewhere."""

    label: str
    url: str
    current: str = ""


@dataclass(frozen=True)
class WorkplaceRoleOption:
    """A role that a person may work in; `value` is what the form that chooses it sends."""

    value: str
    label: str
    is_current: bool


@dataclass(frozen=True)
class ShellContext:
    """What the application knows about the actor: menu, acts, and the number of unread news.

    `section` holds the pages beside this one, `project` the slug of the project whose menu is
    shown, and `help_url` leads to the act that asks for help.
    """

    navigation: Sequence[NavigationLink] = ()
    section: Sequence[NavigationLink] = ()
    additions: Sequence[NavigationLink] = ()
    workplaces: Sequence[WorkplaceRoleOption] = ()
    help_url: str = ""
    project: str = ""
    demonstration: bool = False
    person_key: str = ""
    unread: int = 0
    banner: str = ""  # what an administrator tells all readers
    is_closed: bool = False  # maintenance: administrators alone enter


@dataclass(frozen=True)
class PageShell:
    """The variable `shell` of every page: what surrounds its content."""

    brand: str
    locale: str
    is_other_preferred: bool  # the browser of a person asks for the other language than their account
    person_name: str | None
    is_waiting: bool  # for a second factor: the header offers language and sign-out alone
    context: ShellContext
    service_name: str
    here: str  # path and query of the page
    answers_form: bool  # at an address that is a page of its own too
    query: str  # what was searched for
    inbox_label: str
    messages: Sequence[str]  # flashed for the whole page
    message_link: NavigationLink | None  # after the last of them
    part_messages: Mapping[str, str]  # flashed for a part of the page, by its name


def init_app(app: Flask, settings: Settings, shell_context: Callable[[], ShellContext]) -> None:
    """Set up Babel and filters, and give every template the variables `shell` and `settings`."""
    Babel(
        app,
        default_locale="fr",
        default_timezone=DEFAULT_ZONE,
        default_translation_directories="../translations",
        locale_selector=lambda: FORMAT_LOCALES[choose_locale()],
        timezone_selector=lambda: reader.time_zone if (reader := find_reader()) else DEFAULT_ZONE,
    )
    template_filters.init_app(app)
    app.after_request(_store_reader_language_in_cookie)

    @app.context_processor
    def add_shell() -> dict[str, object]:
        reader = find_reader()
        is_bare = g.get("without_context") or getattr(request, "renders_placed_form", False)
        context = ShellContext() if is_bare else shell_context()
        flashed = cast("list[tuple[str, str]]", get_flashed_messages(with_categories=True))
        return {
            "shell": PageShell(
                brand=settings.brand,
                locale=in_reader_language("fr", "en"),
                is_other_preferred=reader is not None and _prefers_other_language(reader.locale),
                person_name=reader.name if reader else None,
                is_waiting=bool(g.get("session_is_waiting")),
                context=context,
                service_name=_("Portail des lauréats"),
                here=request.full_path.rstrip("?") if request.method == "GET" else request.path,
                answers_form=request.method == "POST" and _is_page_address(),
                query=request.args.get("q", "") if request.endpoint == SEARCH else "",
                inbox_label=_inbox_label(context.unread),
                messages=[str(text) for part, text in flashed if part == WHOLE_PAGE],
                message_link=_find_message_link(flashed),
                part_messages={part: str(text) for part, text in flashed if part != WHOLE_PAGE},
            ),
            "settings": get_service(Settings),
        }


def _find_message_link(flashed: Sequence[tuple[str, str]]) -> NavigationLink | None:
    path, _space, label = dict(flashed).get(MESSAGE_LINK, "").partition(" ")
    return NavigationLink(label, path) if path else None


def _is_page_address() -> bool:
    """Whether the address of the request, which is no `GET`, also answers one; False without a route, as
    for a host that is not trusted."""
    adapter = current_app.create_url_adapter(request) if request.url_rule else None
    return adapter is not None and adapter.test(method="GET")


def _prefers_other_language(locale: str) -> bool:
    """Whether the browser asks for a language of the portal other than this one before it."""
    return (_find_preferred_language() or locale) != locale


def _find_preferred_language() -> str | None:
    """The first language of `Accept-Language` that the portal speaks, whatever its country: British
    English comes before a French that is asked for with less weight."""
    tags = (tag.partition("-")[0].lower() for tag in request.accept_languages.values())
    return next((tag for tag in tags if tag in LOCALES), None)


def _inbox_label(unread: int) -> str:
    """The label of the link to the inbox."""
    if not unread:
        return _("Notifications")
    return ngettext("%(num)s notification à lire", "%(num)s notifications à lire", unread)


def set_language_cookie(response: Response, locale: str) -> None:
    """Store the language in a cookie, for responses before the person is known."""
    set_cookie(response, LOCALE_COOKIE, locale)


def _store_reader_language_in_cookie(response: Response) -> Response:
    """Store the person's language in the browser's cookie when it differs."""
    reader = None if is_api_request() else find_reader()
    is_other = reader is not None and read_cookie(LOCALE_COOKIE) != reader.locale
    if reader is not None and is_other and request.method in SAFE_METHODS:
        set_language_cookie(response, reader.locale)
    return response


def disable_shell_context() -> None:
    """Render the rest of this request without `shell_context`, which queries the database."""
    g.without_context = True


def restrict_shell_until_second_factor() -> None:
    """Render the rest of this request without what only a session opens whose second factor was proved."""
    g.session_is_waiting = True


def choose_locale() -> str:
    """The language of the person, else of the cookie, else of `Accept-Language`, else French."""
    if not has_request_context():
        return "fr"
    reader = find_reader()
    if reader is not None:
        return reader.locale
    cookie_locale = read_cookie(LOCALE_COOKIE)
    if cookie_locale in LOCALES:
        return cookie_locale
    return _find_preferred_language() or "fr"
