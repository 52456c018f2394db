from datetime import timedelta

import pytest

from portal.oversight.decisions import projections as decision_figures
from portal.oversight.portfolio import queries
from portal.oversight.portfolio.attention_rules import TeamAttentionLevel, TeamReasonCode
from portal.oversight.portfolio.filter_rules import PortfolioFilters
from portal.oversight.portfolio.support_queries import read_tracks_and_coaches
from portal.people.programmes.queries import list_tracks
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.project.projects import projections as project_figures
from portal.sprints.sprints import projections as sprint_figures
from portal.sprints.sprints.models import SprintOutcome
from portal.sprints.sprints.outlook_rules import OutlookLevel
from tests.oversight.portfolio.conftest import log, run
from tests.support import factories as make

MET, PARTLY, MISSED = SprintOutcome.MET, SprintOutcome.PARTLY, SprintOutcome.MISSED


def read(actor, programme):
    return queries.read_portfolio(actor, programme, PortfolioFilters()).teams


def read_one(lead, programme):
    (team,) = read(make.actor(lead), programme)
    return team


def test_a_team_shows_its_latest_close_and_the_sprint_in_progress(programme, team, lead):
    project = team("Acoss", silent=None)
    log(project, 30, number=1, summary="Le premier.")
    log(project, 12, number=3, summary="Le dernier.", outlook=OutlookLevel.CLOUDY)
    log(project, 20, number=2, summary="Le deuxième.")
    run(project, left=4, number=4, goal="Essayer")

    found = read_one(lead, programme)

    assert (found.last.number, found.last.summary) == (3, "Le dernier.")
    assert (found.running.number, found.days_left, found.days_without_close) == (4, 4, 12)
    assert found.level is TeamAttentionLevel.FINE


def test_a_team_that_never_closed_is_silent_since_the_start(programme, team, lead):
    team("Acoss", silent=None, starts_on=clock.today() - timedelta(days=22))

    found = read_one(lead, programme)

    assert (found.last, found.running, found.days_without_close) == (None, None, 22)
    assert [reason.code for reason in found.reasons] == [TeamReasonCode.SILENT]


def test_a_team_written_down_late_is_silent_since_its_first_day_as_its_health_says(programme, team, lead):
    project = team(
        "Acoss",
        silent=None,
        starts_on=clock.today() - timedelta(days=90),
        created_at=clock.now() - timedelta(days=3),
    )
    assert read_one(lead, programme).days_without_close == 90
    project.starts_on += timedelta(days=1)
    db.session.flush()
    project_figures.update_project_figures([project.id])
    assert read_one(lead, programme).days_without_close == 89
    assert sprint_figures.rebuild_all_figures() == decision_figures.rebuild_all_figures() == 0


@pytest.mark.parametrize(
    ("days", "level"),
    [(20, TeamAttentionLevel.FINE), (21, TeamAttentionLevel.WARN), (120, TeamAttentionLevel.ALERT)],
)
def test_a_project_is_judged_from_its_first_day_on_whenever_it_was_created(
    programme, lead, browser, days, level
):
    started = clock.today() - timedelta(days=days)
    typed = {
        "organisation": "Office du logement",
        "acronym": "",
        "title_fr": "Lire les dossiers",
        "starts_on": started.isoformat(),
        "ends_on": (started + timedelta(days=300)).isoformat(),
    }
    browser.submit("/programmes/ami/projects/new", **typed)
    found = read_one(lead, programme)
    assert found.level is level


def test_a_project_that_has_not_begun_is_not_silent(programme, team, lead):
    team("Acoss", silent=None, starts_on=clock.today() + timedelta(days=9))

    assert read_one(lead, programme).days_without_close == 0


