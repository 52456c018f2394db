"""Browser test: a team fills its project's file, and its coach reads it."""

import hashlib
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from portal.platform.kernel import clock
from tests.support import uploads

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

IS_ABOVE_THE_BAR = """
() => document.activeElement.getBoundingClientRect().bottom
  <= document.querySelector("main .sticky").getBoundingClientRect().top
"""
CSV = b"lettre;note\n1;a\n2;b\n"


def test_what_the_team_notes_its_coach_reads(visitor, team, width, script):
    file = f"/projects/{team.slug}/file"
    agent = visitor(width, script=script)
    agent.enter(team.agent, file)
    agent.sees("Aucune hypothèse posée.")
    agent.finds_no_fault()

    agent.go(f"{file}/groups")
    agent.follow("Ajouter le premier public")
    agent.fill("Qui sont-ils ?", "Contrôleurs de la côte")
    agent.choose("Des agents publics")
    agent.fill("Combien sont-ils ?", "40")
    agent.press("Ajouter le public")
    agent.sees("40 personnes")

    agent.go(f"{file}/interviews/new")
    agent.fill("Ce que vous avez appris", "Rappeler au 06 12 34 56 78.")
    agent.watch.expect(422)
    agent.press("Noter l’entretien")
    agent.sees("06 12 34 56 78")
    agent.finds_no_fault()
    agent.fill("Ce que vous avez appris", "Ils lisent tout.")
    agent.press("Noter l’entretien")
    agent.sees("Ils lisent tout.")

    coach = visitor(width, script=script)
    coach.enter(team.coach, f"{file}/groups")
    coach.sees("Contrôleurs de la côte")
    expect(coach.page.get_by_role("link", name="Ajouter un public")).to_have_count(0)


def test_a_metric_is_defined_measured_and_drawn(visitor, team, width, script):
    agent = visitor(width, script=script)
    agent.enter(team.agent, f"/projects/{team.slug}/file/impact/new")
    agent.fill("Ce qui doit changer", "Délai de réponse")
    agent.fill("Unité", "jours")
    agent.choose("Plus c’est bas, mieux c’est")
    agent.fill("Point de départ", "10")
    agent.fill("Mesuré le", "2026-01-05")
    agent.fill("Cible", "2")
    agent.press("Définir l’indicateur")
    agent.follow("Noter la première mesure")
    agent.fill("Valeur", "6")
    agent.press("Enregistrer la mesure")
    agent.sees("50 % du chemin vers la cible.".replace(" %", "\u00a0%"))
    drawing = agent.page.locator(f"svg.chart__drawing--{'wide' if width > 768 else 'narrow'}")
    expect(drawing).to_be_visible()
    agent.finds_no_fault()


def test_a_sample_is_measured_and_the_access_moves_on(visitor, team, width, script):
    data = f"/projects/{team.slug}/file/data"
    agent = visitor(width, script=script)
    agent.enter(team.agent, f"{data}/new")
    agent.fill("Comment l’appelez-vous ?", "Lettres de suite")
    agent.press("Enregistrer")
    agent.sees("La base légale n’est pas dite.")
    agent.finds_no_fault()
    if script:
        agent.go(f"{data}/1/edit?field=purpose")
        field = agent.page.locator("#purpose")
        below = field.bounding_box()["y"] + 40
        agent.page.set_viewport_size({"width": width, "height": int(below)})  # it ends there, under the bar
        agent.page.reload()
        expect(field).to_be_focused()
        agent.page.wait_for_function(IS_ABOVE_THE_BAR)
        agent.page.set_viewport_size({"width": width, "height": 800})
        agent.go(f"{data}/1")
    agent.follow("Noter où en est l’accès")
    agent.choose("Demandée")
    agent.press("Enregistrer")
    agent.sees("depuis le")
    agent.follow("Noter un échantillon")
    file = {"name": "lettres.csv", "mimeType": "text/csv", "buffer": CSV}
    agent.page.get_by_label("Fichier CSV").set_input_files([file])  # type: ignore[list-item]
    agent.press("Enregistrer")
    agent.sees("2 lignes")
    agent.sees(hashlib.sha256(CSV).hexdigest())
    agent.finds_no_fault()


def test_a_file_is_attached_saved_and_removed(visitor, team, width, script):
    file = f"/projects/{team.slug}/file"
    agent = visitor(width, script=script)
    agent.enter(team.agent, f"{file}/data/new")
    agent.fill("Comment l’appelez-vous ?", "Conventions")
    agent.press("Enregistrer")
    agent.click(agent.page.locator("#attachments > details:not([open]) > summary"))
    chosen = agent.page.get_by_label("Choisissez un fichier")
    page = {"name": "page.html", "mimeType": "application/pdf", "buffer": b"<html>"}
    chosen.set_input_files([page])  # type: ignore[list-item]
    agent.watch.expect(422)
    agent.press("Joindre le fichier")
    agent.sees("HTML ou du SVG")
    agent.finds_no_fault()
    sound = {"name": "Convention.pdf", "mimeType": "application/pdf", "buffer": uploads.PDF}
    agent.page.get_by_label("Choisissez un fichier").set_input_files([sound])  # type: ignore[list-item]
    agent.press("Joindre le fichier")
    agent.sees("joint par")
    if script:
        expect(agent.page.locator("#files-title")).to_be_focused()
        expect(agent.page.locator("#status")).to_contain_text("est joint")
    agent.finds_no_fault()
    with agent.page.expect_download() as saved:
        agent.follow("Convention.pdf")
    assert saved.value.suggested_filename == "Convention.pdf"
    agent.go(f"/projects/{team.slug}/files")
    agent.finds_no_fault()
    agent.follow("Source de données 1")
    agent.follow("Supprimer")
    agent.press("Supprimer le fichier")
    agent.sees("supprimé par")
    agent.finds_no_fault()


