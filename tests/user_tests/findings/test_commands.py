"""Commands on findings, and the states that follow from them."""

import json

import pytest

from portal.people.accounts.queries import read_person_names
from portal.platform.kernel.access import Role
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import Conflict, RuleBroken, TooLate
from portal.sprints.backlog.commands import drop_item, take_back_item
from portal.sprints.backlog.flow_rules import ItemState
from portal.sprints.backlog.journal_commands import ItemAtVersion
from portal.sprints.backlog.models import Item, ItemKind
from portal.sprints.backlog.state_commands import set_item_state
from portal.user_tests.findings import (
    closing_commands,
    commands,
    queries,
    sighting_commands,
    sighting_queries,
)
from portal.user_tests.findings.models import Finding, FindingClosingKind, FindingTask, RetestResult, Sighting
from portal.user_tests.rounds.queries import list_tasks
from tests.support import factories as make
from tests.support import findings, user_tests
from tests.support.refusals import forbidden
from tests.user_tests.findings.helpers import answer_retest, audit_actions, facts, last_line, state_of


def test_a_finding_says_where_it_was_seen_and_by_whom(project, member, person, first, sessions):
    tasks = list_tasks(first)
    made = commands.note_finding(member, project, first, facts(), tasks=tasks[:1], sessions=sessions[:2])
    assert [(one.code, one.observer) for one in sighting_queries.list_sightings(made)] == [
        ("P1", person.name),
        ("P2", person.name),
    ]
    assert [task.number for _round, task in sighting_queries.list_tasks_of_finding(made)] == [1]
    assert state_of(member, project, made) == "undecided"
    (met,) = sighting_queries.list_round_sighting_counts(made)
    assert (met.round, met.version, met.affected_sessions, met.sessions) == (1, 1, 2, 5)


def test_the_trail_holds_no_text_and_no_code(project, member, first, sessions, second):
    """The audit trail is never deleted, so it must hold nothing about a participant."""
    secret = "Elle a dit qu’elle ne comprenait rien"
    made = commands.note_finding(member, project, first, facts(what=secret, detail=secret), sessions=sessions)
    commands.change_finding(member, project, made, facts(detail=f"{secret} !"), made.version)
    told = queries.read_finding(member, project, made.number)
    where = queries.get_round_with_version(member, project, first.number)
    sighting_commands.change_sightings(member, project, told, where, tasks=[], sessions=sessions[:1])
    answer_retest(member, project, second, made, RetestResult.STILL_THERE, note=secret)
    closing_commands.settle_finding(member, project, _rated(made, 1), secret, made.version)
    for line in db.session.query(AuditEvent):
        kept = json.dumps([line.facts, line.before, line.after], ensure_ascii=False)
        assert secret not in kept
        assert "P1" not in kept
    assert {"finding.noted", "finding.changed", "finding.seen", "finding.settled"} <= set(audit_actions())


def _rated(finding, severity):
    finding.severity = severity
    db.session.commit()
    return finding


@pytest.mark.parametrize("text", ["Ada, ada@demo.example", "Rappeler au 06 12 34 56 78"])
@pytest.mark.parametrize("field", ["what", "detail"])
def test_what_could_tell_who_somebody_is_is_asked_about(project, member, first, text, field):
    with pytest.raises(RuleBroken) as refused:
        commands.note_finding(member, project, first, facts(**{field: text}))
    assert refused.value.field == "knowingly"
    made = commands.note_finding(member, project, first, facts(**{field: text}), knowingly=True)
    assert getattr(made, field) == text


def test_an_owner_is_of_the_team_and_may_leave_it(project, member, person, first):
    stranger = make.role(make.project().id, Role.TEAM_MEMBER)
    with pytest.raises(RuleBroken) as refused:
        commands.note_finding(member, project, first, facts(owner_id=stranger.id))
    assert refused.value.field == "owner"
    made = user_tests.finding(first, owner_id=stranger.id)
    commands.change_finding(member, project, made, facts(owner_id=stranger.id, severity=1), made.version)
    assert made.severity == 1


def test_two_who_rate_at_once_read_each_other(project, member, first):
    made = user_tests.finding(first)
    commands.rate_finding(member, project, made, 3, made.version)
    with pytest.raises(Conflict):
        commands.rate_finding(member, project, made, 1, made.version - 1)
    assert (last_line().before["severity"], last_line().after["severity"]) == (None, 3)


def test_a_finding_becomes_one_item_however_often_it_is_asked(project, member, person, first):
    made = user_tests.finding(first, detail="Sur un écran étroit.", owner_id=person.id)
    item = commands.create_backlog_item(member, project, made)
    assert commands.create_backlog_item(member, project, made) is item
    assert (item.kind, item.title, item.description) == (ItemKind.TEST_FINDING, made.what, made.detail)
    assert (item.assignee_id, item.origin) == (person.id, f"/projects/heron/findings/{made.number}")
    assert db.session.query(Item).count() == 1
    assert queries.list_findings_of_item(member, project, item)[0][0] is made


