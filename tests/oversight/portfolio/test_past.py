"""The portfolio of a past day, its filters by health and gates, timeline, comparison, changes."""

from dataclasses import replace
from datetime import timedelta

import pytest

from portal.oversight.decisions.commands import DecisionAnswer, answer_decision
from portal.oversight.decisions.models import AwaitedDecision, DecisionOutcome
from portal.oversight.portfolio import progress_queries, queries, timeline_queries
from portal.oversight.portfolio.change_labels import describe_change
from portal.oversight.portfolio.change_rules import TeamChangeKind, compare_states
from portal.oversight.portfolio.filter_rules import (
    AttentionFilter,
    HealthFilter,
    PortfolioFilters,
    PortfolioSort,
)
from portal.oversight.portfolio.hindsight_queries import read_teams_as_of
from portal.oversight.portfolio.past_queries import read_past_portfolio
from portal.people.programmes.queries import get_track
from portal.people.programmes.track_commands import TrackNames, edit_track
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.project.projects import commands as projects
from portal.project.projects.models import LastPortalVisit
from portal.project.projects.queries import list_coaches
from tests.oversight.portfolio.conftest import ago, names, opened, row, strip
from tests.support import decisions
from tests.support import factories as make
from tests.support.browser import words_of
from tests.support.health import known

URL = "/portfolio"


def test_a_past_day_shows_what_was_true_then_and_stays(browser, shown):
    def look(days):
        return strip(browser.visit(f"{URL}?on={ago(days)}"), shown)

    assert "Prouvés : G5" in look(25)
    assert "Acceptés : G5" in look(15)
    assert "Périmés : G5" in look(5)
    told = words_of(opened(browser, shown, f"&on={ago(25)}"))
    assert "Pluie annoncée le" in told
    assert " : Peu de données" in told
    page = browser.visit(f"{URL}?on={ago(15)}")
    assert f"{ago(15).day} " in words_of(page.select_one(".page-head__lead"))
    assert "Revenir à aujourd’hui" in page.text
    assert "aucun" in row(page, "DGAL")
    assert not page.select("#portfolio form")
    unfolded = opened(browser, shown, f"&on={ago(15)}")
    assert not unfolded.select("form, a[href$='/discussions']")
    (wait,) = [tag["href"] for tag in page.select(".tile a") if "silent" in tag["href"]]
    assert f"on={ago(15)}" in wait  # the same day, not today
    present = words_of(browser.visit(f"{URL}?on={clock.today()}").main)  # today is no past day
    assert present == words_of(browser.visit(URL).main)
    assert names(browser.visit(f"{URL}?on={ago(100)}")) == []  # no reading yet


def test_a_past_day_shows_the_names_tracks_and_coaches_of_that_day(browser, programme, shown, lead):
    """All of them changed since; filters apply to the values of that day."""
    direction, now = make.actor(lead), clock.now()
    technical, strategic = queries.list_tracks(programme)[:2]
    pool = [make.role(programme.id, Role.COACH) for _ in range(2)]
    with clock.frozen_at(now - timedelta(days=40)):
        projects.choose_tracks(direction, shown, [technical.key])
        projects.assign_coach(direction, shown, pool[0], technical)
        db.session.commit()
    before = words_of(opened(browser, shown, f"&on={ago(12)}"))
    assert pool[0].name in before
    with clock.frozen_at(now - timedelta(days=5)):
        for one in list_coaches(shown):
            projects.end_role(direction, shown, one.assignment)
        db.session.commit()
        projects.choose_tracks(direction, shown, [strategic.key])
        projects.assign_coach(direction, shown, pool[1], strategic)
        renamed = {"organisation": "Urssaf", "title_fr": "Un autre titre"}
        names_ = projects.EditableProjectColumns.__dataclass_fields__
        file = projects.EditableProjectColumns(**{one: getattr(shown, one) for one in names_} | renamed)
        projects.edit_project(direction, shown, file, shown.version)
        row_ = get_track(programme, technical.id)
        called = TrackNames(name_fr="Appui technique")
        edit_track(direction, programme, row_, called, place=1, version=row_.version)
        db.session.commit()

    assert words_of(opened(browser, shown, f"&on={ago(12)}")) == before
    today = words_of(opened(browser, shown))
    assert "Urssaf" in today
    assert pool[1].name in today
    for asked, found in (
        (f"coach={pool[0].id}", ["Acoss"]),
        (f"track={technical.key}&organisation=acoss", ["Acoss"]),
        (f"track={strategic.key}&organisation=acoss", []),
        ("organisation=urssaf", []),
    ):
        assert names(browser.visit(f"{URL}?on={ago(12)}&{asked}")) == found, asked


