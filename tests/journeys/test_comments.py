"""Browser test: comments with mentions, unread marks, permalinks, and no double submission."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.windows import in_every_window

pytestmark = pytest.mark.browser


@in_every_window
def test_a_coach_mentions_an_agent_who_finds_it_new_then_read(visitor, team, width, script):
    coach = visitor(width, script=script)
    coach.sign_in(team.coach)
    coach.follow("Alpha")
    coach.navigate("Discussions")
    new = coach.page.locator("form[action$='/threads'], form[action*='/threads?']")
    if script:
        coach.click(new.locator("summary", has_text="Citer quelqu’un"))
        coach.press(f"Mentionner @{team.agent_handle}", within=new)
        new.locator("textarea").press_sequentially("que dit le jeu de test ?")
    else:
        coach.fill("Votre commentaire", f"@{team.agent_handle} que dit le jeu de test ?", within=new)
    coach.press("Publier le commentaire", within=new)
    coach.sees("que dit le jeu de test ?")

    agent = visitor(width, script=script)
    agent.enter(team.agent)
    agent.follow("vous a cité")
    comment = agent.page.locator(".comment", has_text="que dit le jeu de test ?")
    expect(comment).to_be_in_viewport()
    expect(comment).to_contain_text("Non lu")
    expect(agent.page).to_have_url(re.compile(r"#comment-[0-9a-f-]{36}$"))
    assert agent.page.locator(":target").get_attribute("id") == comment.get_attribute("id")
    agent.page.reload()
    expect(comment).to_be_visible()
    expect(comment).not_to_contain_text("Non lu")
    agent.go("/")
    expect(agent.page.get_by_role("link", name="vous a cité")).to_have_count(0)


def test_a_double_click_makes_one_comment(visitor, team, width, script):
    agent = visitor(width, script=script)
    agent.enter(team.agent, f"/projects/{team.slug}/discussions")
    new = agent.page.locator("form[action$='/threads'], form[action*='/threads?']")
    agent.fill("Votre commentaire", "Une seule fois.", within=new)
    new.get_by_role("button", name="Publier le commentaire").dblclick()
    agent.sees("Une seule fois.")
    agent.go(f"/projects/{team.slug}/discussions")
    expect(agent.page.locator(".comment", has_text="Une seule fois.")).to_have_count(1)


def test_a_refusal_takes_back_what_the_status_said(visitor, team, width):
    agent = visitor(width)
    agent.enter(team.agent, f"/projects/{team.slug}/discussions")
    new = agent.page.locator("form[action$='/threads'], form[action*='/threads?']")
    agent.fill("Votre commentaire", "Une fois.", within=new)
    agent.press("Publier le commentaire", within=new)
    expect(agent.page.locator("#status")).to_contain_text("Commentaire publié")
    agent.watch.expect(422)
    agent.press("Publier le commentaire", within=new)
    agent.sees("Écrivez votre commentaire.")
    expect(agent.page.locator("#status")).not_to_contain_text("publié")
