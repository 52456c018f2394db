"""Browser test: an ethics review from answers to decision, and a re-review after a change."""

import json
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from portal.ethics.questionnaires.library_documents import find_built_in_by_name
from portal.ethics.rereviews.jobs import raise_due_triggers
from portal.people.accounts.models import Person
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.project.projects.models import Project
from tests.journeys.teams import add_person
from tests.journeys.test_drafts import KEPT, KEYS
from tests.support import factories as make
from tests.support import risks
from tests.support.project_file import version
from tests.support.reviews import answers_to

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PHONE = 320
AIM, SEVERITY = "Trier les clichés des parcelles.", "Une gêne, vite réparée"
NOT_INDEPENDENT = "coach d’un projet n’en relit pas les revues"


def test_a_review_is_answered_decided_and_looked_at_again(visitor, portal, team):
    lead_address, reviewer_address, mitigation = prepare(portal, team)
    reviews = f"/projects/{team.slug}/reviews"
    review = f"{reviews}/1"
    agent, colleague = visitor(), visitor(PHONE, script=False)
    lead, direction, reviewer = visitor(PHONE), visitor(), visitor()
    agent.enter(team.agent)
    colleague.enter(team.second_agent)
    lead.enter(lead_address)
    direction.enter(team.leads)
    reviewer.enter(reviewer_address)

    agent.go(reviews)
    agent.follow("Ouvrir la revue de cadrage")
    agent.press("Ouvrir la revue")
    answer_at_the_same_time(agent, colleague, review)
    import_the_rest(agent, review)
    agent.finds_no_fault()
    submit(lead, review)

    refuse_the_coach(visitor, direction, team, review)
    direction.choose(reviewer_name(portal, reviewer_address))
    direction.press("Confier la revue")

    reviewer.go("/")
    reviewer.go(review)
    reviewer.press("Prendre en relecture")
    opine(reviewer, review, "R3")
    reviewer.go(review)
    reviewer.follow("Demander des compléments")
    reviewer.fill("Ce que vous demandez à l’équipe", "Précisez d’où viennent les données.")
    reviewer.press("Rendre à l’équipe")
    mend(agent, review, "R3", "Elles viennent du cadastre.")
    submit(lead, review)

    reviewer.go(review)
    reviewer.press("Prendre en relecture")
    for what in ("Publier la règle de tri.", "Former les agents."):
        add_condition(reviewer, review, what)
    decide(reviewer, review, "Acceptée avec conditions")
    prove_condition(agent, reviewer, team.slug)
    prove_mitigation(agent, team.slug, mitigation)

    release_to_citizens(agent, team.slug)
    with portal.app.app_context():
        raise_due_triggers()  # as the worker does, of every project
        assert raise_due_triggers() == 0
    lead.go(f"/projects/{team.slug}/reviews/triggers")
    lead.follow("Version 2 du prototype")
    lead.sees("elle touche désormais des usagers")
    lead.finds_no_fault()
    lead.choose("Revue partielle")
    lead.fill("Pourquoi", "Des usagers liront les lettres.")
    lead.press("Répondre, en mon nom")
    lead.sees("Revue partielle")

    agent.go(f"{review}/sections/R3")
    agent.sees("Cette section n’est pas rouverte")
    mend(agent, review, "R1", "Un agent relit avant l’envoi.")
    submit(lead, review)
    reviewer.go(review)
    reviewer.press("Prendre en relecture")
    decide(reviewer, review, "Acceptée")
    agent.go(reviews)
    agent.sees("Acceptée")
    agent.sees("1 traité")


def prepare(portal, team):
    """Create a version for agents and a mitigation; return the lead's and reviewer's addresses."""
    with portal.app.app_context():
        project = db.session.query(Project).filter_by(slug=team.slug).one()
        version(project)
        due = clock.today() + timedelta(days=20)
        mitigation = risks.mitigation(risks.risk(project), due_on=due).number
        coach = db.session.query(Person).filter_by(email=team.coach).one()
        make.role(project.programme_id, Role.ETHICS_REVIEWER, coach)
    lead = add_person(portal, team.slug, Role.TEAM_LEAD)
    reviewer = add_person(portal, team.slug, Role.ETHICS_REVIEWER, pooled=True)
    return lead, reviewer, mitigation


def reviewer_name(portal, address):
    with portal.app.app_context():
        return db.session.query(Person).filter_by(email=address).one().name


def answer_at_the_same_time(agent, colleague, review):
    """Both open the section before either answers; no answer is lost."""
    place = f"{review}/sections/stakes"
    for one in (agent, colleague):
        one.go(place)
    aim = agent.page.locator("#q-aim textarea").first
    aim.fill(AIM)
    agent.page.wait_for_function(KEPT)
    aim.blur()
    expect(agent.page.locator("#saved-aim")).to_contain_text("Répondu par")
    assert agent.page.evaluate(KEYS) == []  # what is kept is a draft no more
    colleague.page.locator("#q-severity label", has_text=SEVERITY).click()
    colleague.page.get_by_role("button", name="Enregistrer", exact=True).click()
    agent.go(place)
    expect(agent.page.locator("#q-aim textarea").first).to_have_value(AIM)
    expect(agent.page.locator("#q-severity input:checked")).to_have_count(1)
    expect(agent.page.locator("#saved-severity")).to_contain_text("Répondu par")
    type_on_while_it_is_saved(agent, place)
    press_and_slide_off(agent, colleague, place)


