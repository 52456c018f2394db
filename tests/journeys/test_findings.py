"""Browser test on a phone: a test round, a fixed finding, and a second round that confirms it."""

import pytest
from playwright.sync_api import expect

from portal.platform.kernel.database import db
from portal.project.projects.models import Project
from tests.support.project_file import group, version

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PHONE = 375
LEGEND, BUTTON = "La légende n’est pas vue", "Le bouton est trop petit"


def test_what_a_test_found_is_followed_to_its_end_on_a_phone(visitor, portal, team):
    release(portal, team)
    agent = visitor(PHONE)
    agent.enter(team.agent, f"/projects/{team.slug}/tests")
    plan_a_round(agent)
    first = agent.page.url
    run_a_session(agent, "Pas réussie")
    note(agent, "#t1", LEGEND)
    phone = visitor(PHONE, script=False)
    answer_alone(agent, phone)
    agent.press("Terminer la séance")

    agent.page.goto(first)
    run_a_session(agent, "Réussie")
    note(agent, "#content", BUTTON)
    agent.press("Terminer la séance")
    agent.press("Terminer quand même")  # without the answers of the end

    for what, severity in ((LEGEND, "3"), (BUTTON, "1")):
        agent.page.goto(first)
        agent.follow(what)
        agent.page.get_by_label("Gravité").select_option(severity)
        agent.press("Enregistrer la gravité")
        agent.sees(f"Gravité {severity}")
    agent.page.goto(first)
    agent.follow(LEGEND)
    agent.press("Mettre au carnet")
    agent.sees("Sa correction est au carnet")
    expect(agent.page.get_by_role("link", name="Le dire réglé")).to_have_count(0)

    release(portal, team)
    agent.page.goto(first)
    agent.follow("Reprendre pour une autre version")
    agent.press("Reprendre pour cette version")
    second = agent.page.url
    run_a_session(agent, "Réussie")  # a version that nobody tried shows nothing
    agent.press("Terminer la séance")
    agent.press("Terminer quand même")
    agent.page.goto(second)
    agent.follow("Vérifier les constats d’avant")
    asked = agent.page.locator(".question", has_text=LEGEND)
    asked.locator("label", has_text="Disparu").click()
    agent.press("Enregistrer les réponses")
    agent.sees("1 constat vérifié, 1 clos.")
    agent.page.goto(first)
    agent.follow("Rapport")
    agent.sees("1 sur 2 a réussi")
    agent.sees("2 constats, dont 1 grave (gravité 3 ou 4). Graves encore ouverts : 0.")
    row = agent.page.locator("article tr", has_text=LEGEND)
    expect(row).to_contain_text("Disparu")


def release(portal, team):
    """Release the team's next version; before the first, add a target group."""
    with portal.app.app_context():
        project = db.session.query(Project).filter_by(slug=team.slug).one()
        if version(project).number == 1:
            group(project, name="Les contrôleurs")


def plan_a_round(agent):
    agent.follow("Préparer une série")
    agent.fill("Titre", "Lire la carte sans aide")
    agent.press("Préparer la série")
    agent.follow("Écrire la première tâche")
    agent.fill("La tâche, en quelques mots", "Trouver une lettre")
    agent.fill("Ce qu’on lit au participant", "Cette lettre attend. Trouvez-la.")
    agent.fill("C’est réussi quand", "La lettre est ouverte.")
    agent.press("Ajouter la tâche")
    agent.sees("T1. Trouver une lettre")


def run_a_session(agent, outcome):
    agent.follow("Nouvelle séance")
    agent.press("Donner un code")
    agent.press("La personne est d’accord")
    task = agent.page.locator("#t1")
    task.locator(".tap__one", has_text=outcome).first.click()
    expect(task.locator("[data-told]")).to_have_text("Enregistré")


def note(agent, place, what):
    """Add a finding from the session in one line."""
    agent.follow("Noter un constat", within=agent.page.locator(place))
    agent.sees("Vu chez P")
    agent.fill("Ce qui s’est passé", what)
    agent.page.get_by_role("button", name="Noter", exact=True).click()
    agent.sees("Séance P")


def answer_alone(agent, phone):
    agent.follow("La faire répondre seule")
    agent.press("Donner un lien")
    phone.page.goto(agent.page.locator(".code__address").get_attribute("href"))
    for asked in phone.page.locator("fieldset.tap").all():
        asked.locator("label").nth(3).click()
    phone.press("Envoyer mes réponses")
    phone.sees("Merci, vos réponses sont enregistrées")
    agent.follow("Revenir à la séance")
    agent.sees("La personne a répondu elle-même")
