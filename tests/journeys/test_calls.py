"""Browser test: a call from its opening to a laureate's project, by its pages."""

import pytest

from portal.people.programmes.models import Programme
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.project.projects.models import Project
from portal.selection.calls.models import Call
from tests.journeys.teams import add_person

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

DESK, PHONE = 1280, 375
FIRST, SECOND = "Lire les registres", "Compter les phares"


def open_call(lead, place, *, places=1, needed=2):
    """Prepare and open a call for so many places and scores an application."""
    lead.go(f"{place}/new")
    lead.click(lead.page.locator("summary", has_text="Le reste"))
    for label, text in (
        ("Titre en français", "Appel d’essai"),
        ("Places", str(places)),
        ("Notes par candidature", str(needed)),
    ):
        lead.fill(label, text)
    today = clock.today()
    for label in ("Ouverture", "Clôture"):
        lead.fill(label, today.isoformat())
    lead.page.get_by_label("Ce qui départage les ex æquo").select_option("jury")
    lead.fill("Qui signe les lettres", "Claude Martin")
    lead.fill("Sa fonction", "Déléguée")
    lead.fill("Voies et délais de recours", "Deux mois, devant le tribunal administratif.")
    lead.finds_no_fault()
    lead.press("Enregistrer")
    lead.sees("Appel préparé")
    lead.press("Ouvrir l’appel")
    lead.sees("Ouvrir l’appel sans ce qui lui manque ?")
    lead.press("Ouvrir aujourd’hui")
    lead.sees("Ouvert")


def type_in(lead, place, title, number):
    lead.go(f"{place}/1/applications/new")
    lead.fill("Organisme", f"Musée {number}")
    lead.fill("Titre du projet", title)
    lead.fill("Problème à résoudre", f"Le problème de {title}.")
    lead.fill("Données", "Registres ; le musée")
    lead.fill("Équipe", f"Ada Test ; ada{number}@musee.example ; porteuse")
    lead.press("Enregistrer")
    lead.sees(title)
    lead.follow("Juger l’éligibilité")
    lead.page.locator("#content label", has_text="Éligible").first.click()
    lead.press("Enregistrer")
    lead.sees("Éligible")


def score(juror, title, level):
    """Declare no interest and score, from one's own list."""
    juror.go("/jury")
    juror.follow(title)
    juror.sees("dites si vous y avez un intérêt")
    juror.finds_no_fault()
    juror.choose("Non, je peux la juger")
    juror.press("Répondre")
    juror.follow("Noter cette candidature")
    juror.page.locator("#content textarea").first.wait_for()
    juror.finds_no_fault()
    for group in juror.page.locator("#content fieldset").all():
        juror.click(group.locator("label").nth(level))
    for text in juror.page.locator("#content textarea").all():
        text.fill("Le dossier le montre.")
    juror.press("Envoyer mes notes")
    juror.sees("Notes envoyées")


def test_a_call_from_its_opening_to_a_project(visitor, portal, team):
    jurors = [add_person(portal, team.slug, Role.JUROR, pooled=True) for _ in range(2)]
    lead, first, second = visitor(DESK), visitor(PHONE), visitor(DESK, script=False)
    with portal.app.app_context():
        project = db.session.query(Project).filter_by(slug=team.slug).one()
        slug = db.session.get_one(Programme, project.programme_id).slug
    place = f"/programmes/{slug}/calls"
    lead.enter(team.leads)
    open_call(lead, place)
    for number, title in enumerate((FIRST, SECOND), start=1):
        type_in(lead, place, title, number)
    for _juror in jurors:
        lead.go(f"{place}/1/jury/members/new")
        lead.page.get_by_label("Personne").select_option(index=1)
        lead.press("Enregistrer")
        lead.sees("Jury complété")
    lead.go(f"{place}/1/jury/spread")
    lead.finds_no_fault()
    lead.press("Répartir ainsi")
    lead.press("Publier 4 attributions")
    lead.sees("les jurés sont prévenus")
    lead.finds_no_fault()
    lead.go(f"{place}/1")
    lead.press("Clore l’appel")
    lead.press("Confier l’examen au jury")
    lead.sees("Examiné par le jury")

    first.enter(jurors[0])
    second.enter(jurors[1])
    score(first, FIRST, 5)
    lead.go(f"{place}/1/applications/1")
    lead.sees("notes envoyées")  # and no value
    score(second, FIRST, 5)
    score(first, SECOND, 2)
    score(second, SECOND, 2)

    lead.go(f"{place}/1/ranking")
    lead.sees("sur la ligne")
    lead.finds_no_fault()
    for number, outcome in ((1, "Lauréate"), (2, "Non retenue")):
        lead.go(f"{place}/1/applications/{number}/decision")
        lead.choose(outcome)
        for text in lead.page.locator("#content textarea").all()[:5]:
            text.fill("Pour ce motif.")
        lead.press("Enregistrer")
        lead.sees("Décision enregistrée")
    lead.finds_no_fault()
    lead.go(f"{place}/1")
    lead.press("Clore la délibération")
    lead.go(f"{place}/1/publish")
    lead.finds_no_fault()
    lead.press("Publier")
    lead.sees("Résultats publiés")
    lead.finds_no_fault()

    lead.go(f"{place}/1/applications/2/appeals/new")
    lead.fill("Ce que dit le candidat", "Une erreur de lecture.")
    lead.press("Enregistrer")
    lead.follow("Examiner")
    lead.fill("Ce que l’examen montre", "Rien de neuf.")
    lead.press("Enregistrer")
    lead.follow("Clore le recours")
    lead.choose("Rejeté")
    lead.fill("Réponse motivée", "La note est confirmée.")
    lead.press("Clore")
    lead.sees("Rejeté")

    lead.go(f"{place}/1/applications/1")
    lead.follow("Créer son projet")
    lead.press("Créer le projet")
    lead.sees(FIRST)
    with portal.app.app_context():
        call = db.session.query(Call).filter_by(title_fr="Appel d’essai").one()
        founded = db.session.query(Project).filter_by(title_fr=FIRST).one()
        assert founded.programme_id == call.programme_id
        assert founded.problem == f"Le problème de {FIRST}."
    lead.go(f"/projects/{founded.slug}/gates")
    lead.sees("Problème")