def test_a_run_waits_for_its_protocol(visitor, team, width, script):
    file, today = f"/projects/{team.slug}/file", clock.today()
    agent = visitor(width, script=script)
    agent.enter(team.agent, f"{file}/prototypes/new")
    agent.fill("Ce qui change", "La carte s’affiche.")
    agent.choose("Il suggère")
    agent.choose("Des agents")
    agent.press("Sortir la version")
    agent.sees("La carte s’affiche.")
    agent.finds_no_fault()

    agent.go(f"{file}/evaluation/new")
    agent.fill("Ce qui est mesuré", "Rappel")
    agent.choose("Plus c’est haut, mieux c’est")
    agent.fill("Données mises de côté", "120 lettres")
    agent.fill("Son résultat", "0,5")
    agent.fill("Seuil à partir duquel", "0,7")
    agent.press("Enregistrer")
    agent.follow("Noter le premier essai")
    agent.fill("Résultat", "0,61")
    agent.watch.expect(422)
    agent.press("Enregistrer")
    agent.sees("un essai vient au plus tôt le lendemain")
    agent.finds_no_fault()

    agent.go(f"{file}/evaluation/1/edit")
    agent.fill("Daté du", (today - timedelta(days=7)).isoformat())
    agent.press("Enregistrer")
    agent.follow("Noter un essai")
    agent.fill("Résultat", "0,61")
    agent.fill("Résultats par sous-groupe", "Côte ; 0,7 ; 40")
    agent.press("Enregistrer")
    agent.sees("sous le seuil")
    agent.finds_no_fault()


def test_a_sprint_is_shown_looked_back_upon_and_leaves_an_action(visitor, team, width, script):
    sprint = f"/projects/{team.slug}/sprints/2"
    agent = visitor(width, script=script)
    agent.enter(team.agent, f"{sprint}/demonstrations/new")
    agent.fill("Agents visés", "1000")
    agent.fill("Ce qu’on nous a dit", "La carte plaît.")
    agent.watch.expect(422)
    agent.press("Enregistrer")
    agent.finds_no_fault()
    agent.fill("Agents visés", "4")
    agent.press("Enregistrer")
    agent.sees("4 personnes d’ailleurs")
    agent.finds_no_fault()

    agent.go(f"{sprint}/retrospective")
    agent.follow("Écrire la rétrospective")
    agent.fill("Ce qui a marché", "Le binôme.")
    agent.press("Enregistrer")
    agent.fill("Ce qui sera fait", "Inviter le DPO")
    agent.press("Ajouter l’action")
    agent.press("Mettre au carnet")
    agent.follow("Voir d’où vient cet élément")
    agent.sees("du carnet (à faire)")
    agent.finds_no_fault()

    agent.go(f"/projects/{team.slug}/actions")
    agent.press("Faite")
    agent.sees("« Inviter le DPO »\u00a0: faite.")
    expect(agent.page.get_by_role("button", name="Rouvrir")).to_be_visible()
    agent.finds_no_fault()


def test_a_sheet_is_filled_a_section_at_a_time(visitor, team, width, script):
    sheets = f"/projects/{team.slug}/file/sheets"
    agent = visitor(width, script=script)
    agent.enter(team.agent, f"{sheets}/begin/oversight")
    agent.press("Commencer la fiche")
    agent.fill("Fait le", "2026-03-02")
    agent.fill("Quels métiers", "Contrôleurs")
    agent.fill("Combien d’agents", "0")
    agent.watch.expect(422)
    agent.press("Enregistrer et continuer")
    agent.sees("entre 1 et 10 000")
    agent.finds_no_fault()
    agent.fill("Combien d’agents", "4")
    agent.press("Enregistrer et continuer")
    agent.sees("Combien de réponses fausses")
    agent.choose("En partie")
    agent.page.locator("#content").get_by_role("button", name="Enregistrer", exact=True).click()
    agent.sees("4 réponses sur 17")
    agent.follow("Ce qui manque pour la déclarer complète")
    agent.sees("Dire de quelle version parle la fiche")
    agent.finds_no_fault()

    coach = visitor(width, script=script)
    coach.enter(team.coach, f"{sheets}/1")
    for section in coach.page.locator("#content details.fold:has(dl.answers) > summary").all():
        coach.click(section)
    coach.sees("En partie : à reprendre".replace(" :", "\u00a0:"))
    coach.sees("Contrôleurs")
    expect(coach.page.get_by_role("link", name="Répondre")).to_have_count(0)
