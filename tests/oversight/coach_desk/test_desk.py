"""The desk of a coach, the load of coaches, and handing a team over."""

from datetime import timedelta

import pytest

from portal.coaching.clinics.models import Clinic
from portal.coaching.clinics.queries import list_open_requests
from portal.coaching.coach_notes.models import CoachNote
from portal.coaching.sessions.models import CoachingSession
from portal.oversight.coach_desk import commands, policy, queries
from portal.oversight.coach_desk.attention_rules import DeskReasonCode
from portal.oversight.gates import commands as gates
from portal.oversight.gates.request_queries import list_waiting as list_gates
from portal.oversight.health.definition_rules import SignalCode, Thresholds
from portal.oversight.health.stale_gate_queries import list_stale
from portal.oversight.health.terms_commands import change_terms
from portal.people.programmes.models import INSTALLATION, Programme, RoleAssignment
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor, Role
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import NotFound, RuleBroken
from portal.platform.kernel.identifiers import new_id
from portal.sprints.sprints.projections import update_project_figures
from tests.support import coaching as some
from tests.support import factories as make
from tests.support.browser import words_of
from tests.support.health import known
from tests.support.refusals import forbidden

ZONE = "Europe/Paris"
TESTED = 6  # a gate that any coach accepts


def part_of(project, person):
    row = db.session.query(RoleAssignment).filter_by(scope_id=project.id, person_id=person.id).one()
    return queries.get_assignment(project, row.id)


@pytest.fixture
def programme(project):
    return db.session.get_one(Programme, project.programme_id)


def test_each_team_is_there_with_its_reasons_the_neediest_first(project, coaching, person):
    calm, needy = make.project(), project
    make.role(calm.id, Role.COACH, coaching)
    some.session(calm, coaching)
    make.closed_sprint(calm)
    update_project_figures(calm.id)
    long_ago = clock.now() - timedelta(days=15)
    some.recommendation(needy, coaching, created_at=long_ago)
    some.done(needy, coaching)
    make.comment(needy.discussion_id, person)
    asking = some.asking(needy)
    gates.declare(make.actor(make.role(needy.id, Role.TEAM_LEAD)), needy, TESTED)
    db.session.flush()
    coach = make.actor(coaching)
    first, second = queries.read_desk(
        coach, list_open_requests(coach), list_gates(coach), list_stale(coach), ZONE
    )
    assert (first.team.project.id, second.team.project.id) == (needy.id, calm.id)
    assert [one.code for one in first.reasons] == [
        DeskReasonCode.HELP,
        DeskReasonCode.CONTACT,
        DeskReasonCode.GATES_REQUESTED,
        DeskReasonCode.UNANSWERED,
        DeskReasonCode.TO_CONFIRM,
        DeskReasonCode.UNREAD,
    ]
    assert first.reasons[0].since == clock.day_of(asking.closed_at)
    assert second.reasons == []


def test_a_session_on_another_track_is_no_contact_on_mine(project, programme):
    tracks = make.tracks_of(programme)
    who = make.role(project.id, Role.COACH, track_id=tracks["technical"].id)
    actor = make.actor(who)

    def codes():
        (found,) = queries.read_desk(actor, [], [], [], ZONE)
        return {one.code for one in found.reasons}

    some.session(project, who, track_id=tracks["strategic"].id)
    assert DeskReasonCode.CONTACT in codes()
    some.session(project, who, track_id=tracks["technical"].id)
    assert DeskReasonCode.CONTACT not in codes()
    yesterday = clock.today() - timedelta(days=1)
    some.session(project, who, held_on=yesterday - timedelta(days=9), next_on=yesterday)
    assert DeskReasonCode.MISSED not in codes()  # another was held since
    db.session.query(CoachingSession).filter_by(held_on=clock.today()).delete()
    assert DeskReasonCode.MISSED in codes()


