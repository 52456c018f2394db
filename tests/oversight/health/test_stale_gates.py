"""Stale gates wait for their acceptor without a new request, with cause and first day."""

from dataclasses import replace
from datetime import timedelta

from portal.oversight.gates import commands, queries
from portal.oversight.gates.definition_rules import StalenessCause
from portal.oversight.gates.state_rules import Staleness
from portal.oversight.health import projections
from portal.oversight.health.stale_gate_queries import list_stale
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.project.projects import commands as projects
from portal.project.projects.queries import get_programme_of
from tests.support import factories as make
from tests.support import gates
from tests.support.browser import words_of
from tests.support.gates import PROTOTYPE


def accepted(project, coach):
    """Let the coach accept the gate that a demonstration proves; return the demonstration."""
    demonstration = gates.shown(project)
    gates.judged(project)
    fingerprint = queries.find_latest(project)[PROTOTYPE].fingerprint
    commands.accept(coach, project, PROTOTYPE, fingerprint)
    db.session.commit()
    return demonstration


def lose(project, demonstration):
    demonstration.agents = 0
    db.session.commit()
    gates.judged(project)
    projections.refresh_project(project)
    db.session.commit()


def test_it_waits_for_whoever_accepts_it_until_it_is_asked_for_or_over(project, lead, coach, direction):
    demonstration = accepted(project, coach)
    other = make.actor(gates.coach(project, "strategic"))
    assert not list_stale(coach)
    with clock.frozen_at(clock.now() + timedelta(days=3)):
        lose(project, demonstration)
        (stale_gate,) = list_stale(coach)
        assert (stale_gate.project.id, stale_gate.definition.number) == (project.id, PROTOTYPE)
        assert (stale_gate.since, stale_gate.is_proved) == (clock.today(), False)
        assert [staleness.cause for staleness in stale_gate.causes] == [StalenessCause.EVIDENCE_LOST]
        changed, lasting = (Staleness(StalenessCause.MODEL_CHANGED), Staleness(StalenessCause.TRIGGER_OPEN))
        for causes, holds in (([changed], True), ([changed, lasting], False)):
            assert replace(stale_gate, is_proved=True, causes=causes).can_be_accepted_again is holds
        assert not stale_gate.can_be_accepted_again
        for actor in (lead, other, direction, make.actor(make.role(make.project().id, Role.COACH))):
            assert not list_stale(actor)
        commands.declare(lead, project, PROTOTYPE)
        db.session.commit()
        assert not list_stale(coach)
        commands.withdraw(lead, project, PROTOTYPE)
        db.session.commit()
        assert list_stale(coach)
        projects.stop(direction, project, reason="Les données", learnings="Une grille")
        assert not list_stale(coach)


def test_a_desk_says_why_and_many_teams_cost_what_one_costs(project, browser_for, statements):
    who = gates.coach(project)
    around = get_programme_of(project)
    on = make.tracks_of(around)["technical"].id

    def cost():
        coach = make.actor(who)
        db.session.expire_all()
        statements.clear()
        list_stale(coach)
        return len(statements)

    lose(project, accepted(project, make.actor(who)))
    single_cost = cost()
    page = words_of(browser_for(who).visit("/desk").main)
    assert "périmé aujourd’hui : Ce qui le prouvait n’est plus là." in page
    assert "1 jalon périmé" in page
    for _team in range(3):
        team = make.project(around, starts_on=project.starts_on)
        make.role(team.id, Role.COACH, who, track_id=on)
        lose(team, accepted(team, make.actor(who)))
    assert cost() == single_cost
