"""Browser test: an agreement is signed, an instalment waits for its gate, is paid, a delay follows."""

from datetime import timedelta

import pytest

from portal.oversight.health.queries import read_state
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.project.projects.models import Project
from portal.project.projects.queries import get_programme_of
from tests.journeys.teams import add_person
from tests.support import factories as make
from tests.support import funding, uploads

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

DESK, PHONE = 1280, 375


def prepare_and_sign(operator, place):
    """Prepare an agreement of one instalment that waits for G5, and note its signature."""
    operator.go(place)
    operator.follow("Préparer la convention")
    today = clock.today()
    for label, text in (
        ("Numéro de la convention", f"PARCOURS-{place}"[:40]),
        ("Objet", "Essayer"),
        ("Parties", "Caisse de démonstration ; 11000201100044"),
        ("Montant, en euros", "12 345,67"),
        ("Du", (today - timedelta(days=40)).isoformat()),
        ("Au", (today + timedelta(days=200)).isoformat()),
    ):
        operator.fill(label, text)
    operator.finds_no_fault()
    operator.press("Enregistrer")
    operator.follow("Prévoir une tranche")
    operator.fill("Montant, en euros", "12345,67")
    operator.page.locator("#content label", has_text="G5").first.click()
    operator.press("Enregistrer")
    operator.follow("Noter la signature")
    operator.watch.expect(422)
    operator.press("Enregistrer")
    operator.sees("Joignez le document signé")
    signed = {"name": "signee.pdf", "mimeType": "application/pdf", "buffer": uploads.PDF}
    operator.page.get_by_label("Document signé").set_input_files([signed])  # type: ignore[list-item]
    operator.press("Enregistrer")
    operator.sees("le montant est engagé")
    operator.finds_no_fault()


def test_money_follows_the_gates(portal, visitor, team):
    place = f"/projects/{team.slug}/funding"
    with portal.app.app_context():
        project = db.session.query(Project).filter_by(slug=team.slug).one()
        programme, coach = get_programme_of(project).slug, make.actor(make.role(project.id, Role.COACH))
    carrier = add_person(portal, team.slug, Role.TEAM_LEAD)
    first, second = (add_person(portal, team.slug, Role.OPERATOR, pooled=True) for _n in range(2))
    operator, payer, lead, direction = visitor(DESK), visitor(DESK), visitor(PHONE), visitor(DESK)
    operator.enter(first)
    prepare_and_sign(operator, place)

    lead.enter(carrier)
    lead.go(f"{place}/instalments/1/ask")
    lead.sees("Il manque encore")
    lead.sees("Jalon G5 : à accepter")
    with portal.app.app_context():
        project = db.session.query(Project).filter_by(slug=team.slug).one()
        funding.accept_gate(project, coach)
        planned = {step.number: step.due_on for step in read_state(project).facts.steps}
    ask(lead, place)
    examine(operator, place, "Rendre à compléter", "Rendre", ("Ce qui manque", "Le bilan"))
    ask(lead, place)
    lead.finds_no_fault()
    examine(operator, place, "Contrôler", "Tout est là", None)
    examine(
        payer_of(payer, second), place, "Noter le versement", "Noter le versement", ("Référence", "VIR-9")
    )
    payer.sees("Versement noté")
    payer.finds_no_fault()

    lead.go(f"{place}/changes/new")
    lead.choose("Délai")
    lead.fill("Délai de plus, en jours", "20")
    lead.fill("Pourquoi", "Les données tardent")
    lead.press("Déposer")
    direction.enter(team.leads, f"{place}/changes/1")
    direction.follow("Décider")
    direction.choose("Accorder")
    direction.fill("Motifs", "Justifié")
    direction.press("Enregistrer")
    direction.press("Appliquer")
    direction.press("Appliquer le délai")
    direction.sees("Modification appliquée")
    direction.finds_no_fault()
    with portal.app.app_context():
        project = db.session.query(Project).filter_by(slug=team.slug).one()
        moved = {step.number: step.due_on for step in read_state(project).facts.steps}
    assert moved[6] - planned[6] == timedelta(days=20)

    operator.go(f"/programmes/{programme}/funding/report")
    operator.sees("345,67")
    operator.sees("Versée")
    operator.finds_no_fault()
    operator.go(f"/programmes/{programme}/funding/report?on={clock.today() - timedelta(days=1)}")
    operator.sees("Aucun montant n’est engagé à cette date")


def ask(lead, place):
    lead.go(f"{place}/instalments/1")
    lead.follow("Demander la tranche")
    lead.press("Demander")
    lead.sees("Tranche demandée")


def examine(operator, place, link, button, typed):
    operator.go(f"{place}/instalments/1")
    operator.follow(link)
    if typed:
        operator.fill(*typed)
    operator.press(button)


def payer_of(payer, email):
    payer.enter(email)
    return payer
