"""Template filters: dates, numbers and Markdown in the reader's language and time zone."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache

import nh3
from babel import numbers as babel_numbers
from flask import Flask
from flask_babel import get_locale, get_timezone, to_user_timezone
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from markupsafe import Markup, escape

from portal.platform.kernel import clock
from portal.platform.kernel.text import (
    MENTION,
    format_day,
    format_moment,
    format_sentence,
    in_reader_language,
    lower_first,
    ngettext,
    translate,
    translate_plural,
)
from portal.platform.kernel.text import gettext as _

WEEK = 7
_ALLOWED_TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "a", "code", "pre", "blockquote", "hr"} | {
    "h3",
    "h4",
    "h5",
    "h6",
    "s",
    "span",
}
_ALLOWED_SCHEMES = {"http", "https", "mailto"}


def make_markdown_parser(*, is_document: bool = False) -> MarkdownIt:
    """A thread-safe Markdown parser: CommonMark with strikethrough, without HTML and images. In a
    document there are tables, and lines go on.

    markdown-it compiles its rules at their first use, during which another thread would see only
    some of them; so they are compiled here.
    """
    parser = MarkdownIt("commonmark", {"html": False, "linkify": False, "breaks": not is_document})
    parser.enable(["strikethrough", "table"] if is_document else "strikethrough").disable("image")
    for ruler in (parser.core.ruler, parser.block.ruler, parser.inline.ruler, parser.inline.ruler2):
        ruler.getRules()
    return parser


_MARKDOWN = make_markdown_parser()


def init_app(app: Flask) -> None:
    app.jinja_env.filters.update(
        day=day,
        hour=hour,
        moment=moment,
        ago=ago,
        number=number,
        markdown=markdown,
        days_left=days_left,
        lower_first=lower_first,
    )
    app.jinja_env.globals.update(
        _=translate_in_template,
        gettext=translate_in_template,
        ngettext=translate_plural_in_template,
        in_reader_language=in_reader_language,
    )


@pass_eval_context
def translate_in_template(page: EvalContext, french: str, **facts: object) -> str:
    """A translated sentence in a template: its markup is kept, its facts are escaped.

    Replaces Jinja's own `_`, which is slower; a page has a hundred sentences.
    """
    translation = translate(french)
    if not page.autoescape:
        return format_sentence(translation, facts)
    return format_sentence(_as_markup(translation), facts) if facts else _fill_without_facts(translation)


@pass_eval_context
def translate_plural_in_template(
    page: EvalContext, singular: str, plural: str, num: int, **facts: object
) -> str:
    """The same with a plural form."""
    translation = translate_plural(singular, plural, num)
    return format_sentence(_as_markup(translation) if page.autoescape else translation, {"num": num, **facts})


def mark_safe(html: str) -> Markup:
    """Mark HTML rendered by our templates as safe."""
    return Markup(html)  # noqa: S704


TEXTS_REMEMBERED = 1024  # texts of about 1 kB each


@lru_cache(maxsize=4096)
def _as_markup(translation: str) -> Markup:
    return Markup(translation)  # noqa: S704  the catalogues are ours


@lru_cache(maxsize=4096)
def _fill_without_facts(translation: str) -> Markup:
    return _as_markup(translation) % {}


def day(value: date | datetime, style: str = "long") -> str:
    """A date: « 24 novembre 2026 »."""
    return format_day(to_user_timezone(value).date() if isinstance(value, datetime) else value, style)


def moment(value: datetime) -> str:
    """A moment in the reader's time zone: « 24 novembre 2026 à 09:30 »."""
    return format_moment(value, "d MMMM y, HH:mm")


def hour(value: datetime) -> str:
    """The time in the reader's time zone: « 09:30 »."""
    return format_moment(value, "HH:mm")


def ago(value: date | datetime) -> str:
    """« il y a 3 jours », relative up to a week, then the date."""
    today = clock.today(str(get_timezone()))
    then = to_user_timezone(value).date() if isinstance(value, datetime) else value
    days = (today - then).days
    if days == 0:
        return _("aujourd’hui")
    if days == 1:
        return _("hier")
    if days == -1:
        return _("demain")
    if 0 < days <= WEEK:
        return ngettext("il y a %(num)s jour", "il y a %(num)s jours", days)
    if -WEEK <= days < 0:
        return ngettext("dans %(num)s jour", "dans %(num)s jours", -days)
    return _("le %(day)s", day=day(then))


def days_left(until: date) -> str:
    """« 6 jours restants », or how many days ago the date was."""
    left = (until - clock.today(str(get_timezone()))).days
    if left == 0:
        return _("finit aujourd’hui")
    if left < 0:
        return ngettext("dépassé de %(num)s jour", "dépassé de %(num)s jours", -left)
    return ngettext("%(num)s jour restant", "%(num)s jours restants", left)


def number(value: float, *, exact: bool = False) -> str:
    """A number with three decimals at most, or with all it has."""
    return str(babel_numbers.format_decimal(value, locale=get_locale(), decimal_quantization=not exact))


def format_for_input(value: float) -> str:
    """A number for an input: all digits, a decimal comma in French, no digit grouping."""
    return babel_numbers.format_decimal(
        value, locale=get_locale(), decimal_quantization=False, group_separator=False
    )


@lru_cache(maxsize=TEXTS_REMEMBERED)
def markdown(text: str, mentions: frozenset[tuple[str, str]] = frozenset()) -> Markup:
    """Sanitised HTML of a Markdown text; headings from h4 on. `mentions` are handles with the names
    that are shown, highlighted, in their place."""
    html = _MARKDOWN.render(text, {"names": dict(mentions)})
    html = re.sub(r"<(/?)h([1-6])>", lambda m: f"<{m[1]}h{min(int(m[2]) + 3, 6)}>", html)
    cleaned = nh3.clean(
        html,
        tags=_ALLOWED_TAGS,
        attributes={"a": {"href"}, "*": set()},
        tag_attribute_values={"span": {"class": {"mention"}}},
        url_schemes=_ALLOWED_SCHEMES,
        link_rel="noopener nofollow ugc",
    )
    return Markup(cleaned)  # noqa: S704  cleaned just above


def sanitise_document_html(html: str) -> Markup:
    """Sanitised HTML of a document of the portal's own: with tables, and headings from h2 on."""
    tags = _ALLOWED_TAGS | {"h2", "table", "thead", "tbody", "tr", "th", "td"}
    return Markup(nh3.clean(html, tags=tags, attributes={"a": {"href"}}, url_schemes=_ALLOWED_SCHEMES))  # noqa: S704


def _is_allowed_link(url: str) -> bool:
    """Whether a link is an http(s) or mailto URL or a path; never `//host`."""
    return url.startswith(("http://", "https://", "mailto:", "/")) and not url.startswith("//")


def _render_text_with_mentions(
    _: RendererHTML, tokens: Sequence[Token], at: int, __: OptionsDict, env: EnvType
) -> str:
    def highlight(match: re.Match[str]) -> str:
        name = env.get("names", {}).get(match[1].lower())
        return f'<span class="mention">@{escape(name)}</span>' if name else match[0]

    return MENTION.sub(highlight, str(escape(tokens[at].content)))


_MARKDOWN.add_render_rule("text", _render_text_with_mentions)
_MARKDOWN.validateLink = _is_allowed_link  # type: ignore[method-assign]
