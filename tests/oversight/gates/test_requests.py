"""Requested gates of all projects: the same as each project's page shows."""

from datetime import timedelta
from uuid import uuid4

import pytest

from portal.communication.notifications.kind_queries import kinds_by_code
from portal.communication.notifications.mail_queries import filter_mailable
from portal.communication.notifications.models import Notification
from portal.oversight.gates import commands, programme_gate_commands, queries, request_queries
from portal.oversight.gates.acceptor_queries import can_answer_gate
from portal.oversight.gates.completion_queries import read_completion_moments
from portal.oversight.gates.programme_gate_commands import GateChangeReason
from portal.oversight.gates.request_queries import list_open_requests
from portal.oversight.gates.to_decide_labels import list_lines
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.project.projects import commands as projects
from portal.project.projects.queries import get_programme_of
from tests.support import factories as make
from tests.support import gates
from tests.support.gates import PROTOTYPE


@pytest.fixture
def readers(project, lead, coach, direction):
    """An actor for each kind of acceptor, and others."""
    roles = (Role.ETHICS_REVIEWER, Role.TEAM_MEMBER, Role.COACH)
    return [lead, coach, direction, *(make.actor(make.role(project.id, role)) for role in roles)]


def list_own_requests(actor):
    return [request for request in list_open_requests(actor) if request.is_own]


def waiting_for(actor):
    return {(request.project.id, request.definition.number) for request in list_own_requests(actor)}


def on_pages(actor, *teams):
    return {
        (project.id, state.definition.number)
        for project in teams
        for state in queries.read_states(project)
        if state.is_requested and can_answer_gate(actor, project, state.definition)
    }


def test_each_reader_finds_what_is_theirs_to_answer(project, lead, coach, direction, readers):
    other = make.project(slug="other")
    for gate in range(12):
        commands.declare_gate(lead, project, gate)
        commands.declare_gate(make.actor(make.role(other.id, Role.TEAM_LEAD)), other, gate)
    commands.withdraw_declaration(lead, project, 1)
    commands.waive_gate(direction, project, 0, "Rien à signer.")
    commands.waive_gate(direction, project, 5, "Vu ailleurs.")
    commands.restore_gate(direction, project, 5, "Finalement non.")
    commands.refuse_gate(coach, project, 2, "Les données manquent.")
    commands.refuse_gate(coach, project, 4, "Le repère manque.")
    commands.declare_gate(lead, project, 4)
    db.session.flush()
    for actor in readers:
        assert waiting_for(actor) == on_pages(actor, project, other)
    assert waiting_for(coach) == {(project.id, gate) for gate in (4, 5, 6, 7, 8)}
    assert {gate for id_, gate in waiting_for(direction) if id_ == project.id} == {11}
    assert not waiting_for(lead)
    projects.stop_project(direction, project, reason="Les données", learnings="Une grille")
    assert not waiting_for(coach)


def test_answered_requests_are_not_mailed(project, lead, coach, direction):
    commands.declare_gate(lead, project, 4)
    db.session.commit()
    kinds = kinds_by_code()
    rows = db.session.query(Notification).filter_by(person_id=coach.person_id).all()
    assert [notification.kind for notification in filter_mailable(coach, rows, kinds)] == ["gate_asked"]
    commands.refuse_gate(coach, project, 4, "Le repère manque.")
    db.session.commit()
    assert filter_mailable(coach, rows, kinds) == []


def test_one_says_whether_the_evidence_is_there_and_many_cost_what_one_costs(
    project, lead, coach, statements
):
    def cost():
        db.session.expire_all()
        statements.clear()
        list_own_requests(coach)
        return len(statements)

    commands.declare_gate(lead, project, PROTOTYPE)
    (requested,) = list_own_requests(coach)
    assert not requested.is_proved
    gates.shown(project)
    commands.withdraw_declaration(lead, project, PROTOTYPE)
    commands.declare_gate(lead, project, PROTOTYPE)
    (requested,) = list_own_requests(coach)
    assert requested.is_proved
    single_cost = cost()
    for gate in range(5, 10):
        if gate != PROTOTYPE:
            commands.declare_gate(lead, project, gate)
    db.session.flush()
    assert cost() == single_cost


def test_a_lead_follows_all_requests_except_of_gates_left_out(project, lead, direction):
    for gate in (5, 11):
        commands.declare_gate(lead, project, gate)
    db.session.flush()
    follows = [(each.definition.number, each.is_own) for each in list_open_requests(direction)]
    assert follows == [(5, False), (11, True)]
    change = GateChangeReason(because="b", knowingly=True)
    programme_gate_commands.leave_out_gate(direction, get_programme_of(project), 5, change)
    assert [each.definition.number for each in list_open_requests(direction)] == [11]


def test_an_acceptor_is_late_for_no_time_of_the_team(project, lead, coach):
    commands.declare_gate(lead, project, PROTOTYPE)
    db.session.commit()
    gates.judged(project)
    with clock.frozen_at(clock.now() + timedelta(days=30)):
        (line,) = list_lines(coach)
        assert (line.days_waited, line.days_late, line.is_ready) == (30, 0, False)
        gates.shown(project)
        gates.judged(project)
        (line,) = list_lines(coach)
        assert (line.since, line.days_late, line.is_ready) == (clock.today(), 0, True)
    with clock.frozen_at(clock.now() + timedelta(days=40)):
        (line,) = list_lines(coach)
        assert (line.days_waited, line.days_late) == (10, 3)


def test_many_complete_requests_are_read_a_hundred_at_a_time(project, lead, coach, statements):
    gates.shown(project)
    gates.judged(project)
    commands.declare_gate(lead, project, PROTOTYPE)
    db.session.commit()
    (requested,) = list_own_requests(coach)
    key = (project.id, PROTOTYPE)
    others = [(uuid4(), PROTOTYPE) for _number in range(2000)]  # more conditions than SQLite takes at once
    statements.clear()
    moments = read_completion_moments(
        dict.fromkeys((*others, key), requested.requested_at),
        dict.fromkeys((*others, key), requested.definition),
    )
    assert (len(moments), moments[key]) == (2001, requested.ready_at)
    assert len(statements) == 21


@pytest.mark.parametrize("bound", [1, 2])
def test_no_more_requests_are_read_than_a_page_shows(project, lead, direction, monkeypatch, bound):
    for gate in (2, 5, 11):
        commands.declare_gate(lead, project, gate)
    db.session.flush()
    monkeypatch.setattr(request_queries, "WAITING_MAX", bound)
    assert [each.definition.number for each in list_open_requests(direction)] == [2, 5][:bound]
