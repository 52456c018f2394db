"""Stale gates wait for their acceptor without a new request, with cause and first day."""

from datetime import timedelta

from portal.oversight.gates import commands, queries
from portal.oversight.gates.definition_rules import StalenessCause
from portal.oversight.health import projections
from portal.oversight.health.stale_gate_queries import list_followed, read_stale_states
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
    assert not list_followed(coach)
    with clock.frozen_at(clock.now() + timedelta(days=3)):
        lose(project, demonstration)
        (stale_gate,) = list_followed(coach)
        assert (stale_gate.project.id, stale_gate.definition.number) == (project.id, PROTOTYPE)
        assert (stale_gate.since, stale_gate.is_own) == (clock.today(), False)  # the team's turn
        state = read_stale_states([project])[project.id][PROTOTYPE]
        assert not state.is_proved
        assert [each.cause for each in state.stale] == [StalenessCause.EVIDENCE_LOST]
        assert [gate.is_own for gate in list_followed(direction)] == [False]
        for actor in (lead, other, make.actor(make.role(make.project().id, Role.COACH))):
            assert not list_followed(actor)
        commands.declare(lead, project, PROTOTYPE)
        db.session.commit()
        assert not list_followed(coach)
        commands.withdraw(lead, project, PROTOTYPE)
        db.session.commit()
        assert list_followed(coach)
        projects.stop(direction, project, reason="Les données", learnings="Une grille")
        assert not list_followed(coach)


def test_the_page_says_why_and_many_teams_cost_what_one_costs(project, browser_for, statements):
    who = gates.coach(project)
    around = get_programme_of(project)
    on = make.tracks_of(around)["technical"].id

    def cost():
        coach = make.actor(who)
        db.session.expire_all()
        statements.clear()
        list_followed(coach)
        return len(statements)

    lose(project, accepted(project, make.actor(who)))
    single_cost = cost()
    page = words_of(browser_for(who).visit("/to-decide").main)
    assert "Périmé : " in page
    assert "Ce qui le prouvait n’est plus là" in page
    assert "à l’équipe de le prouver de nouveau" in page
    assert "Regarder de nouveau" not in page
    for _team in range(3):
        team = make.project(around, starts_on=project.starts_on)
        make.role(team.id, Role.COACH, who, track_id=on)
        lose(team, accepted(team, make.actor(who)))
    assert cost() == single_cost
