"""What a coach owes their teams, the load of coaches, and handing a team over."""

from datetime import timedelta

import pytest
from icalendar import Calendar

from portal.coaching.clinics.models import Clinic
from portal.coaching.coach_notes.models import CoachNote
from portal.coaching.sessions.models import CoachingSession
from portal.oversight.coach_desk import commands, labels, policy, queries
from portal.oversight.coach_desk.coach_date_queries import list_accompanied_teams
from portal.oversight.decisions.commands import assign_decision
from portal.oversight.gates import commands as gates
from portal.people.programmes.models import INSTALLATION, Programme, RoleAssignment
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor, Role
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import NotFound, RuleBroken
from portal.platform.kernel.identifiers import new_id
from tests.communication.calendar.test_feed import link_of
from tests.support import coaching as some
from tests.support import decisions
from tests.support import factories as make
from tests.support.browser import words_of
from tests.support.help_requests import ask_by_question
from tests.support.refusals import forbidden

TESTED = 6  # a gate that any coach accepts


def part_of(project, person):
    row = db.session.query(RoleAssignment).filter_by(scope_id=project.id, person_id=person.id).one()
    return queries.get_assignment(project, row.id)


@pytest.fixture
def programme(project):
    return db.session.get_one(Programme, project.programme_id)


def test_a_coach_whose_last_team_is_taken_away_meanwhile_coaches_none(lead, coaching, monkeypatch):
    monkeypatch.setattr(queries, "count_teams_by_person", lambda *_given: {})
    loads = queries.list_coach_loads(lead)
    assert [load.team_count for load in loads] == [0] * len(loads)
    assert loads


def test_who_was_not_met_for_longest_comes_first(project, programme, coaching):
    met, resting = make.project(programme), make.project(programme, paused_on=clock.today())
    for team in (met, resting):
        make.role(team.id, Role.COACH, coaching)
    some.session(met, coaching)
    teams = list_accompanied_teams(make.actor(coaching))
    assert [team.project.id for team in teams] == [project.id, met.id]
    assert [team.last_on for team in teams] == [None, clock.today()]


def test_a_session_on_another_track_is_no_contact_on_mine(project, programme):
    tracks = make.tracks_of(programme)
    who = make.role(project.id, Role.COACH, track_id=tracks["technical"].id)
    actor, today = make.actor(who), clock.today()

    def team():
        (accompanied,) = list_accompanied_teams(actor)
        return accompanied

    some.session(project, who, track_id=tracks["strategic"].id)
    assert team().last_on is None
    some.session(project, who, track_id=tracks["technical"].id)
    assert team().last_on == today
    yesterday = today - timedelta(days=1)
    some.session(project, who, held_on=yesterday - timedelta(days=9), next_on=yesterday)
    assert not team().has_missed_session(today)  # another was held since
    db.session.query(CoachingSession).filter_by(held_on=today).delete()
    assert team().has_missed_session(today)


def test_the_first_session_to_come_is_the_next_one(project, programme, coaching):
    today, technical = clock.today(), make.tracks_of(programme)["technical"].id
    for days, hour, track_id in ((13, "", None), (5, "14:30", technical), (3, "09:00", technical)):
        held_on, next_on = today - timedelta(days=days), today + timedelta(days=days)
        some.session(project, coaching, held_on=held_on, next_on=next_on, hour=hour, track_id=track_id)
    actor = make.actor(coaching)
    (team,) = list_accompanied_teams(actor)
    assert (team.next_on, team.hour) == (today + timedelta(days=3), "09:00")
    assert "à 09:00" in labels.describe_last_and_next_session(team, today)


@pytest.mark.parametrize("days_before", [0, 7])
def test_a_later_session_replaces_the_day_agreed_before_everywhere(
    project, coaching, browser_for, days_before
):
    today = clock.today()
    held_on = today - timedelta(days=days_before)
    some.session(project, coaching, held_on=held_on, next_on=today + timedelta(days=5), hour="10:00")
    some.session(project, coaching, next_on=today + timedelta(days=7), hour="11:00")
    (team,) = list_accompanied_teams(make.actor(coaching))
    assert (team.next_on, team.hour) == (today + timedelta(days=7), "11:00")
    browser = browser_for(coaching)
    browser.client.post("/inbox/calendar")
    events = Calendar.from_ical(browser.open(link_of(browser.visit("/inbox/calendar"))).data).walk("VEVENT")
    coming = [event.decoded("dtstart").date() for event in events if "prochaine" in event["summary"]]
    assert coming == [team.next_on]
    proposed = browser.visit(f"/projects/{project.slug}/coaching/new").main
    assert proposed.select_one("[name=next_on]")["value"] == team.next_on.isoformat()


