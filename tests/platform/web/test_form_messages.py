"""Form errors are in the reader's language and never repeat the input."""

import re
from pathlib import Path

import pytest
import wtforms

from portal.platform.kernel.access import Role
from portal.platform.web.form_messages import FormTranslations
from tests.support import factories as make
from tests.support.browser import words_of


@pytest.fixture
def lead(app, browser_for):
    programme = make.programme(slug="ami")
    make.project(programme, slug="heron")
    return browser_for(make.role(programme.id, Role.PROGRAMME_LEAD))


@pytest.mark.parametrize("value", ["zz nowhere", "", "x" * 30_000])
@pytest.mark.parametrize("path", ["/programmes/ami/projects/new", "/projects/heron/tracks"])
def test_a_choice_that_is_none_is_not_repeated(lead, path, value):
    page = lead.submit(path, expect=422, tracks=value)
    assert words_of(page.select_one("#tracks-messages")) == "Choisissez dans la liste."
    assert value == "" or value not in str(page.main)


def test_nothing_that_the_forms_library_says_is_shown(app):
    folder = Path(wtforms.__file__).parent
    told = {
        sentence
        for file in folder.rglob("*.py")
        for sentence in re.findall(r'gettext\(\s*"([^"]+)"', file.read_text())
    }
    assert len(told) > 20
    with app.test_request_context():
        for sentence in told:
            for said in (
                FormTranslations().gettext(sentence),
                FormTranslations().ngettext(sentence, sentence, 2),
            ):
                assert said != sentence
                assert "%(value" not in said


def test_a_limit_is_written_with_its_digits_in_threes(lead):
    page = lead.submit("/programmes/ami/projects/new", expect=422, problem="x" * 30_000)
    assert re.fullmatch(
        "Au plus \\d+\u202f000 caractères.", page.select_one("#problem-messages").text.strip()
    )
    english = FormTranslations().gettext("Number must be at most %(max)s.") % {"max": 1_000, "min": None}
    assert english == "Donnez un nombre d’au plus 1\u202f000."


def test_a_choice_between_answers_side_by_side_asks_for_an_answer(lead):
    page = lead.submit("/projects/heron/health/override", text="Voilà", expect=422)
    assert words_of(page.select_one("#level-messages")) == "Choisissez une réponse."
