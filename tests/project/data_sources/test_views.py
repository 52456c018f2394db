from datetime import date, timedelta

import pytest

from portal.oversight.gates.definition_rules import GateVerb
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.project.data_sources.models import AccessState, DataSource
from tests.support import factories as make
from tests.support import gates
from tests.support import project_file as file
from tests.support.browser import words_of

DATA = "/projects/heron/file/data"
SOURCE = {
    "name": "Lettres de suite",
    "holder": "Division régionale",
    "personal": "no",
    "screening": "not_needed",
    "identified_on": "2026-03-02",
}
QUALITY = {"faithfulness": "cleaned", "fitness": "framed", "quality_note": "Peu de 2012."}


@pytest.fixture
def project(app):
    return make.project(slug="heron")


@pytest.fixture
def browser(project, browser_for):
    return browser_for(make.role(project.id, Role.TEAM_MEMBER))


def test_an_empty_page_holds_the_button_that_starts_it(project, browser, browser_for):
    button = "Ajouter la première source"
    assert browser.visit(DATA).find("a", string=button)["href"] == f"{DATA}/new"
    for path in (
        f"{DATA}/new",
        "/projects/heron/decisions/new",
        "/projects/heron/edit",
    ):  # in sight on a phone
        assert browser.visit(path).select("main form > .sticky .fr-btn"), path
    coach = browser_for(make.role(project.id, Role.COACH))
    assert not coach.visit(DATA).find("a", string=button)


def test_a_source_is_added_and_its_access_moves_on(browser):
    page = browser.submit(f"{DATA}/new", **SOURCE)
    assert "La finalité n’est pas écrite." in words_of(page.main)
    asked = browser.visit(f"{DATA}/1/access")
    assert [one["value"] for one in asked.select("[name=access]")] == ["requested"]
    step = {"access": "requested", "reached_on": "2026-03-09", "note": "Courrier du 9"}
    page = browser.submit(f"{DATA}/1/access", **step, version=1)
    assert words_of(page.select_one("[aria-current=step]")) == "Demandéedepuis le 9 mars 2026"
    assert "Courrier du 9" in words_of(page.main)
    assert "niveau C3" in words_of(page.main)


def test_what_a_gate_lacks_opens_the_form_at_its_field(project, browser):
    file.source(project, purpose="")
    db.session.commit()
    paths = {"": "name", "?field=purpose": "purpose", "?field=autre": "name"}
    for query, name in paths.items():
        page = browser.visit(f"/projects/heron/file/data/1/edit{query}")
        assert [each["name"] for each in page.select("main [autofocus]")] == [name]
    page = browser.visit("/projects/heron/edit?field=problem")
    assert [each["name"] for each in page.select("main [autofocus]")] == ["problem"]


def test_another_source_says_first_which_accepted_gates_it_makes_stale(project, browser):
    known = {"holder": "Division", "legal_basis": "Mission", "screening": "not_needed", "purpose": "Classer."}
    sample = {"sample_rows": 9, "sample_sha256": "a" * 64, "sample_on": clock.today(), "quality_note": "Peu."}
    file.source(project, access=AccessState.USABLE, **known, **sample)
    gates.judged(project)
    page = browser.visit(f"{DATA}/new")
    assert "à accepter de nouveau" not in words_of(page.main)
    assert "(obligatoire)" not in words_of(page.select_one("label[for=purpose]"))
    gates.decision(project, 2, GateVerb.ACCEPTED, gates.coach(project))
    gates.judged(project)
    page = browser.visit(f"{DATA}/new")
    assert "G2, accepté, sera à accepter de nouveau" in words_of(page.main)
    assert "(obligatoire)" in words_of(page.select_one("label[for=purpose]"))
    other = SOURCE | {"name": "Planning"}
    page = browser.submit(f"{DATA}/new", expect=422, **other)
    assert "Dites à quoi elle servira" in words_of(page.select_one("#purpose-messages"))
    page = browser.submit(f"{DATA}/new", **other | {"purpose": "Prévoir."})
    assert "G2 est à accepter de nouveau." in words_of(page.main)


def test_a_further_source_says_that_a_gate_asks_for_its_purpose_and_leads_to_it(project, browser):
    demand = "G2 demande la finalité de chaque source."
    assert demand in words_of(browser.visit(f"{DATA}/new").main)
    page = browser.submit(f"{DATA}/new", **SOURCE)
    message = page.select_one(".messages")
    assert "Il reste à écrire sa finalité : G2 la demande pour chaque source." in words_of(message)
    form = browser.visit(message.find("a", string="Écrire sa finalité")["href"])
    assert [each["name"] for each in form.select("main [autofocus]")] == ["purpose"]
    page = browser.submit(f"{DATA}/new", **SOURCE, purpose="Trier.")
    assert "finalité" not in words_of(page.select_one(".messages"))
    gates.decision(project, 2, GateVerb.WAIVED, gates.coach(project))
    gates.judged(project)
    assert demand not in words_of(browser.visit(f"{DATA}/new").main)


def test_people_talk_beside_a_source(browser, browser_for, project):
    page = browser.submit(f"{DATA}/new", **SOURCE)
    action = page.select_one("main form[action*='/threads']")["action"]
    coach = browser_for(make.role(project.id, Role.COACH))
    page = coach.submit(action, **{"thread-body": "Qui signe la convention ?"})
    assert page.select_one("main h1").text == SOURCE["name"]
    assert "Qui signe la convention ?" in words_of(page.select_one("#discussion"))
    assert "Source de données 1" in words_of(browser.visit("/projects/heron/threads").main)