def test_a_closed_one_becomes_no_item(project, member, person, first):
    made = findings.closed(first, person, FindingClosingKind.SETTLED)
    with pytest.raises(TooLate):
        commands.create_backlog_item(member, project, made)


def test_the_states_follow_each_other(project, member, first, second):
    """The state of a finding is computed from its item and retests."""
    sprint = make.active_sprint(project)
    made = user_tests.finding(first, severity=3)
    item = commands.create_backlog_item(member, project, made)
    known = [state_of(member, project, made)]
    item.iteration_id = sprint.id
    db.session.commit()
    for state in (ItemState.DOING, ItemState.DONE):
        set_item_state(member, project, ItemAtVersion(item, item.version), state)
        known.append(state_of(member, project, made))
    answer_retest(member, project, second, made, RetestResult.STILL_THERE)
    known.append(state_of(member, project, made))
    set_item_state(member, project, ItemAtVersion(item, item.version), ItemState.TO_DO)
    known.append(state_of(member, project, made))
    drop_item(member, project, ItemAtVersion(item, item.version))
    known.append(state_of(member, project, made))
    take_back_item(member, project, ItemAtVersion(item, item.version))
    known.append(state_of(member, project, made))
    assert known == ["planned", "planned", "to_retest", "seen_again", "planned", "dropped", "planned"]


def test_what_one_observer_saw_stays_theirs(project, member, lead, first, sessions):
    made = commands.note_finding(member, project, first, facts(), sessions=sessions[:2])
    told = queries.read_finding(lead, project, made.number)
    where = queries.get_round_with_version(lead, project, first.number)
    sighting_commands.change_sightings(lead, project, told, where, tasks=[], sessions=sessions[1:3])
    sighting_commands.change_sightings(member, project, told, where, tasks=[], sessions=[])
    assert [one.code for one in sighting_queries.list_sightings(made)] == ["P2", "P3"]
    observers = {one.observer for one in sighting_queries.list_sightings(made)}
    assert observers == {read_person_names([lead.person_id])[lead.person_id]}


def test_a_session_of_another_round_is_not_said_of_this_one(project, member, person, first, second):
    made = user_tests.finding(first)
    foreign = user_tests.session(second, person)
    told = queries.read_finding(member, project, made.number)
    where = queries.get_round_with_version(member, project, first.number)
    sighting_commands.change_sightings(member, project, told, where, tasks=[], sessions=[foreign])
    assert db.session.query(Sighting).count() == 0


def test_a_rehearsal_counts_in_no_frequency(project, member, person, first, sessions):
    made = user_tests.finding(first)
    rehearsal = user_tests.session(first, person, is_rehearsal=True)
    user_tests.seen(made, rehearsal, person)
    (met,) = sighting_queries.list_round_sighting_counts(made)
    assert (met.affected_sessions, met.sessions) == (0, 5)


def test_a_withdrawn_session_takes_its_sightings_with_it(project, member, first, sessions):
    made = commands.note_finding(member, project, first, facts(), sessions=sessions[:2])
    db.session.delete(sessions[0])
    db.session.commit()
    assert [one.code for one in sighting_queries.list_sightings(made)] == ["P2"]
    (met,) = sighting_queries.list_round_sighting_counts(made)
    assert (met.affected_sessions, met.sessions) == (1, 4)


def test_a_task_that_is_removed_is_forgotten_by_findings(project, member, first):
    task = list_tasks(first)[1]
    made = commands.note_finding(member, project, first, facts(), tasks=[task])
    db.session.delete(task)
    db.session.commit()
    assert db.session.query(FindingTask).filter_by(finding_id=made.id).count() == 0


@pytest.mark.parametrize("role", [Role.COACH, Role.ETHICS_REVIEWER, Role.PROGRAMME_LEAD])
def test_nobody_else_writes_in_the_teams_name(project, first, second, role):
    other = make.actor(make.holder(role, project))
    made = user_tests.finding(first, severity=2)
    told = queries.read_finding(other, project, made.number)
    where = queries.get_round_with_version(other, project, first.number)
    for deed in (
        lambda: commands.note_finding(other, project, first, facts()),
        lambda: commands.change_finding(other, project, made, facts(), made.version),
        lambda: commands.rate_finding(other, project, made, 1, made.version),
        lambda: commands.create_backlog_item(other, project, made),
        lambda: sighting_commands.change_sightings(other, project, told, where, tasks=[], sessions=[]),
        lambda: answer_retest(other, project, second, made),
        lambda: closing_commands.settle_finding(other, project, made, "", made.version),
    ):
        with forbidden():
            deed()
    assert audit_actions() == []
    assert db.session.query(Finding).one().closing is None
