"""Browser test: a team proves its sixth gate, and a new version makes the gate stale."""

from dataclasses import dataclass
from datetime import date

import pytest

from portal.app.demo import story_files
from portal.app.demo.gate_arcs import generate_team_story_entries
from portal.app.demo.loader import make_project
from portal.app.demo.narrator import ProjectStoryRunner, run_project_stories
from portal.oversight.committee_packs import jobs as packs
from portal.people.accounts.models import Person
from portal.people.accounts.password_rules import PortalPasswordHasher
from portal.people.programmes.models import Programme
from portal.platform.kernel import clock
from portal.platform.kernel.database import db, transaction
from portal.platform.kernel.services import get_service
from tests.journeys import look
from tests.journeys.person import DEMO_PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

SLUG, LIKE = "parcours-jalons", "dggn"
PLACE = f"/projects/{SLUG}"
GATE = f"{PLACE}/gates/6"
PARTS = ("team_lead", "member", "technical_coach")
REASON = "Deux des cinq personnes sont de l’équipe voisine : voyez-en d’autres."


@dataclass(frozen=True)
class Players:
    """E-mail addresses to sign in with."""

    lead: str
    agent: str
    coach: str


def prepare(portal) -> Players:
    """Create five months of a team by the commands of the demonstration.

    G0 to G5 are accepted and five people have tried a version, but access needs are not recorded.
    """
    arcs, plain = story_files.read_yaml("arcs.yaml"), story_files.read_sprint_stories()[LIKE]
    given = dict(arcs["teams"][LIKE])
    given["gates"] = {**given["gates"], 6: {"asked": -2, "waits": True}}
    story = plain | generate_team_story_entries(SLUG, given, arcs["common"], plain)
    story["asks"] = [one for one in story["asks"] if one["gate"] < 6]
    del story["rounds"][0]["ended"]
    files = [file for each in story_files.read_programmes() for file in each["projects"]]
    file = next(one for one in files if one["slug"] == LIKE)
    file = file | {"slug": SLUG, "acronym": "Parcours des jalons"}
    with portal.app.app_context(), transaction():
        programme = db.session.query(Programme).filter_by(slug="ami-ia-2019").one()
        narrator = ProjectStoryRunner(date.today(), make_project(programme, file), story)  # noqa: DTZ011
        narrator.schedule_story(file)
        run_project_stories([narrator])
        passwords = get_service(PortalPasswordHasher, portal.app)
        people = [db.session.get_one(Person, narrator.actor_as(part).person_id) for part in PARTS]
        for person in people:
            person.password_hash = passwords.hash(DEMO_PASSWORD)
        return Players(*(person.email for person in people))


def test_a_gate_is_proved_refused_accepted_and_taken_back_by_a_new_version(visitor, portal):
    players = prepare(portal)
    agent, coach, lead = visitor(), visitor(), visitor(look.NARROW["width"])
    agent.enter(players.agent)
    coach.enter(players.coach)
    lead.enter(players.lead)

    agent.go(f"{PLACE}/gates")
    agent.sees("accepté 50 %")
    agent.finds_no_fault()
    agent.follow("Voir la page de ce jalon")
    agent.finds_no_fault()
    agent.follow("Le dire pour cette série")
    agent.finds_no_fault()
    agent.fill("Participants ayant un besoin", "1")
    submit(agent)

    lead.go(GATE)
    lead.press("Demander ce jalon")
    lead.sees("il attend une réponse")
    lead.finds_no_fault()
    coach.go(GATE)
    coach.follow("Refuser")
    coach.finds_no_fault()
    coach.fill("Pourquoi", REASON)
    coach.press("Le dire à l’équipe")
    lead.go(GATE)
    lead.sees(REASON)
    lead.press("Demander ce jalon")
    coach.go(GATE)
    coach.follow("Accepter")
    coach.finds_no_fault()
    coach.press("Accepter en mon nom")
    coach.sees("accepté 62 %")

    for what in ("La liste se trie.", "La page tient sur un téléphone."):
        release(agent, what)
    lead.go(GATE)
    lead.sees("Périmé depuis")
    lead.sees("versions")
    lead.finds_no_fault()
    lead.go(f"{PLACE}/gates")
    lead.sees("accepté 50 %")
    lead.follow("Évolution")
    lead.finds_no_fault()
    a_committee_reads_of_it(visitor(), portal)


def a_committee_reads_of_it(direction, portal) -> None:
    """Read what became stale and why on the team's page of a committee pack."""
    direction.enter("direction@demo.example")
    direction.go("/programmes/ami-ia-2019/packs")
    direction.press("Faire le dossier")
    direction.sees("Le dossier se fait.")
    with portal.app.app_context():
        packs.make_due_packs()
    direction.page.reload()
    direction.finds_no_fault()
    direction.follow("Parcours des jalons")
    direction.sees("G6 est périmé")
    direction.sees("accepté 50 %")
    direction.finds_no_fault()


def release(agent, what: str) -> None:
    """Release another version with the same model for the same people."""
    agent.go(f"{PLACE}/file/prototypes/new")
    agent.fill("Sortie le", clock.today().isoformat())
    agent.fill("Ce qui change", what)
    agent.choose("Il suggère")
    agent.choose("Des agents")
    submit(agent)
    agent.sees(what)


def submit(window) -> None:
    window.click(window.page.locator("#act form button[type=submit]").last)
