"""What the page of a project says of its next gate, and in which order it says what waits."""

from datetime import timedelta
from types import SimpleNamespace

from portal.app.home.duties import UnreadCommentsAndMentions, list_duties
from portal.app.home.snapshot import read_project_snapshot
from portal.oversight.gates import commands, queries
from portal.oversight.gates.definition_rules import GateVerb
from portal.oversight.gates.predicate_rules import GateResult
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.web.template_filters import day
from tests.support import ceremonies, coaching, gates, health, project_file, rereviews, reviews
from tests.support import factories as make
from tests.support.browser import words_of

FRAMING_REVIEW = 3  # the gate of the ethics review of the framing


def test_a_refused_gate_says_so_where_its_team_and_its_coach_look(browser_for, begun, member):
    gates.judged(begun)
    coach = make.role(begun.id, Role.COACH)
    gates.decision(begun, 0, GateVerb.REFUSED, coach, "La base légale manque.")
    gates.judged(begun)
    health.known(begun)
    page = browser_for(member).visit("/projects/acoss")
    said = f"Refusé le {day(clock.today())} : La base légale manque."
    assert said in words_of(page.select_one("section[aria-labelledby=progress]"))
    first = page.select_one("section[aria-labelledby=yours] .todo li")
    assert words_of(first).startswith("G0 refusé : La base légale manque.")
    prepared = browser_for(coach).visit("/projects/acoss/coaching/prepare")
    assert said in words_of(prepared.select_one("section[aria-labelledby=gate]"))
    assert "Tout y est prouvé" not in words_of(prepared.main)


def test_a_refused_gate_with_all_its_proofs_leads_to_why_it_was_refused(browser_for, begun, member):
    version = project_file.version(begun, link="https://demo.example/v1")
    closed = make.closed_sprint(begun, number=2)
    ceremonies.demonstration(begun, closed, prototype_version_id=version.id)
    gates.judged(begun)
    gates.decision(begun, gates.PROTOTYPE, GateVerb.REFUSED, make.role(begun.id, Role.COACH), "Trop lent.")
    gates.judged(begun)
    health.known(begun)
    reader = browser_for(member)
    line = reader.visit("/projects/acoss").select_one("section[aria-labelledby=yours] .todo li")
    assert "G5 refusé : Trop lent." in words_of(line)
    assert "Voir ce qui manque" not in words_of(line)
    path, _hash, anchor = line.find("a", string="Voir pourquoi")["href"].partition("#")
    assert "Trop lent." in words_of(reader.visit(path).select_one(f"#{anchor}"))
    gates.decision(begun, gates.PROTOTYPE, GateVerb.DECLARED, make.role(begun.id, Role.TEAM_LEAD))
    gates.judged(begun)
    health.known(begun)
    duties = reader.visit("/projects/acoss").select_one("section[aria-labelledby=yours]")
    assert "G5 refusé" not in words_of(duties)  # asked again: it is its acceptor's turn


def test_what_a_requested_gate_lacks_stays_named_on_the_page_of_its_team(browser_for, begun, member):
    gates.judged(begun)
    lead = make.role(begun.id, Role.TEAM_LEAD)
    for gate in (0, 2):
        gates.decision(begun, gate, GateVerb.DECLARED, lead)
    gates.judged(begun)
    health.known(begun)
    page = browser_for(member).visit("/projects/acoss")
    assert "Aucun sponsor" in words_of(page.select_one("section[aria-labelledby=progress]"))
    own = page.select_one("section[aria-labelledby=yours]")
    line = own.find("a", href="/projects/acoss/gates/2")
    assert words_of(line) == "G2 demandé, il manque : Aucune source de données n’est décrite."
    assert "À la direction" not in words_of(line.parent)
    assert line.find_parent("li").select_one(".todo__acts a")["href"].startswith("/projects/acoss/file/data")
    team = words_of(page.select_one("#team-duties"))
    assert "G0 demandé, il manque :" in team


def test_a_proved_gate_says_who_asks_for_it(browser_for, begun, member, monkeypatch):
    lead = make.role(begun.id, Role.TEAM_LEAD, make.person(name="Jeanne Porteur"))
    gates.judged(begun)
    monkeypatch.setattr(GateResult, "missing", ())
    monkeypatch.setattr(GateResult, "is_proved", True)

    def said(person, path):
        return words_of(browser_for(person).visit(f"/projects/acoss{path}").main)

    for path in ("", "/gates", "/gates/0"):
        assert "Tout est prouvé : à Jeanne Porteur de le demander." in said(member, path)
        assert "Tout est prouvé : à vous de le demander." in said(lead, path)


def test_a_stale_gate_says_whose_turn_it_is_as_its_own_page_does(browser_for, begun, member):
    lead = make.actor(make.role(begun.id, Role.TEAM_LEAD))
    by = reviews.reviewer(begun)
    review = reviews.taken(lead, begun, by, kind="framing")
    reviews.decide(by, begun, review)
    gates.judged(begun)
    fingerprint = queries.read_states(begun)[FRAMING_REVIEW].evaluation.fingerprint
    commands.accept_gate(make.actor(by), begun, FRAMING_REVIEW, fingerprint)
    rereviews.trigger(begun, review)
    gates.judged(begun)
    health.known(begun)
    reader = browser_for(member)
    progress = words_of(reader.visit("/projects/acoss").select_one("section[aria-labelledby=progress]"))
    turn = "À l’équipe : répondre au réexamen"
    assert turn in progress
    assert "de le demander" not in progress
    assert turn in words_of(reader.visit(f"/projects/acoss/gates/{FRAMING_REVIEW}").main)


def test_what_waits_stands_by_its_day_whatever_it_is(begun, member, app):
    later, sooner = clock.today() + timedelta(days=9), clock.today() + timedelta(days=5)
    retrospective = ceremonies.retrospective(begun, make.closed_sprint(begun, number=2))
    ceremonies.action(begun, retrospective, member, what="Plus tard", due_on=later)
    coaching.recommendation(begun, make.role(begun.id, Role.COACH), what="Plus tôt", due_on=sooner)
    panel = SimpleNamespace(next_gate=None, refused=[], requested=[])
    with app.test_request_context():
        own = list_duties(
            make.actor(member), begun, read_project_snapshot(begun), panel, UnreadCommentsAndMentions(2, ())
        ).own
    assert [duty.text for duty in own] == ["Plus tôt", "Plus tard", "2 messages non lus"]