def test_the_access_may_go_back_to_any_earlier_step(project, browser):
    file.source(project, access=AccessState.RECEIVED)
    asked = browser.visit(f"{DATA}/1/access")
    offered = [one["value"] for one in asked.select("[name=access]")]
    assert offered == ["usable", "granted", "requested", "identified"]
    back = {"access": "granted", "reached_on": "2026-03-12"}
    page = browser.submit(f"{DATA}/1/access", expect=422, **back, version=1)
    assert "pourquoi l’accès recule" in words_of(page.select_one("#note-messages"))
    page = browser.submit(f"{DATA}/1/access", **back, note="Fichier vide.", version=1)
    assert "Recul" in words_of(page.main)


def test_two_who_note_the_access_at_once_see_both(project, browser):
    file.source(project)
    step = {"access": "requested", "reached_on": "2026-03-09"}
    page = browser.submit(f"{DATA}/1/access", expect=409, **step, version=9)
    assert any("Demandée" in one.text and "Repérée" in one.text for one in page.select(".two-texts"))


def test_one_step_noted_twice_is_a_conflict_and_no_missing_choice(project, browser):
    file.source(project)
    step = {"access": "requested", "reached_on": "2026-03-09", "version": 1}
    browser.submit(f"{DATA}/1/access", **step)
    browser.submit(f"{DATA}/1/access", expect=409, **step)
    for wrong in ("usable", "elsewhere"):
        typed = step | {"access": wrong, "version": 2}
        page = browser.submit(f"{DATA}/1/access", expect=422, **typed)
        assert page.select("#access-messages .fr-message--error")


@pytest.mark.parametrize(
    ("path", "typed"),
    [
        ("edit", SOURCE | {"name": "Mien"}),
        ("quality", QUALITY),
        ("sample", {"sample_rows": "9", "sha256": "ab" * 32, "sample_on": "2026-03-09"}),
    ],
)
def test_a_stale_save_shows_both_texts(project, browser, path, typed):
    file.source(project)
    page = browser.submit(f"{DATA}/1/{path}", expect=409, **typed, version=9)
    assert page.select(".two-texts")
    assert "entre-temps" in words_of(page.main)


def test_a_double_click_makes_one(browser):
    for _ in range(2):
        browser.submit(f"{DATA}/new", **SOURCE, form_key="abc")
    assert db.session.query(DataSource).count() == 1


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", "", "Nommez"),
        ("name", "x" * 121, "120"),
        ("personal", "maybe", ""),
        ("screening", "", ""),
        ("identified_on", "2026-02-30", "date"),
        ("identified_on", (clock.today() + timedelta(days=2)).isoformat(), "à venir"),
        ("legal_basis", "x" * 301, "300"),
    ],
)
def test_what_does_not_hold_is_said_beside_its_field(browser, field, value, said):
    page = browser.submit(f"{DATA}/new", expect=422, **SOURCE | {field: value})
    assert page.select(f"#{field}-messages .fr-message--error")
    assert said in words_of(page.select_one(f"#{field}-messages"))


def test_the_quality_changes_the_band(project, browser):
    sample = {"sample_rows": 9, "sample_sha256": "ab" * 32, "sample_on": date(2026, 3, 2)}
    file.source(project, access=AccessState.USABLE, purpose="Trier", **sample)
    assert "Bande B, la deuxième de trois : fidélité, niveau B3" in words_of(browser.visit(f"{DATA}/1").main)
    page = browser.submit(f"{DATA}/1/quality", **QUALITY, version=1)
    assert "Bande A, la dernière de trois : en contexte, niveau A3" in words_of(page.main)


def test_what_was_typed_as_the_project_was_paused_is_given_back(project, browser):
    project.paused_on = clock.today()
    db.session.commit()
    page = browser.submit(f"{DATA}/new", expect=403, **SOURCE)
    assert page.select_one("[name=name]")["value"] == SOURCE["name"]


def test_another_team_finds_nothing(project, browser_for):
    file.source(project)
    stranger = browser_for(make.role(make.project().id, Role.TEAM_LEAD))
    for path in ("", "/1", "/1/sample", "/1/access"):
        stranger.visit(DATA + path, expect=404)


@pytest.mark.parametrize("path", ["", "/1"])
def test_a_full_page_costs_what_one_row_costs(project, browser, statements, path):
    costs = []
    for count in (1, 24):
        for _ in range(count):
            file.source(project)
        browser.visit(DATA + path)
        statements.clear()
        browser.visit(DATA + path)
        costs.append(len(statements))
    assert costs[0] == costs[1] <= 12, costs


def test_a_long_list_has_pages(project, browser):
    for _ in range(21):
        file.source(project)
    page = browser.visit(f"{DATA}?page=99")
    assert page.select_one(".fr-pagination [aria-current]").text == "2"
    assert len(page.select("tbody tr")) == 1


def test_the_project_says_how_its_data_stand(project, browser):
    assert "Aucune source de données repérée." in words_of(browser.visit("/projects/heron").main)
    file.source(project, access=AccessState.USABLE)
    file.source(project)
    said = words_of(browser.visit("/projects/heron").main)
    assert "2 sources, 1 exploitable, 1 en chemin" in said


def test_another_sample_starts_from_nothing_of_the_last_one(project, browser):
    sample = {"sample_rows": 9, "sample_sha256": "ab" * 32, "sample_on": date(2026, 3, 2)}
    file.source(project, access=AccessState.USABLE, **sample)
    page = browser.visit(f"{DATA}/1/sample")
    value = {one["name"]: one.get("value", "") for one in page.select("main input")}
    assert value["sample_on"] == clock.today().isoformat()
    assert value["sample_rows"] == value["sha256"] == ""
    assert page.select_one("[name=has_header]").has_attr("checked")
    assert "Il remplacera le dernier noté : 9 lignes, reçu le 2 mars 2026." in words_of(page.main)
