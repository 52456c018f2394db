from datetime import date, timedelta

import pytest

from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.sprints.prototypes.evaluation_models import EvaluationProtocol, EvaluationRun
from portal.sprints.prototypes.models import PrototypeVersion
from tests.support import factories as make
from tests.support import project_file as file
from tests.support.browser import words_of

FILE = "/projects/heron/file"
VERSIONS, EVALUATION = f"{FILE}/prototypes", f"{FILE}/evaluation"
VERSION = {
    "released_on": "2026-03-02",
    "changes": "La carte s’affiche.",
    "link": "https://demo.example/carte",
    "sprint": "0",
    "automation": "suggest",
    "exposure": "agents",
    "model_family": "Forêt aléatoire",
}
PROTOCOL = {
    "dated_on": "2026-03-02",
    "metric": "Rappel",
    "direction": "up",
    "held_out": "120 lettres",
    "held_out_size": "120",
    "baseline": "0,5",
    "threshold": "0,7",
}
RUN = {
    "ran_on": "2026-03-09",
    "prototype": "1",
    "result": "0,61",
    "subgroups": "Côte ; 0,7 ; 40\nMontagne ; 0,4",
    "code_reference": "abc123",
}


@pytest.fixture
def project(app):
    return make.project(slug="heron")


@pytest.fixture
def browser(project, browser_for):
    return browser_for(make.role(project.id, Role.TEAM_MEMBER))


@pytest.mark.parametrize(
    ("place", "button"),
    [(VERSIONS, "Sortir la première version"), (EVALUATION, "Écrire le premier protocole")],
)
def test_an_empty_page_holds_the_button_that_starts_it(project, browser, browser_for, place, button):
    assert browser.visit(place).find("a", string=button)["href"] == f"{place}/new"
    coach = browser_for(make.role(project.id, Role.COACH))
    assert not coach.visit(place).find("a", string=button)


def test_a_version_comes_out_and_the_next_is_filled_in_from_it(project, browser):
    make.active_sprint(project, number=3)
    asked = browser.visit(f"{VERSIONS}/new")
    assert asked.select_one("[name=sprint] [selected]")["value"] == "3"
    page = browser.submit(f"{VERSIONS}/new", **VERSION | {"sprint": "3"})
    assert words_of(page.h1) == "Version 1 du prototype"
    assert "Le sprint 3, dont elle est issue" in words_of(page.main)
    assert page.find("a", string="L’ouvrir")["href"] == VERSION["link"]
    asked = browser.visit(f"{VERSIONS}/new")
    assert asked.select_one("[name=automation][checked]")["value"] == "suggest"
    assert asked.select_one("[name=model_family]")["value"] == "Forêt aléatoire"
    assert not asked.select_one("[name=changes]").text.strip()
    assert "sprint 3" in words_of(browser.visit(VERSIONS).main)


def test_people_talk_about_a_version(project, browser):
    browser.submit(f"{VERSIONS}/new", **VERSION)
    page = browser.visit(f"{VERSIONS}/1")
    start = page.select_one("form[action^='/discussions/']")["action"]
    page = browser.submit(start, **{"thread-body": "La carte est lente."})
    assert words_of(page.h1) == "Version 1 du prototype"
    assert "La carte est lente." in words_of(page.main)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("released_on", (clock.today() + timedelta(days=2)).isoformat(), "à venir"),
        ("changes", "", "Dites"),
        ("link", "javascript:alert(1)", "https://"),
        ("recording", "ftp://demo.example", "https://"),
        ("sprint", "9", ""),
        ("automation", "magic", ""),
        ("exposure", "", ""),
        ("model_family", "x" * 121, "120"),
    ],
)
def test_what_does_not_hold_in_a_version_is_said(browser, field, value, said):
    page = browser.submit(f"{VERSIONS}/new", expect=422, **VERSION | {field: value})
    assert page.select(f"#{field}-messages .fr-message--error")
    assert said in words_of(page.select_one(f"#{field}-messages"))


def test_a_stale_version_shows_both_texts(project, browser):
    make.sprint(project, number=2)
    file.version(project, changes="Le premier texte.")
    typed = VERSION | {"changes": "Le second texte.", "sprint": "2", "version": 9}
    page = browser.submit(f"{VERSIONS}/1/edit", expect=409, **typed)
    both = [words_of(one) for one in page.select(".two-texts")]
    assert any("Le premier texte." in one and "Le second texte." in one for one in both)
    assert any("D’aucun sprint" in one and "2. Apprendre" in one for one in both)