def test_the_desk_follows_the_thresholds_of_the_programme(browser_for, project, programme, coaching, lead):
    """Six days without a contact or a close are no reason, until the thresholds start at five."""
    on = clock.today() - timedelta(days=6)
    some.session(project, coaching, held_on=on)
    assignments = db.session.query(RoleAssignment).filter_by(scope_id=project.id)
    assignments.update({"created_at": clock.now() - timedelta(days=30)})
    make.closed_sprint(project, ends_on=on, closed_at=clock.now() - timedelta(days=6))
    known(project)
    update_project_figures(project.id)
    db.session.commit()
    browser = browser_for(coaching)
    assert "Aucun sprint clos" not in browser.visit("/desk").text
    for code, alert in ((SignalCode.NO_SPRINT, 6), (SignalCode.NO_CONTACT, 10)):
        change_terms(lead, programme, code, Thresholds(5, alert), because="b", read_edition=0, knowingly=True)
    db.session.commit()
    table = words_of(browser.visit("/desk").select_one("#coached ~ .fr-table, #coached ~ *"))
    assert "Alerte Aucun sprint clos depuis 6 jours" in table
    assert "À voir Aucune séance de coaching : strategic depuis 6 jours" in table


def test_a_lead_sees_what_each_coach_carries(project, programme, coaching, lead):
    other = make.role(project.id, Role.COACH)
    make.role(make.project(programme).id, Role.COACH, coaching)
    make.role(make.project().id, Role.COACH, other)  # of another programme, which this lead does not lead
    some.clinic(some.asking(project), coaching)
    some.done(project, other)
    some.session(project, coaching)
    first, second = queries.list_loads(lead)
    assert (first.person.id, len(first.teams), first.clinics, first.to_confirm) == (coaching.id, 2, 1, 0)
    assert (second.person.id, len(second.teams), second.to_confirm) == (other.id, 1, 1)
    assert {held.contact_on for held in first.teams} == {clock.today(), None}


def test_a_team_is_handed_over_with_its_clinics_and_a_note_at_once(project, programme, coaching, lead, coach):
    make.role(programme.id, Role.COACH, coaching)
    to = make.role(programme.id, Role.COACH)
    taken = some.clinic(some.asking(project), coaching)
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
    assert queries.read_desk(now_is, [], [], [], ZONE)
    assert not queries.read_desk(make.actor(coaching), [], [], [], ZONE)
    assert db.session.get_one(Clinic, taken.id).taken_by_id == to.id
    note = db.session.query(CoachNote).one()
    assert coaching.name in note.body
    assert "n’osent pas" in note.body
    with pytest.raises(NotFound):
        queries.get_assignment(project, part.assignment.id)


def test_who_has_a_desk_and_who_lands_there():
    place, other = new_id(), new_id()
    for role in Role:
        actor = Actor(place, {place: frozenset({role})})
        assert policy.has_desk(actor) is (role in {Role.COACH, Role.PROGRAMME_LEAD})
        assert policy.lands_on_desk(actor) is (role is Role.COACH)
    both = Actor(place, {place: frozenset({Role.COACH}), other: frozenset({Role.TEAM_LEAD})})
    assert policy.has_desk(both)
    assert not policy.lands_on_desk(both)
    assert not policy.lands_on_desk(Actor(place, {}))


def test_twenty_teams_cost_a_desk_what_one_costs(browser_for, project, coaching, statements):
    browser, costs = browser_for(coaching), []
    for count in (1, 9):
        for _number in range(count):
            team = make.project()
            make.role(team.id, Role.COACH, coaching)
            some.done(team, coaching)
            some.asking(team)
            gates.declare(make.actor(make.role(team.id, Role.TEAM_LEAD)), team, TESTED)
        db.session.commit()
        browser.open("/desk")
        statements.clear()
        browser.open("/desk")
        costs.append(len(statements))
    assert costs[0] == costs[1]


def test_a_lead_hands_over_on_the_page(browser_for, project, programme, coaching):
    to = make.role(programme.id, Role.COACH)
    make.role(INSTALLATION, Role.ADMINISTRATOR, to)
    theirs = browser_for(make.role(programme.id, Role.PROGRAMME_LEAD))
    page = theirs.visit("/desk")
    link = page.find("a", string=lambda text: text and "Confier à un autre" in text)
    link = link or page.select_one("#loads ~ section a[href*=hand-over]")
    for _click in range(2):  # the second submission redirects to the same page
        page = theirs.submit(link["href"], to=str(to.id), note="À suivre de près.", form_key="k")
        assert to.name in words_of(page.main)
    note = theirs.visit("/projects/heron/coach-notes")
    assert "À suivre de près." in words_of(note.main)