@pytest.mark.parametrize(
    ("outcomes", "in_a_row"),
    [
        ([MISSED], 0),
        ([MISSED, MISSED], 2),
        ([MET, MISSED, MISSED, MISSED, MISSED], 4),
        ([MISSED, MISSED, MET], 0),
        ([MISSED, MISSED, PARTLY, MISSED], 0),
        ([MISSED, MISSED, MISSED, MET, MISSED, MISSED], 2),
    ],
)
def test_goals_missed_are_counted_up_to_the_last_close(programme, team, lead, outcomes, in_a_row):
    project = team("Acoss", silent=None)
    other = team("Autre", silent=None)
    for number, outcome in enumerate(outcomes, start=1):
        log(project, 15 * (len(outcomes) - number), number=number, outcome=outcome)
        log(other, 15 * (len(outcomes) - number), number=number, outcome=MISSED)

    found = next(team for team in read(make.actor(lead), programme) if team.project.id == project.id)

    told = {reason.code: reason.number for reason in found.reasons}
    assert told.get(TeamReasonCode.GOALS_MISSED, 0) == in_a_row


def test_the_draft_of_a_running_sprint_cannot_be_read(programme, team, lead):
    run(team("Acoss"), summary="Brouillon", outlook=OutlookLevel.STORMY, help_wanted=True, left=3)

    found = read_one(lead, programme)

    assert found.level is TeamAttentionLevel.FINE
    with pytest.raises(Exception, match="summary"):
        _ = found.running.summary


def test_each_role_reads_its_own_teams(programme, team, lead):
    coached, other = team("Acoss"), team("DGAL")
    elsewhere = make.project(make.programme())
    everything, nothing = ["Acoss", "DGAL"], []
    seen = dict.fromkeys(Role, nothing) | {
        Role.PROGRAMME_LEAD: everything,
        Role.OPERATOR: everything,
        Role.OBSERVER: everything,
        Role.COACH: ["Acoss"],
    }
    for role, names in seen.items():
        actor = make.actor(make.holder(role, coached))
        teams = read(actor, programme)
        assert sorted(found.project.organisation for found in teams) == names, role
        opened = {other.id: False, coached.id: role in {Role.COACH, Role.PROGRAMME_LEAD}}
        if role is Role.PROGRAMME_LEAD:
            opened[other.id] = True
        assert all(found.opens is opened[found.project.id] for found in teams), role
        listed = [found.slug for found in queries.list_programmes(actor)]
        assert listed == ([programme.slug] if names else []), role
        assert elsewhere.slug not in {found.project.slug for found in teams}


def test_a_coach_of_the_pool_without_a_team_opens_an_empty_portfolio(programme, team):
    team("Acoss")
    coach = make.actor(make.role(programme.id, Role.COACH))

    assert queries.list_programmes(coach) == [programme]
    assert read(coach, programme) == []


def test_help_requests_reach_coaches_and_leads_only(programme, team, lead):
    recent = team("Acoss", 2, help_wanted=True)
    old = team("DGAL", 8, help_wanted=True)
    answered = team("ASN", silent=None)
    log(answered, 20, number=1, help_wanted=True)
    log(answered, 4, number=2)
    team("OFB", 3, help_wanted=True, stopped_on=clock.today(), stop_reason="Non", learnings="Oui")

    def asked(person):
        found = queries.list_teams_asking_help(make.actor(person))
        return [team.project.id for team in found]

    assert asked(lead) == [old.id, recent.id]
    assert asked(make.role(recent.id, Role.COACH)) == [recent.id]
    for role in set(Role) - {Role.PROGRAMME_LEAD, Role.COACH}:
        assert asked(make.holder(role, recent)) == [], role


def test_support_names_the_tracks_and_coaches_of_each_team(programme, team, lead):
    project = team("Acoss")
    tracks = make.tracks_of(programme)
    coach = make.role(project.id, Role.COACH, track_id=tracks["technical"].id)

    teams = read(make.actor(lead), programme)
    support = read_tracks_and_coaches(teams, list_tracks(programme.id))

    assert support.coaches_by_track(teams[0]) == (
        (tracks["technical"].name, coach.name),
        (tracks["strategic"].name, ""),
    )
