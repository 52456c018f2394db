"""How values are shown: dates, numbers and texts in the reader's language and time zone."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache

import nh3
from babel import numbers as babel_numbers
from flask import Flask
from flask_babel import (
    format_datetime,
    format_decimal,
    get_locale,
    get_timezone,
    to_user_timezone,
)
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
    group_digits,
    in_reader_language,
    ngettext,
    translate,
    translate_plural,
    write_first_of_month,
)
from portal.platform.kernel.text import gettext as _

WEEK = 7
_ALLOWED_TAGS = {
    "p",
    "br",
    "strong",
    "em",
    "ul",
    "ol",
    "li",
    "a",
    "code",
    "pre",
    "blockquote",
    "hr",
} | {
    "h3",
    "h4",
    "h5",
    "h6",
    "s",
    "span",
}
_ALLOWED_SCHEMES = {"http", "https", "mailto"}


def make_markdown_parser() -> MarkdownIt:
    """What people may write, read by many threads at once: all its rules are compiled by then.

    markdown-it compiles each ruler when it is first asked, and a second thread that asks meanwhile
    finds some of the rules only.
    """
    parser = MarkdownIt("commonmark", {"html": False, "linkify": False, "breaks": True})
    parser.enable("strikethrough").disable("image")
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
    )
    app.jinja_env.globals.update(
        _=translate_in_template,
        gettext=translate_in_template,
        ngettext=translate_plural_in_template,
        in_reader_language=in_reader_language,
    )


@pass_eval_context
def translate_in_template(page: EvalContext, french: str, **facts: object) -> str:
    """A sentence in a template: its own markup stands, its facts are text.

    As Jinja's own `_`, without the five calls behind it: a page asks a hundred times.
    """
    translation = translate(french)
    if not page.autoescape:
        return translation % group_digits(facts)
    return (
        _as_markup(translation) % group_digits(facts) if facts else _fill_without_facts(translation)
    )


@pass_eval_context
def translate_plural_in_template(
    page: EvalContext, singular: str, plural: str, num: int, **facts: object
) -> str:
    """The same for a number of things."""
    translation = translate_plural(singular, plural, num)
    return (_as_markup(translation) if page.autoescape else translation) % group_digits(
        {"num": num, **facts}
    )


def mark_safe(html: str) -> Markup:
    """What a template of ours made, escaping as it went."""
    return Markup(html)  # noqa: S704


TEXTS_REMEMBERED = 1024  # comments, of some 1 kB each


@lru_cache(maxsize=4096)
def _as_markup(translation: str) -> Markup:
    return Markup(translation)  # noqa: S704  the catalogues are ours


@lru_cache(maxsize=4096)
def _fill_without_facts(translation: str) -> Markup:
    return _as_markup(translation) % {}


def day(value: date | datetime, style: str = "long") -> str:
    """A calendar day: « 24 novembre 2026 »."""
    on = to_user_timezone(value) if isinstance(value, datetime) else value
    return format_day(on, style)


def moment(value: datetime) -> str:
    """A moment in the reader's time zone: « 24 novembre 2026 à 09:30 »."""
    return write_first_of_month(str(format_datetime(value, "d MMMM y, HH:mm")))


def hour(value: datetime) -> str:
    """The time of a day that is already named, in the reader's time zone: « 09:30 »."""
    return str(format_datetime(value, "HH:mm"))


def ago(value: date | datetime) -> str:
    """Relative up to a week, then the day itself."""
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
    """« 6 jours restants », or by how much the day has passed."""
    left = (until - clock.today(str(get_timezone()))).days
    if left == 0:
        return _("finit aujourd’hui")
    if left < 0:
        return ngettext("dépassé de %(num)s jour", "dépassé de %(num)s jours", -left)
    return ngettext("%(num)s jour restant", "%(num)s jours restants", left)


def number(value: float) -> str:
    return str(format_decimal(value))


def format_for_input(value: float) -> str:
    """A number as it may be sent back by a form: all its digits, no separator of thousands."""
    return babel_numbers.format_decimal(
        value, locale=get_locale(), decimal_quantization=False, group_separator=False
    )


@lru_cache(maxsize=TEXTS_REMEMBERED)
def markdown(text: str, handles: frozenset[str] = frozenset()) -> Markup:
    """Safe HTML from what a person wrote; headings start below the page's, `@handle`s stand out."""
    html = _MARKDOWN.render(text, {"handles": handles})
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


def _is_allowed_link(url: str) -> bool:
    """A whole address or a path of ours; never one that borrows the page's scheme."""
    return url.startswith(("http://", "https://", "mailto:", "/")) and not url.startswith("//")


def _text_with_mentions(
    _: RendererHTML, tokens: Sequence[Token], at: int, __: OptionsDict, env: EnvType
) -> str:
    def stand_out(match: re.Match[str]) -> str:
        is_known_handle = match[1].lower() in env.get("handles", ())
        return f'<span class="mention">{match[0]}</span>' if is_known_handle else match[0]

    return MENTION.sub(stand_out, str(escape(tokens[at].content)))


_MARKDOWN.add_render_rule("text", _text_with_mentions)
_MARKDOWN.validateLink = _is_allowed_link  # type: ignore[method-assign]
