import pytest
from bs4 import BeautifulSoup

from portal.platform.web import template_filters
from portal.platform.web.template_filters import markdown

ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox)",
    "![x](javascript:alert(1))",
    "<a href='x' onclick='alert(1)'>x</a>",
    "<svg/onload=alert(1)>",
    "<iframe src=//evil.example></iframe>",
    '"><script>alert(1)</script>',
    '[x](https://ok.example "onmouseover=alert(1)")',
    "<style>*{display:none}</style>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "[x](//evil.example)",
    "[@lea](https://ok.example/@lea)",
    "`<b>@lea</b>`",
]
ALLOWED = {
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
    "s",
    "span",
} | {f"h{n}" for n in range(3, 7)}


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_that_is_typed_runs(attack):
    page = BeautifulSoup(markdown(attack, frozenset({("lea", "Léa <b>")})), "html.parser")
    assert {tag.name for tag in page.find_all()} <= ALLOWED
    for tag in page.find_all():
        assert set(tag.attrs) <= {"href", "rel", "class"}
        href = str(tag.get("href", "https://"))
        assert href.startswith(("https://", "http://", "mailto:"))


def test_usual_markdown_is_drawn_with_headings_below_the_pages_own():
    page = BeautifulSoup(markdown("# Titre\n\n- **un**\n- _deux_\n\nhttps://ok.example"), "html.parser")
    assert page.h4.text == "Titre"
    assert [tag.name for tag in page.find_all(["strong", "em", "li"])] == ["li", "strong", "li", "em"]


def test_links_say_what_they_are_to_other_sites():
    link = BeautifulSoup(markdown("[x](https://ok.example)"), "html.parser").a
    assert set(link["rel"]) == {"noopener", "nofollow", "ugc"}


def test_only_known_people_stand_out():
    page = BeautifulSoup(
        markdown("@lea, @Lea et @max, lea@demo.example", frozenset({("lea", "Léa <b>")})), "html.parser"
    )
    assert [tag.text for tag in page.select(".mention")] == ["@Léa <b>", "@Léa <b>"]


def test_the_rules_are_compiled_before_threads_share_them():
    made = template_filters.make_markdown_parser()
    rulers = (made.core.ruler, made.block.ruler, made.inline.ruler, made.inline.ruler2)
    assert all(ruler.__cache__ for ruler in rulers)
