"""The thresholds of a programme decide who is silent: in health, lists, filters and sentences."""

from dataclasses import replace
from datetime import timedelta

import pytest

from portal.oversight.health.definition_documents import read_default_signals
from portal.oversight.health.definition_rules import (
    HealthLevel,
    SignalCode,
    SignalDefinition,
    Thresholds,
    ThresholdUnit,
    level_of_number,
    lowest_threshold,
)
from portal.oversight.health.models import SignalTerms
from portal.oversight.health.queries import read_state
from portal.oversight.health.terms_commands import change_terms
from portal.oversight.portfolio.attention_rules import TeamAttentionLevel, TeamReasonCode
from portal.oversight.portfolio.change_rules import TeamChangeKind, compare_states
from portal.oversight.portfolio.filter_rules import PortfolioFilters
from portal.oversight.portfolio.page_views import clear_caches
from portal.oversight.portfolio.queries import list_coached_teams, read_portfolio
from portal.oversight.portfolio.ranking_queries import rank_all_programmes
from portal.people.programmes.models import Programme
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.project.projects.models import LastPortalVisit
from tests.oversight.portfolio.conftest import log, names, row
from tests.support import factories as make
from tests.support.browser import words_of
from tests.support.health import known

URL = "/portfolio"


@pytest.fixture
def three(team):
    """Teams whose last logs are 12, 7 and 5 days old, too recent for most other signals."""
    began = {"starts_on": clock.today() - timedelta(days=13)}
    return [team("Acoss", 12, **began), team("DGAL", 7, **began), team("OFB", 5, **began)]


def set_thresholds(lead, programme, watch, alert, code=SignalCode.NO_SPRINT):
    actor, edition = make.actor(lead), db.session.query(SignalTerms).filter_by(code=code).count()
    thresholds = Thresholds(watch, alert)
    change_terms(actor, programme, code, thresholds, because="b", read_edition=edition, knowingly=True)
    db.session.commit()


def silence_of(page):
    """The texts of the key figure of silent teams, and of the filter."""
    figures = [words_of(tag) for tag in page.select(".tile") if "silenc" in tag.text]
    labels = [words_of(tag) for tag in page.select("label[for=silent]")]
    return figures, labels


@pytest.mark.parametrize(
    ("unit", "levels"),
    [(ThresholdUnit.DAYS, (0, 0, 1, 1, 1, 2)), (ThresholdUnit.DAYS_OVER, (0, 0, 0, 1, 1, 1))],
)
def test_a_number_has_the_level_of_its_signal(unit, levels):
    definition = SignalDefinition(SignalCode.NO_SPRINT, unit, Thresholds(5, 8))
    assert tuple(level_of_number(definition, days) for days in range(3, 9)) == levels


def test_without_thresholds_a_signal_never_speaks():
    never = SignalDefinition(SignalCode.NO_SPRINT, ThresholdUnit.DAYS, Thresholds(None, None))
    assert (level_of_number(never, 365), lowest_threshold(never)) == (HealthLevel.FINE, None)
    late = SignalDefinition(SignalCode.NO_SPRINT, ThresholdUnit.DAYS, Thresholds(None, 8))
    assert (level_of_number(late, 7), level_of_number(late, 8), lowest_threshold(late)) == (0, 2, 8)


def test_the_portfolio_its_filter_and_its_sentences_follow_the_programme(browser, programme, three, lead):
    plain = browser.visit(URL)
    assert silence_of(plain) == (
        ["0 silencieuse sans sprint clos depuis 21 j ou plus"],
        ["Sans sprint clos depuis 21 jours ou plus"],
    )
    assert names(browser.visit(f"{URL}?silent=1")) == []

    set_thresholds(lead, programme, 5, 10)

    page = browser.visit(URL)
    assert silence_of(page) == (
        ["3 silencieuses sans sprint clos depuis 5 j ou plus"],
        ["Sans sprint clos depuis 5 jours ou plus"],
    )
    assert "En difficulté non suivi Aucun sprint clos depuis 12 j" in row(page, "Acoss")
    assert "Aucun sprint clos depuis 7 j" in row(page, "DGAL")
    assert "Aucun sprint clos depuis" not in words_of(plain.select_one("tbody"))
    assert names(browser.visit(f"{URL}?silent=1")) == ["Acoss", "DGAL", "OFB"]
    refused = words_of(browser.visit(f"{URL}?silent=perhaps").select_one("#portfolio .fr-alert"))
    assert refused.endswith(": Sans sprint clos depuis 5 jours ou plus.")
    export = browser.visit("/programmes/ami/exports?silent=1").text.replace("\xa0", " ")
    assert "Sans sprint clos depuis 5 jours ou plus" in export

    set_thresholds(lead, programme, 1, 10)
    assert silence_of(browser.visit(URL))[0] == ["3 silencieuses sans sprint clos depuis 1 j ou plus"]


