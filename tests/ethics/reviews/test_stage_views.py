"""What the pages of reviews say of their stage: not begun, given back, under way."""

from portal.ethics.reviews import reviewer_commands
from portal.platform.kernel.database import db
from tests.ethics.reviews.test_views import R
from tests.support import factories as make
from tests.support import reviews
from tests.support.browser import words_of


def test_a_questionnaire_without_an_answer_has_no_level_yet(project, person, browser):
    reviews.opened(make.actor(person), project, "aia")
    page = words_of(browser.visit(f"{R}/1").main)
    assert "Trop tôt pour le dire" in page
    assert "niveau" not in page.lower()
    assert "Ce qui en découle" not in page


def test_a_section_that_is_asked_again_is_not_called_complete(project, lead, judge, browser):
    review = reviews.taken(lead, project, judge)
    reviewer = make.actor(judge)
    opinion = {"reasons": "Il manque la source.", "lacks": True, "expected_version": 0}
    reviewer_commands.write_opinion(reviewer, project, review, "R3", **opinion)
    reviewer_commands.request_more(reviewer, project, review, "Précisez.")
    db.session.commit()
    page = browser.visit(f"{R}/1")
    told = [words_of(row.find_all("td")[-1]).removeprefix("À faire") for row in page.select("table tbody tr")]
    assert set(told) == {"déjà relue", "à reprendre"}
    assert told.count("à reprendre") == 1


def test_a_questionnaire_under_way_is_not_offered_again_and_its_review_is_named(project, person, browser):
    reviews.opened(make.actor(person), project)
    page = browser.visit(f"{R}/new")
    assert not page.select("input[name=kind][value=framing]")
    assert page.select("input[name=kind][value=exposure]")
    assert "La revue 1 n’est pas finie" in words_of(page.main)
    assert browser.open(f"{R}/new?kind=framing", method="GET").location.endswith(f"{R}/1")
    refused = browser.submit(f"{R}/new", expect=422, kind="framing", form_key="k")
    assert "La revue 1 de ce questionnaire n’est pas finie." in words_of(refused.main)


def test_the_next_step_addresses_the_lead_who_submits(project, lead, carrier, browser_for):
    reviews.answered(lead, project, reviews.opened(lead, project))
    ours = browser_for(carrier)
    assert "vous pouvez la soumettre" in words_of(ours.visit(f"{R}/1").main)
    assert "Il manque" not in words_of(ours.visit(f"{R}/1").main)


def test_the_next_step_of_a_review_in_reading_addresses_its_reviewer(
    project, lead, carrier, judge, browser_for
):
    review = reviews.taken(lead, project, judge)
    ours, theirs = browser_for(carrier), browser_for(judge)
    assert "Relisez-la, puis décidez." in words_of(theirs.visit(f"{R}/1").main)
    assert f"{judge.name} la relit, puis décide." in words_of(ours.visit(f"{R}/1").main)
    reviews.decide(judge, project, review)
    page = words_of(ours.visit(f"{R}/1").main)
    assert "Elle est acceptée." in page
    assert "Rien" not in page
