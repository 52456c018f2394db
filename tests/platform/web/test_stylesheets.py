"""What is served: one sheet without unused rules, icons inside, fonts cut to what pages show."""

import json
import re

import brotli
import pytest

from portal.platform.web import assets, stylesheets
from tools import fonts

USE = stylesheets.read_class_use(
    ['<p class="fr-badge fr-badge--{{ kind }} fr-modal">', "fr-col-"], 'ns("modal--opened")'
)
FONTS = assets.SOURCE / "vendor" / "dsfr" / "fonts"


@pytest.mark.parametrize(
    ("css", "kept"),
    [
        ("p{color:red}", "p{color:red}"),
        (".fr-badge,.fr-tile{a:b}", ".fr-badge{a:b}"),
        (".fr-tile>p{a:b}", ""),
        (".fr-badge--error:not(.fr-tile){a:b}", ".fr-badge--error:not(.fr-tile){a:b}"),
        (".fr-modal--opened{a:b}", ".fr-modal--opened{a:b}"),
        (".fr-modal--top{a:b}", ""),
        (".fr-col-12{a:b}.fr-row{a:b}", ".fr-col-12{a:b}"),
        ("@media (min-width:1em){.fr-tile{a:b}}", ""),
        ("@media print{.fr-tile{a:b}.fr-badge{a:b}}", "@media print{.fr-badge{a:b}}"),
        ("@font-face{font-family:x}", "@font-face{font-family:x}"),
        (":is(.fr-badge,p) a,.fr-tile a{a:b}", ":is(.fr-badge,p) a{a:b}"),
    ],
)
def test_rules_of_unused_classes_go_and_all_others_stay(css, kept):
    assert stylesheets.drop_unused_rules(css, USE) == kept


def test_properties_that_nothing_reads_go_and_so_do_those_that_only_they_read():
    css = ":root{--a:1;--b:var(--a);--c:2;--d:3}p{margin:var(--c)}"
    assert stylesheets.drop_unused_properties(css, ["a{color:var(--d)}"]) == (
        ":root{--c:2;--d:3}p{margin:var(--c)}"
    )


@pytest.mark.parametrize("brand", ["state", "neutral"])
def test_a_page_has_one_sheet_with_every_class_of_its_markup_and_no_single_icon(app, brand):
    assets.build()
    (sheet,) = list(assets.TARGET.glob(f"all.{brand}.*.css"))[-1:]
    css = sheet.read_text()
    served = set(re.findall(r"\.(fr-[a-zA-Z0-9_-]+)", css))
    source = set(re.findall(r"\.(fr-[a-zA-Z0-9_-]+)", (assets.SOURCE / assets.DSFR).read_text()))
    page = app.test_client().get("/legal").text
    named = {name for value in re.findall(r'class="([^"]*)"', page) for name in value.split()}
    assert named & source <= served
    assert len(served) < len(source) * 2 / 3
    assert "data:image/svg+xml" in css
    assert ".svg" not in css.replace("data:image/svg+xml", "")
    assert len(brotli.compress(css.encode())) < 36_000
    for url in re.findall(r"""url\(["']?([^"')]+)""", css):
        assert url.startswith("data:") or (assets.TARGET / url).is_file(), url


def test_scripts_are_joined_with_their_names_apart(app):
    assets.build()
    manifest = json.loads((assets.TARGET / assets.MANIFEST).read_text())
    (name,) = [hashed for hashed in str(manifest).split("'") if re.fullmatch(r"all\.\w+\.js", hashed)]
    joined = (assets.TARGET / name).read_text()
    for part in assets.BUNDLES["all.js"]:
        assert f"{{\n{(assets.SOURCE / part).read_text()}}}" in joined
        assert not re.search(r"^(import|export)\b", (assets.SOURCE / part).read_text(), re.M)


@pytest.mark.parametrize("weight", ["Regular", "Medium", "Bold"])
def test_a_font_is_cut_to_french_and_english_and_the_whole_one_has_the_rest(weight):
    whole = (FONTS / f"Marianne-{weight}.woff2").read_bytes()
    content, others = fonts.subset(whole)
    assert content == (FONTS / f"Marianne-{weight}.subset.woff2").read_bytes()
    assert len(content) < len(whole) * 0.6
    ranges = [*fonts.SUBSET, *others]
    assert all(first <= last for first, last in ranges)
    codes = [code for first, last in ranges for code in range(first, last + 1)]
    assert len(codes) == len(set(codes))
    assert {"é", "œ", "€", "’", "\u202f", "«"} <= {
        chr(code) for code in codes[: sum(b - a + 1 for a, b in fonts.SUBSET)]
    }
    state = (FONTS.parent / "dsfr.state.min.css").read_text()
    for name, covered in (
        (f"Marianne-{weight}.subset.woff2", fonts.SUBSET),
        (f"Marianne-{weight}.woff2", others),
    ):
        face = next(face for face in re.findall(r"@font-face\{[^}]*\}", state) if f"/{name})" in face)
        assert f"unicode-range:{fonts.css_ranges(covered)}}}" in face


@pytest.mark.parametrize(
    ("template", "wrapper"),
    [
        ("oversight/coach_desk/loads.html", "compact compact--act"),
        ("selection/applications/list.html", "compact compact--reason"),
        ("oversight/committees/index.html", "compact"),
    ],
)
def test_rows_of_long_lists_are_short_on_a_phone(template, wrapper):
    """Without labels: the parts that the sheet draws side by side are asked for by the list."""
    text = (assets.SOURCE.parent / "templates" / template).read_text()
    assert re.search(rf'class="[^"]*\b{wrapper}"', text)
    parts = (assets.SOURCE / "parts.css").read_text()
    assert all(f".{name} .dense" in parts for name in wrapper.split())


def test_paper_has_what_the_rows_of_a_phone_fold():
    """A4 is as narrow as a phone: what a fold hides, it hides on a screen alone."""
    parts = (assets.SOURCE / "parts.css").read_text()
    for rule in re.finditer(r"\.row-more:not\(\[open\]\)", parts):
        assert parts[: rule.start()].rpartition("@media")[2].startswith(" screen and")
    assert "@media print, (min-width: 48.0625em) { .row-more { display: none; } }" in parts
