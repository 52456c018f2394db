"""Commands of gates: declare, accept, refuse, waive, change terms; states of earlier moments."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from portal.communication.notifications.inbox_queries import InboxFilters, read_inbox
from portal.communication.notifications.kind_queries import kinds_by_code
from portal.oversight.gates import (
    commands,
    definition_queries,
    effect_queries,
    fact_commands,
    projections,
    queries,
    terms_commands,
)
from portal.oversight.gates.definition_documents import read_default_gates
from portal.oversight.gates.definition_rules import GateAcceptor
from portal.oversight.gates.fact_commands import ChangePlanTexts, PanelFacts
from portal.oversight.gates.models import GateDecision, GateEvaluation, PanelOutcome
from portal.oversight.gates.state_rules import GateStanding, derive_states_as_of, sum_progress
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import Conflict, Overtaken, RuleBroken, TooLate
from portal.project.projects import commands as projects
from portal.sprints.prototypes import commands as prototypes
from tests.support import factories as make
from tests.support import gates, project_file
from tests.support.gates import PROTOTYPE
from tests.support.refusals import forbidden


def state(project, gate=PROTOTYPE):
    return queries.read_states(project)[gate]


def fingerprint_of(project, gate=PROTOTYPE):
    return state(project, gate).evaluation.fingerprint


def standing(project, gate=PROTOTYPE):
    return state(project, gate).standing


def terms(gate, **values):
    definition = next(definition for definition in read_default_gates() if definition.number == gate)
    return replace(definition.terms, **values)


def actions():
    return [line.action for line in db.session.query(AuditEvent).order_by(AuditEvent.id)]


def test_a_gate_is_asked_for_and_accepted_on_the_evidence_that_was_seen(project, lead, coach):
    assert standing(project) is GateStanding.OPEN
    gates.shown(project)
    assert standing(project) is GateStanding.PROVED
    commands.declare_gate(lead, project, PROTOTYPE)
    assert state(project).is_requested
    with pytest.raises(RuleBroken):
        commands.declare_gate(lead, project, PROTOTYPE)
    with pytest.raises(RuleBroken):
        commands.accept_gate(coach, project, PROTOTYPE, "what was seen before")
    decision = commands.accept_gate(coach, project, PROTOTYPE, fingerprint_of(project))
    assert standing(project) is GateStanding.ACCEPTED
    assert decision.fingerprint == fingerprint_of(project)
    progress = sum_progress(queries.read_states(project))
    assert (progress.declared, progress.proved, progress.accepted, progress.total) == (10, 10, 10, 100)
    assert actions() == ["gate.declared", "gate.accepted"]


def test_an_acceptance_loses_its_evidence_goes_stale_and_the_past_stays(project, lead, coach):
    demonstration = gates.shown(project)
    gates.judged(project)
    commands.accept_gate(coach, project, PROTOTYPE, fingerprint_of(project))
    db.session.commit()
    before = clock.now()
    was = queries.read_states(project)
    with clock.frozen_at(before + timedelta(days=1)):
        demonstration.agents = 0
        db.session.commit()
        gates.judged(project)
        assert standing(project) is GateStanding.STALE
        assert "gate.stale" in actions()
        history = queries.read_project_gate_history(project)
        assert derive_states_as_of(history, before, clock.today()) == was
        earlier = queries.read_histories_until([project], before)[project.id]
        assert queries.derive_states(project, earlier, before) == was
        assert sum_progress(queries.read_states(project)).accepted == 0
    assert sum_progress(was).accepted == 10


def test_two_changes_of_the_proof_of_one_gate_are_one_line_of_the_inbox(project, lead, coach):
    demonstration = gates.shown(project)
    gates.judged(project)
    for agents in (0, demonstration.agents, 0):
        demonstration.agents = agents
        db.session.commit()
        gates.judged(project)
    lines = read_inbox(coach, kinds_by_code(), InboxFilters()).sections[0].groups
    assert [(line.action, line.count) for line in lines] == [("gate.unproved", 2)]


def test_an_event_evaluates_the_gates_that_depend_on_it_in_its_transaction(project, lead):
    """And no other project's, and no other gate."""
    other = make.project(project_programme(project))
    for team in (project, other):
        gates.judged(team)
    count = len(db.session.scalars(select(GateEvaluation)).all())
    version = project_file.version(project, link="https://demo.example/v1")
    facts = prototypes.VersionFacts(
        **{name: getattr(version, name) for name in prototypes.VersionFacts.__dataclass_fields__}
    )
    prototypes.change_version(lead, project, version, replace(facts, link=""), version.version)
    db.session.commit()
    rows = db.session.scalars(select(GateEvaluation).order_by(GateEvaluation.id)).all()[count:]
    assert {row.project_id for row in rows} == {project.id}
    assert {row.gate for row in rows} <= {4, 5, 6, 7, 8, 9}
    assert PROTOTYPE in {row.gate for row in rows}
    again = len(rows) + count
    projections.judge_project_gates(project)
    assert len(db.session.scalars(select(GateEvaluation)).all()) == again


