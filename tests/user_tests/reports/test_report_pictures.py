"""Pictures and the brand’s mark of a round's report, on its page and in its PDF."""

from types import SimpleNamespace

import pytest

from portal.platform.pdf import printer
from tests.support.browser import words_of
from tests.user_tests.reports.conftest import T
from tests.user_tests.reports.test_report import ONE, found, printed, text_of

__all__ = ["found"]


def test_a_report_shows_the_pictures_of_its_round(browser, found):
    report = browser.visit(f"{ONE}/fr")
    figures = report.select("article figure.picture")
    assert len(figures) == 3  # the tasks, the score, the findings
    for figure in figures:
        assert figure.figcaption.text.strip()
        assert all(picture["aria-label"] for picture in figure.select("svg[role=img]"))
    on_page = [
        words_of(line) for line in browser.visit(f"{T}/1").select(".results p.small:not(.results__head)")
    ]
    assert [words_of(line) for line in report.select(".results p.small:not(.results__head)")] == on_page
    on_paper = text_of(printed(browser, f"{ONE}/fr.pdf"))
    for line in on_page:
        sentence = line.replace("\xa0", " ").split(" : ", 1)[1].split(" (")[0]
        assert sentence in on_paper, sentence


@pytest.mark.parametrize(("brand", "is_states"), [("state", True), ("neutral", False)])
def test_a_report_bears_the_mark_of_its_brand(browser, found, monkeypatch, brand, is_states):
    monkeypatch.setattr(printer, "get_service", lambda _kind: SimpleNamespace(brand=brand))
    paper = printed(browser, f"{ONE}/fr.pdf")
    text = text_of(paper)
    assert "Portail des lauréats" in text
    assert ("RÉPUBLIQUE" in text) is is_states
    fonts = {
        font.get_object()["/BaseFont"]
        for page in paper.pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert {name.split("+")[1] for name in fonts} <= {"SourceSans3-Regular", "SourceSans3-Bold"}
