"""Browser test: a sprint closed in few interactions, a reply, and the coach sees both."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from portal.platform.kernel import clock
from portal.platform.kernel.database import db
from portal.project.projects.models import Project
from tests.journeys.teams import QUESTION, make_team
from tests.journeys.windows import in_every_window
from tests.support import factories as make

pytestmark = pytest.mark.browser

ACTS_MAX = 12
MINIMAL_ACTS = 6  # from the project's page on
CLOSE_HEIGHT = 1_450  # px at 375, folded
DONE = "Deux mille clichés annotés."
ANSWER = "Deux mille, dont cent relus."


@in_every_window
def test_an_agent_closes_a_sprint_and_answers_a_comment_in_twelve_acts(visitor, team, width, script):
    agent = visitor(width, script=script)
    agent.sign_in(team.agent)
    agent.follow("Clore le sprint 2")
    agent.choose("Oui")
    agent.fill("En une ligne, qu’est-ce qui a abouti ?", DONE)
    agent.click(agent.page.locator("#form").get_by_role("button", name="Clore le sprint"))
    agent.sees("Le sprint 2 est clos")
    agent.navigate("Discussions")
    thread = agent.page.locator(".thread", has_text=QUESTION)
    agent.click(thread.locator("summary", has_text="Répondre"))
    agent.fill("Votre réponse", ANSWER, within=thread)
    agent.press("Publier la réponse", within=thread)
    agent.sees(ANSWER)
    assert agent.acts <= ACTS_MAX

    agent.go(f"/projects/{team.slug}/sprints/2")
    agent.page.reload()
    agent.sees("But atteint")
    agent.sees(DONE)
    coach = visitor(width, script=script)
    coach.enter(team.coach, f"/projects/{team.slug}/sprints/2")
    coach.sees(DONE)
    expect(coach.page.get_by_role("link", name="Corriger le journal")).to_have_count(0)
    coach.go(f"/projects/{team.slug}/discussions")
    expect(coach.page.locator(".comment--unread", has_text=ANSWER)).to_be_visible()


@in_every_window
def test_the_minimal_close_takes_six_acts_at_most(visitor, team, width, script):
    agent = visitor(width, script=script)
    agent.enter(team.agent, f"/projects/{team.slug}")
    agent.go(f"/projects/{team.slug}/sprints/2")
    agent.acts += 1  # the link of the project's page to its running sprint
    agent.follow("Clore le sprint 2")
    agent.choose("En partie")
    agent.fill("En une ligne, qu’est-ce qui a abouti ?", DONE)
    agent.press("Clore le sprint")
    agent.sees("But atteint en partie")
    assert agent.acts <= MINIMAL_ACTS


def test_nothing_to_report_is_one_click_and_can_be_undone(visitor, team, width, script):
    agent = visitor(width, script=script)
    agent.enter(team.agent, f"/projects/{team.slug}/sprints/2/close")
    agent.sees("clôt aussitôt : but atteint en partie (aucun élément).")
    agent.press("Rien à signaler")
    assert agent.acts == 1
    agent.sees("But atteint en partie")
    agent.press("Annuler la clôture")
    agent.sees("son journal redevient un brouillon")
    agent.finds_no_fault()


@pytest.mark.parametrize("script", [True, False])
def test_the_close_fits_a_phone_with_its_button_in_sight(visitor, team, script):
    agent = visitor(375, script=script)
    agent.enter(team.agent, f"/projects/{team.slug}/sprints/2/close")
    page = agent.page
    expect(page.get_by_label("Oui", exact=True).first).to_be_focused()
    page.set_viewport_size({"width": 375, "height": 740})
    height = page.evaluate("() => document.documentElement.scrollHeight")
    assert height <= CLOSE_HEIGHT or not script, height  # without scripts the menu is open above it
    buttons = [
        page.get_by_role("button", name=name, exact=True) for name in ("Clore le sprint", "Rien à signaler")
    ]
    form = page.locator("#form").bounding_box()
    assert form is not None
    top = 0 if script else form["y"]  # without scripts the menu fills the first screen
    for y in (top, form["y"], form["y"] + form["height"] / 3):
        page.evaluate("y => window.scrollTo(0, y)", y)
        for button in buttons:
            expect(button).to_be_in_viewport(ratio=0.9)


@pytest.mark.parametrize(
    ("email", "place"),
    [
        ("agent2@demo.example", "/projects/chu-toulouse/sprints/8/close"),
        ("agent1-dgcl@demo.example", "/projects/dgcl/sprints/6/close"),
    ],
)
def test_the_longest_closes_of_the_demonstration_fit_a_phone(visitor, email, place):
    agent = visitor(375)
    agent.enter(email, place)
    assert agent.page.evaluate("() => document.documentElement.scrollHeight") <= CLOSE_HEIGHT


def test_a_start_on_another_day_is_asked_and_undone(visitor, portal, width, script):
    team = make_team(portal, running=False)
    today = clock.today()
    with portal.app.app_context():
        project = db.session.query(Project).filter_by(slug=team.slug).one()
        days = {"starts_on": today + timedelta(days=3), "ends_on": today + timedelta(days=12)}
        number = make.sprint(project, number=9, goal="Relire", **days).number
    agent = visitor(width, script=script)
    agent.enter(team.agent, f"/projects/{team.slug}/sprints/{number}")
    agent.follow("Démarrer le sprint")
    agent.sees("c’est 3 jours plus tôt")
    agent.finds_no_fault()
    agent.press("Démarrer avec ces dates")
    agent.sees(f"Sprint {number} : ")
    agent.fill("Nouvel élément", "5 Relire cent clichés")
    agent.press("Ajouter")
    agent.sees("« Relire cent clichés » est dans le sprint.")
    agent.finds_no_fault()
    agent.press("Annuler le démarrage")
    agent.sees("il est de nouveau planifié")
    agent.sees("Relire cent clichés")


def test_a_close_without_an_answer_is_refused_beside_the_field(visitor, team, width, script):
    agent = visitor(width, script=script)
    agent.enter(team.agent, f"/projects/{team.slug}/sprints/2/close")
    agent.click(agent.page.locator("summary", has_text="Ce qui bloque"))
    agent.fill("Le blocage, en une phrase", "Le serveur est en panne.")
    agent.watch.expect(422)
    agent.press("Clore le sprint")
    expect(agent.page.locator("[data-form-refused]").first).to_be_visible()
    expect(agent.page.get_by_label("Le blocage, en une phrase")).to_have_value("Le serveur est en panne.")
    choices = agent.page.locator("#form .fr-segmented__elements").bounding_box()
    why = agent.page.locator("#outcome-messages .fr-message--error").bounding_box()
    assert why["y"] >= choices["y"] + choices["height"]
    assert why["x"] == choices["x"]
    agent.finds_no_fault()


def test_two_members_edit_the_same_log_and_nothing_is_lost(visitor, team, width, script):
    path = f"/projects/{team.slug}/sprints/1/log"
    first, second = visitor(width, script=script), visitor(width, script=script)
    first.enter(team.agent, path)
    second.enter(team.second_agent, path)
    label = "En une ligne, qu’est-ce qui a abouti ?"
    first.fill(label, "Le texte du premier.")
    first.press("Enregistrer le journal")
    first.sees("Le texte du premier.")
    second.fill(label, "Le texte du second.")
    second.watch.expect(409)
    second.press("Enregistrer le journal")
    second.sees("Quelqu’un a enregistré une autre version entre-temps")
    second.sees("Le texte du premier.")
    expect(second.page.get_by_role("textbox", name=label)).to_have_value("Le texte du second.")
    second.finds_no_fault()
    second.press("Enregistrer le journal")
    second.sees("Le texte du second.")
    second.go(f"/projects/{team.slug}/sprints/1/history")
    second.click(second.page.locator("#content details.fold > summary").first)
    second.sees("Le texte du premier.")