def type_on_while_it_is_saved(agent, place):
    """On a slow line the answer is changed again before its save came back: neither refused nor lost."""
    page, saves = agent.page, []
    typed = page.locator("#q-aim textarea").first
    page.route("**/questions/aim", lambda save: saves.append(save), times=1)  # noqa: PLW0108  it takes an attribute
    for words in ("Trier les cartes.", "Trier toutes les cartes."):
        typed.fill(words)
        typed.blur()
    saves[0].continue_()
    page.wait_for_function(f"() => !({KEPT})()")
    agent.go(place)
    expect(typed).to_have_value("Trier toutes les cartes.")
    typed.fill(AIM)
    typed.blur()
    page.wait_for_function(f"() => !({KEPT})()")


def press_and_slide_off(agent, colleague, place):
    """A button that is left before it is released decides nothing: what was typed is compared again."""
    page, question = agent.page, agent.page.locator("#q-aim")
    typed, texts = question.locator("textarea").first, question.locator(".two-texts")
    colleague.go(place)
    colleague.page.locator("#q-aim textarea").first.fill("Trier.")
    colleague.page.get_by_role("button", name="Enregistrer", exact=True).click()
    for words in ("Trier les lettres.", "Trier vite les lettres."):
        agent.watch.expect(409)
        typed.fill(words)
        keep = question.get_by_role("button", name="Garder la réponse enregistrée")
        if keep.count():
            keep.hover()
            page.mouse.down()
            page.mouse.move(2, 2)
            page.mouse.up()
        else:
            typed.blur()
        expect(texts).to_contain_text(words)
    keep.click()
    expect(typed).to_have_value("Trier.")
    typed.fill(AIM)
    typed.blur()
    expect(page.locator("#saved-aim")).to_contain_text("Répondu par")


def import_the_rest(agent, review):
    """Import the remaining answers from a file."""
    answers = answers_to(find_built_in_by_name("framing"), {"aim": AIM, "severity": "slight"})
    agent.go(review)
    agent.follow("Importer des réponses")
    file = {"name": "a.json", "mimeType": "application/json", "buffer": json.dumps(answers).encode()}
    agent.page.get_by_label("Fichier de réponses").set_input_files(file)
    agent.press("Importer")
    agent.sees("le porteur peut la soumettre")


def submit(lead, review):
    lead.go(review)
    lead.follow("Soumettre")
    lead.press("Soumettre au nom de l’équipe")
    lead.sees("Soumise")


def refuse_the_coach(visitor, direction, team, review):
    """A coach of the project is refused, although a reviewer of the programme."""
    direction.go(review)
    direction.follow("Choisir le relecteur")
    direction.watch.expect(422)
    direction.choose("de l’équipe ou coach : ne peut pas")
    direction.press("Confier la revue")
    direction.sees(NOT_INDEPENDENT)
    coach = visitor()
    coach.enter(team.coach)
    coach.go(review)
    expect(coach.page.get_by_role("button", name="Prendre en relecture")).to_have_count(0)
    for door in ("decide", "more", "sections/stakes/opinion", "conditions/new"):
        coach.go(f"{review}/{door}", expected=403)
        coach.sees(NOT_INDEPENDENT)


def opine(reviewer, review, section):
    reviewer.go(f"{review}/sections/{section}")
    reviewer.fill("Mon avis sur cette section", "Il manque d’où viennent les données.")
    reviewer.choose("Il manque quelque chose")
    reviewer.press("Enregistrer mon avis")


def mend(agent, review, section, words):
    agent.go(f"{review}/sections/{section}")
    note = agent.page.locator(f"#q-{section}_1 textarea").last
    note.fill(words)
    note.blur()
    agent.page.get_by_role("button", name="Enregistrer", exact=True).click()


def add_condition(reviewer, review, what):
    reviewer.go(f"{review}/decide")
    reviewer.follow("Écrire une condition")
    reviewer.fill("Ce qui est demandé", what)
    due = clock.today() + timedelta(days=30)
    reviewer.fill("Pour le", due.isoformat())
    reviewer.page.locator("#act form button[type=submit]").last.click()
    reviewer.sees(what)


def decide(reviewer, review, outcome):
    reviewer.go(f"{review}/decide")
    reviewer.page.locator("#content").get_by_text(outcome, exact=True).click()
    reviewer.fill("Motifs", "Lu en entier.")
    reviewer.press("Signer la décision")
    reviewer.sees(outcome)


def prove_condition(agent, reviewer, slug):
    place = f"/projects/{slug}/reviews/conditions/1"
    agent.go(place)
    agent.follow("Montrer qu’elle est remplie")
    agent.fill("Ce qui la remplit", "La règle est en ligne.")
    agent.page.locator("#act form button[type=submit]").last.click()
    agent.sees("La règle est en ligne.")
    reviewer.go(place)
    reviewer.press("Lever la condition")
    reviewer.sees("Levée par")


def prove_mitigation(agent, slug, number):
    agent.go(f"/projects/{slug}/mitigations/{number}/proof")
    agent.fill("Lien de la preuve", "https://demo.example/preuve")
    agent.page.locator("#act form button[type=submit]").last.click()
    agent.sees("En place")


def release_to_citizens(agent, slug):
    agent.go(f"/projects/{slug}/file/prototypes/new")
    agent.fill("Sortie le", clock.today().isoformat())
    agent.fill("Ce qui change", "Les usagers lisent leur lettre.")
    agent.choose("Il suggère")
    agent.choose("Des usagers")
    agent.page.locator("#act form button[type=submit]").last.click()
    agent.sees("Des usagers")
