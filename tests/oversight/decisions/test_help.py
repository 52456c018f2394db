"""Help on any day: one request, the same as a close makes; a question while no sprint is planned."""

from datetime import timedelta

from portal.coaching.clinics.models import Clinic
from portal.oversight.decisions.awaited_queries import list_open_questions_by_project
from portal.oversight.decisions.commands import DecisionFacts, ask_decision
from portal.oversight.decisions.models import AwaitedDecision, DecisionAddressee
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.project.projects.models import ProjectFigures
from portal.sprints.sprints import projections as sprint_projections
from portal.sprints.sprints.models import Sprint
from portal.sprints.sprints.projections import update_project_figures
from tests.support import coaching
from tests.support import factories as make
from tests.support.browser import words_of
from tests.support.help_requests import PATH, TEXT, ask, ask_by_question, awaits_help


def test_help_of_a_running_sprint_is_one_request_wherever_it_is_counted(app, browser_for):
    project = make.project(slug="heron", acronym="Héron")
    coach = make.role(project.id, Role.COACH)
    make.active_sprint(project)
    member = browser_for(make.role(project.id, Role.TEAM_MEMBER))
    assert coach.name in words_of(member.visit(PATH).main)
    assert TEXT in words_of(ask(member).main)
    assert not db.session.query(AwaitedDecision).count()
    assert awaits_help(project)
    assert TEXT in words_of(member.visit("/projects/heron/clinics").main)
    assert TEXT in words_of(member.visit("/projects/heron").main)
    advised = browser_for(coach)
    for path in ("/to-decide", "/desk"):
        assert TEXT in words_of(advised.visit(path).main)
    assert "1 demande d’aide" in words_of(advised.visit("/portfolio").main)
    sprint = db.session.query(Sprint).one()
    assert (sprint.help_wanted, sprint.blocker_text) == (True, TEXT)  # the log says the same already


def test_asked_again_it_has_the_new_words_and_waits_again_once_closed(app, browser_for):
    project = make.project(slug="heron")
    coach = browser_for(make.role(project.id, Role.COACH))
    make.closed_sprint(project)
    member = browser_for(make.role(project.id, Role.TEAM_MEMBER))
    ask(member)
    first = db.session.query(Sprint).one().help_asked_at
    ask(member, "Deux annotateurs.")
    sprint = db.session.query(Sprint).one()
    assert (sprint.request_text, sprint.help_asked_at) == ("Deux annotateurs.", first)
    page = f"/projects/heron/clinics/{sprint.number}"
    coach.submit(f"{page}/take", page=page, version=0)
    version = db.session.query(Clinic).one().version
    coach.submit(f"{page}/close", outcome="Vu ensemble.", version=version)
    assert not awaits_help(project)
    ask(member, "De nouveau.")
    assert awaits_help(project)
    clinic = db.session.query(Clinic).one()  # it stays as it was closed
    assert (clinic.outcome, clinic.blocker_text) == ("Vu ensemble.", "Deux annotateurs.")
    assert clinic.closed_at
    shown = words_of(member.visit(page).main)
    assert shown.index("De nouveau.") < shown.index("Demandes précédentes") < shown.index("Vu ensemble.")
    assert "Demandée" in shown
    lead = browser_for(make.role(project.programme_id, Role.PROGRAMME_LEAD))
    assert "De nouveau." in words_of(lead.visit("/to-decide").main)
    assert "1 demande d’aide" in words_of(lead.visit("/portfolio").main)
    coach.submit(f"{page}/take", page=page, version=0)
    assert db.session.query(Clinic).filter(Clinic.asked_again_at.is_(None)).one().requested_at > first


def test_asked_again_the_page_says_that_the_request_waits(app, browser_for):
    project = make.project(slug="heron")
    make.active_sprint(project)
    member = browser_for(make.role(project.id, Role.TEAM_MEMBER))
    page = ask(member)
    assert page.find("a", string="Compléter la demande")["href"] == PATH
    assert "—" not in words_of(page.main)
    page = member.visit(PATH)
    assert "Votre demande attend" in words_of(page.main)
    assert page.find("a", href="/projects/heron/clinics/1")
    assert "Personne ne l’a encore prise." in words_of(page.main)
    assert TEXT in page.select_one("[name=blocker_text]").text
    assert "Votre demande est complétée." in words_of(ask(member, "Deux annotateurs.").main)


