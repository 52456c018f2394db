"""Browser test: a lead sees who needs help, what is new and what they owe, and settles it; the team
sees it at once."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from portal.people.accounts.models import Person
from portal.platform.kernel import clock
from portal.platform.kernel.database import db
from portal.project.projects.models import Project
from tests.support import coaching, decisions, health

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

DESK, PHONE = 1280, 375
ANSWERS = ("Oui, dès lundi.", "Pas cette année.")


def prepare(portal, team):
    """Two decisions and a help request that wait, and a signal that is raised; the coach's name."""
    with portal.app.app_context():
        project = db.session.query(Project).filter_by(slug=team.slug).one()
        agent = db.session.query(Person).filter_by(email=team.agent).one()
        for question in ("Ouvrir le réseau ?", "Prolonger le prêt ?"):
            decisions.decision(project, agent, question=question)
        days = {
            "starts_on": clock.today() - timedelta(days=20),
            "ends_on": clock.today() - timedelta(days=11),
        }
        closed_at = clock.now() - timedelta(days=11)
        coaching.asking(project, number=3, started_at=closed_at, closed_at=closed_at, **days)
        health.known(project)
        return db.session.query(Person).filter_by(email=team.coach).one().name


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_a_lead_settles_what_they_owe_and_the_team_sees_it(visitor, portal, team, width):
    coach = prepare(portal, team)
    lead = visitor(width)
    lead.enter(team.leads)
    # What is owed, who needs help, what is new.
    for sentence in ("3 à décider", "1 à aider", "1 non suivie", "1 demande d’aide"):
        lead.sees(sentence)
    lead.finds_no_fault()
    lead.follow("à décider")
    lead.finds_no_fault()
    for answer in ANSWERS:
        line = lead.page.locator(".todo > li", has_text="Répondre").first
        lead.click(line.locator("summary", has_text="Répondre"))
        expect(line.get_by_label("Votre réponse")).to_be_focused()
        lead.finds_no_fault()
        lead.fill("Votre réponse", answer, within=line)
        lead.press("Accorder", within=line)
        lead.sees("Réponse envoyée")
        message = lead.page.locator(".todo > li [data-focus]")  # where the line was, in sight
        expect(message).to_be_focused()
        expect(message).to_be_in_viewport()
    chosen = lead.page.locator("select[name=person] option", has_text=coach).first
    lead.page.get_by_label("Qui s’en occupe").first.select_option(chosen.get_attribute("value"))
    lead.press("Affecter")
    lead.sees("Rien n’attend")
    lead.finds_no_fault()

    lead.go("/portfolio")
    lead.sees("Alpha")
    lead.go(f"/projects/{team.slug}/health")
    lead.follow("S’engager sur ce signal")
    lead.finds_no_fault()
    lead.fill("Ce que vous faites", "Je les appelle jeudi.")
    lead.press("S’engager sur ce signal")
    lead.sees("Je les appelle jeudi.")

    agent = visitor(width)
    agent.enter(team.agent, f"/projects/{team.slug}/health")
    agent.sees("Je les appelle jeudi.")
    agent.go(f"/projects/{team.slug}/decisions")
    agent.sees("Accordée")
    agent.go(f"/projects/{team.slug}/clinics/3")
    agent.sees(coach)
    agent.finds_no_fault()
