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
        typed = new.locator("textarea")
        typed.press_sequentially(f"@{team.agent_handle[:5]}")
        expect(coach.page.get_by_role("option").first).to_be_visible()
        typed.press("ArrowDown")
        typed.press("ArrowUp")
        coach.click(coach.page.locator(f"[role=option][data-handle='{team.agent_handle}']"))
        typed.press_sequentially("que dit le jeu de test ?")
    else:
        coach.fill("Votre message", f"@{team.agent_handle} que dit le jeu de test ?", within=new)
    coach.press("Publier le message", within=new)
    coach.sees("que dit le jeu de test ?")

    agent = visitor(width, script=script)
    agent.enter(team.agent)
    agent.follow("vous a mentionné")
    comment = agent.page.locator(".comment", has_text="que dit le jeu de test ?")
    expect(comment).to_be_in_viewport()
    expect(comment).to_contain_text("Non lu")
    expect(agent.page).to_have_url(re.compile(r"#comment-[0-9a-f-]{36}$"))
    assert agent.page.locator(":target").get_attribute("id") == comment.get_attribute("id")
    agent.page.reload()
    expect(comment).to_be_visible()
    expect(comment).not_to_contain_text("Non lu")
    agent.go("/")
    expect(agent.page.get_by_role("link", name="vous a mentionné")).to_have_count(0)


def test_a_double_click_makes_one_comment(visitor, team, width, script):
    agent = visitor(width, script=script)
    agent.enter(team.agent, f"/projects/{team.slug}/discussions")
    new = agent.page.locator("form[action$='/threads'], form[action*='/threads?']")
    agent.fill("Votre message", "Une seule fois.", within=new)
    new.get_by_role("button", name="Publier le message").dblclick()
    agent.sees("Une seule fois.")
    agent.go(f"/projects/{team.slug}/discussions")
    expect(agent.page.locator(".comment", has_text="Une seule fois.")).to_have_count(1)


def test_a_refusal_takes_back_what_the_status_said(visitor, team, width):
    agent = visitor(width)
    agent.enter(team.agent, f"/projects/{team.slug}/discussions")
    new = agent.page.locator("form[action$='/threads'], form[action*='/threads?']")
    agent.fill("Votre message", "Une fois.", within=new)
    agent.press("Publier le message", within=new)
    expect(agent.page.locator("#status")).to_contain_text("Message publié")
    agent.watch.expect(422)
    agent.press("Publier le message", within=new)
    agent.sees("Écrivez votre message.")
    expect(agent.page.locator("#status")).not_to_contain_text("publié")


def test_people_are_suggested_at_the_sign_and_chosen_by_keyboard(visitor, team, width):
    coach = visitor(width)
    coach.enter(team.coach, f"/projects/{team.slug}/discussions")
    typed = coach.page.locator("#thread-body")
    options = coach.page.get_by_role("option")
    typed.press_sequentially("Bonjour @")
    expect(options).to_have_count(3)  # both agents and the programme's lead, not the writer
    expect(coach.page.locator("#status")).to_contain_text("3 personnes")
    names = options.all_text_contents()
    assert all("@" not in name for name in names)
    active = typed.get_attribute("aria-activedescendant")
    assert active == options.nth(0).get_attribute("id")
    expect(typed).to_have_attribute("aria-controls", "people")
    coach.finds_no_fault()
    typed.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    typed.press("ArrowUp")
    expect(options.nth(0)).to_have_attribute("aria-selected", "true")
    name = options.nth(0).get_attribute("data-mention")
    assert name
    assert names[0].startswith(name), "a name, not a handle"
    typed.press("Enter")
    expect(options).to_have_count(0)
    expect(typed).to_have_value(f"Bonjour @{name} ")
    expect(typed).to_be_focused()

    typed.press_sequentially("et @zzz")
    expect(coach.page.locator("#status")).to_contain_text("Personne de ce nom")
    typed.press("Enter")  # nothing to choose: a new line as ever
    typed.press_sequentially("@")
    expect(options).to_have_count(3)
    typed.press("Escape")
    expect(options).to_have_count(0)
    typed.press_sequentially("age")
    expect(options).to_have_count(0)  # dismissed for this word
    expect(typed).to_have_value(f"Bonjour @{name} et @zzz\n@age")


@in_every_window
def test_comments_and_files_are_a_line_each_that_an_address_unfolds(visitor, team, width, script):
    agent = visitor(width, script=script)
    page = f"/projects/{team.slug}/sprints/1"
    agent.enter(team.agent, page)
    lines = agent.page.locator("#attachments summary, #conversation summary")
    expect(lines).to_have_count(2)
    assert all(height <= 80 for height in lines.evaluate_all("all => all.map(one => one.offsetHeight)"))
    expect(agent.page.locator("#files input[type=file]")).to_be_hidden()
    expect(agent.page.locator("#thread-body")).to_be_hidden()
    agent.go("/")
    agent.go(f"{page}#discussion")
    expect(agent.page.locator("#thread-body")).to_be_visible()
    agent.go("/")
    agent.go(f"{page}#files")
    expect(agent.page.locator("#files input[type=file]")).to_be_visible()
    expect(agent.page.locator("#thread-body")).to_be_hidden()
    agent.finds_no_fault()
