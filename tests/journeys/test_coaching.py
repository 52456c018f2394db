"""Browser test: a recommendation is proved, a team changes its lead, notifications are muted."""

import pytest
from playwright.sync_api import expect

from portal.people.accounts.models import Person
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from tests.journeys.teams import add_person

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PHONE = 320
WHAT, NOTE = "Mesurer le temps avant et après", "Ils n’osent pas dire que les données manquent."
# On how many lines the header's tools stand.
LINES = """all => new Set(all.map((one) => one.getBoundingClientRect()).filter((box) => box.height)
  .map((box) => Math.round(box.top + box.height / 2))).size"""


def test_advice_is_taken_proved_confirmed_and_the_team_handed_over(visitor, portal, team):
    successor = add_person(portal, team.slug, Role.COACH, pooled=True)
    coach, agent = visitor(), visitor(PHONE)
    recommend(coach, team)
    take_and_prove(agent, team)

    coach.go("/coaching")
    coach.sees(WHAT)
    coach.finds_no_fault()
    coach.follow("À décider", within=coach.page.locator("#navigation"))
    coach.finds_no_fault()
    coach.press("Confirmer")
    coach.sees("Recommandation confirmée")
    coach.go(f"/projects/{team.slug}/recommendations/1")
    coach.sees("Confirmée par")
    mute_and_unmute(agent)

    hand_over(visitor(), team.leads, name_of(portal, successor))
    coach.go(f"/projects/{team.slug}/coach-notes", expected=404)
    coach.sees("n’existe pas")
    after = visitor(PHONE, script=False)
    after.enter(successor)
    after.navigate("Accompagnement")
    after.follow("Notes")
    after.sees(NOTE)


def recommend(coach, team):
    coach.enter(team.coach)
    coach.follow("Alpha")
    coach.add("Une recommandation")
    coach.finds_no_fault()
    coach.fill("Que recommandez-vous", WHAT)
    coach.fill("Pourquoi", "Sans **repère**, aucun gain ne se montre.")
    coach.press("Proposer à l’équipe")
    coach.sees("L’équipe")


def take_and_prove(agent, team):
    """Accept and prove a recommendation from the team's home page."""
    agent.enter(team.agent)
    agent.sees("un coach attend une réponse")
    agent.follow(WHAT)
    agent.press("L’accepter")
    agent.follow("C’est fait")
    agent.finds_no_fault()
    agent.fill("Ce qui le montre", "Douze dossiers chronométrés.")
    agent.press("C’est fait")
    agent.sees("Douze dossiers chronométrés.")
    agent.finds_no_fault()


def mute_and_unmute(agent):
    """Mute one discussion, then the whole project."""
    agent.go("/inbox")
    agent.finds_no_fault()
    agent.click(agent.page.locator(".news__more summary").first)
    agent.press("Ne plus suivre")
    agent.click(agent.page.locator(".news__more summary").first)
    agent.press("Suivre de nouveau")
    agent.go("/inbox/preferences")
    agent.finds_no_fault()
    agent.click(agent.page.locator("#silence ~ .folds summary"))
    agent.press("Rendre silencieux")
    agent.press("Suivre de nouveau")
    agent.click(agent.page.locator("#silence ~ .folds summary"))
    expect(agent.page.get_by_role("button", name="Rendre silencieux")).to_be_visible()


def hand_over(lead, leads, to):
    lead.enter(leads)
    lead.navigate("Coachs")
    lead.follow("Confier à un autre")
    whom = lead.page.get_by_label("À qui")
    whom.select_option(whom.locator("option", has_text=to).get_attribute("value"))
    lead.fill("Ce que le suivant doit savoir", NOTE)
    lead.finds_no_fault()
    lead.press("Confier l’équipe")
    lead.sees("L’équipe est confiée")


def name_of(portal, address):
    with portal.app.app_context():
        return db.session.query(Person).filter_by(email=address).one().name
