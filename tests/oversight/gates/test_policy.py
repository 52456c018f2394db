"""Permissions of gates; no team member accepts a gate of the team."""

from datetime import date
from uuid import uuid4

import pytest

from portal.oversight.gates import policy
from portal.oversight.gates.definition_documents import read_default_gates
from portal.oversight.gates.definition_rules import GateAcceptor
from portal.people.programmes.models import Programme, RoleAssignment
from portal.platform.kernel.access import Actor, Role
from portal.project.projects.models import Project

PROJECT = Project(id=uuid4(), programme_id=uuid4())
STOPPED = Project(id=PROJECT.id, programme_id=PROJECT.programme_id, stopped_on=date(2026, 3, 2))
PROGRAMME = Programme(id=PROJECT.programme_id)
PLACES = (PROJECT.id, PROJECT.programme_id, uuid4())
TECHNICAL, ANY, LEADS, REVIEWER = (
    next(definition for definition in read_default_gates() if definition.terms.acceptor is acceptor)
    for acceptor in (
        GateAcceptor.TRACK_COACH,
        GateAcceptor.ANY_COACH,
        GateAcceptor.DIRECTION,
        GateAcceptor.REVIEWER,
    )
)
# By name: the permission, and the (role, index in PLACES) that have it.
PERMISSIONS = {
    "declare": (policy.can_declare, {(Role.TEAM_LEAD, 0)}),
    "waive": (policy.can_waive, {(Role.PROGRAMME_LEAD, 1)}),
    "engage": (policy.can_note_key_roles, {(Role.TEAM_LEAD, 0), (Role.PROGRAMME_LEAD, 1)}),
    "plan change": (policy.can_write_change_plan, {(Role.TEAM_LEAD, 0), (Role.TEAM_MEMBER, 0)}),
    "hold a panel": (policy.can_record_panel, {(Role.PROGRAMME_LEAD, 1)}),
    "set terms": (lambda a, _p: policy.can_set_terms(a, PROGRAMME), {(Role.PROGRAMME_LEAD, 1)}),
}


def holding(*roles: Role, place: int = 0) -> Actor:
    return Actor(uuid4(), {PLACES[place]: frozenset(roles)})


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("name", PERMISSIONS)
def test_who_does_what_with_gates(name, role):
    may, allowed = PERMISSIONS[name]
    for place in range(len(PLACES)):
        assert may(holding(role, place=place), PROJECT) is ((role, place) in allowed)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("track", ["technical", "strategic", ""])
def test_a_gate_is_accepted_by_its_acceptor_alone(role, track):
    key = TECHNICAL.terms.track
    expected = {
        TECHNICAL.number: role is Role.COACH and track == key,
        ANY.number: role is Role.COACH,
        REVIEWER.number: role is Role.ETHICS_REVIEWER,
        LEADS.number: False,
    }
    own_roles = [(RoleAssignment(role=role), track)]
    for definition in (TECHNICAL, ANY, REVIEWER, LEADS):
        accepts = policy.is_acceptor(holding(role), PROJECT, definition, own_roles)
        assert accepts is expected[definition.number]
    direction = holding(role, place=1)
    leads = role is Role.PROGRAMME_LEAD
    assert policy.is_acceptor(direction, PROJECT, LEADS, []) is leads


def test_where_nobody_coaches_on_a_gates_track_any_coach_of_the_project_stands_in():
    own_roles, coach = [(RoleAssignment(role=Role.COACH), "scientific")], holding(Role.COACH)
    for tracks, accepts in (({"scientific"}, True), ({"scientific", TECHNICAL.terms.track}, False)):
        resolved = policy.with_resolved_acceptor(TECHNICAL, tracks)
        assert policy.is_acceptor(coach, PROJECT, resolved, own_roles) is accepts
        assert policy.with_resolved_acceptor(REVIEWER, tracks) is REVIEWER


def test_nobody_of_the_team_accepts_or_waives_whatever_else_they_are():
    both = Actor(
        uuid4(),
        {
            PROJECT.id: frozenset({Role.TEAM_MEMBER, Role.COACH, Role.ETHICS_REVIEWER}),
            PROJECT.programme_id: frozenset({Role.PROGRAMME_LEAD}),
        },
    )
    own_roles = [(RoleAssignment(role=Role.COACH), "technical")]
    own_roles.append((RoleAssignment(role=Role.ETHICS_REVIEWER), ""))
    for definition in read_default_gates():
        assert not policy.is_acceptor(both, PROJECT, definition, own_roles)
    assert not policy.can_waive(both, PROJECT)
    assert not policy.can_record_panel(both, PROJECT)


def test_a_project_that_is_over_is_frozen():
    assert policy.are_gates_frozen(STOPPED)
    assert not policy.are_gates_frozen(PROJECT)
    assert not policy.can_declare(holding(Role.TEAM_LEAD), STOPPED)
    assert not policy.can_note_key_roles(holding(Role.TEAM_LEAD), STOPPED)