def test_the_page_shows_all_requests_that_are_open(app, browser_for):
    project = make.project(slug="heron")
    member = browser_for(make.role(project.id, Role.TEAM_MEMBER))
    member.submit(PATH, blocker="none", blocker_text="Un juriste, avant tout sprint.", form_key="k")
    taken = make.closed_sprint(project, number=1, help_wanted=True)
    coaching.clinic(taken, make.role(project.id, Role.COACH))
    make.closed_sprint(project, number=2, help_wanted=True)
    assert len(member.visit("/projects/heron/clinics").select("tbody tr")) == 3
    page = member.visit(PATH)
    assert "3 demandes sont ouvertes" in words_of(page.main)
    assert "Un juriste, avant tout sprint." in words_of(page.main)
    assert all(page.find("a", href=f"/projects/heron/clinics/{number}") for number in (1, 2))
    db.session.query(AwaitedDecision).one().owner_id = (having := make.role(project.id, Role.COACH)).id
    db.session.commit()
    assert f"{having.name} s’en charge." in words_of(member.visit(PATH).main)


def test_a_request_proposes_what_was_just_logged_and_no_kind_else(app, browser_for):
    project = make.project(slug="heron")
    make.active_sprint(project, number=2)
    member = browser_for(make.role(project.id, Role.TEAM_MEMBER))
    page = member.visit(PATH)
    assert words_of(page.select_one("[name=blocker] [selected]")) == "Non précisée"
    assert "coach" not in words_of(page.select_one("label[for=blocker_text]"))  # it has none
    log = make.closed_sprint(project, number=1, blocker="it", blocker_text="Les clés.")
    page = member.visit(PATH)
    assert page.select_one("[name=blocker] [selected]")["value"] == "it"
    assert "Les clés." in page.select_one("[name=blocker_text]").text
    log.helped_at = log.closed_at
    db.session.commit()
    assert words_of(member.visit(PATH).select_one("[name=blocker] [selected]")) == "Non précisée"
    member.submit(PATH, blocker="none", blocker_text=TEXT, version=1)
    assert awaits_help(project)


def test_a_request_after_a_close_leaves_the_log_as_it_was_closed(app, browser_for):
    project = make.project(slug="heron")
    lead = browser_for(make.role(project.programme_id, Role.PROGRAMME_LEAD))
    logged = "Le prestataire est parti."
    make.closed_sprint(project, blocker="contractor", blocker_text=logged, help_wanted=True)
    one, other = (browser_for(make.role(project.id, Role.TEAM_MEMBER)) for _person in range(2))
    assert logged in one.visit(PATH).select_one("[name=blocker_text]").text
    ask(one, "Il nous faut un lecteur.", version=1)
    page = ask(other, TEXT, version=1, expect=409)
    assert "Il nous faut un lecteur." in words_of(page.main)
    ask(other, TEXT)
    db.session.expire_all()
    sprint = db.session.query(Sprint).one()
    assert (sprint.blocker, sprint.blocker_text) == ("contractor", logged)
    assert (sprint.request_blocker, sprint.request_text) == ("annotation", TEXT)
    log = words_of(one.visit(f"/projects/heron/sprints/{sprint.number}").main)
    assert logged in log
    for page in ("/projects/heron/clinics", f"/projects/heron/clinics/{sprint.number}", "/projects/heron"):
        assert TEXT in words_of(one.visit(page).main), page
    assert TEXT in words_of(lead.visit("/to-decide").main)


def test_whoever_writes_second_reads_both_texts(browser_for):
    project = make.project(slug="heron")
    make.active_sprint(project)
    one, other = (browser_for(make.role(project.id, Role.TEAM_MEMBER)) for _person in range(2))
    read = [page.select_one("[name=version]")["value"] for page in (one.visit(PATH), other.visit(PATH))]
    ask(one, version=read[0])
    page = ask(other, "Le serveur est en panne.", version=read[1], expect=409)
    assert "Le serveur est en panne." in words_of(page.main)
    assert TEXT in words_of(page.main)
    assert db.session.query(Sprint).one().blocker_text == TEXT
    ask(one, version=read[0])  # a second click changes nothing
    ask(other, "Les deux.", version=page.select_one("[name=version]")["value"])
    assert db.session.query(Sprint).one().blocker_text == "Les deux."


