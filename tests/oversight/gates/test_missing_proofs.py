"""What a gate says of the proofs that it lacks."""

from datetime import timedelta

from portal.oversight.gates import queries, views
from portal.oversight.gates.progress_views import ExpectedGatePeriod
from portal.people.accounts.models import Person
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from tests.support import factories as make
from tests.support import gates, project_file, reviews, user_tests
from tests.support.browser import words_of

G = "/projects/heron/gates"


def test_noting_a_run_says_what_the_gate_on_it_still_lacks(browser_for, project):
    member = browser_for(make.role(project.id, Role.TEAM_MEMBER))
    project_file.protocol(project, baseline_name="Règles", baseline=0.38)
    project_file.version(project)
    runs = "/projects/heron/file/evaluation/1/runs"
    run = {"prototype": "1", "ran_on": "2026-03-09", "result": "0,75"}
    reached = "Rappel de 0,75 : le seuil de 0,7 est atteint."
    said = words_of(member.submit(f"{runs}/new", **run).body)
    assert f"{reached} G4 : 4 preuves sur 5. L’essai 1 ne dit pas de quel code il vient." in said
    traced = run | {"code_reference": "detection@77d1f", "data_sha256": "ab" * 32}
    said = words_of(member.submit(f"{runs}/1", **traced, version=1).body)
    assert reached in said
    assert "G4 : " not in said.partition(reached)[2][:20]


def test_asking_with_proofs_missing_warns_and_may_go_on(browser_for, project):
    lead = browser_for(make.role(project.id, Role.TEAM_LEAD))
    page = lead.visit(f"{G}/5")
    request = page.find("a", href=f"{G}/5/declare")
    assert words_of(request) == "Demander malgré 2 preuves qui manquent"
    assert "fr-btn--secondary" in request["class"]
    (main,) = page.select(".page-head__actions .fr-btn:not(.fr-btn--secondary)")
    assert main["href"] == f"/projects/heron/file/prototypes/new?return_to={G}/5"
    question = words_of(lead.visit(f"{G}/5/declare").main)
    assert "2 preuves manquent encore." in question
    assert "Aucune version du prototype n’est sortie. À l’équipe." in question
    assert "Jalon demandé" in words_of(lead.submit(f"{G}/5/declare").body)


def test_a_form_reached_from_the_first_gate_leads_back_where_it_is_done_once_saved(browser_for, project):
    gates.judged(project)
    direction = browser_for(make.role(project.programme_id, Role.PROGRAMME_LEAD))
    back = f"return_to={G}/0"
    page = direction.visit(f"{G}/0").main
    links = {words_of(link): link["href"] for link in page.select("a[href]")}
    assert links["Nommer un sponsor"] == f"{G}/engagement?{back}"
    assert links["Affecter un coach"] == f"/projects/heron/team?{back}#coach"
    assert links["Inviter quelqu’un"] == "/projects/heron/team#invite"  # its link is shown once, and stays
    form = direction.visit(links["Affecter un coach"])
    assert form.select_one("section[aria-labelledby=coach]")


def test_the_first_remedy_is_one_that_the_reader_can_give(project, lead, browser_for):
    """While others have the review, asking for the gate is the button again."""
    by = reviews.reviewer(project)
    reviews.submitted(lead, project, by)
    gates.judged(project)
    page = browser_for(db.session.get_one(Person, lead.person_id)).visit(f"/projects/{project.slug}/gates/3")
    assert page.main.find("a", string="Ouvrir la revue")
    buttons = [words_of(each) for each in page.select(".page-head__actions .fr-btn:not(.fr-btn--secondary)")]
    assert buttons == ["Demander ce jalon"]


def test_a_panel_that_several_proofs_lack_is_named_once(browser_for, project):
    lead = browser_for(make.role(project.id, Role.TEAM_LEAD))
    question = words_of(lead.visit(f"{G}/11/declare").select_one("#act"))
    assert question.count("Aucun jury n’a encore vu le prototype.") == 1
    assert "Aucun jury n’a encore vu le prototype. À la direction. (2 preuves)" in question


def test_what_is_missing_is_named_by_its_title_with_whose_turn_it_is(browser_for, project):
    member = browser_for(make.role(project.id, Role.TEAM_MEMBER))
    project_file.source(project, name="Courriers entrants", holder="")
    gates.judged(project)
    page = words_of(member.visit(f"{G}/2").main)
    assert "La source « Courriers entrants » n’a pas de détenteur. À l’équipe." in page
    assert "source 1 « Courriers entrants »" in page


def test_a_review_in_draft_leads_to_its_questions_and_says_the_same_as_its_gate(project, lead, browser_for):
    reviews.reviewer(project)
    review = reviews.opened(lead, project)
    gates.judged(project)
    browser = browser_for(db.session.get_one(Person, lead.person_id))
    page = browser.visit(f"/projects/{project.slug}/gates/3")
    text = words_of(page.main)
    assert "est provisoire tant qu’elle n’est pas soumise" in text
    assert "n’a pas encore pris la revue « Revue de cadrage ». À qui relit la revue." in text
    links = {words_of(link): link["href"] for link in page.main.select("a[href]")}
    (label,) = [label for label in links if label.startswith("Répondre aux ")]
    assert label.endswith("questions qui manquent")
    assert f"/projects/{project.slug}/reviews/{review.number}/sections/" in links[label]
    browser.visit(links[label])
    assert links["Ouvrir la revue"] == f"/projects/{project.slug}/reviews/{review.number}"


def test_a_round_that_is_over_leads_to_its_reopening_and_an_open_one_to_a_session(browser_for, project):
    person = make.role(project.id, Role.TEAM_MEMBER)
    member = browser_for(person)
    round_ = user_tests.round_(project, project_file.version(project))
    user_tests.session(round_, person)
    gates.judged(project)
    assert member.visit(f"{G}/6").main.find("a", string="Ajouter une séance")["href"].endswith("/new")
    round_.ended_on = clock.today()
    db.session.commit()
    page = member.visit(f"{G}/6").main
    assert page.find("a", string="Ajouter une séance") is None
    way = page.find("a", string="Rouvrir la série, ou la reprendre")["href"]
    assert way == "/projects/heron/tests/1"
    assert member.visit(way).select_one(".round-head").find("button", string="Rouvrir la série")


def test_a_gate_without_its_proofs_is_not_expected_today(project, app, monkeypatch):
    gates.shown(project)
    gates.judged(project)
    today, later = clock.today(), clock.today() + timedelta(days=9)
    days = {2: today, 3: today, 4: later, 5: today}  # G5 is proved
    due = {3: today - timedelta(days=1)}
    periods = {
        gate: ExpectedGatePeriod(f"vers {gate}", "", day, due.get(gate, later)) for gate, day in days.items()
    }
    monkeypatch.setattr(views, "read_expected_periods", lambda *_: periods)
    states = queries.read_stored_states(project)
    with app.test_request_context():
        expected = views._read_periods_of_open_gates(project, states)
    assert [expected[gate].period for gate in (4, 5)] == ["vers 4", "vers 5"]
    assert expected[3].period == "dès que ses preuves seront réunies, la date du plan est passée"
    assert expected[2].period == "dès que ses preuves seront réunies"  # a team that is ahead
