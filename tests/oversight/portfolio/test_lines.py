"""A team in a line: short words, progress by month, the row that unfolds and its acts."""

from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup
from flask import current_app
from flask_babel import force_locale

from portal.coaching.clinics.commands import claim_request
from portal.oversight.gates.definition_queries import list_definitions
from portal.oversight.health import labels as health_labels
from portal.oversight.health.charge_queries import find_last_charge
from portal.oversight.health.definition_rules import HealthLevel, SignalCode
from portal.oversight.health.fact_rules import facts_as_plain
from portal.oversight.health.progress_rules import progress_from_plain
from portal.oversight.health.queries import read_state
from portal.oversight.health.signal_rules import Signal
from portal.oversight.portfolio import labels, line_labels
from portal.oversight.portfolio.attention_rules import TeamAttentionLevel, TeamReason, TeamReasonCode
from portal.oversight.portfolio.charts import compute_sparkline_scale, draw_cohort, format_spark_points
from portal.oversight.portfolio.progress_queries import read_progress_history
from portal.oversight.portfolio.progress_rules import (
    CohortProgress,
    MonthProgress,
    build_planned_progress,
    compute_planned_on,
    list_month_ends,
)
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.project.projects.to_decide_queries import clear_waiting_cache
from portal.sprints.sprints.models import BlockerKind
from portal.sprints.sprints.projections import update_project_figures
from tests.oversight.portfolio.conftest import ago, log, names, opened, row
from tests.support import decisions
from tests.support import factories as make
from tests.support.browser import words_of
from tests.support.health import known

URL = "/portfolio"


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("code", list(SignalCode))
def test_a_line_says_a_signal_in_the_words_of_every_other_page(shown, code, language):
    state = read_state(shown)
    signal = Signal(code, date.min, date.min, state.day - timedelta(days=999), {"n": 99}, ("gate/11",))
    team = SimpleNamespace(
        goes_on=True,
        state=replace(state, signals=(signal,)),
        level=TeamAttentionLevel.ALERT,
        reasons=[TeamReason(TeamReasonCode.HEALTH, TeamAttentionLevel.ALERT)],
    )
    with current_app.test_request_context(), force_locale(language):
        assert line_labels.first_reason(team) == health_labels.signal_sentence(signal, team.state)


@pytest.mark.parametrize("days", range(0, 400, 7))
def test_progress_of_stored_facts_is_that_of_the_built_ones(shown, days):
    state = read_state(shown)
    day = state.day - timedelta(days=200) + timedelta(days=days)
    numbers = type(state)(state.project_id, state.at, day, state.facts, ()).numbers
    assert progress_from_plain(facts_as_plain(state.facts), day) == numbers


def test_a_month_that_is_over_is_known_as_it_was_then(programme, shown):
    history = read_progress_history(programme, [shown.id], clock.today())
    ends = [end for _number, end in list_month_ends(programme, clock.today())]
    for place, end in enumerate(ends):
        state = read_state(shown, clock.end_of_day(end))
        then = 0 if state is None else type(state)(shown.id, state.at, end, state.facts, ()).numbers.accepted
        assert history.accepted[shown.id][place] == then
    assert max(history.accepted[shown.id], default=0) >= 0
    assert [month.number for month in history.months] == sorted(month.number for month in history.months)


def test_the_picture_says_what_is_accepted_and_what_was_planned(app, programme, browser, shown):
    steps = [(step.due_on, step.weight) for step in read_state(shown).facts.steps]
    plan = build_planned_progress([steps])
    assert compute_planned_on(plan, shown.starts_on - timedelta(days=1)) == 0
    assert compute_planned_on(plan, shown.starts_on + timedelta(days=400)) == 100
    late = [(due_on + timedelta(days=90), weight) for due_on, weight in steps]
    young = build_planned_progress([late, late, steps, []])
    assert compute_planned_on(young, min(late)[0] - timedelta(days=1)) == 0  # most teams have no gate due yet
    page = browser.visit(URL)
    says = words_of(page.select_one(".picture figcaption b"))
    assert says.startswith("Accepté")
    assert f"pour {compute_planned_on(plan, clock.today())}" in says
    rows = page.select(".picture tbody tr")
    months = read_progress_history(programme, [shown.id], clock.today()).months
    assert len(rows) == len(months) + 1  # those that are over, and the one that runs
    assert [cell.text for cell in rows[-1].select("td")][2:] == ["–", "2"]  # too few for a spread
    with current_app.test_request_context():
        if months:
            assert draw_cohort(programme, CohortProgress(months, plan)).x <= 100
    assert words_of(page.select_one(".picture__key")).startswith("médiane")
    assert "prévu" in words_of(page.select_one(".picture__key .is-plan"))


