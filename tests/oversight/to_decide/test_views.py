"""The page of what is to decide: who sees what of it, acts in place, counts, cost."""

from datetime import timedelta

import pytest

from portal.communication.notifications.policy import LEADS
from portal.ethics.reviews.models import Review
from portal.oversight.decisions.models import AwaitedDecision, DecisionAddressee
from portal.oversight.gates.definition_rules import GateVerb
from portal.oversight.to_decide import content_views
from portal.people.programmes.models import Programme
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.unchanged_answers import clear_cached_answers
from portal.project.projects import commands as projects
from portal.project.projects.to_decide_queries import clear_waiting_cache, count_waiting
from tests.support import coaching as clinics
from tests.support import decisions as some
from tests.support import factories as make
from tests.support import gates, reviews
from tests.support.browser import words_of

URL = "/to-decide"
LINES = "#to-decide .todo > li"
NO = {"outcome": "refused", "answer": "Non, pas cet été."}


def act(kind, row_id, verb):
    return f"{URL}/{kind}/{row_id}/{verb}"


def test_the_oldest_first_and_late_ones_are_counted(direction, project, person):
    now = clock.now()
    some.decision(project, person, question="La jeune ?")
    old = {"created_at": now - timedelta(days=14), "due_on": clock.today() - timedelta(days=3)}
    some.decision(project, person, question="L’ancienne ?", **old)
    page = direction.visit(URL)
    assert words_of(page.h1) == "À décider : 2, dont 1 en retard"
    titles = [words_of(line).partition(", ")[2] for line in page.select(".todo__text > a")]
    assert titles == ["L’ancienne ?", "La jeune ?"]
    assert "3 jours de retard" in words_of(page.main)
    assert page.find("a", string="À décider (2)")
    assert "après sept jours d’ordinaire" in words_of(page.main)


def test_a_decision_without_a_date_is_late_after_a_week(direction, project, person):
    """As all else that waits: each line says how long, the red ones alone are late."""
    for days in (0, 7, 8):
        asked_at = clock.now() - timedelta(days=days)
        some.decision(project, person, question=f"Il y a {days}", created_at=asked_at)
    page = direction.visit(URL)
    assert words_of(page.h1) == "À décider : 3, dont 1 en retard"
    lines = page.select("#to-decide .todo > li")
    assert [words_of(late) for line in lines for late in line.select(".late")] == ["attend depuis 8 jours"]
    assert "attend depuis 7 jours" in words_of(lines[1])
    assert "arrivée aujourd’hui" in words_of(lines[2])


def test_a_past_day_is_answered_with_the_way_to_the_portfolio(direction):
    assert "Cette page montre aujourd’hui" not in direction.visit(URL).text
    page = direction.visit(f"{URL}?on=2026-01-05")
    assert "Cette page montre aujourd’hui" in words_of(page.main)
    assert page.find("a", string="Le portefeuille ce jour-là")["href"].endswith("on=2026-01-05")


def test_a_lead_answers_takes_and_sees_what_is_decided(direction, project, person):
    first, second = some.decision(project, person), some.decision(project, person)
    page = direction.submit(act("decisions", first.id, "take"), version="1")
    assert "À vous" in words_of(page.main)
    page = direction.submit(act("decisions", second.id, "answer"), **NO, version="1")
    assert words_of(page.h1) == "À décider : 1"
    page = direction.visit(f"{URL}?show=done")
    assert "Non, pas cet été." in words_of(page.main)
    assert not direction.visit(f"{URL}?show=others").select(LINES)
    assert len(direction.visit(f"{URL}?show=mine").select(LINES)) == 1


def test_an_answer_is_shown_without_its_marks(direction, project, leading):
    some.answered(project, leading, answer="Oui, **une** fois.")
    page = direction.visit(f"{URL}?show=done")
    assert "Oui, une fois." in words_of(page.main)


def test_a_paused_team_still_awaits_its_answer_and_a_stopped_one_nothing(direction, project, person, leading):
    some.decision(project, person)
    actor = make.actor(leading)
    projects.pause_project(actor, project)
    db.session.commit()
    assert words_of(direction.visit(URL).h1) == "À décider : 1"
    projects.stop_project(actor, project, reason="r", learnings="l")
    db.session.commit()
    assert not direction.visit(URL).select(LINES)


def test_a_gate_that_lacks_proofs_is_not_offered_for_acceptance(direction, project, leading):
    gates.judged(project)
    gates.decision(project, 0, GateVerb.DECLARED, make.role(project.id, Role.TEAM_LEAD))
    clear_waiting_cache()
    acts = [words_of(link) for link in direction.visit(URL).select(".todo a")]
    assert not any(act.startswith("Accepter…") for act in acts)
    assert any(act.startswith("Voir ce qui manque") for act in acts)


