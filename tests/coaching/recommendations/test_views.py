"""Pages of recommendations, for a coach and for a team."""

import pytest

from portal.coaching.recommendations.models import Recommendation, RecommendationStage
from portal.platform.kernel.database import db
from portal.platform.kernel.identifiers import new_id
from tests.support import coaching as some
from tests.support import factories as make
from tests.support.browser import words_of

R = "/projects/heron/recommendations"
ADVICE = {"what": "Annoter à deux", "why": "Les **étiquettes** divergent.", "gate": "4"}


@pytest.fixture
def theirs(browser_for, coaching):
    return browser_for(coaching)


@pytest.fixture
def ours(browser_for, person):
    return browser_for(person)


def test_a_coach_recommends_the_team_proves_the_coach_confirms(theirs, ours, person):
    assert "Aucune recommandation" in words_of(ours.visit(R).main)
    key = new_id().hex
    for _twice in range(2):
        page = theirs.submit(f"{R}/new", **ADVICE, form_key=key)
        assert page.main.find("strong", string="étiquettes")
    assert "Jalon G4" in words_of(page.main)
    page = ours.submit(f"{R}/1/accept")
    assert "Acceptée" in words_of(page.main)
    assert f"Répondu par {person.name}, le" in words_of(page.main)
    refused = ours.submit(f"{R}/1/done", expect=422, version="2")
    assert "joignez d’abord un fichier" in words_of(refused.main)
    ours.submit(f"{R}/1/done", version="2", proof="Kappa 0,8 sur 200 images.")
    page = theirs.submit(f"{R}/1/confirm")
    assert "Kappa 0,8" in words_of(page.main)
    told = words_of(ours.visit(f"{R}/1/history").main)
    for deed in ("proposée", "acceptée", "faite", "confirmée"):
        assert f"Recommandation {deed}" in told
    assert "a confirmé « Annoter à deux »" in words_of(ours.visit("/projects/heron/activity").main).replace(
        "\xa0", " "
    )
    assert "toutes ont leur réponse" in words_of(ours.visit("/projects/heron").main)
    assert db.session.query(Recommendation).one().stage is RecommendationStage.CONFIRMED


def test_both_texts_come_back_when_somebody_saved_first(theirs, project, coaching):
    some.recommendation(project, coaching)
    theirs.submit(f"{R}/1/edit", version="1", **ADVICE)
    page = theirs.submit(f"{R}/1/edit", expect=409, version="1", **ADVICE | {"what": "Autre"})
    both = words_of(page.select_one(".two-texts"))
    assert "Autre" in both
    assert "Annoter à deux" in both


def test_a_comment_fills_the_form_and_only_of_this_project(theirs, project, person):
    said = make.comment(project.discussion_id, person, body="- Relire les refus\n\nÀ deux.")
    page = theirs.visit(f"{R}/new?comment={said.id}")
    assert page.select_one("[name=what]")["value"] == "Relire les refus"
    page = theirs.submit(f"{R}/new?comment={said.id}", **ADVICE)
    assert page.find("a", href=f"/comments/{said.id}")
    assert "Tout le projet" in words_of(page.main)
    elsewhere = make.project()
    other = make.comment(elsewhere.discussion_id, person)
    assert theirs.open(f"{R}/new?comment={other.id}").status_code == 404
    assert theirs.open(f"{R}/new?about={elsewhere.discussion_id}").status_code == 404


def test_fifty_recommendations_cost_what_one_costs(ours, project, coaching, statements):
    costs = []
    for count in (1, 24):
        for _number in range(count):
            some.recommendation(project, coaching, about_id=project.discussion_id)
            some.done(project, coaching)
        for path in (R, f"{R}/1"):
            ours.open(path)
            statements.clear()
            ours.open(path)
            costs.append(len(statements))
    assert costs[:2] == costs[2:]
    assert ours.visit(f"{R}?page=2").select("#recommendations tbody tr")


def test_a_stale_acceptance_says_that_a_colleague_declined(ours, project, coaching):
    some.recommendation(project, coaching)
    ours.submit(f"{R}/1/decline", version="1", decline_reason="Trop cher.")
    for stale in ({"version": "1"}, {}):
        page = ours.submit(f"{R}/1/accept", expect=409, **stale)
        assert "Trop cher." in words_of(page.main)
    assert db.session.query(Recommendation).one().stage is RecommendationStage.DECLINED
    version = page.select_one("form[action$=accept] [name=version]")["value"]
    ours.submit(f"{R}/1/accept", version=version)
    assert db.session.query(Recommendation).one().stage is RecommendationStage.ACCEPTED


def test_what_a_coach_changed_is_read_again_before_it_is_accepted(ours, theirs, project, coaching):
    some.recommendation(project, coaching)
    theirs.submit(f"{R}/1/edit", version="1", **ADVICE | {"what": "Annoter à trois"})
    page = ours.submit(f"{R}/1/accept", expect=409, version="1")
    assert "modifiée" in words_of(page.main)