def test_no_label_lies_on_the_curves_of_a_picture_nor_on_another(app, programme):
    months = [MonthProgress(number, programme.starts_on, 3, 0, 0, 42, 25, 76) for number in (1, 2)]
    with app.test_request_context():
        drawn = draw_cohort(programme, CohortProgress(months, []))
        macros = app.jinja_env.get_template("oversight/portfolio/cohort.html").module
        for x in range(101):
            picture = BeautifulSoup(macros.picture(replace(drawn, x=float(x), month=7)), "html.parser")
            labels = picture.select("svg text")
            assert {label["y"] for label in labels} == {"98%"}, "under the plot, which ends at 74 %"
            ends = [0.0] if len(labels) == 2 else [0.0, float(labels[1]["x"][:-1])]
            assert all(16 < end < 92 for end in ends[1:])
        key = [words_of(line) for line in picture.select(".picture__key > li")]
    assert [line.split()[0] for line in key] == ["médiane", "prévu", "la"]


def test_small_lines_share_one_scale():
    assert compute_sparkline_scale([(0, 5), (12,)]) == 20
    assert compute_sparkline_scale([(0, 61)]) == 70
    assert format_spark_points((0, 35, 70), 70) == "2,18 24,10 46,2"
    assert format_spark_points((12,), 70) == ""


def test_the_filter_by_gate_offers_the_gates_of_the_programme(browser, programme, shown, monkeypatch):
    own = [definition for definition in list_definitions(programme.id) if definition.number != 3]
    monkeypatch.setattr("portal.oversight.portfolio.page_views.list_definitions", lambda _id: own)
    page = browser.visit(f"{URL}?gate=3")
    offered = [tag["value"] for tag in page.select("#gate option")]
    assert offered == ["", *(str(definition.number) for definition in own)]
    assert "Jalon à franchir" in words_of(page.select_one("#portfolio .fr-alert"))


def test_htmx_loads_the_unfolded_team_alone(browser, shown):
    part = browser.with_htmx().visit(f"{URL}?programme=ami&open={shown.slug}")
    assert part.html is None
    assert not part.select("table, #portfolio")
    assert "Au vert si" in words_of(part)
    whole = browser.visit(f"{URL}?programme=ami&organisation=dgal&open={shown.slug}")
    assert names(whole) == ["DGAL"]  # the filters leave it out: nothing is unfolded
    elsewhere = browser.with_htmx().visit(f"{URL}?programme=ami&organisation=dgal&open={shown.slug}")
    assert "Au vert si" in words_of(elsewhere)
    assert names(browser.visit(f"{URL}?open=nobody")) == ["Acoss", "DGAL"]


def test_a_signal_is_taken_in_charge_in_place_and_refused_in_place(browser, shown):
    known(shown)
    unfolded = opened(browser, shown)
    action = unfolded.select_one("form[action*='/signals/']")["action"]
    code = action.partition("/signals/")[2].partition("?")[0]
    refused = browser.open(action, method="POST", data={"version": "0", "text": "", "until": ago(-5)})
    assert refused.status_code == 422
    assert "Dites ce que vous faites" in refused.text
    typed = {"version": "0", "text": "J’appelle demain", "until": str(ago(-5))}
    part = browser.with_htmx().submit(action, **typed)
    assert part.select_one(".top[hx-swap-oob] .tiles")  # what is new or followed is counted again
    assert part.select_one("nav#navigation[hx-swap-oob]")
    assert part.select_one(f"[hx-swap-oob='innerHTML:#team-{shown.slug} .x-owed']").text
    assert not browser.with_htmx().visit(f"{URL}?programme=ami&open={shown.slug}").select(".tiles")
    assert find_last_charge(shown, SignalCode(code)).text == "J’appelle demain"
    assert "J’appelle demain" in words_of(opened(browser, shown))
    stale = browser.open(action, method="POST", data={"version": "0", "text": "Moi aussi", "until": ago(-5)})
    assert stale.status_code == 409
    assert "J’appelle demain" in stale.text
    assert "Moi aussi" in stale.text


def test_help_comes_first_then_the_first_signal_of_the_line_when_it_unfolds(browser, team):
    asking = team("Aide", help_wanted=True, blocker=BlockerKind.DATA_ACCESS, blocker_text="Les clés")
    state = known(asking)
    assert state.level is HealthLevel.ALERT
    sentence = health_labels.signal_sentence(state.first_reason, state).replace("\xa0", " ")
    line = row(browser.visit(URL), "Aide")
    assert sentence in line
    assert "aide" in line.split()
    reasons = [words_of(each) for each in opened(browser, asking).select("ol > li")]
    assert reasons[0].startswith("Aide demandée : accès aux données")
    assert reasons[1].startswith(sentence)
    taken = team("Prise", silent=None)
    sprint = log(taken, 1, number=1, help_wanted=True, blocker=BlockerKind.DATA_ACCESS)
    claim_request(make.actor(make.role(taken.id, Role.COACH)), taken, sprint)
    update_project_figures(taken.id)
    db.session.commit()
    clear_waiting_cache()
    page = browser.visit(URL)
    assert known(taken).level is HealthLevel.ALERT
    assert "aide" not in row(page, "Prise").split()  # as the tile and the filter count
    assert "Aide demandée, quelqu’un s’en charge" in words_of(opened(browser, taken))
    assert [words_of(tag).split()[0] for tag in page.select(".tile") if "d’aide" in words_of(tag)] == ["1"]