def test_a_day_that_was_planned_and_held_is_not_said_to_come(project, coaching):
    today = clock.today()
    planned = today - timedelta(days=40)
    some.session(project, coaching, held_on=planned - timedelta(days=9), next_on=planned)
    some.session(project, coaching, held_on=today - timedelta(days=3))
    (team,) = list_accompanied_teams(make.actor(coaching))
    assert labels.describe_last_and_next_session(team, today) == "Vue il y a 3 jours"


def test_a_coach_reads_what_waits_for_them_on_one_page(browser_for, project, coaching):
    asking = some.asking(project)
    some.done(project, coaching)
    some.accepted(project, coaching, number=2, due_on=clock.today() - timedelta(days=4))
    some.session(project, coaching, held_on=clock.today() - timedelta(days=3))
    page = browser_for(coaching).visit("/coaching")
    links = [link["href"] for link in page.select("main .todo a")]
    here = f"/projects/{project.slug}"
    assert links[:4] == [
        f"{here}/coaching",
        f"{here}/coaching/prepare",
        f"{here}/coaching/new",
        f"{here}/coach-notes",
    ]
    assert f"{here}/clinics/{asking.number}" in links
    assert "Vue il y a 3 jours" in words_of(page.main)
    assert any("/recommendations/" in link for link in links)
    assert "en retard, pour le" in words_of(page.main)


def test_a_coach_without_a_team_learns_who_assigns_one(browser_for, programme):
    page = browser_for(make.role(programme.id, Role.COACH)).visit("/coaching")
    assert "La direction de programme affecte les coachs" in words_of(page.main)


def test_a_lead_sees_what_each_coach_carries(project, programme, coaching, lead):
    other = make.role(project.id, Role.COACH)
    make.role(make.project(programme).id, Role.COACH, coaching)
    make.role(make.project().id, Role.COACH, other)  # of another programme, which this lead does not lead
    some.clinic(some.asking(project), coaching)
    some.done(project, other)
    some.session(project, coaching)
    asker = make.actor(make.role(project.id, Role.TEAM_MEMBER))
    ask_by_question(asker, project).owner_id = coaching.id
    decisions.decision(project, owner_id=coaching.id)  # no request for help
    first, second = queries.list_coach_loads(lead)
    assert (first.person.id, len(first.teams), first.help_requests, first.to_confirm) == (
        coaching.id,
        2,
        2,
        0,
    )
    assert "2 demandes d’aide en cours" in labels.describe_load(first)
    assert (second.person.id, len(second.teams), second.to_confirm) == (other.id, 1, 1)
    assert {held.contact_on for held in first.teams} == {clock.today(), None}


def test_a_team_is_handed_over_with_its_clinics_and_a_note_at_once(project, programme, coaching, lead, coach):
    make.role(programme.id, Role.COACH, coaching)
    to = make.role(programme.id, Role.COACH)
    taken = some.clinic(some.asking(project), coaching)
    member = make.role(project.id, Role.TEAM_MEMBER)
    question = ask_by_question(make.actor(member), project)
    assign_decision(lead, project, question, coaching.id, question.version)
    part = part_of(project, coaching)
    for actor in (coach, make.actor(to)):
        with forbidden():
            commands.hand_over_team(actor, project, part, to, "n")
    with pytest.raises(RuleBroken) as refused:
        commands.hand_over_team(lead, project, part, coaching, "n")
    assert refused.value.field == "to"
    with pytest.raises(RuleBroken) as refused:
        commands.hand_over_team(lead, project, part, to, " ")
    assert refused.value.field == "note"
    commands.hand_over_team(lead, project, part, to, "Ils n’osent pas le dire.")
    db.session.flush()
    now_is = make.actor(to)
    assert list_accompanied_teams(now_is)
    assert not list_accompanied_teams(make.actor(coaching))
    assert db.session.get_one(Clinic, taken.id).taken_by_id == question.owner_id == to.id
    note = db.session.query(CoachNote).one()
    assert coaching.name in note.body
    assert "n’osent pas" in note.body
    with pytest.raises(NotFound):
        queries.get_assignment(project, part.assignment.id)