def test_a_team_without_any_sprint_asks_and_its_coach_finds_it(app, browser_for):
    project = make.project(slug="heron")
    coach = make.role(project.id, Role.COACH)
    member = browser_for(make.role(project.id, Role.TEAM_MEMBER))
    page = member.submit(PATH, blocker="none", blocker_text=TEXT, form_key="k")
    assert TEXT in words_of(page.main)
    row = db.session.query(AwaitedDecision).one()
    assert (row.addressee, row.why) == (DecisionAddressee.COACH, "Demande d’aide")
    assert TEXT in words_of(browser_for(coach).visit("/to-decide").main)
    lead = browser_for(make.role(project.programme_id, Role.PROGRAMME_LEAD))
    assert TEXT in words_of(lead.visit("/to-decide").main)
    assert awaits_help(project)  # counts as help, not as a decision
    assert not db.session.get(ProjectFigures, project.id).decision_awaited
    listed = words_of(lead.visit("/portfolio").main)
    assert "1 demande d’aide" in listed
    assert "Aide, aujourd’hui" in listed
    opened = words_of(lead.visit(f"/portfolio?open={project.slug}").main)
    assert "Aide demandée" in opened
    assert "Décision" not in opened
    asked_at = clock.now()
    page = f"/projects/heron/decisions/{row.number}"
    lead.submit(f"{page}/assign", page=page, person=str(coach.id), version=row.version)
    for moment, is_taken in ((asked_at, False), (clock.now(), True)):  # as past days read them
        (question,) = list_open_questions_by_project([project.id], moment)[project.id]
        assert (question.is_help, question.is_taken) == (True, is_taken)
    assert db.session.get(ProjectFigures, project.id).help_taken
    assert sprint_projections.rebuild_all_figures() == 0  # what is kept is what would be told again


def test_without_a_coach_the_lead_is_asked(app, browser_for):
    project = make.project(slug="heron")
    member = browser_for(make.role(project.id, Role.TEAM_LEAD))
    assert "À la direction du programme." in words_of(member.visit(PATH).main)
    member.submit(PATH, blocker="none", blocker_text=TEXT, form_key="k")
    assert db.session.query(AwaitedDecision).one().addressee is DecisionAddressee.LEAD


def test_nothing_typed_is_said_beside_the_field(app, browser_for):
    project = make.project(make.programme(), slug="heron")
    member = browser_for(make.role(project.id, Role.TEAM_MEMBER))
    page = member.submit(PATH, blocker="none", blocker_text=" ", form_key="k", expect=422)
    assert "Écrivez ce qu’il vous faut." in words_of(page.main)
    make.active_sprint(project)
    page = member.submit(PATH, blocker="it", blocker_text=" ", version=1, expect=422)
    assert "Écrivez ce qu’il vous faut." in words_of(page.main)
    assert not db.session.query(AwaitedDecision).count()
    assert not awaits_help(project)


def test_without_a_sprint_another_question_is_not_taken_for_a_request(app, browser_for):
    project = make.project(slug="heron")
    team = make.role(project.id, Role.TEAM_LEAD)
    ask_decision(make.actor(team), project, DecisionFacts(question="Garder le nom ?"))
    db.session.commit()
    member = browser_for(make.role(project.id, Role.TEAM_MEMBER))
    assert "est ouverte" not in words_of(member.visit(PATH).main)
    member.submit(PATH, blocker="none", blocker_text=TEXT, form_key="k")
    assert {row.question for row in db.session.query(AwaitedDecision)} == {"Garder le nom ?", TEXT}


