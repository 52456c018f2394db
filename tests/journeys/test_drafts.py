"""Browser test: typed text survives a closed tab, an expired session and an edit conflict."""

import pytest
from playwright.sync_api import expect

from tests.journeys import look
from tests.journeys.person import DEMO_PASSWORD

pytestmark = pytest.mark.browser

LABEL = "En une ligne, qu’est-ce qui a abouti ?"
TYPED = "Trois mille clichés."
KEYS = "() => Object.keys(localStorage).filter((key) => key.startsWith('portal.draft.'))"
KEPT = "() => Object.keys(localStorage).some((key) => key.startsWith('portal.draft.'))"


def test_a_draft_outlives_a_closed_tab_and_a_lapsed_session_and_goes_with_the_close(visitor, team, width):
    path = f"/projects/{team.slug}/sprints/2/close"
    agent = visitor(width)
    agent.enter(team.agent, path)
    agent.fill(LABEL, TYPED)
    agent.page.wait_for_function(KEPT)
    agent.page.close()

    agent.page = agent.page.context.new_page()
    agent.go(path)
    expect(agent.page.get_by_label(LABEL)).to_have_value(TYPED)
    agent.sees("Votre brouillon a été repris")

    agent.page.context.clear_cookies()
    agent.choose("En partie")
    agent.watch.expect(401)
    agent.press("Clore le sprint")
    agent.fill("Adresse électronique", team.agent)
    agent.fill("Mot de passe", "demonstration-ami-ia")
    agent.press("Se connecter")
    agent.go(path)
    expect(agent.page.get_by_label(LABEL)).to_have_value(TYPED)
    expect(agent.page.get_by_label("En partie")).to_be_checked()
    agent.press("Clore le sprint")
    agent.sees("Le sprint 2 est clos")
    assert agent.page.evaluate(KEYS) == []


def test_what_is_typed_before_the_script_arrives_is_kept_too(visitor, team):
    agent = visitor(look.WIDE["width"])
    routes = []

    def hold(route):
        routes.append(route)

    agent.enter(team.agent)
    agent.page.route("**/static/all.*.js", hold)
    agent.page.goto(f"{agent.url}/projects/{team.slug}/sprints/2/close", wait_until="commit")
    agent.fill(LABEL, TYPED)
    assert agent.page.evaluate(KEYS) == []
    routes[0].continue_()
    agent.page.wait_for_function(KEPT)


def test_signing_out_leaves_no_draft_behind(visitor, team, width):
    agent = visitor(width)
    agent.enter(team.agent, f"/projects/{team.slug}/sprints/2/close")
    agent.fill(LABEL, TYPED)
    assert agent.page.evaluate(KEYS) != []
    agent.switch("Se déconnecter")
    agent.sees("Vous êtes déconnecté")
    assert agent.page.evaluate(KEYS) == []


def test_a_comment_sent_after_the_session_ended_is_told_and_comes_back(visitor, team):
    path = f"/projects/{team.slug}/discussions"
    agent = visitor(look.NARROW["width"])
    agent.enter(team.agent, path)
    agent.click(agent.page.locator("summary", has_text="Répondre"))
    agent.fill("Votre réponse", TYPED)
    agent.page.context.clear_cookies()
    agent.watch.expect(401)
    agent.press("Publier la réponse")
    agent.sees("Votre session était terminée")
    agent.sees(TYPED)
    agent.finds_no_fault()
    agent.fill("Adresse électronique", team.agent)
    agent.fill("Mot de passe", DEMO_PASSWORD)
    agent.press("Se connecter")
    expect(agent.page.get_by_label("Votre réponse")).to_have_value(TYPED)
    expect(agent.page.get_by_label("Votre réponse")).to_be_visible()


def test_text_sent_after_the_session_ended_comes_with_one_through_the_enter(visitor, team, width, script):
    path = f"/projects/{team.slug}/sprints/2/close"
    agent = visitor(width, script=script)
    agent.enter(team.agent, path)
    agent.fill(LABEL, TYPED)
    agent.page.context.clear_cookies()
    agent.watch.expect(401)
    agent.press("Clore le sprint")
    agent.sees("n’est pas encore enregistré")
    expect(agent.page.get_by_label(LABEL)).to_have_value(TYPED)
    agent.finds_no_fault()

    agent.fill("Adresse électronique", team.agent)
    agent.fill("Mot de passe", "demonstration-ami-ia")
    agent.press("Se connecter")
    if not script:
        agent.sees("Votre texte vous attend")
        expect(agent.page.get_by_label(LABEL)).to_have_value(TYPED)
        with agent.page.context.expect_page() as opened:
            agent.follow("Ouvrir le formulaire")
        agent.page = opened.value
        agent.fill(LABEL, TYPED)
        agent.choose("En partie")
    expect(agent.page).to_have_url(agent.url + path)
    expect(agent.page.get_by_label(LABEL)).to_have_value(TYPED)


def test_back_leads_to_a_form_that_was_refused_with_what_was_typed(visitor, team):
    agent = visitor()
    agent.enter(team.agent, f"/projects/{team.slug}/sprints/2/close")
    agent.fill(LABEL, TYPED)
    agent.page.wait_for_function(KEPT)
    agent.watch.expect(422)
    agent.press("Clore le sprint")
    expect(agent.page.locator("[data-form-refused]").first).to_be_visible()
    agent.go(f"/projects/{team.slug}")
    agent.page.go_back()
    expect(agent.page.get_by_label(LABEL)).to_have_value(TYPED)