@pytest.mark.parametrize(
    ("level", "shown_as"),
    [
        (TeamAttentionLevel.ALERT, "à aider, non suivi"),
        (TeamAttentionLevel.WARN, "à surveiller, non suivi"),
    ],
)
def test_a_team_counted_above_its_health_says_among_which(app, level, shown_as):
    state = SimpleNamespace(level=HealthLevel.FINE, reasons=())
    counted = SimpleNamespace(goes_on=True, state=state, level=level, is_followed=False)
    with current_app.test_request_context():
        assert line_labels.charge_tag(counted).replace("\xa0", " ") == shown_as
        assert (
            line_labels.charge_tag(SimpleNamespace(**vars(counted) | {"level": TeamAttentionLevel.FINE}))
            == ""
        )


def test_several_things_that_wait_are_counted_and_dated_by_the_oldest(browser, team, lead):
    project = team("Acoss", decision_awaited="Changer de prestataire ?")
    decisions.decision(project, lead, question="Ouvrir le réseau ?")
    clear_waiting_cache()
    page = browser.visit(URL)
    assert "2 choses, 1" in words_of(page.select_one(f"#team-{project.slug}"))
    other = make.project(make.programme(slug="autre"), organisation="Ailleurs", acronym="")
    make.role(other.programme_id, Role.PROGRAMME_LEAD, lead)
    decisions.decision(other, lead)
    clear_waiting_cache()
    tile = browser.visit(f"{URL}?programme=ami").select_one(".tile")
    assert "2 à décider ici" in words_of(tile)


def test_what_waits_is_answered_in_place(browser, browser_for, team):
    project = team("Acoss", decision_awaited="Changer de prestataire ?")
    page = browser.visit(URL)
    assert "Décision, 1" in words_of(page.select_one(f"#team-{project.slug}"))
    unfolded = opened(browser, project)
    form = next(form for form in unfolded.select("form") if "/decisions/" in form["action"])
    values = {"version": form.select_one("[name=version]")["value"], "answer": "Oui."}
    empty = browser.open(form["action"], method="POST", data=values)
    assert empty.status_code == 422
    assert "Oui." in empty.text
    browser.submit(form["action"], outcome="granted", **values)
    assert "Changer de prestataire" not in words_of(opened(browser, project))
    coach = browser_for(make.role(project.id, Role.COACH))
    assert coach.open(form["action"], method="POST", data=values).status_code in {403, 404}


def test_a_coach_sees_first_their_teams_to_help(browser_for, programme, team):
    calm, asking = team("Calme"), team("Aide", help_wanted=True)
    coach = make.role(asking.id, Role.COACH, make.role(calm.id, Role.COACH))
    browser = browser_for(coach)
    page = browser.visit(URL)
    assert names(page) == ["Aide"]
    assert page.select_one("#views [aria-current]").text.startswith("À\u00a0aider")
    everything = next(tag for tag in page.select("#views a") if tag.text.startswith("Toutes"))
    assert names(browser.visit(everything["href"])) == ["Aide", "Calme"]
    for role in (Role.COACH, Role.OBSERVER):  # of the pool, and reads all teams
        make.role(programme.id, role, coach)
    team("Ailleurs", help_wanted=True)
    first = browser_for(coach).visit(URL)
    assert names(first) == ["Aide"]  # of all those to help, their own
    own = next(tag for tag in first.select("#views a") if tag.text.startswith("Mes équipes"))
    assert names(browser.visit(own["href"])) == ["Aide", "Calme"]


def test_a_coach_of_two_programmes_lands_where_more_teams_wait_for_help(browser_for, programme, team):
    coach = make.role(team("Acoss", help_wanted=True).id, Role.COACH)
    newer = make.programme(starts_on=clock.today())
    make.role(make.project(newer, organisation="Nouvelle", acronym="").id, Role.COACH, coach)
    browser = browser_for(coach)
    assert names(browser.visit(URL)) == ["Acoss"]
    other = browser.visit(f"{URL}?programme={newer.slug}")
    assert names(other) == ["Nouvelle"]
    assert "1 à aider" in words_of(other.select_one(".page-head__menus"))
    make.role(newer.id, Role.OBSERVER, coach)  # reads two teams to help that others coach
    for name in ("Autre", "Ailleurs"):
        log(make.project(newer, organisation=name, acronym=""), help_wanted=True)
    assert names(browser_for(coach).visit(URL)) == ["Acoss"]


def test_a_short_name_stands_with_the_organisation_in_full(browser, team, programme):
    full = "Direction générale des collectivités locales"
    project = make.project(programme, organisation=full, acronym="DGCL", title_fr="Lire les actes")
    told = words_of(opened(browser, project))
    assert "Lire les actes" in told
    assert full in told
    team("Acoss")
    assert names(browser.visit(URL)) == ["DGCL", "Acoss"]


@pytest.mark.parametrize(
    ("label", "inside"), [("G2 périmé", "G2 périmé"), ("DPIA à faire", "DPIA à faire"), ("Retard", "retard")]
)
def test_gates_and_abbreviations_keep_their_capital_inside_a_sentence(label, inside):
    assert labels.lower_first(label) == inside
