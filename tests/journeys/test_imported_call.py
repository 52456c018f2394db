"""Browser test: 52 applications come by the API, and six of them become laureates."""

import pytest

from portal.people.accounts.models import Person
from portal.people.programmes.models import Invitation, Programme
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.tokens import new_token, token_hash
from portal.project.projects.models import Project
from portal.selection.applications.models import Application, ApplicationState
from portal.selection.calls.models import Call
from portal.selection.deliberation.models import DecisionKind
from portal.selection.imports.jobs import run_due_imports
from portal.selection.jury.models import JuryAssignment
from tests.journeys.teams import add_person, make_team
from tests.journeys.test_calls import open_call, score
from tests.journeys.test_installation import take_offer
from tests.support import calls as some
from tests.support import factories as make
from tests.support import live
from tests.support.demarches import TOKEN, Demarches
from tests.support.dossiers import dossiers

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

DESK, PHONE = 1280, 375
COUNT, PLACES, JURORS, NEEDED = 52, 6, 5, 3


@pytest.fixture
def connected(make_app, tmp_path_factory):
    """A portal that may ask a server of applications, and that server."""
    with Demarches(dossiers=dossiers(COUNT)).serve() as site:
        given = {"DEMARCHES_URL": site.url, "OUTGOING_LOOPBACK": "1", "DEMARCHES_PAGE": "20"}
        with live.portal(make_app, tmp_path_factory.mktemp("connected"), **given) as running:
            yield running, site


def connect_and_import(lead, portal, site, place):
    """Connect the procedure, confirm the mapping, try, then import."""
    lead.go(f"{place}/imports")
    lead.follow("Relier une démarche")
    lead.fill("Numéro de la démarche", str(site.number))
    lead.fill("Jeton d’accès", TOKEN)
    lead.finds_no_fault()
    lead.press("Relier et lire le formulaire")
    lead.sees("Dites maintenant ce que disent ses champs")
    lead.finds_no_fault()
    lead.press("Confirmer la correspondance")
    for button, says in (("Essayer à blanc", "Essai à blanc"), ("Importer", "52")):
        lead.press(button)
        with portal.app.app_context():
            while run_due_imports():
                pass
        lead.go(f"{place}/imports")
        lead.sees(says)
    lead.finds_no_fault()
    lead.go(f"{place}/applications")
    lead.sees("Projet 0")
    lead.finds_no_fault()


def in_bulk(portal, people, act):
    """Do what a person would do 52 times by the same commands as the pages."""
    with portal.app.app_context():
        call = db.session.query(Call).one()
        by_email = {person.email: person for person in db.session.query(Person)}
        act(call, make.actor(by_email[people[0]]), [by_email[email] for email in people[1:]])
        db.session.commit()


def judge_the_rest(call, lead, _jurors):
    for row in some.applications_of(call):
        if row.state is ApplicationState.RECEIVED:
            some.eligible(lead, row)


def score_the_rest(_call, _lead, jurors):
    by_id = {person.id: person for person in jurors}
    sheets = db.session.query(JuryAssignment).filter_by(sent_at=None, recused_at=None)
    for sheet in sheets.order_by(JuryAssignment.id).all():
        row = db.session.get_one(Application, sheet.application_id)
        some.judge(by_id[sheet.person_id], row, 5 if row.number <= PLACES else row.number % 4)


def decide_the_rest(call, lead, _jurors):
    for row in some.applications_of(call)[1:]:
        wins = row.number <= PLACES
        some.decide(lead, row, DecisionKind.LAUREATE if wins else DecisionKind.NOT_SELECTED)