@pytest.mark.parametrize("sort", list(PortfolioSort))
def test_filters_and_orders_say_the_same_of_now_and_of_that_day(programme, shown, lead, sort):
    """The portfolio as of the end of today equals the portfolio of now."""
    actor, tracks = make.actor(lead), queries.list_tracks(programme)
    for narrowed in (
        {},
        *({"health": one} for one in HealthFilter),
        *({"gate": str(n)} for n in (0, 1)),
        {"stale": True},
        {"organisation": "dgal"},
        {"silent": True},
        *({"attention": one} for one in AttentionFilter),
        {"track": tracks[0].key},
    ):
        filters = PortfolioFilters(sort=sort, **narrowed)
        now = queries.read_portfolio(actor, programme, filters)
        day = read_teams_as_of(actor, programme, tracks, clock.today(), clock.DEFAULT_ZONE)
        then = read_past_portfolio(actor, filters, day, clock.DEFAULT_ZONE)
        told = [
            [(one.slug, one.state_key, one.end, one.severe) for one in each.teams] for each in (now, then)
        ]
        assert told[0] == told[1], narrowed
        assert (now.count, now.all) == (then.count, then.all)
    assert queries.read_portfolio(actor, programme, PortfolioFilters(stale=True)).count == 1


def test_the_top_says_who_needs_help_and_why(browser, shown):
    page = browser.visit(URL)
    assert words_of(page.select_one(".tile--alert")).startswith("2 à aider")
    assert "En difficulté non suivi Données :" in row(page, "Acoss")
    assert page.select_one(f"#team-{shown.slug} .late").text.endswith("sem.")
    unfolded = opened(browser, shown)
    assert unfolded.select_one(f"a[href='/projects/{shown.slug}/gates/2']").text.startswith("Données")
    assert "prototype vers le" in words_of(unfolded)


def test_a_view_is_kept_shared_found_again_and_dropped(browser, browser_for, programme, shown, lead):
    asked = f"{URL}?health=alert&sort=gate"
    page = browser.visit(asked)
    form = browser.visit(page.find("a", string="Garder cette vue")["href"])
    query = form.select_one("[name=query]")["value"]
    browser.submit(f"{URL}/views/new", name="À aider", shared="y", query=query, form_key="v")
    (link,) = browser.visit(URL).select(".views .fr-tag")
    assert link.text == "À aider (partagée)"
    kept = browser.visit(link["href"])
    assert names(kept) == names(page) == ["Acoss", "DGAL"]
    assert kept.select_one("#sort [selected]")["value"] == "gate"
    assert words_of(kept.select_one("#views [aria-current]")) == "À aider 2"
    assert not kept.find("a", string="Garder cette vue")
    twice = {"name": "À aider", "query": query, "form_key": "w"}
    assert browser.open(f"{URL}/views/new", method="POST", data=twice).status_code == 422
    coach = browser_for(make.role(shown.id, Role.COACH))
    assert not coach.visit(URL).select(".views .fr-tag")
    assert not coach.visit(f"{URL}/views/new").select("[name=shared]")
    other = browser_for(make.role(programme.id, Role.PROGRAMME_LEAD))
    (drop,) = other.visit(URL).select(".views form")
    coach.submit(drop["action"], expect=404)
    other.submit(drop["action"])
    assert not browser.visit(URL).select(".views .fr-tag")


def line(page):
    """The text of the first team's row."""
    (found,) = [tag.find_parent("tr") for tag in page.select("tbody .team") if tag.text == "Acoss"]
    return words_of(found)


def test_a_team_that_stops_is_not_told_to_go_better(shown):
    """It has no signals any more; the change is that it stopped."""
    state = known(shown)
    over = replace(state, facts=replace(state.facts, state="stopped"), signals=())
    assert [one.kind for one in compare_states(state, over)] == [TeamChangeKind.STATE]
    assert "arrêté" in describe_change(compare_states(state, over)[0], over)


def test_a_test_whose_only_session_was_erased_is_no_new_test(shown):
    state = known(shown)
    tested = replace(state.facts.tests, last_on=state.day, round=1)
    then = replace(state, facts=replace(state.facts, tests=tested))
    erased = replace(tested, last_on=None, round=None)
    now = replace(state, facts=replace(state.facts, tests=erased))
    assert [one.kind for one in compare_states(now, then)] == [TeamChangeKind.TEST]
    assert compare_states(then, now) == []


