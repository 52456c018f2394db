"""Templates compiled to cheaper calls and texts show what Jinja's own code shows."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from jinja2 import (
    DictLoader,
    Environment,
    StrictUndefined,
    UndefinedError,
    pass_environment,
    pass_eval_context,
)
from jinja2.nodes import EvalContext
from markupsafe import Markup

from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.template_code import init_environment, write_text

MACROS = """
{% macro plain(a, b='<b>', c=none) %}[{{ a }}|{{ b }}|{{ c }}]{% endmacro %}
{% macro box(title) %}<div{{ kwargs.id }}>{{ title }}{{ caller() }}</div>{% endmacro %}
{% macro row(n) %}{{ caller(n, twice=n * 2) }}{% endmacro %}
{% macro rest() %}{{ varargs | join(',') }}{% endmacro %}
{% macro optional(caller=none) %}{{ caller() if caller else 'alone' }}{% endmacro %}
"""
PAGES = {
    "texts": "{{ '<i>' }}{{ markup }}{{ 3 }}{{ none }}{{ lazy }}{{ 'a' ~ markup }}{{ own }}",
    "positions": "{{ m.plain('<1>') }}{{ m.plain(1, 2) }}{{ m.plain(1, 2, 3) }}",
    "names": "{{ m.plain(b=2, a='&') }}{{ m.plain(1, c=3) }}{{ m.plain(*[1, 2], **{'c': 3}) }}",
    "callers": "{% call m.box('<t>', id=' x') %}<p>{% endcall %}",
    "callers with values": "{% call(n, twice) m.row(4) %}{{ n }}-{{ twice }}{% endcall %}",
    "rests": "{{ m.rest(1, 2, '<') }}{{ m.optional() }}{% call m.optional() %}here{% endcall %}",
    "loops": "{% for each in 'ab' %}{{ m.plain(each, loop.index) }}{{ wants('<', n=each) }}{% endfor %}",
    "blocks": "{% block one %}{% set name = '<x>' %}{{ m.plain(name) }}{{ asks() }}{% endblock %}",
    "methods": "{{ 'a.<b'.split('.')[1] }}{{ dict(a='<').a }}",
    "sets": "{% set part %}<p>{{ '<' }}{% endset %}{{ part }}{{ m.plain(part) }}",
}
REFUSED = {
    "too many": ("{{ m.plain(1, 2, 3, 4) }}", TypeError),
    "unknown": ("{{ m.plain(1, d=4) }}", TypeError),
    "no caller": ("{{ m.box('t') }}", UndefinedError),
    "lacking": ("{{ m.plain() }}", UndefinedError),
}


class OwnMarkup:
    """An object that writes itself, as a form's field does."""

    def __html__(self) -> str:
        return "<own>"

    def __str__(self) -> str:
        return "own"


@pass_eval_context
def wants(page: EvalContext, text: str, n: str) -> str:
    return f"{page.autoescape}{text}{n}"


@pass_environment
def asks(environment: Environment) -> bool:
    return bool(environment.autoescape)


def _environment(change: Callable[[Environment], None], autoescape: bool) -> Environment:
    loader = DictLoader({"macros": MACROS})
    environment = Environment(loader=loader, autoescape=autoescape, undefined=StrictUndefined)
    change(environment)
    environment.globals.update(wants=wants, asks=asks, own=OwnMarkup(), lazy=_l("<l>"), markup=Markup("<m>"))
    return environment


def _show(change: Callable[[Environment], None], source: str, autoescape: bool = True) -> str:
    page = "{% import 'macros' as m %}" + source
    return _environment(change, autoescape).from_string(page).render()


def _as_it_is(_environment: Environment) -> None: ...


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("autoescape", [True, False])
def test_pages_read_as_with_the_code_of_jinja(name: str, autoescape: bool) -> None:
    ours = _show(init_environment, PAGES[name], autoescape)
    assert ours == _show(_as_it_is, PAGES[name], autoescape)


@pytest.mark.parametrize("name", REFUSED)
def test_wrong_arguments_are_refused_in_the_words_of_jinja(name: str) -> None:
    source, fault = REFUSED[name]
    with pytest.raises(fault) as expected:
        _show(_as_it_is, source)
    with pytest.raises(fault, match=re.escape(str(expected.value))):
        _show(init_environment, source)


@pytest.mark.parametrize(
    ("value", "written"),
    [("<&'\">", "&lt;&amp;&#39;&#34;&gt;"), (Markup("<b>"), "<b>"), (OwnMarkup(), "<own>"), (7, "7")],
)
def test_texts_are_escaped_and_markup_is_not(value: Any, written: str) -> None:
    assert write_text(value) == written
