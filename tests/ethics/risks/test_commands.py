"""Adding, mitigating, reassessing, closing and reopening risks."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.ethics.risks import commands, mitigation_commands, queries, register_queries
from portal.ethics.risks.commands import ResidualRisk, RiskFacts
from portal.ethics.risks.level_rules import RiskLevel
from portal.ethics.risks.mitigation_commands import MitigationFacts, MitigationProof
from portal.ethics.risks.models import MitigationState
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import Conflict, RuleBroken, TooLate
from tests.support import factories as make
from tests.support import project_file, risks
from tests.support.refusals import forbidden
from tests.support.risks import PROOF


def facts(**given):
    usual = {"what": "Écarté à tort", "affected": "Les demandeurs", "likelihood": 3, "severity": 4}
    return RiskFacts(**usual | given)


def left(likelihood=1, severity=2):
    return ResidualRisk(likelihood=likelihood, severity=severity, reason="Deux relectures.")


def deeds():
    return [line.action for line in db.session.query(AuditEvent).order_by(AuditEvent.id)]


def test_a_risk_goes_from_high_to_what_is_left_by_what_is_proved(project, member, person):
    risk = commands.note_risk(member, project, facts())
    assert (risk.level, risk.residual_level) == (RiskLevel.HIGH, None)
    with pytest.raises(RuleBroken) as refused:
        commands.reassess_risk(member, project, risk, left(), risk.version)
    assert refused.value.field == "residual_likelihood"
    plan = MitigationFacts(what="Relire", owner_id=person.id, due_on=clock.today())
    made = mitigation_commands.add_mitigation(member, project, risk, plan)
    mitigation_commands.begin_mitigation(member, project, (made, risk))
    mitigation_commands.begin_mitigation(member, project, (made, risk))
    mitigation_commands.prove_mitigation(
        member, project, (made, risk), MitigationProof(link=PROOF), made.version
    )
    commands.reassess_risk(member, project, risk, left(), risk.version)
    assert (risk.initial_level, risk.level, risk.position) == (RiskLevel.HIGH, RiskLevel.LOW, (1, 2))
    commands.close_risk(member, project, risk, "Relu par deux agents.", risk.version)
    assert queries.get_risk_with_finding(member, project, risk.number).closed_by == person.name
    commands.reopen_risk(member, project, risk)
    commands.reopen_risk(member, project, risk)
    assert risk.closed_at is None
    assert deeds() == [
        "risk.noted",
        "mitigation.decided",
        "mitigation.begun",
        "mitigation.proved",
        "risk.reassessed",
        "risk.closed",
        "risk.reopened",
    ]


def test_the_trail_keeps_levels_and_no_text(project, member, harm):
    secret = "Elle a dit qu’on lui avait refusé"
    risk = commands.note_risk(
        member, project, facts(what=secret, detail=secret, affected=secret), finding=harm
    )
    other = facts(what=f"{secret} !", detail="", affected="x", likelihood=2)
    commands.change_risk(member, project, risk, other, risk.version)
    noted, changed = db.session.query(AuditEvent).order_by(AuditEvent.id)
    assert noted.after["finding"] == harm.number
    assert (changed.before["likelihood"], changed.after["likelihood"]) == (3, 2)
    for line in (noted, changed):
        assert secret not in json.dumps([line.facts, line.before, line.after], ensure_ascii=False)


@pytest.mark.parametrize("field", ["what", "affected", "detail"])
def test_what_could_tell_who_somebody_is_is_asked_about(project, member, field):
    text = "Ada, ada@demo.example"
    with pytest.raises(RuleBroken) as refused:
        commands.note_risk(member, project, facts(**{field: text}))
    assert refused.value.field == "knowingly"
    risk = commands.note_risk(member, project, facts(**{field: text}), knowingly=True)
    with pytest.raises(RuleBroken):
        commands.change_risk(member, project, risk, facts(**{field: text}), risk.version)


def test_what_is_left_is_never_more_than_at_the_start(project, member, person):
    risk = risks.risk(project, likelihood=2, severity=3)
    risks.in_place(risk, person)
    with pytest.raises(RuleBroken):
        commands.reassess_risk(member, project, risk, left(3, 3), risk.version)
    commands.reassess_risk(member, project, risk, left(3, 2), risk.version)
    with pytest.raises(RuleBroken) as refused:
        commands.change_risk(member, project, risk, facts(likelihood=1), risk.version)
    assert refused.value.field == "likelihood"


def test_what_nothing_reduces_any_more_is_as_high_as_at_the_start(project, member, person):
    risk = risks.risk(project, likelihood=4, severity=4)
    first, second = risks.in_place(risk, person), risks.in_place(risk, person)
    commands.reassess_risk(member, project, risk, left(), risk.version)
    mitigation_commands.resume_mitigation(member, project, (first, risk))
    assert risk.level is RiskLevel.LOW
    mitigation_commands.resume_mitigation(member, project, (second, risk))
    assert (risk.level, risk.residual_level, risk.residual_reason) == (RiskLevel.HIGH, None, "")
    assert deeds()[-2:] == ["mitigation.resumed", "risk.cleared"]


def test_nothing_is_in_place_without_a_proof(project, member, person):
    risk = risks.risk(project)
    made = risks.mitigation(risk)
    with pytest.raises(RuleBroken) as refused:
        mitigation_commands.prove_mitigation(
            member, project, (made, risk), MitigationProof(note="si"), made.version
        )
    assert refused.value.field == "proof_link"
    db.session.rollback()
    file = project_file.attachment(project, made, person)
    mitigation_commands.prove_mitigation(member, project, (made, risk), MitigationProof(), made.version)
    assert queries.get_mitigation_with_names(made).has_proof
    file.removed_at, file.removed_by_id = clock.now(), person.id
    db.session.flush()
    assert not queries.get_mitigation_with_names(made).has_proof


def test_a_high_risk_is_closed_by_who_carries_the_project(project, member, lead):
    risk = risks.risk(project, likelihood=3, severity=3)
    with forbidden(match="le porteur"):
        commands.close_risk(member, project, risk, "r", risk.version)
    commands.close_risk(lead, project, risk, "r", risk.version)
    made = risks.mitigation(risk)
    for deed in (
        lambda: commands.change_risk(member, project, risk, facts(), risk.version),
        lambda: commands.close_risk(lead, project, risk, "r", risk.version),
        lambda: mitigation_commands.add_mitigation(member, project, risk, MitigationFacts(what="w")),
        lambda: mitigation_commands.begin_mitigation(member, project, (made, risk)),
    ):
        with pytest.raises(TooLate, match="rouvrez-le"):
            deed()


def test_an_owner_is_of_the_team_and_may_leave_it(project, member):
    stranger = make.role(make.project().id, Role.TEAM_MEMBER)
    risk = risks.risk(project)
    plan = MitigationFacts(what="w", owner_id=stranger.id)
    with pytest.raises(RuleBroken) as refused:
        mitigation_commands.add_mitigation(member, project, risk, plan)
    assert refused.value.field == "owner"
    made = risks.mitigation(risk, owner_id=stranger.id)
    mitigation_commands.change_mitigation(member, project, (made, risk), plan, made.version)
    assert made.what == "w"


def test_a_date_is_to_come_when_it_is_given(project, member):
    risk = risks.risk(project)
    for day in (clock.today() - timedelta(days=1), clock.today() + timedelta(days=900)):
        with pytest.raises(RuleBroken) as refused:
            mitigation_commands.add_mitigation(member, project, risk, MitigationFacts(what="w", due_on=day))
        assert refused.value.field == "due_on"
    made = risks.late(risk)
    kept = MitigationFacts(what="autre", due_on=made.due_on)
    mitigation_commands.change_mitigation(member, project, (made, risk), kept, made.version)


def test_a_measure_in_place_keeps_its_owner_and_is_given_the_date_that_it_lacks(project, member, person):
    risk, today = risks.risk(project), clock.today()
    made = risks.in_place(risk, person, owner_id=member.person_id)

    def change(owner_id, due_on):
        facts = MitigationFacts(what=made.what, owner_id=owner_id, due_on=due_on)
        mitigation_commands.change_mitigation(member, project, (made, risk), facts, made.version)

    with pytest.raises(RuleBroken) as refused:
        change(None, today)
    assert refused.value.field == "owner"
    change(member.person_id, today)
    assert made.due_on == today


def test_two_who_save_at_once_read_each_other(project, member, person):
    risk, other = risks.risk(project), risks.risk(project)
    risks.in_place(risk, person)
    made = risks.mitigation(other)
    for deed in (
        lambda: commands.change_risk(member, project, risk, facts(), 0),
        lambda: commands.reassess_risk(member, project, risk, left(), 0),
        lambda: commands.close_risk(member, project, risk, "r", 0),
        lambda: mitigation_commands.prove_mitigation(
            member, project, (made, other), MitigationProof(link=PROOF), 0
        ),
        lambda: mitigation_commands.drop_mitigation(member, project, (made, other), "r", 0),
        lambda: mitigation_commands.change_mitigation(
            member, project, (made, other), MitigationFacts(what="w"), 0
        ),
    ):
        with pytest.raises(Conflict):
            deed()


def test_nobody_else_writes_and_strangers_see_nothing(project):
    coach = make.actor(make.role(project.id, Role.COACH))
    stranger = make.actor(make.role(make.project().id, Role.TEAM_LEAD))
    risk = risks.risk(project)
    risks.late(risk)
    with forbidden():
        commands.note_risk(coach, project, facts())
    with forbidden():
        mitigation_commands.add_mitigation(coach, project, risk, MitigationFacts(what="w"))
    assert [due.risk for due in register_queries.list_overdue_mitigations(coach, project)] == [risk]
    assert register_queries.read_register_page(stranger, project).count == 0
    assert not register_queries.list_open_risks(stranger, project)
    assert not register_queries.list_overdue_mitigations(stranger, project)
    assert not register_queries.list_risks_without_assigned_mitigation(stranger, project)
    assert not register_queries.list_all_risk_rows(stranger, project)


def test_what_is_late_is_open_dated_and_past(project, member, person):
    risk = risks.risk(project)
    longest = risks.late(risk, person, days=9)
    shortest = risks.late(risk)
    risks.mitigation(risk)
    risks.mitigation(risk, due_on=clock.today())
    ended = {"settled_at": clock.now(), "settled_by_id": person.id}
    risks.late(risk, progress=MitigationState.IN_PLACE, **ended)
    risks.late(risk, progress=MitigationState.DROPPED, note="n", **ended)
    risks.late(risks.closed(project, person))
    found = register_queries.list_overdue_mitigations(member, project)
    assert [(due.mitigation, due.owner) for due in found] == [(longest, person.name), (shortest, None)]
    dated = select(register_queries.select_dated_mitigations(10))
    (listed,) = db.session.execute(dated, {"project": project.id}).one()
    assert [one.due_on for one in listed] == sorted(one.due_on for one in listed)
    assert len(listed) == 3
    (line, _closed) = register_queries.read_register_page(member, project).rows
    assert (line.in_place, line.open, line.late) == (1, 4, 2)


def test_the_register_tells_the_highest_of_today_first(project, member, person):
    risks.risk(project, likelihood=1, severity=2)
    reduced = {"residual_likelihood": 1, "residual_severity": 1}
    risks.risk(project, likelihood=4, severity=4, **reduced)
    risks.risk(project, likelihood=3, severity=3)
    risks.closed(project, person, likelihood=4, severity=4)
    risks.late(risks.risk(project, likelihood=3, severity=3))
    numbers = [line.risk.number for line in register_queries.read_register_page(member, project).rows]
    assert numbers == [5, 3, 1, 2, 4]
    assert [one.number for one in register_queries.list_open_risks(member, project)] == [1, 2, 3, 5]


def test_a_high_risk_is_guarded_by_who_and_when(project, member, person):
    """Dropped mitigations and those without an owner do not count."""
    bare = risks.risk(project, likelihood=4, severity=2)
    half = risks.risk(project, likelihood=4, severity=2)
    risks.mitigation(half, owner_id=person.id)
    ended = {"settled_at": clock.now(), "settled_by_id": person.id, "note": "n"}
    risks.late(half, person, progress=MitigationState.DROPPED, **ended)
    whole = risks.risk(project, likelihood=4, severity=2)
    risks.late(whole, person)
    risks.risk(project, likelihood=1, severity=2)
    assert register_queries.list_risks_without_assigned_mitigation(member, project) == [bare, half]
