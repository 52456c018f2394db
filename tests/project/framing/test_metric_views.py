from datetime import date

import pytest

from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.project.framing.metric_models import ImpactMetric, Measurement
from tests.support import factories as make
from tests.support import project_file as file
from tests.support.browser import words_of

IMPACT = "/projects/heron/file/impact"
METRIC = {
    "name": "Délai de réponse",
    "unit": "jours",
    "direction": "down",
    "baseline": "10,5",
    "baseline_on": "2026-01-05",
    "baseline_source": "Rapport annuel",
    "target": "2",
}
MEASURED = {"measured_on": "2026-03-02", "value": "6,25", "sample_size": "40", "method": "Comptage"}


@pytest.fixture
def project(app):
    return make.project(slug="heron")


@pytest.fixture
def browser(project, browser_for):
    return browser_for(make.role(project.id, Role.TEAM_MEMBER))


def test_a_metric_is_defined_measured_and_drawn(browser):
    page = browser.submit(f"{IMPACT}/new", **METRIC)
    assert "Rien n’est encore mesuré" in words_of(page.main)
    page = browser.submit(f"{IMPACT}/1/measurements/new", **MEASURED)
    said = words_of(page.main)
    assert "50 % du chemin vers la cible." in said
    assert "Délai de réponse : 6,25 jours à la dernière mesure" in said
    drawing = page.select_one("svg.chart__drawing--wide")
    assert len(drawing.select("circle")) == 2
    assert drawing["role"] == "img"
    assert drawing["aria-label"] == "Délai de réponse\u00a0: 6,25\u00a0jours à la dernière mesure"
    row = [words_of(cell) for cell in page.select("#measurements tbody tr > *")]
    assert "6,25 jours" in row[1]


def test_a_redefined_metric_tells_both_definitions(project, browser):
    metric = file.metric(project)
    file.measurement(project, metric)
    hours = METRIC | {"unit": "heures", "baseline": "240", "target": "48", "reason": "Plus fin."}
    page = browser.submit(f"{IMPACT}/1/edit", **hours, version=1)
    said = words_of(page.main)
    assert "Selon la définition 1, remplacée depuis" in said
    assert "8 jours" in said
    assert "Pourquoi : Plus fin." in said
    assert "Définition 1, depuis le" in said


def test_a_measure_that_was_set_aside_is_struck_out_and_not_drawn(project, browser):
    file.measurement(project, file.metric(project))
    page = browser.submit(f"{IMPACT}/1/measurements/1", **MEASURED, set_aside="y", version=1)
    assert words_of(page.select_one("#measurements del")) == "6,25 jours"
    assert len(page.select("svg.chart__drawing--wide circle")) == 1
    assert browser.visit(f"{IMPACT}/1/measurements/1").select_one("[name=set_aside][checked]")


def test_a_stale_redefinition_shows_both_texts(project, browser):
    file.metric(project)
    typed = METRIC | {"unit": "heures", "reason": "r", "version": 9}
    page = browser.submit(f"{IMPACT}/1/edit", expect=409, **typed)
    assert any("heures" in one.text and "jours" in one.text for one in page.select(".two-texts"))


def test_a_stale_correction_shows_both_texts(project, browser):
    file.measurement(project, file.metric(project))
    page = browser.submit(f"{IMPACT}/1/measurements/1", expect=409, **MEASURED | {"value": "5", "version": 9})
    assert any("5" in one.text and "8" in one.text for one in page.select(".two-texts"))


def test_a_double_click_defines_and_measures_once(browser):
    for _ in range(2):
        browser.submit(f"{IMPACT}/new", **METRIC, form_key="abc")
        browser.submit(f"{IMPACT}/1/measurements/new", **MEASURED, form_key="abc")
    assert [db.session.query(kind).count() for kind in (ImpactMetric, Measurement)] == [1, 1]


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", "", "Nommez"),
        ("unit", "x" * 41, "40"),
        ("direction", "sideways", ""),
        ("baseline", "beaucoup", "Écrivez un nombre"),
        ("baseline", "nan", "entre"),
        ("target", "1e400", "entre"),
        ("target", "12", "bon côté"),
        ("baseline_on", "", "Donnez le jour"),
        ("baseline_on", "9999-12-31", "entre 2000"),
    ],
)
def test_what_does_not_hold_is_said_beside_its_field(browser, field, value, said):
    page = browser.submit(f"{IMPACT}/new", expect=422, **METRIC | {field: value})
    assert page.select(f"#{field}-messages .fr-message--error")
    assert said in words_of(page.select_one(f"#{field}-messages"))


def test_a_measure_of_another_metric_is_not_found(project, browser):
    file.measurement(project, file.metric(project))
    file.metric(project)
    browser.visit(f"{IMPACT}/2/measurements/1", expect=404)


def test_forty_measures_cost_what_one_costs(project, browser, statements):
    metric, costs = file.metric(project), []
    for days in (range(1, 2), range(2, 28)):
        for day in days:
            file.measurement(project, metric, measured_on=date(2026, 2, day))
        browser.visit(f"{IMPACT}/1")
        statements.clear()
        page = browser.visit(f"{IMPACT}/1")
        costs.append(len(statements))
    assert costs[0] == costs[1] <= 12
    assert len(page.select("#measurements tbody tr")) == 20
    assert len(page.select("svg.chart__drawing--wide circle")) == 28
