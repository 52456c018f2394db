"""The steps of a programme: who follows when a team passes a gate, and what it costs."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.oversight.gates import commands, definition_queries, terms_commands
from portal.oversight.gates import queries as gate_queries
from portal.oversight.gates.definition_rules import GateVerb
from portal.oversight.health import forecast_queries, projections, queries
from portal.oversight.health.definition_rules import SignalCode
from portal.oversight.health.lateness_rules import compute_lateness
from portal.oversight.health.models import HealthFigures, HealthReading
from portal.oversight.health.state_rules import AcceptanceQuartiles, acceptance_spread
from portal.people.programmes.models import Programme
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import Conflict
from portal.project.projects import commands as projects
from portal.project.projects.models import Project
from portal.project.projects.queries import get_programme_of
from tests.support import factories as make
from tests.support import gates
from tests.support.gates import PROTOTYPE
from tests.support.hands import HANDS, at_once
from tests.support.health import known

STATEMENTS_MAX = 12


def reading_counts():
    statement = select(HealthReading.project_id, func.count()).group_by(HealthReading.project_id)
    return {row[0]: row[1] for row in db.session.execute(statement)}


def accepted(project, *numbers):
    """Accept gates of a project today, whatever proves them."""
    by = gates.coach(project)
    for number in numbers:
        gates.decision(project, number, GateVerb.ACCEPTED, by)
    return known(project)


@pytest.fixture
def programme(project):
    return db.session.get_one(Programme, project.programme_id)


@pytest.fixture
def teams(programme):
    teams = gates.teams_in_step(programme)
    for team in teams:
        known(team)
    return teams


def shift_of(project):
    (signal,) = [
        signal for signal in queries.read_state(project).signals if signal.code is SignalCode.GATE_SLIP
    ]
    return signal.parameters["shift"]


def test_a_forecast_has_the_range_of_its_programme_as_it_was(project, teams):
    moment = clock.now()
    before = forecast_queries.read_forecast(teams[0], moment)
    assert before[-1].has_range
    assert before[-1].steps == 15
    assert before[-1].earliest_on <= before[-1].expected_on <= before[-1].latest_on
    known(project)
    assert not forecast_queries.read_forecast(project)[0].has_range  # it passed no gate
    with clock.frozen_at(moment + timedelta(days=30)):
        accepted(teams[1], 4, 5)
        now = forecast_queries.read_forecast(teams[0])
        assert now[-1].steps == 17
        assert forecast_queries.read_forecast(teams[0], moment) == before


def test_another_first_acceptance_alone_moves_the_other_teams(teams):
    before = {team.id: shift_of(team) for team in teams}
    counts = reading_counts()
    with clock.frozen_at(clock.now() + timedelta(days=200)):
        accepted(teams[0], 4, 5, 6, 7, 8, 9)
        moved = [team for team in teams[1:] if shift_of(team) != before[team.id]]
        assert moved
        steps = queries.read_lateness_increments(teams[0].programme_id)
        assert steps == queries.compute_lateness_increments(
            queries.read_programme_states(teams[0].programme_id).values()
        )
        after = reading_counts()
        assert {team.id for team in moved} <= {id_ for id_ in after if after[id_] > counts[id_]}
        # Once more, refused, and accepted again: nothing moves, and nobody else is written.
        for verb in (GateVerb.ACCEPTED, GateVerb.REFUSED, GateVerb.ACCEPTED):
            plan = queries.read_state(teams[0]).facts.planned_gates
            others = {id_: n for id_, n in reading_counts().items() if id_ != teams[0].id}
            gates.decision(teams[0], 4, verb, gates.coach(teams[0]))
            state = known(teams[0])
            assert state.facts.planned_gates == plan
            assert {id_: n for id_, n in reading_counts().items() if id_ != teams[0].id} == others
        figures = db.session.get_one(HealthFigures, teams[0].id)
        assert figures.slips == list(state.latenesses)


def test_figures_of_the_others_are_those_of_their_last_reading(teams):
    with clock.frozen_at(clock.now() + timedelta(days=200)):
        accepted(teams[0], 4, 5, 6, 7, 8, 9)
        for team in teams:
            state = queries.read_state(team)
            figures = db.session.get_one(HealthFigures, team.id)
            expected = projections.compute_figures(state.facts, state.signals, state.charges)
            assert all(getattr(figures, name) == value for name, value in expected.items() if name != "mark")


def cost_of_acceptance(project, sent):
    """Statements of the refresh of health after an acceptance of one more gate."""
    number = len(queries.read_state(project).latenesses)
    gates.decision(project, number, GateVerb.ACCEPTED, gates.coach(project))
    sent.clear()
    projections.refresh_project_reading(project, frozenset({projections.HealthFactPart.STEPS}))
    (first,) = [place for place, text in enumerate(sent) if text.startswith(_LOCK)]
    cost = len(sent) - first
    db.session.commit()
    return cost


_LOCK = "SELECT programme.id"  # from here on the other teams are looked at


def test_an_acceptance_costs_the_same_for_few_and_for_many_teams(programme, teams, statements):
    with clock.frozen_at(clock.now() + timedelta(days=200)):
        few = cost_of_acceptance(teams[0], statements)
        counts = reading_counts()
        for n in range(6):
            known(make.project(programme, slug=f"q{n}"))
        many = cost_of_acceptance(teams[0], statements)
        written = sum(reading_counts().values()) - sum(counts.values())
        assert written > 5  # not only its own
        assert many <= few
        assert few <= STATEMENTS_MAX


def test_another_month_of_a_gate_moves_all_teams_once(project, programme, teams):
    known(project)
    direction = make.actor(make.role(programme.id, Role.PROGRAMME_LEAD))
    counts = reading_counts()
    present = definition_queries.get_definition(programme.id, 2)
    later = replace(present.terms, month=present.terms.month + 2)
    terms_commands.change_terms(
        direction, programme, 2, later, because="b", read_edition=present.edition, knowingly=True
    )
    db.session.commit()
    assert reading_counts() == {id_: n + 1 for id_, n in counts.items()}
    states = queries.read_programme_states(programme.id)
    steps = queries.compute_lateness_increments(states.values())
    assert queries.read_lateness_increments(programme.id) == steps
    for team in teams:
        state = states[team.id]
        (moved,) = [gate for gate in state.facts.planned_gates if gate.number == 2]
        assert moved.lateness < -50
        (signal,) = [signal for signal in state.signals if signal.code is SignalCode.GATE_SLIP]
        lateness = compute_lateness(state.facts, steps)
        assert lateness is not None
        assert signal.parameters["shift"] == lateness.shift
        figures = db.session.get_one(HealthFigures, team.id)
        assert figures.slips == list(state.latenesses)


def test_a_change_of_gates_and_an_acceptance_wait_for_each_other(app, project, programme):
    """Both lock gates before the programme: no two wait for each other for ever."""
    person = make.role(programme.id, Role.PROGRAMME_LEAD)
    direction, coach = make.actor(person), make.actor(gates.coach(project))
    gates.shown(project)
    gates.judged(project)
    known(project)
    fingerprint = gate_queries.read_last_evaluation_rows_by_gate(project)[PROTOTYPE].fingerprint
    present = definition_queries.get_definition(programme.id, 2)

    def act(_actor, theirs, n):
        if n % 2:
            commands.accept_gate(coach, theirs, PROTOTYPE, fingerprint)
            return None
        month = replace(present.terms, month=present.terms.month + 1 + n)
        change = {"because": "b", "read_edition": present.edition, "knowingly": True}
        return terms_commands.change_terms(direction, get_programme_of(theirs), 2, month, **change).edition

    answers = at_once(app, project, person, act)
    changes = answers[::2]
    assert changes.count(1) == 1
    assert sum(isinstance(answer, Conflict) for answer in changes) == HANDS // 2 - 1
    assert answers[1::2].count(None) == 1
    assert len(definition_queries.list_gate_editions(programme.id, 2)) == 1


def test_an_act_that_accepts_no_gate_touches_one_team(project, teams):
    direction = make.actor(make.role(project.programme_id, Role.PROGRAMME_LEAD))
    known(project)
    counts = reading_counts()
    projects.pause_project(direction, project)
    db.session.commit()
    after = reading_counts()
    assert {id_ for id_ in after if after[id_] != counts[id_]} == {project.id}


def test_two_teams_accepted_by_command_give_their_steps(project, programme):
    other = make.project(programme, slug="other")
    for team in (project, other):
        gates.shown(team)
        gates.judged(team)
        known(team)
        coach = make.actor(gates.coach(team))
        fingerprint = gate_queries.read_last_evaluation_rows_by_gate(team)[PROTOTYPE].fingerprint
        commands.accept_gate(coach, team, PROTOTYPE, fingerprint)
        db.session.commit()
    stored = queries.read_latenesses(programme.id)
    assert [len(stored[team.id]) for team in (project, other)] == [1, 1]
    assert queries.read_lateness_increments(programme.id).n == 0


def test_teams_of_a_programme_are_spread_by_what_they_accepted(project, teams):
    known(project)
    shares = queries.list_accepted_percents(project.programme_id)
    assert sorted(shares) == sorted(queries.list_accepted_percents(project.programme_id, clock.now()))
    spread = acceptance_spread(shares)
    assert isinstance(spread, AcceptanceQuartiles)
    assert spread.teams == 6
    assert acceptance_spread(shares[:3]) is None


def test_teams_accepted_at_once_wait_for_each_other_and_count_all(app, programme):
    """Each locks its own gates, then the programme: no two wait for each other for ever."""
    ids, actors, fingerprints = [], [], []
    for n in range(HANDS):
        team = make.project(programme, slug=f"p{n}")
        gates.shown(team)
        gates.judged(team)
        known(team)
        ids.append(team.id)
        actors.append(make.actor(gates.coach(team)))
        fingerprints.append(gate_queries.read_last_evaluation_rows_by_gate(team)[PROTOTYPE].fingerprint)

    def accept(_actor, _project, n):
        team = db.session.get_one(Project, ids[n])
        commands.accept_gate(actors[n], team, PROTOTYPE, fingerprints[n])

    person = make.role(ids[0], Role.TEAM_MEMBER)
    assert at_once(app, db.session.get_one(Project, ids[0]), person, accept) == [None] * HANDS
    assert [len(latenesses) for latenesses in queries.read_latenesses(programme.id).values()] == [1] * HANDS
