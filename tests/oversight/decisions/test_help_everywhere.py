"""Help asked by a question is help on every page, and a decision on none."""

from datetime import timedelta

from portal.oversight.committee_packs.documents import build_summary_page
from portal.oversight.committee_packs.snapshot_queries import read_cohort, read_teams
from portal.oversight.committee_packs.team_page_documents import build_team_page
from portal.oversight.committee_packs.trend_queries import read_trend
from portal.oversight.decisions import commands, labels
from portal.oversight.decisions.awaited_queries import list_asked_and_answered_since
from portal.oversight.decisions.models import DecisionAddressee
from portal.oversight.decisions.project_section_labels import describe_awaited
from portal.people.programmes.models import Programme
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.project.projects.commands import finish_project
from tests.support import api, decisions, health
from tests.support import coaching as clinics
from tests.support import factories as make
from tests.support.browser import words_of
from tests.support.help_requests import QUESTION, ask_by_question

PREPARATION = "/projects/heron/coaching/prepare"


def test_it_is_help_on_each_page_and_a_decision_on_none(app, browser_for, project):
    began = clock.now()
    person, coaching = make.role(project.id, Role.TEAM_MEMBER), make.role(project.id, Role.COACH)
    row = ask_by_question(make.actor(person), project)
    health.known(project)
    shown = words_of(browser_for(person).visit("/projects/heron").main)
    assert f"L’aide demandée par une question{QUESTION}" in shown
    assert f"{QUESTION}Au coach" in shown
    assert "attendue du programme" not in shown
    assert describe_awaited(project) == ""
    row.addressee, row.due_on = DecisionAddressee.OPERATOR, clock.today() + timedelta(days=9)
    db.session.commit()
    shown = words_of(browser_for(person).visit("/projects/heron").main)
    assert f"{QUESTION}À l’opérateur" in shown
    row.addressee, row.owner_id = DecisionAddressee.COACH, coaching.id
    db.session.commit()
    shown = words_of(browser_for(person).visit("/projects/heron").main)
    assert f"{QUESTION}{coaching.name}" in shown
    shown = words_of(browser_for(coaching).visit(PREPARATION).main)
    assert labels.due_label(row) in shown
    row.owner_id = None
    db.session.commit()
    assert f"Aide demandée par une question : {QUESTION}" in shown
    assert "Décision" not in shown
    assert "décision attendue" not in shown
    changes = api.client(app, coaching).get("/projects/heron/session-preparation").json["changes"]
    assert [each["kind"] for each in changes if each["text"] == QUESTION] == ["help_asked"]
    assert not list_asked_and_answered_since(project.programme_id, began)
    programme = db.session.get_one(Programme, project.programme_id)

    def read_pack() -> tuple[list[str], list[str]]:
        moment, on = clock.now(), clock.today()
        cohort = read_cohort(programme.id, moment, on)
        first = build_summary_page(cohort, read_trend(cohort, moment, on), "fr", moment, on)
        (team,) = read_teams(cohort, [project.id], moment, on)
        (part,) = (each for each in build_team_page(team)["parts"] if each["title"] == "Décision attendue")
        return [text for _name, text in first["sheet"]["decisions"]["lines"]], part["points"]

    first, points = read_pack()
    assert any(text.startswith("Demande d’aide par une question") for text in first)
    assert any(text.startswith("Demande d’aide par une question, depuis le") for text in points)
    assert QUESTION not in "".join([*first, *points])
    commands.assign_decision(make.actor(coaching), project, row, coaching.id, row.version)
    db.session.commit()
    assert "Demande d’aide" not in str(read_pack())  # somebody has it


def test_the_tile_counts_what_waits_to_be_taken_and_opens_it(browser_for, project, member, coach):
    clinics.asking(project)
    row = ask_by_question(member, project)
    ask_by_question(member, project, "Un juriste ?")
    lead = browser_for(make.role(project.programme_id, Role.PROGRAMME_LEAD))

    def read_tile() -> tuple[str, int]:
        (tile,) = [each for each in lead.visit("/portfolio").select(".tile") if "demande" in words_of(each)]
        opened = lead.visit(tile.a["href"])
        return words_of(tile.a), len(opened.select("#to-decide .todo > li"))

    assert read_tile() == ("3 demandes d’aide", 3)
    commands.assign_decision(coach, project, row, coach.person_id, row.version)
    decisions.decision(project)
    db.session.commit()
    assert read_tile() == ("2 demandes d’aide", 2)
    in_hand = lead.visit("/to-decide?show=in_hand")
    assert QUESTION in words_of(in_hand.main)
    observer = browser_for(make.role(project.programme_id, Role.OBSERVER))
    (tile,) = [each for each in observer.visit("/portfolio").select(".tile") if "de l’aide" in words_of(each)]
    assert words_of(tile.a) == "1 attend de l’aide"  # a team


def test_the_closed_fold_of_a_project_counts_the_help_that_is_under_way(app, browser_for):
    """Whoever has it; neither what lapsed, nor in a project that is over."""
    project = make.project(slug="heron")
    member, coach = make.role(project.id, Role.TEAM_MEMBER), make.role(project.id, Role.COACH)
    browser = browser_for(member)

    def read_fold() -> str:
        page = browser.visit("/projects/heron")
        assert page.select_one(".folds").find("a", href="/projects/heron/clinics")
        return next(
            words_of(each.summary) for each in page.select(".folds > details") if "Coachs" in each.text
        )

    assert "demande" not in read_fold()
    make.closed_sprint(project, number=1, help_wanted=True)
    clinics.clinic(make.closed_sprint(project, number=2, help_wanted=True), coach)
    make.closed_sprint(project, number=3, help_wanted=True)
    assert "2 demandes d’aide en cours" in read_fold()
    ask_by_question(make.actor(member), project).owner_id = coach.id
    db.session.commit()
    assert "3 demandes d’aide en cours" in read_fold()
    finish_project(make.actor(make.role(project.programme_id, Role.PROGRAMME_LEAD)), project)
    db.session.commit()
    assert "demande" not in read_fold()


def test_it_stands_in_the_list_of_requests_for_help_and_leads_back_to_it(browser_for, project):
    person, path, page = (
        make.role(project.id, Role.TEAM_MEMBER),
        "/projects/heron/clinics",
        "/projects/heron/decisions/1",
    )
    ask_by_question(make.actor(person), project)
    member = browser_for(person)
    for each in (page, f"{page}/history"):
        trail = member.visit(each).select_one(".fr-breadcrumb")
        assert trail.find("a", string="Demandes d’aide")["href"] == path
        assert not trail.find("a", string="Décisions")
    assert member.visit(page).main.find("a", string="Toutes les demandes d’aide du projet")["href"] == path
    line = words_of(member.visit(path).select_one("tbody tr"))
    assert all(each in line for each in (QUESTION, "Attendue", "arrivée aujourd’hui"))
    member.submit(f"{page}/withdraw", withdraw_reason="Trouvé.", version=1)
    line = words_of(member.visit(path).select_one("tbody tr"))
    assert all(each in line for each in ("Retirée", "close le jour même"))