def test_without_a_sprint_a_form_sent_twice_is_one_request_and_each_keeps_its_name(app, browser_for):
    project = make.project(slug="heron")
    first, second = (make.role(project.id, Role.TEAM_MEMBER) for _ in range(2))
    member, mate = browser_for(first), browser_for(second)
    assert "coach" not in words_of(member.visit(PATH).main.select_one("label[for=blocker_text]"))
    assert "Vos coachs" not in words_of(member.visit(PATH).main)
    for key in ("k", "l"):
        member.submit(PATH, blocker="annotation", blocker_text=TEXT, form_key=key)
    page = mate.visit(PATH)
    assert "1 demande est ouverte" in words_of(page.main)
    assert TEXT in words_of(page.main)
    assert first.name in words_of(page.main)
    mate.submit(PATH, blocker="annotation", blocker_text="Autre.", form_key="other")
    member.submit(PATH, blocker="none", blocker_text="Une seconde chose.", form_key="m")
    asked = {(row.question, row.asked_by_id) for row in db.session.query(AwaitedDecision)}
    assert asked == {(TEXT, first.id), ("Autre.", second.id), ("Une seconde chose.", first.id)}
    for number in range(7):
        ask_by_question(make.actor(first), project, f"{number}", why="Demande d’aide")
    member.submit(PATH, blocker="none", blocker_text="6", form_key="n")
    assert "10 demandes sont ouvertes" in words_of(member.visit(PATH).main)


def test_a_form_opened_before_the_first_sprint_is_sent_after_it(app, browser_for):
    project = make.project(slug="heron")
    member = browser_for(make.role(project.id, Role.TEAM_MEMBER))
    member.visit(PATH)
    make.active_sprint(project)
    member.submit(PATH, blocker="annotation", blocker_text=TEXT, form_key="k")
    assert awaits_help(project)


def test_without_a_sprint_the_form_is_the_same_and_says_what_becomes_of_it(app, browser_for):
    project = make.project(slug="heron")
    make.role(project.id, Role.COACH)
    member = browser_for(make.role(project.id, Role.TEAM_MEMBER))
    pages = [member.visit(PATH)]
    assert "part comme une question" in words_of(pages[0].main)
    page = member.submit(PATH, blocker="annotation", blocker_text=TEXT, form_key="k")
    assert "Votre demande est envoyée." in words_of(page.main)
    assert "Nature du blocage : Annotation" in words_of(page.main).replace("\xa0", " ")
    make.active_sprint(project)
    pages.append(member.visit(PATH))
    labels = [[words_of(label) for label in page.select("main form label")] for page in pages]
    assert labels[0] == labels[1]


def test_a_second_request_completes_the_one_that_is_open_in_whatever_sprint(app, browser_for):
    project = make.project(slug="heron")
    coaching = make.role(project.id, Role.COACH)
    first = make.closed_sprint(project, number=1, help_wanted=True, blocker_text="Les clés.")
    make.active_sprint(project, number=2)
    update_project_figures(project.id)
    db.session.commit()
    member, coach = browser_for(make.role(project.id, Role.TEAM_MEMBER)), browser_for(coaching)
    page = member.visit(PATH)
    assert "Votre demande attend" in words_of(page.main)
    assert "Les clés." in page.select_one("[name=blocker_text]").text
    assert "Votre demande est complétée." in words_of(ask(member, TEXT, version=first.version).main)
    request = "/projects/heron/clinics/1"
    coach.submit(f"{request}/take", page=request, version=0)
    day = clock.today() + timedelta(days=3)
    coach.submit(f"{request}/plan", planned_on=day, version=1)
    page = member.visit(PATH)
    assert "1 demande est ouverte" in words_of(page.main)
    assert f"Avec {coaching.name}, le" in words_of(page.main)
    assert not page.select("[name=withdraw]")
    assert not member.visit(request).find("a", string="Compléter la demande")
    page = ask(member, "Deux annotateurs.", version=2, expect=409)  # the form was open before it was taken
    assert "renvoyez ceci, à part" in words_of(page.main)
    assert "Deux annotateurs." in page.select_one("[name=blocker_text]").text
    assert not page.select("[name=version]")  # the next click sends it
    ask(member, TEXT, version=2)  # a second click of what was sent before changes nothing
    key = page.select_one("[name=form_key]")["value"]
    member.submit(PATH, blocker="none", blocker_text="Deux annotateurs.", form_key=key)
    db.session.expire_all()
    asking = [sprint for sprint in db.session.query(Sprint) if sprint.has_open_request]
    assert [(sprint.number, sprint.request_text) for sprint in asking] == [(1, TEXT)]
    assert db.session.query(AwaitedDecision).one().question == "Deux annotateurs."
    assert db.session.get(ProjectFigures, project.id).help_wanted
    page = member.submit(PATH, withdraw="1", blocker_text="", blocker="none", version=9, expect=409)
    assert "Un coach a pris cette demande" in words_of(page.main)