def project_programme(project):
    return projects.queries.get_programme_of(project)


def test_what_was_judged_and_decided_is_never_changed(project, coach):
    gates.shown(project)
    gates.judged(project)
    commands.accept_gate(coach, project, PROTOTYPE, fingerprint_of(project))
    db.session.commit()
    for statement in ("UPDATE gate_evaluation SET is_proved = is_proved", "DELETE FROM gate_decision"):
        with pytest.raises(DBAPIError, match="append-only"):
            db.session.execute(text(statement))
        db.session.rollback()


def test_nobody_accepts_who_is_not_the_gates_acceptor(project, lead, direction):
    gates.shown(project)
    strategic = make.actor(gates.coach(project, "strategic"))
    member = make.actor(make.role(project.id, Role.TEAM_MEMBER))
    reviewer = make.actor(make.role(project.id, Role.ETHICS_REVIEWER))
    for actor in (strategic, member, lead, reviewer, direction):
        with forbidden():
            commands.accept_gate(actor, project, PROTOTYPE, fingerprint_of(project))
        with forbidden():
            commands.refuse_gate(actor, project, PROTOTYPE, "r")
    for actor in (strategic, member, lead, reviewer):
        with forbidden():
            commands.waive_gate(actor, project, PROTOTYPE, "r")
    with forbidden():
        commands.declare_gate(member, project, PROTOTYPE)
    assert not db.session.scalars(select(GateDecision)).all()


def test_what_is_not_proved_is_not_accepted_and_a_refusal_says_why(project, lead, coach):
    commands.declare_gate(lead, project, PROTOTYPE)
    with pytest.raises(RuleBroken):
        commands.accept_gate(coach, project, PROTOTYPE, fingerprint_of(project))
    commands.refuse_gate(coach, project, PROTOTYPE, "Montrez-la d’abord à des agents.")
    gate_state = state(project)
    assert (gate_state.is_requested, gate_state.answer.reason) == (False, "Montrez-la d’abord à des agents.")
    with pytest.raises(RuleBroken):
        commands.refuse_gate(coach, project, PROTOTYPE, "r")
    with pytest.raises(RuleBroken):
        commands.withdraw_declaration(lead, project, PROTOTYPE)


def test_an_answer_that_did_not_know_of_the_one_before_says_so_and_changes_nothing(project, lead, coach):
    gates.shown(project)
    gates.judged(project)
    commands.declare_gate(lead, project, PROTOTYPE)
    seen, answered = fingerprint_of(project), state(project).answered
    commands.refuse_gate(coach, project, PROTOTYPE, "Montrez-la d’abord à des agents.")
    with pytest.raises(Overtaken, match="Montrez-la d’abord"):
        commands.accept_gate(coach, project, PROTOTYPE, seen, answered=answered)
    assert standing(project) is GateStanding.REFUSED
    refused = state(project).answered
    commands.accept_gate(coach, project, PROTOTYPE, seen, answered=refused)
    with pytest.raises(Overtaken, match="vient d’être accepté"):
        commands.refuse_gate(coach, project, PROTOTYPE, "Trop tôt.", answered=refused)
    assert standing(project) is GateStanding.ACCEPTED


def test_a_waiver_takes_a_gate_out_of_the_numbers_and_is_taken_back(project, lead, direction):
    commands.waive_gate(direction, project, 10, "Le service a fermé.")
    gate_state = state(project, 10)
    assert (gate_state.standing, gate_state.waiver.reason) == (GateStanding.WAIVED, "Le service a fermé.")
    assert sum_progress(queries.read_states(project)).total == 92
    with pytest.raises(RuleBroken):
        commands.declare_gate(lead, project, 10)
    with pytest.raises(RuleBroken):
        commands.waive_gate(direction, project, 10, "r")
    commands.restore_gate(direction, project, 10, "Il a rouvert.")
    assert sum_progress(queries.read_states(project)).total == 100