def test_nobody_is_chosen_beforehand_and_each_coach_comes_with_their_teams(
    browser_for, project, programme, coaching
):
    """As many as the page of coaches says: those of all programmes that the reader leads."""
    direction = make.role(programme.id, Role.PROGRAMME_LEAD)
    lead, led = browser_for(direction), make.programme()
    make.role(led.id, Role.PROGRAMME_LEAD, direction)
    busy, free = make.role(programme.id, Role.COACH), make.role(programme.id, Role.COACH)
    for each in (programme, led, make.programme()):
        make.role(make.project(each).id, Role.COACH, busy)
    address = f"/projects/{project.slug}/hand-over/{part_of(project, coaching).assignment.id}"
    options = [words_of(option) for option in lead.visit(address).select("[name=to] option")]
    assert options[0] == "Choisir un coach"
    assert set(options[1:]) == {
        f"{busy.name}, 2 équipes dans vos programmes",
        f"{free.name}, aucune équipe dans vos programmes",
    }
    assert f"{busy.name} 2 équipes dans vos programmes" in words_of(lead.visit("/coaches").main)
    refused = lead.submit(address, expect=422, to="", note="n")
    assert "Choisissez dans la liste." in words_of(refused.main)


def test_a_list_of_coaches_that_is_cut_counts_all_teams_and_says_that_it_stops(
    browser_for, project, programme, coaching, monkeypatch
):
    make.role(make.project(programme).id, Role.COACH, coaching)
    make.role(project.id, Role.COACH, coaching, track_id=make.tracks_of(programme)["technical"].id)
    leads = [browser_for(make.role(programme.id, Role.PROGRAMME_LEAD)) for _ in range(2)]
    whole = words_of(leads[0].visit("/coaches").main)
    assert "La liste s’arrête" not in whole
    for module in (queries, labels):
        monkeypatch.setattr(module, "ASSIGNMENTS_MAX", 1)
    page = words_of(leads[1].visit("/coaches").main)
    assert "La liste s’arrête à 1 affectations" in page
    for each in (whole, page):
        assert f"{coaching.name} 2 équipes dans vos programmes" in each


def test_a_coach_reads_who_hands_a_team_over(browser_for, programme, coaching):
    lead = make.role(programme.id, Role.PROGRAMME_LEAD)
    text = words_of(browser_for(coaching).visit("/coaching").select_one("#hand-over"))
    assert "La direction du programme le fait" in text
    assert lead.name in text


@pytest.mark.parametrize("role", list(Role))
def test_coaches_read_what_they_owe_and_leads_what_coaches_carry(role):
    actor = Actor(new_id(), {new_id(): frozenset({role})})
    assert policy.is_coach(actor) is (role is Role.COACH)
    assert policy.sees_loads(actor) is (role is Role.PROGRAMME_LEAD)


def test_the_address_of_the_desk_leads_on(browser_for, programme, coaching):
    assert browser_for(coaching).open("/desk").location == "/coaching"
    lead = make.role(programme.id, Role.PROGRAMME_LEAD)
    assert browser_for(lead).open("/desk").location == "/coaches"


def test_twenty_teams_cost_a_coach_what_one_costs(browser_for, project, coaching, statements):
    browser, costs = browser_for(coaching), []
    for count in (1, 9):
        for _number in range(count):
            team = make.project()
            make.role(team.id, Role.COACH, coaching)
            some.done(team, coaching)
            some.asking(team)
            gates.declare_gate(make.actor(make.role(team.id, Role.TEAM_LEAD)), team, TESTED)
        db.session.commit()
        browser.open("/coaching")
        statements.clear()
        browser.open("/coaching")
        costs.append(len(statements))
    assert costs[0] == costs[1]


def test_a_lead_hands_over_on_the_page(browser_for, project, programme, coaching):
    to = make.role(programme.id, Role.COACH)
    make.role(INSTALLATION, Role.ADMINISTRATOR, to)
    theirs = browser_for(make.role(programme.id, Role.PROGRAMME_LEAD))
    page = theirs.visit("/coaches")
    link = page.select_one(".fold a[href*=hand-over]")
    for _click in range(2):  # the second submission redirects to the same page
        page = theirs.submit(link["href"], to=str(to.id), note="À suivre de près.", form_key="k")
        assert to.name in words_of(page.main)
    note = theirs.visit("/projects/heron/coach-notes")
    assert "À suivre de près." in words_of(note.main)