def test_the_answer_is_marked_and_the_record_is_that_of_the_programme_where_most_waits(
    browser_for, project, person, leading
):
    empty = make.programme(slug="vide")
    make.role(empty.id, Role.PROGRAMME_LEAD, leading)
    some.decision(project, person)
    page = browser_for(leading).visit(URL)
    assert page.select_one("form textarea[name=answer][required]")
    assert "(obligatoire)" in words_of(page.select_one(".ask__form label"))
    slug = db.session.get_one(Programme, project.programme_id).slug
    assert page.select_one(f'#to-decide-head a[href="/programmes/{slug}/committees"]')


def test_htmx_gets_the_list_alone_and_its_message(direction, project, person):
    row = some.decision(project, person)
    some.decision(project, person)
    page = direction.with_htmx().submit(act("decisions", row.id, "answer"), **NO, version="1")
    assert "Réponse envoyée" in words_of(page)
    assert page.select_one("main, header") is None
    assert page.title.text.startswith("À décider\u00a0: 1")
    for part, text in (
        ("#to-decide-head h1", "À décider : 1"),
        ("#to-decide-head .tabs", "À décider 1"),
        ("#navigation", "À décider (1)"),
    ):
        assert text in words_of(page.select_one(part))
    assert len(page.select("#to-decide-head[hx-swap-oob], #navigation[hx-swap-oob]")) == 2


def test_two_leads_answer_in_place(browser_for, direction, project, person):
    row = some.decision(project, person)
    other = browser_for(make.role(project.programme_id, Role.PROGRAMME_LEAD))
    yes = {"outcome": "granted", "answer": "Oui, dès lundi."}
    other.submit(act("decisions", row.id, "answer"), **yes, version="1")
    page = direction.submit(act("decisions", row.id, "answer"), expect=409, **NO, version="1")
    shown = words_of(page.main)
    for text in ("Oui, dès lundi.", "Non, pas cet été.", "n’a pas été enregistrée"):
        assert text in shown
    for text in ("refused", "granted", "enregistrez à nouveau"):
        assert text not in shown
    assert db.session.get_one(AwaitedDecision, row.id).answer == yes["answer"]


def test_both_questions_are_shown_when_the_team_changed_its_own(direction, project, person):
    row = some.decision(project, person)
    form = direction.visit(URL).select_one(f"form[action^='{act('decisions', row.id, 'answer')}']")
    shown = {name: form.select_one(f"[name={name}]")["value"] for name in ("version", "question")}
    row.question, row.version = "Fermer le réseau ?", 2
    db.session.commit()
    page = direction.submit(act("decisions", row.id, "answer"), expect=409, **NO, **shown)
    for text in ("Ouvrir le réseau ?", "Fermer le réseau ?", NO["answer"]):
        assert text in words_of(page.main)


def test_a_programme_that_one_does_not_see_is_not_found(direction):
    assert direction.open(f"{URL}?programme=nope").status_code == 404


def test_what_was_typed_is_shown_when_the_team_withdrew(browser_for, direction, project, person):
    row = some.decision(project, person)
    browser_for(person).submit(f"/projects/heron/decisions/{row.number}/withdraw", version="1")
    page = direction.submit(act("decisions", row.id, "answer"), expect=409, **NO, version="1")
    assert "a retiré sa demande" in words_of(page.main)
    assert "Non, pas cet été." in words_of(page.main)
    assert "refused" not in words_of(page.main)


def test_a_refused_answer_keeps_what_was_typed(direction, project, person):
    row = some.decision(project, person)
    page = direction.submit(act("decisions", row.id, "answer"), expect=422, answer="Peut-être.", version="1")
    assert page.select_one("details[open] textarea").text.strip() == "Peut-être."


def test_an_answer_is_given_with_the_context(direction, project, person):
    some.decision(project, person, why="Deux hébergeurs répondent au marché.", gate=2)
    form = direction.visit(URL).select_one("form[action*='/answer']")
    assert "Deux hébergeurs répondent au marché. Le jalon G2 l’attend." in words_of(form)


def test_a_reviewer_is_chosen_in_place(direction, project, leading):
    review = reviews.submitted(make.actor(make.role(project.id, Role.TEAM_LEAD)), project)
    reviewer = make.role(project.programme_id, Role.ETHICS_REVIEWER)
    assert "soumise, sans relecteur" in words_of(direction.visit(URL).main)
    direction.submit(act("reviews", review.id, "choose"), person=reviewer.id, instead_of="")
    assert db.session.get_one(Review, review.id).reviewer_id == reviewer.id


@pytest.mark.parametrize("role", [Role.JUROR, Role.OBSERVER])
def test_who_may_not_decide_sees_nothing_of_it(browser_for, project, person, role):
    some.decision(project, person)
    for reader in (person, make.role(project.programme_id, role)):
        browser = browser_for(reader)
        assert browser.open(URL).status_code == 404
        assert "À décider" not in browser.visit("/projects").text
        assert count_waiting(make.actor(reader)).total == 0