def test_a_stopped_project_keeps_its_gates_as_they_were(project, lead, coach, direction):
    gates.shown(project)
    gates.judged(project)
    commands.accept_gate(coach, project, PROTOTYPE, fingerprint_of(project))
    projects.stop_project(direction, project, reason="Plus de données", learnings="Les demander avant")
    db.session.commit()
    was = queries.read_states(project)
    projections.judge_project_gates(project)
    with clock.frozen_at(clock.now() + timedelta(days=400)):
        assert queries.read_states(project) == was
        with pytest.raises(TooLate):
            commands.accept_gate(coach, project, PROTOTYPE, fingerprint_of(project))
        with pytest.raises(TooLate):
            commands.declare_gate(lead, project, PROTOTYPE)


def test_a_plan_and_a_panel_prove_what_they_say(project, lead, direction):
    texts = ChangePlanTexts(missions="m", workflow="p", training="")
    plan = fact_commands.write_change_plan(lead, project, texts, 0)
    whole = replace(texts, training="t")
    fact_commands.write_change_plan(lead, project, whole, plan.version)
    facts = PanelFacts(
        held_on=clock.today(),
        members="DSI",
        version_id=project_file.version(project).id,
        criteria=[("Les agents s’en servent", True)],
        outcome=PanelOutcome.TRANSFER,
        reasons="r",
    )
    with forbidden():
        fact_commands.record_panel(lead, project, facts)
    with pytest.raises(RuleBroken):
        fact_commands.record_panel(direction, project, replace(facts, criteria=[]))
    panel = fact_commands.record_panel(direction, project, facts)
    fact_commands.change_panel(direction, project, panel, facts, panel.version)
    results = {
        result.predicate: result.is_met
        for gate in (10, 11)
        for result in state(project, gate).evaluation.results
    }
    assert results["change_planned"]
    assert results["shown_to_panel"]
    assert results["criteria_judged"]


def test_new_terms_name_the_teams_they_affect_and_leave_the_past(project, lead, coach, direction):
    for _number in range(4):
        project_file.interview(project)
    gates.shown(project)
    gates.judged(project)
    programme, before = project_programme(project), clock.now()
    easier = terms(5, weight=40, acceptor=GateAcceptor.ANY_COACH, track="")
    definition = replace(definition_queries.get_definition(programme.id, 5), terms=easier)
    (effect,) = effect_queries.preview_team_effects(programme, [definition])
    assert (effect.project.id, effect.progress_before.proved, effect.progress_after.proved) == (
        project.id,
        10,
        40,
    )
    with forbidden():
        terms_commands.change_terms(lead, programme, 5, easier, because="b", read_edition=0)
    with pytest.raises(RuleBroken, match=project.short_name):
        terms_commands.change_terms(direction, programme, 5, easier, because="b", read_edition=0)
    confirmed = {"because": "b", "knowingly": True}
    terms_commands.change_terms(direction, programme, 5, easier, read_edition=0, **confirmed)
    with pytest.raises(Conflict):
        terms_commands.change_terms(direction, programme, 5, easier, because="b", read_edition=0)
    with pytest.raises(RuleBroken):
        terms_commands.change_terms(direction, programme, 5, easier, because="b", read_edition=1)
    assert sum_progress(queries.read_states(project)).proved == 40
    earlier = queries.read_histories_until([project], before)[project.id]
    assert sum_progress(queries.derive_states(project, earlier, before)).proved == 10
    fewer = terms(1, thresholds={"assumptions_ranked": 3, "interviews_logged": 4})
    terms_commands.change_terms(direction, programme, 1, fewer, read_edition=0, **confirmed)
    results = {result.predicate: result for result in state(project, 1).evaluation.results}
    assert results["interviews_logged"].is_met
    strategic = make.actor(gates.coach(project, "strategic"))
    commands.accept_gate(strategic, project, PROTOTYPE, fingerprint_of(project))


def test_reading_many_projects_costs_what_one_costs(project, statements):
    gates.judged(project)

    def cost(teams):
        assert all(team.slug for team in teams)  # read again since the last commit
        before = len(statements)
        histories = queries.read_histories_until(teams)
        [queries.derive_states(team, histories[team.id]) for team in teams]
        return len(statements) - before

    alone = cost([project])
    teams = [make.project(project_programme(project)) for _n in range(5)]
    for team in teams:
        gates.judged(team)
    assert cost([project, *teams]) == alone
