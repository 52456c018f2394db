"""Browser test: a sprint closed in few interactions, a reply, and the coach sees both."""

import pytest
from playwright.sync_api import expect

from tests.journeys.teams import QUESTION
from tests.journeys.windows import in_every_window

pytestmark = pytest.mark.browser

ACTS_MAX = 12
DONE = "Deux mille clichés annotés."
ANSWER = "Deux mille, dont cent relus."


@in_every_window
def test_an_agent_closes_a_sprint_and_answers_a_comment_in_twelve_acts(visitor, team, width, script):
    agent = visitor(width, script=script)
    agent.sign_in(team.agent)
    agent.follow("Clore le sprint 2")
    agent.choose("Oui")
    agent.fill("En une ligne, qu’est-ce qui a abouti ?", DONE)
    agent.click(agent.page.locator("#form").get_by_role("button", name="Clore le sprint 2"))
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
    expect(coach.page.get_by_role("link", name="Modifier le journal")).to_have_count(0)
    coach.go(f"/projects/{team.slug}/discussions")
    expect(coach.page.locator(".comment--unread", has_text=ANSWER)).to_be_visible()


def test_nothing_to_report_is_one_click_after_the_outcome(visitor, team, width, script):
    agent = visitor(width, script=script)
    agent.enter(team.agent)
    agent.follow("Clore le sprint 2")
    agent.choose("Non")
    agent.press("Clore : rien à signaler")
    agent.sees("But manqué")
    agent.sees("Rien à signaler.")


def test_a_close_without_an_answer_is_refused_beside_the_field(visitor, team, width, script):
    agent = visitor(width, script=script)
    agent.enter(team.agent)
    agent.follow("Clore le sprint 2")
    agent.fill("Le blocage, en une phrase", "Le serveur est en panne.")
    agent.watch.expect(422)
    agent.press("Clore le sprint 2")
    expect(agent.page.locator("[data-form-refused]").first).to_be_visible()
    expect(agent.page.get_by_label("Le blocage, en une phrase")).to_have_value("Le serveur est en panne.")
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
    second.sees("Le texte du premier.")