def test_a_protocol_is_written_and_a_run_is_judged_in_words(project, browser):
    file.version(project)
    page = browser.submit(f"{EVALUATION}/new", **PROTOCOL)
    assert words_of(page.h1) == "Protocole 1 : Rappel"
    form = browser.visit(f"{EVALUATION}/1/runs/new")
    assert [each["name"] for each in form.select("main [autofocus]")] == ["ran_on"]
    page = browser.submit(f"{EVALUATION}/1/runs/new", **RUN)
    said = words_of(page.main)
    assert "Rappel de 0,61 : mieux que le point de comparaison (0,5), sous le seuil (0,7)." in said
    rows = [words_of(row) for row in page.select("#runs tbody tr")]
    assert "Seuil atteint" in rows[0]
    assert "Pas mieux qu’avant" in rows[1]
    page = browser.submit(f"{EVALUATION}/1/runs/1", **RUN | {"result": "0,7"}, version=1)
    assert "le seuil de 0,7 est atteint" in words_of(page.main)
    assert "Seuil atteint" in words_of(browser.visit(EVALUATION).main)


def test_what_was_changed_after_it_was_noted_is_told(project, browser):
    """A threshold lowered later keeps the day of its protocol: the page shows the edit."""
    file.version(project)
    browser.submit(f"{EVALUATION}/new", **PROTOCOL)
    assert "après coup" not in words_of(browser.visit(f"{EVALUATION}/1").main)
    lower = PROTOCOL | {"threshold": "0,6"}
    page = browser.submit(f"{EVALUATION}/1/edit", **lower, version=1)
    said = words_of(page.select_one(".page-head"))
    assert said.count("aujourd’hui") == 2
    assert "modifié aujourd’hui" in said
    browser.submit(f"{EVALUATION}/1/runs/new", **RUN)
    mended = RUN | {"result": "0,7", "ran_on": "2026-04-01"}
    page = browser.submit(f"{EVALUATION}/1/runs/1", **mended, version=1)
    said = words_of(page.main)
    assert "Essai 1 corrigé" in said
    assert "Seuil à partir duquel c’est assezAvant0,7Après0,6" in said
    assert "RésultatAvant0,61Après0,7" in said
    assert "Jour de l’essaiAvant9 mars 2026Après1er avril 2026" in said


def test_a_run_before_its_protocol_is_refused_with_a_clear_sentence(project, browser):
    file.version(project)
    file.protocol(project)
    page = browser.submit(f"{EVALUATION}/1/runs/new", expect=422, **RUN | {"ran_on": "2026-03-02"})
    said = words_of(page.select_one("#ran_on-messages"))
    assert said.startswith("Le protocole est daté du 2 mars 2026 : un essai vient au plus tôt")
    assert page.select_one("[name=result]")["value"] == "0,61"


def test_a_protocol_with_runs_is_replaced(project, browser):
    protocol = file.protocol(project)
    file.run(project, protocol, file.version(project))
    refused = browser.visit(f"{EVALUATION}/1/edit", expect=403)
    assert "Remplacez-le" in words_of(refused.main)
    again = browser.submit(f"{EVALUATION}/1/edit", expect=403, **PROTOCOL, version=1)
    assert again.select_one("[name=metric]")["value"] == "Rappel"
    page = browser.visit(f"{EVALUATION}/1")
    assert page.find("a", string="Remplacer")
    assert not page.find("a", string="Modifier")
    assert browser.visit(f"{EVALUATION}/1/replace").select_one("[name=metric]")["value"] == "Rappel"
    page = browser.submit(f"{EVALUATION}/1/replace", **PROTOCOL | {"threshold": "0,8"})
    assert "Il remplace un autre protocole." in words_of(page.main)
    old = browser.visit(f"{EVALUATION}/1")
    assert "Ce protocole est remplacé." in words_of(old.main)
    assert not old.find("a", string="Noter un essai")
    browser.submit(f"{EVALUATION}/1/runs/new", expect=403, **RUN)