def test_fifty_two_applications_by_the_api_make_six_laureates(connected, visitor):
    portal, site = connected
    team = make_team(portal)
    jurors = [add_person(portal, team.slug, Role.JUROR, pooled=True) for _ in range(JURORS)]
    people = [team.leads, *jurors]
    lead, first = visitor(DESK, portal=portal), visitor(PHONE, portal=portal)
    with portal.app.app_context():
        project = db.session.query(Project).filter_by(slug=team.slug).one()
        slug = db.session.get_one(Programme, project.programme_id).slug
    lead.enter(team.leads)
    open_call(lead, f"/programmes/{slug}/calls", places=PLACES, needed=NEEDED)
    place = f"/programmes/{slug}/calls/1"
    connect_and_import(lead, portal, site, place)

    lead.go("/to-decide")
    lead.sees("52 candidatures dont l’éligibilité est à juger")
    lead.go(f"{place}/applications/1")
    lead.follow("Juger l’éligibilité")
    lead.page.locator("#content label", has_text="Éligible").first.click()
    lead.press("Enregistrer")
    in_bulk(portal, people, judge_the_rest)
    for _juror in jurors:
        lead.go(f"{place}/jury/members/new")
        lead.page.get_by_label("Personne").select_option(index=1)
        lead.press("Enregistrer")
    lead.go(f"{place}/jury/spread")
    lead.press("Répartir ainsi")
    lead.press(f"Publier {COUNT * NEEDED} attributions")
    lead.finds_no_fault()

    first.enter(jurors[0])
    first.go("/jury")
    own = first.page.locator("#content a", has_text="Projet").all_inner_texts()
    first.follow(own[0])
    first.choose("Oui, ou on pourrait le penser")
    first.page.locator("#content textarea").first.fill("J’y ai travaillé.")
    first.press("Répondre")
    lead.go(f"{place}/jury/spread")
    lead.press("Répartir ainsi")
    lead.press("Publier 1 attribution")
    lead.go(place)
    lead.press("Clore l’appel")
    lead.press("Confier l’examen au jury")
    score(first, own[1], 5)
    in_bulk(portal, people, score_the_rest)
    lead.go(f"{place}/ranking")
    lead.sees("Rangs possibles")
    lead.finds_no_fault()

    lead.go(f"{place}/applications/1/decision")
    lead.choose("Lauréate")
    for text in lead.page.locator("#content textarea").all()[:5]:
        text.fill("Pour ce motif.")
    lead.press("Enregistrer")
    in_bulk(portal, people, decide_the_rest)
    lead.go(place)
    lead.press("Clore la délibération")
    lead.go(f"{place}/publish")
    lead.press("Publier")
    lead.sees("Résultats publiés")
    lead.go(f"{place}/applications/30/appeals/new")
    lead.fill("Ce que dit le candidat", "Une erreur de lecture.")
    lead.press("Enregistrer")
    lead.go("/to-decide")
    lead.sees(", candidature 30")
    lead.finds_no_fault()

    lead.go(f"{place}/applications/1")
    lead.follow("Créer son projet")
    lead.press("Créer le projet")
    with portal.app.app_context():
        laureates = db.session.query(Application).filter_by(state=ApplicationState.LAUREATE)
        assert sorted(row.number for row in laureates) == [1, 2, 3, 4, 5, 6]
        founded = db.session.query(Project).filter_by(title_fr="Projet 0").one()
        place, link = f"/projects/{founded.slug}", renew_offer(founded)
    shows(lead, f"{place}/gates/0", "Membres de l’équipe : 0, sur 2 demandés")
    window = take_offer(visitor, portal, portal.url + link, "Ada 0")
    window.finds_no_fault()
    shows(lead, f"{place}/gates/0", "Membres de l’équipe : 1, sur 2 demandés")
    shows(lead, f"{place}/gates/1", "Le problème est énoncé.", "Ce qui le prouve : 1 preuve sur 5")
    shows(lead, f"{place}/gates/2", "source 1 « A, b », source 2 « C »")
    shows(lead, place, "Problème 0", "Candidature 1 à l’appel 1")
    window.go(f"{place}/gates/1")
    window.sees("Le problème est énoncé.")


def renew_offer(project):
    """The link of the only invitation of a project, that of who leads its team."""
    offer = db.session.query(Invitation).filter_by(scope_id=project.id).one()
    assert (offer.email, offer.role) == ("ada0@organisme.example", Role.TEAM_LEAD)
    token = new_token()
    offer.token_hash = token_hash(token)
    db.session.commit()
    return f"/invitations/{token}"


def shows(visitor, path, *sentences):
    visitor.go(path)
    for sentence in sentences:
        visitor.sees(sentence)
    visitor.finds_no_fault()
