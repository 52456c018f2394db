"""How many questions of a review are answered is the same number on every page."""

from portal.ethics.reviews import queries
from tests.support import reviews
from tests.support.browser import words_of

R = "/projects/heron/reviews"


def test_an_answer_without_its_reason_counts_on_no_page(project, lead, carrier, browser, browser_for):
    reviews.opened(lead, project)
    record = queries.get_review_with_answers(lead, project, 1)
    item = next(item for item in record.definition.items if item.says_why)
    entry = reviews.typed(item, record.rows[item.key], item.choices[0].value)
    browser.submit(f"{R}/1/questions/{item.key}", **entry | {f"a_{item.note_key}": ""})
    assert queries.get_review_with_answers(lead, project, 1).answers
    counted = f"0 sur {record.progress.question_count}"
    assert counted in words_of(browser.visit(f"{R}/1").main)
    assert words_of(browser.visit(R).select("#review-1 td")[1]) == f"Réponses{counted}"
    assert "Elle a 0 réponse" in words_of(browser_for(carrier).visit(f"{R}/1/discard").main)
