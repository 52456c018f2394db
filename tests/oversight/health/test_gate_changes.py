"""What a change of gates does to the forecasts of all teams, today and on past days."""

from dataclasses import replace
from datetime import timedelta

import pytest

from portal.oversight.gates import definition_queries, terms_commands
from portal.oversight.gates.definition_rules import GateVerb
from portal.oversight.health import forecast_queries, labels, queries
from portal.oversight.health.definition_rules import HealthLevel, SignalCode
from portal.people.programmes.models import Programme
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import RuleBroken, hash_warning
from tests.support import factories as make
from tests.support import gates
from tests.support.health import known


@pytest.fixture
def programme(project):
    return db.session.get_one(Programme, project.programme_id)


@pytest.fixture
def teams(programme):
    teams = gates.teams_in_step(programme)
    for team in teams:
        known(team)
    return teams


def accepted(project, *numbers):
    """Accept gates of a project today, whatever proves them."""
    by = gates.coach(project)
    for number in numbers:
        gates.decision(project, number, GateVerb.ACCEPTED, by)
    return known(project)


def test_a_change_of_gates_names_every_team_whose_forecast_it_moves(project, programme, teams):
    """The steps of the programme change: also a team that passed the gate is expected on other days."""
    known(project)
    direction = make.actor(make.role(programme.id, Role.PROGRAMME_LEAD))
    present = definition_queries.get_definition(programme.id, 3)
    later = replace(present.terms, month=present.terms.month + 2)
    before = {team.id: forecast_queries.read_forecast(team) for team in teams}
    change = {"because": "b", "read_edition": present.edition}
    with pytest.raises(RuleBroken) as warned:
        terms_commands.change_terms(direction, programme, 3, later, **change)
    terms_commands.change_terms(
        direction, programme, 3, later, **change, knowingly=hash_warning(warned.value.message)
    )
    db.session.commit()
    moved = [team for team in teams if forecast_queries.read_forecast(team) != before[team.id]]
    assert moved == teams
    assert all(team.short_name in warned.value.message for team in moved)
    assert "retard attendu" in warned.value.message
    state = queries.read_state(teams[0])
    expected = forecast_queries.read_forecast(teams[0])[-1].slip
    assert f"→ {max(0, expected)} jours" in warned.value.message, state


def test_the_back_test_knows_what_the_past_day_knew(programme):
    """A plan that changes today changes no forecast of the past."""
    direction = make.actor(make.role(programme.id, Role.PROGRAMME_LEAD))
    teams = gates.teams_in_step(programme)
    with clock.frozen_at(clock.now() - timedelta(days=35)):  # the end of a month has passed since
        for team in teams:
            known(team)
    accepted(teams[0], 4, 5)
    before = forecast_queries.find_forecast_basis(teams[0]).back_test
    assert before.n > 0
    present = definition_queries.get_definition(programme.id, 5)
    later = replace(present.terms, month=present.terms.month + 3)
    terms_commands.change_terms(
        direction, programme, 5, later, because="b", read_edition=present.edition, knowingly=True
    )
    db.session.commit()
    assert forecast_queries.find_forecast_basis(teams[0]).back_test == before


def test_the_lateness_of_a_team_that_passed_every_gate_is_not_judged(project):
    gates.judged(project)
    accepted(project, *range(12))
    state = queries.read_state(project)
    (signal,) = [each for each in state.signals if each.code is SignalCode.GATE_SLIP]
    assert not state.is_too_early
    assert signal.level(state.day) is HealthLevel.UNKNOWN
    assert labels.signal_value_label(signal, state) == "tous les jalons sont franchis"
    assert labels.signal_level_and_look(signal, state)[0] == "Non jugé"