@pytest.mark.parametrize(("days", "is_listed"), [(20, False), (21, True), (22, True)])
def test_filter_count_and_signal_agree_at_the_threshold(browser, team, lead, days, is_listed):
    project = team("Acoss", days, starts_on=clock.today() - timedelta(days=days + 1))
    programme = db.session.get(Programme, project.programme_id)
    known(project)
    db.session.commit()
    clear_caches()
    signals = [signal.code for signal in read_state(project).reasons]
    assert (SignalCode.NO_SPRINT in signals) is is_listed
    actor = make.actor(lead)
    assert rank_all_programmes(actor)[programme.id].silent == int(is_listed)
    portfolio = read_portfolio(actor, programme, PortfolioFilters(silent=True))
    assert portfolio.all.silent == int(is_listed)
    expected = ["Acoss"] if is_listed else []
    address = f"{URL}?silent=1"
    assert names(browser.visit(address)) == expected
    assert names(browser.visit(f"{address}&on={clock.today()}")) == expected


def test_changed_thresholds_are_told_and_their_teams_are_not_called_worse(browser, programme, three, lead):
    with clock.frozen_at(clock.now() - timedelta(hours=2)):
        for project in three:
            known(project)
    with clock.frozen_at(clock.now() - timedelta(hours=1)):
        db.session.add(LastPortalVisit(person_id=lead.id, seen_at=clock.now()))
        db.session.commit()
    set_thresholds(lead, programme, 5, 10)
    shown = words_of(browser.visit(f"{URL}/since").main)
    assert "Seuils changés, dernier sprint clos (à surveiller : 21 jours → 5 jours" in shown
    assert "va moins bien" not in shown


def test_a_team_that_is_worse_by_the_old_thresholds_too_is_called_worse(team):
    worse = known(team("Acoss", 40, starts_on=clock.today() - timedelta(days=41)))
    fine = replace(worse, signals=())
    assert worse.level > HealthLevel.FINE
    kinds = [change.kind for change in compare_states(fine, worse, by_old_thresholds=worse)]
    assert kinds == [TeamChangeKind.WORSE]
    assert compare_states(fine, worse, by_old_thresholds=fine) == []


def test_a_team_without_a_reading_is_judged_by_the_same_thresholds(programme, three, lead):
    """Its reasons come from its logs: silence, and goals missed in a row."""
    stored = {"programme_id": programme.id, "edition": 1, "because": "b", "changed_by_id": lead.id}
    db.session.add(SignalTerms(code=SignalCode.NO_SPRINT, watch=5, alert=10, **stored))
    db.session.add(SignalTerms(code=SignalCode.GOALS_MISSED, watch=1, alert=None, **stored))
    db.session.commit()
    portfolio = read_portfolio(make.actor(lead), programme, PortfolioFilters())
    silent = {
        team.short_name: [(reason.code, reason.level) for reason in team.reasons] for team in portfolio.teams
    }
    assert silent == {
        "Acoss": [(TeamReasonCode.SILENT, TeamAttentionLevel.ALERT)],
        "DGAL": [(TeamReasonCode.SILENT, TeamAttentionLevel.WARN)],
        "OFB": [(TeamReasonCode.SILENT, TeamAttentionLevel.WARN)],
    }
    assert (portfolio.all.to_help, portfolio.all.to_watch) == (1, 2)


def test_each_programme_has_its_own(programme, three, lead):
    other = make.programme()
    make.role(other.id, Role.PROGRAMME_LEAD, lead)
    log(make.project(other, organisation="Ailleurs", acronym=""), 12)
    set_thresholds(lead, programme, 5, 10)
    ranked = rank_all_programmes(make.actor(lead))
    assert [
        (ranked[id_].days_without_close_tolerated, ranked[id_].silent) for id_ in (programme.id, other.id)
    ] == [
        (5, 3),
        (21, 0),
    ]
    coach = make.role(three[1].id, Role.COACH)
    make.role(three[0].id, Role.COACH, coach)
    coached = list_coached_teams(make.actor(coach))
    assert [team.short_name for team in coached] == ["Acoss", "DGAL"]
    assert coached[0].definitions[SignalCode.NO_SPRINT].thresholds == Thresholds(5, 10)
    assert coached[0].definitions[SignalCode.ADVICE] == read_default_signals()[SignalCode.ADVICE]


def test_a_past_day_keeps_the_thresholds_of_that_day(browser, programme, team, lead):
    now = clock.now()
    project = team("Acoss", silent=None)
    with clock.frozen_at(now - timedelta(days=30)):
        log(project)
        known(project)
    with clock.frozen_at(now - timedelta(days=20)):
        set_thresholds(lead, programme, 5, 10)
    with clock.frozen_at(now - timedelta(days=10)):
        set_thresholds(lead, programme, 40, 50)
    clear_caches()
    for ago, limit, found in ((22, 21, []), (15, 5, ["Acoss"]), (5, 40, [])):
        address = f"{URL}?on={clock.today() - timedelta(days=ago)}"
        assert silence_of(browser.visit(address))[1] == [f"Sans sprint clos depuis {limit} jours ou plus"], (
            ago
        )
        assert names(browser.visit(f"{address}&silent=1")) == found, ago


def test_where_the_signal_is_off_nobody_is_silent(browser, programme, three, lead):
    set_thresholds(lead, programme, None, None)
    assert silence_of(browser.visit(URL)) == ([], [])
    page = browser.visit(f"{URL}?silent=1")
    assert names(page) == []
    assert page.select_one("#silent").has_attr("checked")
