from dataclasses import replace
from datetime import date, timedelta

import pytest

from portal.ethics.questionnaires.need_views import UnmetGateNeeds
from portal.ethics.readiness_sheets import labels, views
from portal.ethics.readiness_sheets.definition_documents import SHEET_KINDS, get_latest_definition
from portal.ethics.readiness_sheets.models import Sheet
from portal.ethics.readiness_sheets.queries import read_history_page
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.text import format_day
from portal.platform.kernel.unchanged_answers import clear_cached_answers
from tests.support import factories as make
from tests.support import project_file as file
from tests.support.browser import words_of

SHEETS = "/projects/heron/file/sheets"
MOTIVATION = {"a_why": "Contrôler.", "a_creator": "La DDTM"}


@pytest.fixture
def project(app):
    return make.project(slug="heron")


@pytest.fixture
def member(project):
    return make.role(project.id, Role.TEAM_MEMBER)


@pytest.fixture
def browser(member, browser_for):
    return browser_for(member)


def test_all_sheets_are_listed_and_only_the_team_begins_one(project, browser, browser_for):
    page = browser.visit(SHEETS)
    assert len(page.select("tbody tr")) == len(SHEET_KINDS)
    assert len(page.select(".compact td > .row-more")) == len(SHEET_KINDS)  # two lines each on a phone
    assert words_of(page.main).count("Pas commencée") == len(SHEET_KINDS)
    assert page.select_one(f"a[href='{SHEETS}/begin/security']")
    coach = browser_for(make.role(project.id, Role.COACH))
    assert not coach.visit(SHEETS).select("a[href*='/begin/']")
    browser.visit(f"{SHEETS}/begin/poetry", expect=404)


def test_a_sheet_is_begun_once_and_filled_section_after_section(project, browser):
    asked = browser.visit(f"{SHEETS}/begin/data_sheet")
    key = {"form_key": asked.select_one("[name=form_key]")["value"]}
    page = browser.submit(f"{SHEETS}/begin/data_sheet", **key)
    assert words_of(page.h1) == "Pourquoi elles existent"
    browser.submit(f"{SHEETS}/begin/data_sheet", **key)
    assert db.session.query(Sheet).count() == 1
    assert words_of(browser.visit(f"{SHEETS}/begin/data_sheet").h1) == "Fiche des données"
    first = f"{SHEETS}/1/sections/motivation"
    page = browser.submit(first, **MOTIVATION, version=1, then="next")
    assert words_of(page.h1) == "Ce qu’elles contiennent"
    page = browser.submit(f"{SHEETS}/1/sections/composition", version=1, a_personal="yes")
    assert "3 réponses sur 21" in words_of(page.main)
    assert "pas encore de réponse, obligatoire" in words_of(page.main)
    browser.visit(f"{SHEETS}/1/sections/nowhere", expect=404)
    assert browser.visit(first).select_one("[name=a_why]").text.strip() == "Contrôler."


def test_a_question_that_hangs_on_another_is_always_there_to_fill_and_says_when(project, browser):
    file.sheet(project, "data_sheet")
    page = browser.visit(f"{SHEETS}/1/sections/composition")
    asked = page.select_one("label[for=a_sensitive]")
    assert "À remplir si « Parlent-elles de personnes, même indirectement ? » : Oui" in words_of(asked)
    assert "Lesquelles sont sensibles" not in words_of(browser.visit(f"{SHEETS}/1").main)
    page = browser.visit(f"{SHEETS}/1/sections/distribution")
    assert "qui commence par https://" in words_of(page.select_one("label[for=a_where]"))


def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_is_kept(project, browser):
    file.sheet(project, "oversight")
    typed = {"a_agents": "0", "a_held_on": "2999-01-01", "a_roles": "Contrôleurs", "version": 1}
    page = browser.submit(f"{SHEETS}/1/sections/exercise", expect=422, **typed)
    assert "entre 1 et 10 000" in words_of(page.select_one("#a_agents-messages"))
    assert "entre 2000 et 2100" in words_of(page.select_one("#a_held_on-messages"))
    assert page.select_one("[name=a_roles]")["value"] == "Contrôleurs"


def test_two_who_fill_one_section_see_both(project, browser):
    file.sheet(project, "data_sheet", answers={"why": "Prévenir."})
    typed = MOTIVATION | {"version": 9}
    page = browser.submit(f"{SHEETS}/1/sections/motivation", expect=409, **typed)
    assert any("Contrôler." in one.text and "Prévenir." in one.text for one in page.select(".two-texts"))
    assert page.select_one("[name=version]")["value"] == "1"
    page = browser.submit(f"{SHEETS}/1/sections/motivation", **MOTIVATION, version=1)
    assert "La DDTM" in words_of(page.main)


