"""Browser test: a sprint from backlog to burndown, by keyboard, by mouse and without scripts."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import look
from tests.journeys.teams import make_team
from tests.journeys.test_keyboard import tab_to

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

LINES = "5 Annoter cent clichés\nbug : 2 L’export plante\ndonnées : 3 Demander les plans"


@pytest.fixture
def team(portal):
    return make_team(portal, running=False)


def go_to_content(page: Page) -> None:
    """Follow the skip link."""
    tab_to(page, "Contenu")
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()


def tick(page: Page, title: str) -> None:
    tab_to(page, f"Prendre « {title} »")
    page.keyboard.press("Space")


def test_a_sprint_is_planned_from_the_backlog_and_worked_by_keyboard_alone(visitor, team, width):
    agent = visitor(width)
    agent.enter(team.agent, f"/projects/{team.slug}/backlog")
    page, keys = agent.page, agent.page.keyboard
    go_to_content(page)
    tab_to(page, "Un élément par ligne")  # open, because there is nothing yet
    keys.insert_text(LINES)
    tab_to(page, "Ajouter", "BUTTON")
    keys.press("Enter")
    agent.sees("3 éléments ajoutés, 10 points.")
    expect(page.locator("#lines")).to_be_focused()  # ready for more
    expect(page.locator("#lines")).to_be_empty()
    tab_to(page, "Descendre « Annoter cent clichés »")
    keys.press("Enter")
    expect(page.locator("#items .item__title").first).to_have_text("L’export plante")
    expect(page.locator(":focus")).to_have_attribute("title", "Descendre")  # ready to press again
    agent.finds_no_fault()

    agent.go(f"/projects/{team.slug}/sprints/plan")
    expect(page.get_by_label("But du sprint")).to_be_focused()
    keys.insert_text("Annoter et réparer")
    tab_to(page, "Planifier le sprint")
    keys.press("Enter")
    expect(page.locator("h1")).to_contain_text("Sprint 2")
    go_to_content(page)
    tab_to(page, "Choisir les éléments")
    keys.press("Enter")
    expect(page.locator("h1")).to_contain_text("Éléments du sprint 2")
    go_to_content(page)
    tick(page, "L’export plante")
    tick(page, "Annoter cent clichés")
    agent.finds_no_fault()
    tab_to(page, "Prendre les éléments cochés")
    keys.press("Enter")
    agent.sees("2 éléments dans le sprint, 7 points")

    agent.go(f"/projects/{team.slug}/sprints/2")
    go_to_content(page)
    tab_to(page, "Démarrer le sprint")
    keys.press("Enter")
    agent.sees("Le sprint 2 est en cours")
    tab_to(page, "Commencer « Annoter cent clichés »")
    keys.press("Enter")
    expect(page.locator("#item-1")).to_be_focused()
    expect(page.locator(".messages")).to_have_count(0)  # said of what went before
    go_to_content(page)
    tab_to(page, "Tableau")
    keys.press("Enter")
    expect(page.locator("h1")).to_contain_text("Tableau du sprint 2")
    go_to_content(page)
    for verb in ("Commencer", "Terminer"):
        tab_to(page, f"{verb} « L’export plante »")
        keys.press("Enter")
        expect(page.locator("[data-focus]")).to_be_focused()  # the card, in its new column
    agent.sees("2 points faits sur 7")
    agent.go(f"/projects/{team.slug}/sprints/2")
    tab_to(page, "Terminer « Annoter cent clichés »")
    keys.press("Enter")
    expect(page.locator("#content :focus")).to_be_visible()  # what is done is folded: the outcome is told
    agent.finds_no_fault()
    assert look.faults_when_narrow(page) == []


def prepare(agent, team) -> None:
    """Create three items, two of them in the active sprint."""
    path = f"/projects/{team.slug}"
    agent.enter(team.agent, f"{path}/sprints/plan")
    agent.fill("But du sprint", "Annoter et réparer")
    agent.press("Planifier le sprint")
    agent.press("Démarrer le sprint")
    agent.go(f"{path}/backlog")
    agent.fill("Un élément par ligne", LINES)
    agent.press("Ajouter")
    expect(agent.page.locator("#lines")).to_be_focused()  # ready for more, without script too
    agent.follow("Tableau")
    agent.follow("Choisir les éléments")
    for title in ("Annoter cent clichés", "L’export plante"):
        agent.page.get_by_label(f"Prendre « {title} »").check(force=True)
    agent.press("Prendre les éléments cochés")
    agent.sees("2 éléments dans le sprint, 7 points")


def test_items_cross_the_board_and_the_close_says_what_becomes_of_the_rest(visitor, team, width, script):
    agent = visitor(width, script=script)
    prepare(agent, team)
    agent.go(f"/projects/{team.slug}/board")
    agent.press("Commencer « Annoter cent clichés »")
    agent.press("Terminer « Annoter cent clichés »")
    agent.sees("5 points faits sur 7")
    agent.click(agent.page.get_by_role("link", name="Bloquer « L’export plante »"))
    agent.fill("Qu’est-ce qui bloque ?", "Le serveur est arrêté.")
    agent.press("Signaler le blocage")
    agent.sees("Le serveur est arrêté.")
    agent.finds_no_fault()

    agent.go(f"/projects/{team.slug}/sprints/2/close")
    agent.choose("En partie")
    agent.fill("En une ligne, qu’est-ce qui a abouti ?", "Cent clichés annotés.")
    agent.click(agent.page.locator("summary", has_text="non fini"))
    agent.page.get_by_label("L’export plante").select_option(label="Remettre au carnet")
    agent.finds_no_fault()
    agent.click(agent.page.locator("#form").get_by_role("button", name="Clore le sprint"))
    agent.sees("1 élément fini sur 2")
    agent.sees("Bloqué · Remis au carnet")
    agent.finds_no_fault()
    agent.follow("Les chiffres du sprint 2")
    expect(agent.page.get_by_role("img", name="Sprint 2", exact=False).first).to_be_visible()
    agent.sees("il restait")
    agent.sees("il faut trois sprints clos")
    agent.finds_no_fault()
    agent.go(f"/projects/{team.slug}/backlog")
    expect(agent.page.locator("#items .item__title").first).to_have_text("L’export plante")


def test_two_members_at_one_board_one_wins_and_the_other_is_told(visitor, team, width, script):
    first, second = visitor(width, script=script), visitor(width, script=script)
    prepare(first, team)
    path = f"/projects/{team.slug}/board"
    first.go(path)
    second.enter(team.second_agent, path)
    first.press("Commencer « L’export plante »")
    first.sees("« L’export plante » : en cours.")
    second.watch.expect(409)
    second.press("Commencer « L’export plante »")
    second.sees("« L’export plante » : commencé par")
    second.finds_no_fault()
    second.press("Terminer « L’export plante »")
    second.sees("2 points faits sur 7")


def test_dragging_does_what_the_buttons_do(visitor, team):
    agent = visitor()
    prepare(agent, team)
    agent.go(f"/projects/{team.slug}/backlog")
    agent.page.locator("details#add > summary").click()
    agent.fill("Un élément par ligne", "Relire")
    agent.press("Ajouter")
    rows = agent.page.locator("#items .item")
    rows.filter(has_text="Relire").locator(".item__size").drag_to(
        rows.filter(has_text="Demander les plans"), target_position={"x": 300, "y": 3}
    )
    agent.sees("« Relire » a changé de place.")
    expect(rows.first).to_contain_text("Relire")
    agent.go(f"/projects/{team.slug}/board")
    agent.page.locator(".board__card", has_text="L’export").locator(".item__facts").drag_to(
        agent.page.locator("[data-state=doing]")
    )
    expect(agent.page.locator("[data-state=doing] .board__card")).to_contain_text("L’export")
    agent.page.locator(".board__card", has_text="L’export").locator(".item__facts").drag_to(
        agent.page.locator("[data-state=blocked]")
    )
    expect(agent.page.get_by_label("Qu’est-ce qui bloque ?")).to_be_focused()
