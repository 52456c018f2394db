"""A question asked as help stays help: for its team, those who answer it, and the figures."""

from datetime import timedelta

from portal.communication.notifications.models import Notification
from portal.oversight.decisions import awaited_queries, commands
from portal.oversight.decisions.commands import DecisionFacts
from portal.oversight.decisions.models import AwaitedDecision
from portal.oversight.decisions.owner_projections import mend_rows_of_release_before
from portal.oversight.decisions.projections import rebuild_all_figures, update_project_figures
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.project.projects.models import ProjectFigures
from portal.sprints.sprints.help_commands import ask_for_help
from portal.sprints.sprints.models import BlockerKind
from tests.support import api
from tests.support import factories as make
from tests.support.browser import words_of
from tests.support.help_requests import PATH, QUESTION, TEXT, ask_by_question


def test_whatever_its_words_become_it_is_help(app, browser_for, project, person, member):
    row = ask_by_question(member, project)
    path = f"/projects/heron/decisions/{row.number}"
    sent = {"question": "Deux ?", "why": "Il est parti.", "addressee": "coach", "version": row.version}
    browser_for(person).submit(f"{path}/edit", **sent)
    db.session.refresh(row)
    assert (row.why, row.asks_for_help) == ("Il est parti.", True)
    client = api.client(app, person)
    changed = {"question": "Trois ?", "addressee": "coach"}
    answer = client.put(path, changed, if_match=client.get(path).headers["ETag"])
    assert (answer.status_code, answer.json["asks_for_help"]) == (200, True)
    asked = {"question": "Quatre ?", "asks_for_help": True}
    assert client.post("/projects/heron/decisions", asked).status_code == 201
    commands.ask_decision(member, project, DecisionFacts(question="Cinq ?", why="Demande d’aide"))
    db.session.commit()
    asked_for = [each.row.question for each in awaited_queries.list_open_help_questions(project)]
    assert asked_for == ["Trois ?", "Quatre ?"]
    figures = db.session.get_one(ProjectFigures, project.id)
    assert (figures.help_wanted, figures.decision_awaited) == (True, True)


def test_the_pages_of_whoever_answers_call_it_help(browser_for, project, member, coaching):
    ask_by_question(member, project)
    coach = browser_for(coaching)
    shown = words_of(coach.visit("/projects/heron").main)
    assert "par une question" in shown
    assert "Décider" not in shown
    shown = words_of(coach.visit("/coaching").main)
    assert QUESTION in shown
    assert "Aucune demande n’attend." not in shown


def test_a_past_day_knows_the_help_asked_in_a_first_sprint_that_ran(browser_for):
    programme = make.programme()
    with clock.frozen_at(clock.now() - timedelta(days=4)):
        project = make.project(programme, slug="egret")
        sprint = make.active_sprint(project)
        member = make.actor(make.role(project.id, Role.TEAM_MEMBER))
        ask_for_help(member, project, sprint, BlockerKind.IT, "Il est plein.", expected_version=1)
        db.session.commit()
    lead = browser_for(make.role(programme.id, Role.PROGRAMME_LEAD))
    day = clock.today() - timedelta(days=2)
    assert "1 attend de l’aide" in words_of(lead.visit(f"/portfolio?on={day}").main)


def test_whom_it_is_for_is_told_at_once_and_of_no_decision(project, member, lead, coach):
    row = ask_by_question(member, project)
    sent = {each.person_id: each for each in db.session.query(Notification)}
    assert sent.keys() == {lead.person_id, coach.person_id}
    assert {each.kind for each in sent.values()} == {"help_question"}
    assert not sent[coach.person_id].in_digest
    assert sent[coach.person_id].settled_at is None  # a mail of its own
    commands.withdraw_question(member, project, row, "", row.version)
    db.session.commit()
    assert db.session.query(Notification).count() == 2
    assert all(each.read_at for each in db.session.query(Notification))


