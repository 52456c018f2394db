"""Panels: who records and changes what a panel decided, until when, and what the trail says."""

from dataclasses import replace
from datetime import timedelta

import pytest

from portal.oversight.gates import fact_commands, queries
from portal.oversight.gates.fact_commands import ChangePlanTexts, KeyRolesFacts, PanelFacts
from portal.oversight.gates.models import Panel, PanelOutcome
from portal.people.programmes.models import Programme
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import Conflict, RuleBroken, TooLate
from tests.support import factories as make
from tests.support import funding
from tests.support.refusals import forbidden
from tests.support.trail import audited_actions, last_event


@pytest.fixture
def facts(app):
    return PanelFacts(
        held_on=clock.today(),
        members="DSI, direction du service",
        version_id=None,
        criteria=[("Les agents s’en servent", True)],
        outcome=PanelOutcome.TRANSFER,
        reasons="Tout est prêt.",
    )


@pytest.fixture
def panel(project, direction, facts):
    return fact_commands.record_panel(direction, project, facts)


@pytest.mark.parametrize("role", [Role.TEAM_LEAD, Role.TEAM_MEMBER, Role.COACH])
def test_only_the_programme_lead_records_and_changes_a_panel(project, panel, facts, role):
    other = make.actor(make.role(project.id, role))
    with forbidden():
        fact_commands.record_panel(other, project, facts)
    with forbidden():
        fact_commands.change_panel(other, project, panel, replace(facts, reasons="x"), 1)
    assert (panel.reasons, db.session.query(Panel).count()) == (facts.reasons, 1)


@pytest.mark.parametrize("ended", ["stopped_on", "finished_on"])
def test_a_panel_is_neither_recorded_nor_changed_after_the_project(project, direction, panel, facts, ended):
    setattr(project, ended, clock.today())
    with pytest.raises(TooLate):
        fact_commands.record_panel(direction, project, facts)
    with pytest.raises(TooLate):
        fact_commands.change_panel(direction, project, panel, facts, panel.version)


def test_new_and_changed_panels_obey_the_same_rules(project, direction, panel, facts):
    for field, value in (
        ("criteria", []),
        ("members", "ana@exemple.fr"),
        ("held_on", clock.today() + timedelta(days=2)),
        ("held_on", db.session.get_one(Programme, project.programme_id).starts_on - timedelta(days=1)),
    ):
        faulty = replace(facts, **{field: value})
        with pytest.raises(RuleBroken) as refused:
            fact_commands.record_panel(direction, project, faulty)
        assert refused.value.field == field
        with pytest.raises(RuleBroken) as refused:
            fact_commands.change_panel(direction, project, panel, faulty, panel.version)
        assert refused.value.field == field


def test_the_trail_has_a_line_for_each_change_of_a_panel(project, direction, panel, facts):
    recorded = last_event()
    assert (recorded.action, recorded.facts["number"]) == ("panel.held", 1)
    assert recorded.facts["path"] == "/projects/heron/gates/11"
    fact_commands.change_panel(direction, project, panel, facts, panel.version)
    assert audited_actions() == ["panel.held"]
    changed = replace(facts, outcome=PanelOutcome.CONTINUE)
    fact_commands.change_panel(direction, project, panel, changed, panel.version)
    event = last_event()
    assert (event.action, event.facts["number"]) == ("panel.changed", 1)
    assert (event.before, event.after) == ({"outcome": "transfer"}, {"outcome": "continue"})
    with pytest.raises(Conflict):
        fact_commands.change_panel(direction, project, panel, changed, 1)


def test_an_engagement_is_recorded_by_those_who_carry_the_project(project, lead, direction):
    facts = KeyRolesFacts(sponsor_id=None, business_owner_id=None)
    for role in (Role.TEAM_MEMBER, Role.COACH):
        other = make.actor(make.role(project.id, role))
        with forbidden():
            fact_commands.note_key_roles(other, project, facts, 0)
    with pytest.raises(Conflict):
        fact_commands.note_key_roles(lead, project, facts, 1)
    project.stopped_on = clock.today()
    with pytest.raises(TooLate):
        fact_commands.note_key_roles(direction, project, facts, 0)


def test_the_team_alone_writes_the_change_plan_and_the_trail_hides_its_text(project, lead, direction):
    texts = ChangePlanTexts(missions="Relire", workflow="", training="")
    with forbidden():
        fact_commands.write_change_plan(direction, project, texts, 0)
    plan = fact_commands.write_change_plan(lead, project, texts, 0)
    event = last_event()
    assert event.action == "change_plan.written"
    assert (event.after["missions"], event.before["missions"]) == (None, None)
    fact_commands.write_change_plan(lead, project, texts, plan.version)
    assert audited_actions() == ["change_plan.written"]


def test_key_roles_are_of_the_team_and_the_agreement_holds_its_signature(project, lead, direction):
    sponsor = make.role(project.id, Role.TEAM_MEMBER, share_of_time=10)
    facts = KeyRolesFacts(sponsor_id=sponsor.id, business_owner_id=None)
    noted = fact_commands.note_key_roles(lead, project, facts, 0)
    with pytest.raises(Conflict):
        fact_commands.note_key_roles(direction, project, facts, 0)
    assert not queries.read_states(project)[0].evaluation.results[0].is_met
    funding.signed(project, direction)
    evaluation = queries.read_states(project)[0].evaluation
    results = {result.predicate: result.is_met for result in evaluation.results}
    assert (results["agreement_signed"], results["sponsor"]) == (True, True)
    assert not results["business_owner"]
    stranger = replace(facts, business_owner_id=make.person().id)
    with pytest.raises(RuleBroken):
        fact_commands.note_key_roles(direction, project, stranger, noted.version)