def test_the_score_is_read_with_what_holds_it_down(project, browser):
    answers = dict.fromkeys([item.key for item in get_latest_definition("ml_test_score").items], "by_hand")
    answers |= {"d1": "automated", "o1": "nothing", "o1_note": "À faire."}
    file.sheet(project, "ml_test_score", answers=answers)
    said = words_of(browser.visit(f"{SHEETS}/1").main)
    assert "Score : 3 sur 7" in said
    assert "avancez d’abord ici : La surveillance." in said
    assert "Raisonnablement vérifié" in said
    answered = browser.visit(f"{SHEETS}/1").select("details.fold:not([open]):has(dl.answers) > summary")
    assert [words_of(line.span) for line in answered] == ["7 réponses sur 7"] * 4
    file.sheet(project, "handover", answers={})
    gaps = browser.visit(f"{SHEETS}/gaps")
    assert [line["id"] for line in gaps.select("details.fold")] == ["handover", "ml_test_score"]
    assert "27 points à améliorer." in words_of(gaps.select_one("#ml_test_score:not([open]) > summary"))
    rows = [words_of(row) for row in gaps.select("#ml_test_score tbody tr")]
    assert len(rows) == 27
    assert "Un changement dans une dépendance est annoncé" in rows[0]
    assert "À faire." in rows[0]
    assert "Fiche des données" in words_of(gaps.main)  # among those not begun


def test_before_any_version_a_sheet_about_one_leads_to_the_first(project, browser):
    file.sheet(project, "model_card")
    page = browser.visit(f"{SHEETS}/1/version")
    assert page.select_one("main a[href='/projects/heron/file/prototypes/new']")
    assert "Enregistrer" not in words_of(page.main)


def test_a_sheet_is_declared_complete_once_nothing_is_missing(project, browser):
    tried = file.version(project)
    ready = {"answers": file.answers_to("handover"), "prototype_version_id": tried.id}
    file.sheet(project, "handover", **ready)
    file.sheet(project, "security")
    asked = browser.visit(f"{SHEETS}/2/complete")
    assert not asked.select("main form[method=post]")
    assert f"{SHEETS}/2/sections/stakes#a_assets" in {a["href"] for a in asked.select("main li a[href]")}
    typed = {"completed_on": clock.today().isoformat(), "version": 1}
    page = browser.submit(f"{SHEETS}/2/complete", expect=422, **typed)
    assert "Dites d’abord sur quelle version" in words_of(page.main)
    page = browser.submit(f"{SHEETS}/2/version", prototype=1, version=1)
    page = browser.submit(f"{SHEETS}/2/complete", expect=422, **typed | {"version": 2})
    assert "Il manque 16 réponses obligatoires." in words_of(page.main)
    page = browser.submit(f"{SHEETS}/1/complete", **typed)
    assert f"Complète le {format_day(clock.today())}" in words_of(page.main)
    assert page.main.find("a", string="Corriger la date")
    told = browser.visit(f"{SHEETS}/1/sections/code", expect=403)
    assert told.select_one(f".error-page a[href='{SHEETS}/1']")
    assert "demandez-le" not in words_of(told.main)  # no role is missing
    page = browser.submit(f"{SHEETS}/1/sections/code", expect=403, version=1)
    assert "elle ne change plus" in words_of(page.main)
    assert page.select_one(f".error-summary a[href='{SHEETS}/1']")
    page = browser.visit(f"{SHEETS}/begin/handover")
    assert "sont reprises" in words_of(page.main)


def test_the_day_proposed_is_one_that_is_taken_where_paris_is_a_day_ahead(project, member, browser_for):
    night = clock.end_of_day(clock.today()) + timedelta(hours=2)
    member.time_zone = "America/Martinique"
    ready = {"answers": file.answers_to("handover"), "prototype_version_id": file.version(project).id}
    file.sheet(project, "handover", **ready, saved_at=night, saved_by_id=member.id)
    with clock.frozen_at(night):
        browser = browser_for(member)
        page = browser.visit(f"{SHEETS}/1/complete")
        day = page.select_one("[name=completed_on]")["value"]
        assert day == clock.today().isoformat()
        browser.submit(f"{SHEETS}/1/complete", completed_on=day, version=1)


def test_a_complete_data_sheet_names_the_sources_that_came_since(project, member, browser):
    file.source(project, created_at=clock.now() - timedelta(days=9))
    done = {"completed_on": clock.today() - timedelta(days=3), "completed_by_id": member.id}
    file.sheet(project, "data_sheet", answers=file.answers_to("data_sheet"), **done)
    said = "Une source de données est venue depuis : Cadastre."
    assert "Rien ne manque." in words_of(browser.visit(f"{SHEETS}/gaps").main)
    file.source(project, name="Cadastre")
    clear_cached_answers()
    page = words_of(browser.visit(f"{SHEETS}/gaps").main).replace("\xa0", " ")
    assert said in page
    assert "Rien ne manque." not in page
    assert said in words_of(browser.visit(f"{SHEETS}/1").main).replace("\xa0", " ")