def test_a_row_of_the_portfolio_has_no_words_of_a_log_that_asks_for_nothing(browser_for, project, member):
    logged = make.closed_sprint(project, blocker="contractor", blocker_text="Il est parti.")
    ask_by_question(member, project)
    lead = browser_for(make.role(project.programme_id, Role.PROGRAMME_LEAD))

    def read_reason() -> str:
        opened = lead.visit(f"/portfolio?open={project.slug}").main
        return next(words_of(each) for each in opened.select("li") if "Aide demandée" in words_of(each))

    assert "arti" not in read_reason()
    ask_for_help(member, project, logged, BlockerKind.IT, "Il est plein.", expected_version=logged.version)
    db.session.commit()
    assert "Il est plein." in read_reason()


def test_help_that_an_older_process_asked_is_counted_anew(project, member):
    row = ask_by_question(member, project)
    row.asks_for_help = False  # it knows no such column
    db.session.flush()
    update_project_figures(project.id)
    db.session.commit()
    mend_rows_of_release_before()
    rebuild_all_figures()
    db.session.commit()
    figures = db.session.get_one(ProjectFigures, project.id)
    assert (row.asks_for_help, figures.help_wanted, figures.decision_awaited) == (True, True, False)


def test_the_kind_of_blocker_waits_in_french_whoever_asked(app, browser_for):
    """Who answers reads it, not who asked."""
    project = make.project(slug="heron")
    asking = browser_for(make.role(project.id, Role.TEAM_MEMBER, make.person(locale="en")))
    asking.submit(PATH, blocker="it", blocker_text=TEXT, form_key="k")
    assert db.session.query(AwaitedDecision).one().why == "Nature du blocage\u00a0: Informatique"


def test_help_is_answered_in_words_for_help(browser_for, project, person, member, coaching):
    row = ask_by_question(member, project)
    page = f"/projects/heron/decisions/{row.number}"
    coach, asking = browser_for(coaching), browser_for(person)
    (line,) = [each for each in coach.visit("/to-decide").select(".todo > li") if QUESTION in words_of(each)]
    form = words_of(coach.visit(f"{page}/answer").select_one("#form"))
    for shown in (words_of(line), form):
        assert "Aide apportée" in shown
        assert "Pas possible pour nous" in shown
        assert "ccord" not in shown  # to grant is for decisions
        assert "efus" not in shown
    refused = coach.submit(f"{page}/answer", answer="Demain.", version=row.version, expect=422)
    assert "Choisissez ce que vous répondez." in refused.text
    answer = {"outcome": "granted", "answer": "Demain.", "question": QUESTION, "version": row.version}
    assert "Aide apportée" in words_of(coach.submit(f"{page}/answer", **answer).main)
    lead = browser_for(make.role(project.programme_id, Role.PROGRAMME_LEAD))
    closed = words_of(lead.visit("/to-decide?show=done").main)
    history = words_of(asking.visit(f"{page}/history").main)
    news = words_of(asking.visit("/inbox").main)
    assert "a apporté l’aide demandée" in news
    for shown in (closed, history):
        assert "Aide apportée" in shown
        assert "ccordée" not in shown


def test_help_that_was_not_possible_is_recorded_in_the_third_person(
    browser_for, project, person, member, coaching
):
    row = ask_by_question(member, project)
    page = f"/projects/heron/decisions/{row.number}"
    answer = {"outcome": "refused", "answer": "Non.", "question": QUESTION, "version": row.version}
    answered = words_of(browser_for(coaching).submit(f"{page}/answer", **answer).main)
    lead = browser_for(make.role(project.programme_id, Role.PROGRAMME_LEAD))
    closed = words_of(lead.visit("/to-decide?show=done").main)
    history = words_of(browser_for(person).visit(f"{page}/history").main)
    for shown in (answered, closed, history):
        assert "Aide non apportée" in shown
        assert "pour nous" not in shown


def test_the_form_that_changes_it_speaks_of_help(browser_for, project, person, member):
    row = ask_by_question(member, project)
    path = f"/projects/heron/decisions/{row.number}/edit"
    asking = browser_for(person)
    form = words_of(asking.visit(path).select_one("#form"))
    assert "Ce qui est demandé" in form
    assert "à décider" not in form
    refused = asking.submit(path, question="", addressee="coach", version=row.version, expect=422)
    assert "Écrivez ce qui est demandé." in refused.text
