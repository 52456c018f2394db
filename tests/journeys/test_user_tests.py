"""Browser test: plan a test round with ordered tasks and a consent text, then the next round."""

import pytest
from playwright.sync_api import expect

from portal.platform.kernel.database import db
from portal.project.projects.models import Project
from tests.support.project_file import group, version

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

IS_TITLE_CLEAR = """() => {
  const [message, title] = [".messages", "h1"].map((each) =>
    document.querySelector(each).getBoundingClientRect());
  return title.bottom <= 0 || title.top >= message.bottom;
}"""
TOP_OF_ASKED = """() => document.querySelector("#asked").getBoundingClientRect().top + scrollY"""
TASKS = ("Trouver une lettre", "Lire la carte", "Signaler une erreur")


def test_a_round_is_planned_put_in_order_printed_and_copied(visitor, portal, team, width, script):
    with portal.app.app_context():
        project = team_project(team.slug)
        group(project, name="Les contrôleurs")
        version(project)
    agent = visitor(width, script=script)
    agent.enter(team.agent, f"/projects/{team.slug}/tests")
    agent.sees("Personne n’a encore essayé le prototype")
    agent.follow("Préparer une série")
    agent.fill("Titre", "Lire la carte sans aide")
    agent.press("Préparer la série")
    agent.sees("Aucune tâche")
    agent.finds_no_fault()

    for name in TASKS:
        agent.follow("Écrire la première tâche" if name == TASKS[0] else "Ajouter une tâche")
        agent.fill("La tâche, en quelques mots", name)
        agent.fill("Ce qu’on lit au participant", "Cette lettre attend. Trouvez-la.")
        agent.fill("C’est réussi quand", "La lettre est ouverte.")
        agent.press("Ajouter la tâche")
        for seen in (agent.page.locator(".messages"), agent.page.locator("#tasks .actions")):
            expect(seen).to_be_in_viewport()  # what was done, and what comes next
    if script:
        window = agent.page.viewport_size
        low = {**window, "height": int(agent.page.evaluate(TOP_OF_ASKED))}  # for message, title and part
        for size, part in ((low, "asked"), (window, "results")):  # where an import of results leads
            agent.page.set_viewport_size(size)
            agent.page.evaluate("part => { location.hash = part }", part)
            expect(agent.page.locator(f"#{part}:target")).to_be_in_viewport()
            agent.page.wait_for_timeout(200)
            expect(agent.page.locator(f"#{part}")).to_be_in_viewport()
            assert agent.page.evaluate(IS_TITLE_CLEAR)
    last = agent.page.locator("#task-3")
    up = last.get_by_role("button", name="Monter")
    if script:  # by the keyboard, which stays where it is
        up.focus()
        agent.page.keyboard.press("Enter")
        expect(agent.page.locator("#tasks h3").nth(1)).to_contain_text(TASKS[2])
        expect(agent.page.locator("#task-3-up")).to_be_focused()
        expect(agent.page.locator("#status")).to_contain_text("T1, T3, T2")
    else:
        agent.press("Monter", within=last)
    expect(agent.page.locator("#tasks h3").nth(1)).to_contain_text(TASKS[2])
    agent.finds_no_fault()

    agent.follow("En français")
    agent.sees("Votre participation à un test")
    with agent.page.expect_download() as download:
        agent.follow("Télécharger le PDF")
    assert download.value.suggested_filename == f"{team.slug}-1-consent-fr.pdf"
    agent.follow("Modifier")
    agent.fill("À qui s’adresser", "Délégué à la protection des données, dpo@demo.example")
    agent.press("Enregistrer")
    agent.sees("dpo@demo.example")

    agent.go(f"/projects/{team.slug}/tests/1/copy")
    agent.press("Reprendre pour cette version")
    agent.sees("Reprise de la série 1")
    agent.finds_no_fault()

    coach = visitor(width, script=script)
    coach.enter(team.coach, f"/projects/{team.slug}/tests/2")
    coach.sees(TASKS[0])
    expect(coach.page.get_by_role("button", name="Monter")).to_have_count(0)


def team_project(slug):
    """Return the project of a test's team."""
    return db.session.query(Project).filter_by(slug=slug).one()