def test_a_stale_protocol_and_a_stale_run_show_both_texts(project, browser):
    protocol = file.protocol(project)
    page = browser.submit(f"{EVALUATION}/1/edit", expect=409, **PROTOCOL | {"metric": "Mien", "version": 9})
    assert any("Mien" in one.text and "Rappel" in one.text for one in page.select(".two-texts"))
    file.run(project, protocol, file.version(project))
    page = browser.submit(f"{EVALUATION}/1/runs/1", expect=409, **RUN | {"result": "0,9", "version": 9})
    assert any("0,9" in one.text and "0,61" in one.text for one in page.select(".two-texts"))


def test_a_change_of_course_is_shown_with_its_day(project, browser):
    file.protocol(project)
    typed = {"decided_on": "2026-03-09", "reason": "Les lettres manquent."}
    page = browser.submit(f"{EVALUATION}/1/pivot", **typed)
    assert "Changement de voie décidé le 9 mars 2026" in words_of(page.main)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("result", "beaucoup", "Écrivez un nombre"),
        ("result", "", "Donnez un nombre"),
        ("prototype", "9", ""),
        ("subgroups", "Côte ; 0,7\nMontagne", "La ligne 2"),
        ("subgroups", "Côte ; 1e400", "La ligne 1"),
        ("subgroups", "Côte ; 9e99", "trop grand"),
        ("subgroups", f"{'x' * 121} ; 1", "trop grand"),
        ("subgroups", "a ; 1\n" * 51, "Au plus 50"),
        ("data_sha256", "abc", "64"),
    ],
)
def test_what_does_not_hold_in_a_run_is_said(project, browser, field, value, said):
    file.version(project)
    file.protocol(project)
    page = browser.submit(f"{EVALUATION}/1/runs/new", expect=422, **RUN | {field: value})
    assert page.select(f"#{field}-messages .fr-message--error")
    assert said in words_of(page.select_one(f"#{field}-messages"))


def test_a_double_click_makes_one_of_each(project, browser):
    for _ in range(2):
        browser.submit(f"{VERSIONS}/new", **VERSION, form_key="abc")
        browser.submit(f"{EVALUATION}/new", **PROTOCOL, form_key="abc")
        browser.submit(f"{EVALUATION}/1/runs/new", **RUN, form_key="abc")
    kinds = (PrototypeVersion, EvaluationProtocol, EvaluationRun)
    assert [db.session.query(kind).count() for kind in kinds] == [1, 1, 1]


def test_another_team_finds_nothing(project, browser_for):
    file.one_of_each(project)
    stranger = browser_for(make.role(make.project().id, Role.TEAM_LEAD))
    for path in (VERSIONS, f"{VERSIONS}/1", EVALUATION, f"{EVALUATION}/1"):
        stranger.visit(path, expect=404)


def test_a_number_that_nothing_has_is_not_found(project, browser):
    file.one_of_each(project)
    for path in (f"{VERSIONS}/9", f"{EVALUATION}/9", f"{EVALUATION}/2/runs/1"):
        browser.visit(path, expect=404)


@pytest.mark.parametrize("path", [VERSIONS, EVALUATION, f"{EVALUATION}/1", f"{VERSIONS}/1"])
def test_a_full_page_costs_what_one_row_costs(project, browser, statements, path):
    protocol, sprint = file.protocol(project), make.sprint(project)
    costs, replaced = [], {"replaces_id": protocol.id}
    for count in (1, 24):
        for _ in range(count):
            version = file.version(project, sprint_id=sprint.id)
            file.run(project, protocol, version, ran_on=date(2026, 4, 1))
            file.run(project, file.protocol(project, **replaced), version)
            replaced = {}
        browser.visit(path)
        statements.clear()
        browser.visit(path)
        costs.append(len([one for one in statements if one.startswith("SELECT")]))
    assert costs[0] == costs[1] <= 12, costs


def test_the_project_says_how_its_prototype_stands(project, browser):
    assert "Aucune version n’est encore sortie." in words_of(browser.visit(FILE).main)
    file.run(project, file.protocol(project), file.version(project))
    said = words_of(browser.visit(FILE).main)
    assert "version 1, sortie le 2 mars 2026 : suggère" in said
    assert "mieux que le point de comparaison" in said


def test_the_projects_page_costs_the_same_whatever_its_file_holds(project, browser, statements):
    costs = []
    for count in (1, 12):
        for _ in range(count):
            file.one_more_of_each(project)
        browser.visit("/projects/heron")
        statements.clear()
        browser.visit("/projects/heron")
        costs.append(len([one for one in statements if one.startswith("SELECT")]))
    assert costs[0] == costs[1] <= 12, costs