def test_a_new_edition_says_what_differs_before_the_sheet_moves(project, browser):
    file.sheet(project, "accessibility", edition=1, answers={"timing": "holds", "zoom": "fails"})
    assert "Les questions ont une nouvelle édition." in words_of(browser.visit(SHEETS).main)
    said = words_of(browser.visit(f"{SHEETS}/1/edition").main)
    for sentence in ("2 questions de plus", "1 question de moins", "1 question changée"):
        assert sentence in said
    assert "Rien ne disparaît avant qu’on ait pu le lire" in said
    page = browser.submit(f"{SHEETS}/1/edition", version=1)
    assert "Édition des questionsn° 2" in words_of(page.main)
    page = browser.submit(f"{SHEETS}/1/edition", expect=403, version=2)
    assert "déjà la dernière édition" in words_of(page.main)
    history = words_of(browser.visit(f"{SHEETS}/1/history").main)
    assert "a passé la fiche à l’édition suivante" in history
    assert "Rien ne disparaît avant qu’on ait pu le lire" in history
    assert "changée" not in history  # they were carried over, and the edition is none


def test_history_tells_each_save_and_the_feed_leads_to_the_sheet(project, member, browser):
    browser.submit(f"{SHEETS}/begin/data_sheet")
    browser.submit(f"{SHEETS}/1/sections/motivation", **MOTIVATION, version=1)
    again = MOTIVATION | {"a_why": ""}
    browser.submit(f"{SHEETS}/1/sections/motivation", **again, version=2)
    told = browser.visit(f"{SHEETS}/1/history").select("#history .fold")
    assert "1 réponse changée" in words_of(told[0].summary)
    saved = read_history_page(db.session.query(Sheet).one()).rows[0]
    with_remark = replace(saved, changes={"o1": (None, "nothing"), "o1_note": (None, "À faire.")})
    assert labels.count_changed_answers(with_remark) == 1
    assert member.name in words_of(told[0])
    assert words_of(told[0].select_one("del")) == "Contrôler."
    assert "sans réponse" in words_of(told[0])
    feed = browser.visit("/projects/heron/activity")
    begun = feed.find("a", string="a commencé la fiche n° 1")
    assert begun["href"] == f"{SHEETS}/1"


def test_people_talk_about_a_sheet(project, browser):
    browser.submit(f"{SHEETS}/begin/data_sheet")
    discussion = db.session.query(Sheet).one().discussion_id
    page = browser.submit(f"/discussions/{discussion}/threads", **{"thread-body": "D’où viennent-elles ?"})
    assert words_of(page.h1) == "Fiche des données"
    assert "discussion de la fiche n° 1" in words_of(browser.visit("/projects/heron/activity").main)


def test_the_project_s_file_says_how_far_its_sheets_are(project, member, browser):
    assert "Aucune fiche n’est commencée." in words_of(browser.visit("/projects/heron/file").main)
    done = {"completed_on": date(2026, 3, 9), "completed_by_id": member.id}
    file.sheet(project, "security", **done)
    file.sheet(project, "data_sheet")
    said = words_of(browser.visit("/projects/heron/file").main)
    assert "1 complète sur 7, 1 en cours" in said


def test_seven_sheets_and_their_past_cost_what_one_costs(project, member, browser, statements):
    tried = file.version(project).id
    given = {"saved_by_id": member.id, "prototype_version_id": tried}
    done = {"completed_on": date(2026, 3, 9), "completed_by_id": member.id} | given
    file.sheet(project, "data_sheet", **done)

    def cost(path: str) -> int:
        statements.clear()
        browser.visit(path)
        return len(statements)

    paths = (SHEETS, f"{SHEETS}/gaps")
    before = [cost(path) for path in paths]
    for _ in range(3):
        file.sheet(project, "data_sheet", **done)
    for kind in SHEET_KINDS[1:]:
        file.sheet(project, kind, **given)
    assert [cost(path) for path in paths] == before


def test_sheets_that_the_next_gate_asks_for_come_first_and_the_rest_is_folded(project, browser, monkeypatch):
    needs = UnmetGateNeeds("G8", "/projects/heron/gates/8", ("security",), ())
    monkeypatch.setattr(views, "read_next_gate_needs", lambda _project: needs)
    browser.submit(f"{SHEETS}/begin/data_sheet")
    page = browser.visit(SHEETS)
    assert page.find("a", href="/projects/heron/gates/8", string="G8")
    folded = page.select_one("#sheets .folds > details")
    assert [row["id"] for row in folded.select("tbody tr")] == [
        kind for kind in SHEET_KINDS if kind not in ("security", "data_sheet")
    ]
    rows = [row["id"] for row in page.select("#sheets tbody tr")]
    assert rows[:2] == ["data_sheet", "security"]
    assert len(rows) == len(SHEET_KINDS)