def test_marks_side_by_side_have_one_label():
    marks = [
        timeline_queries.TimelineMark(3, timeline_queries.TimelineMarkKind.PASSED, 11.0),
        timeline_queries.TimelineMark(2, timeline_queries.TimelineMarkKind.PASSED, 10.0),
        timeline_queries.TimelineMark(2, timeline_queries.TimelineMarkKind.PLANNED, 10.4),
        timeline_queries.TimelineMark(4, timeline_queries.TimelineMarkKind.EXPECTED, 30.0),
    ]
    assert timeline_queries.build_mark_labels(marks) == [("2, 3", 10.5), ("4", 30.0)]
    assert timeline_queries.build_mark_labels(marks, 20.0) == [("2–4", 20.0)]


def test_the_months_of_all_teams_and_a_few_side_by_side(browser, programme, shown):
    page = browser.visit(f"{URL}/timeline")
    cells = line(page)
    assert "au rythme d’aujourd’hui" in cells
    assert "franchi le" in cells  # a stale gate was passed all the same
    assert cells.count("prévu le") == 12
    assert len(page.select(".months__line")) == 3  # months, and two teams
    assert "jalons acceptés" in words_of(page.select_one(".chart__says"))
    then = browser.visit(f"{URL}/timeline?on={ago(15)}")
    assert "franchi le" in line(then)
    assert "au rythme d’alors" in line(then)
    assert "franchi le" not in line(browser.visit(f"{URL}/timeline?on={ago(25)}"))
    told = progress_queries.read_month_progress(programme, [shown.id], clock.today())
    assert [one.accepted for one in told] == [0, 0]  # no reading before
    chosen = browser.visit(f"{URL}/compare?organisation=dgal&team={shown.slug}&team=nobody")
    assert [words_of(tag) for tag in chosen.select("thead th")][1:] == ["Acoss"]
    assert chosen.select(".strip")
    assert [tag["value"] for tag in chosen.select("[name=team][checked]")] == [shown.slug]
    five = "".join(f"&team={n}" for n in range(5))
    assert "Quatre équipes au plus" in browser.visit(f"{URL}/compare?x=1{five}").text


def test_a_past_day_says_what_the_programme_owed_then(browser, browser_for, programme, team):
    project = team("DGCCRF", silent=20)
    member = make.role(project.id, Role.TEAM_MEMBER)
    make.role(project.id, Role.COACH)
    with clock.frozen_at(clock.now() - timedelta(days=9)):
        decisions.decision(project, member, created_at=clock.now())
        known(project)
    row_ = db.session.query(AwaitedDecision).one()
    assert "Décision, 9 j" in row(browser.visit(URL), "DGCCRF")
    answer = DecisionAnswer(DecisionOutcome.GRANTED, "Oui.")
    direction = make.actor(make.role(programme.id, Role.PROGRAMME_LEAD))
    answer_decision(direction, project, row_, answer, row_.version)
    db.session.commit()
    assert "Décision," not in row(browser.visit(URL), "DGCCRF")
    assert "Décision, 4 j" in row(browser.visit(f"{URL}?on={ago(5)}"), "DGCCRF")
    observer = browser_for(make.role(programme.id, Role.OBSERVER))
    assert "Décision," not in row(observer.visit(f"{URL}?on={ago(5)}"), "DGCCRF")


def test_pages_that_show_today_alone_say_so(browser, shown):
    base = f"/projects/{shown.slug}"
    for path in (base, f"{base}/gates/5", f"{base}/gates/forecast"):
        for day in (ago(5), "2030-01-01"):
            assert "Cette page montre aujourd’hui" in words_of(browser.visit(f"{path}?on={day}").main)
        assert "Cette page montre aujourd’hui" not in browser.visit(path).text


def test_what_changed_since_the_last_visit_is_told_team_by_team(browser, lead, shown):
    """Since a visit twelve days ago an acceptance went stale, and another team closed a sprint."""
    visited = clock.now() - timedelta(days=12)
    db.session.add(LastPortalVisit(person_id=lead.id, seen_at=visited))
    db.session.commit()
    told = line(browser.visit(f"{URL}/since"))
    assert "jalon périmé : G5" in told
    assert "jalon accepté" not in told
    asked = words_of(browser.visit(f"{URL}/since?on=2026-01-01").main)
    assert "Cette page montre aujourd’hui" in asked
    other = words_of(browser.visit(f"{URL}/since").select("tbody")[0])
    assert "sprint 1 clos" in other
    assert "Rien n’a changé" not in other