def test_who_answers_no_decision_reads_a_sentence_of_their_own(browser_for, direction, project, person):
    assert "entre au relevé" in words_of(direction.visit(URL).main)
    for role in (Role.COACH, Role.ETHICS_REVIEWER):
        page = browser_for(make.role(project.id, role)).visit(URL)
        assert "Ce qui est à vous, puis à personne, puis à d’autres" in words_of(page.main)
        assert "entre au relevé" not in words_of(page.main)
        assert "relevé de décisions" not in words_of(page.main)
        assert "Les jalons, revues et recommandations" in words_of(page.main)
        assert "Décidées" not in words_of(page.main)
    coach = make.role(project.id, Role.COACH)
    some.decision(project, person, addressee=DecisionAddressee.COACH)
    page = browser_for(coach).visit(URL)
    assert "entre au relevé" in words_of(page.select_one("#to-decide"))  # below the lines


def test_a_lead_of_another_programme_sees_nothing_of_this_one(browser_for, project, person):
    row = some.decision(project, person)
    other = browser_for(make.role(make.programme().id, LEADS[0]))
    assert words_of(other.visit(URL).h1) == "À décider : rien n’attend"
    assert other.open(act("decisions", row.id, "take"), method="POST").status_code in {403, 404}


def test_two_hundred_teams_cost_what_one_costs_and_come_by_pages(
    direction, project, person, coaching, statements
):
    def ask(team):
        some.decision(team, person)
        clinics.asking(team, number=19)

    def count():
        clear_waiting_cache()  # of the count in the navigation
        content_views.clear_cache()
        clear_cached_answers()
        del statements[:]
        page = direction.visit(URL)
        return len(statements), page

    ask(project)
    direction.visit(URL)
    few, _page = count()
    programme = db.session.get_one(Programme, project.programme_id)
    for number in range(199):
        team = make.project(programme, slug=f"t{number}")
        make.role(team.id, Role.COACH)
        ask(team)
    many, page = count()
    assert many == few
    assert "Décisions attendues (200)" in words_of(page.main)
    assert "Demandes d’aide à prendre (200)" in words_of(page.main)
    assert len(page.select(LINES)) == 10
    page = direction.visit(f"{URL}?kind=decisions&page=20")
    assert len(page.select(LINES)) == 10


def test_a_lead_who_takes_what_another_took_is_told_and_may_insist(
    browser_for, direction, project, person, leading
):
    row = some.decision(project, person)
    other = make.role(project.programme_id, Role.PROGRAMME_LEAD)
    browser_for(other).submit(act("decisions", row.id, "take"), version="1")
    page = direction.submit(act("decisions", row.id, "take"), expect=409, version="1")
    assert other.name in words_of(page.main)
    path = f"/projects/heron/decisions/{row.number}"
    page = direction.submit(f"{path}/assign", expect=409, person=leading.id, version="1")
    version = page.select_one("[name=version]")["value"]
    page = direction.submit(f"{path}/assign", person=leading.id, version=version)
    assert f"{leading.name} s’en charge" in words_of(page.main)


def test_first_steps_of_a_programme_are_said_where_nothing_else_waits(browser_for):
    """Whoever is invited is not waited for again, nor in a programme that began long ago."""
    programme = make.programme(slug="neuf", name_fr="Essai", starts_on=clock.today())
    lead = make.role(programme.id, Role.PROGRAMME_LEAD)
    browser = browser_for(lead)
    make.invitation(scope_id=programme.id, role=Role.ETHICS_REVIEWER, token_hash="x")
    make.project(programme)
    page = browser.visit(URL)
    assert words_of(page.h1) == "À décider : un programme à lancer"
    said = words_of(page.select_one("#to-decide .todo__start"))  # a line: what waits begins below
    assert "Essai : 3 étapes du démarrage vous attendent" in said
    assert "Inviter les porteurs, inviter les coachs, inviter l’opérateur." in said
    assert browser.visit(page.select_one("#to-decide .todo__start a")["href"]).select_one("#start")
    programme.starts_on = clock.today() - timedelta(days=90)
    make.role(programme.id, Role.OBSERVER)
    db.session.commit()
    assert "rien n’attend" in words_of(browser.visit(URL).h1)


def test_another_tab_says_that_nothing_waits_while_a_programme_starts(browser_for):
    programme = make.programme(slug="neuf", name_fr="Essai", starts_on=clock.today())
    browser = browser_for(make.role(programme.id, Role.PROGRAMME_LEAD))
    assert browser.visit(URL).select_one("#to-decide .todo__start")
    assert "Rien n’attend" in words_of(browser.visit(f"{URL}?show=mine").main)
