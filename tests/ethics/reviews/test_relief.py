"""How many points of measures lower a score is said where measures are entered."""

from dataclasses import replace

from portal.ethics.questionnaires.queries import get_questionnaire
from portal.ethics.questionnaires.score_rules import compute_score
from portal.ethics.reviews import commands, labels
from portal.ethics.reviews.queries import get_review_with_answers
from portal.platform.kernel.database import db
from portal.platform.web.template_filters import number
from tests.support import factories as make
from tests.support import reviews
from tests.support.browser import words_of

SECTIONS = "/projects/heron/reviews/1/sections"


def test_a_section_of_measures_says_from_how_many_points_they_count(app, project, member, browser):
    reviews.opened(member, project, "aia")
    definition = get_questionnaire("aia")
    relief = definition.score.relief
    enough = f"à partir de {number(relief.needed)} points en tout"
    pages = {
        section.part.value: words_of(browser.visit(f"{SECTIONS}/{section.key}").main)
        for section in definition.sections
    }
    assert enough in pages["mitigation"]
    assert f"plus bas de {relief.percent} %" in pages["mitigation"]
    assert enough not in pages["risk"]
    scored = replace(compute_score(definition, {}), raw=20, value=20, mitigation=15)
    with app.test_request_context():
        said = labels.score_sentence(scored, is_final=False)
        one = labels.score_sentence(replace(scored, mitigation=1), is_final=True)
    assert "Vos mesures valent 1 point, il en faut" in one
    assert one.startswith("Niveau I : effets faibles ou nuls. Le score")
    assert f"Vos mesures valent 15 points, il en faut {number(relief.needed)} pour le faire baisser." in said


def test_answers_of_another_phase_are_left_aside_before_and_after_submission(
    project, carrier, member, browser
):
    lead = make.actor(carrier)
    review = reviews.opened(member, project, "aia")
    for phase in ("item2", "item1"):
        reviews.answered(member, project, review, projectDetailsPhase=phase)
    record = get_review_with_answers(member, project, review.number)
    before = record.conclusion.scored
    assert record.left_aside > 10
    said = f"{record.left_aside} réponses sont mises de côté"
    assert said in words_of(browser.visit(f"{SECTIONS.removesuffix('/sections')}").main)
    commands.submit_review(lead, project, review)
    db.session.commit()
    assert get_review_with_answers(member, project, review.number).conclusion.scored == before
