"""Closing a finding by a retest, an acceptance or as minor; reopening it."""

import pytest

from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import Conflict, RuleBroken, TooLate
from portal.user_tests.findings import (
    closing_commands,
    commands,
    merge_commands,
    queries,
    sighting_commands,
    sighting_queries,
)
from portal.user_tests.findings.models import FindingClosingKind, Retest, RetestResult
from portal.user_tests.rounds.queries import list_tasks
from tests.support import factories as make
from tests.support import findings, project_file, user_tests
from tests.support.refusals import forbidden
from tests.user_tests.findings.helpers import answer_retest, audit_actions, facts, state_of


@pytest.mark.parametrize("severity", [None, 3, 4])
def test_what_is_severe_or_not_rated_is_not_merely_settled(project, lead, first, severity):
    made = user_tests.finding(first, severity=severity)
    with pytest.raises(TooLate):
        closing_commands.settle_finding(lead, project, made, "Vu.", made.version)
    assert made.closing is None


@pytest.mark.parametrize("severity", [3, 4])
def test_a_severe_one_is_accepted_by_a_name_with_a_reason(project, lead, carrier, first, severity):
    made = user_tests.finding(first, severity=severity)
    with pytest.raises(RuleBroken) as refused:
        closing_commands.accept_finding(lead, project, made, "", made.version)
    assert refused.value.field == "reason"
    closing_commands.accept_finding(lead, project, made, "Hors du périmètre de l’essai.", made.version)
    told = queries.read_finding(lead, project, made.number)
    assert (told.state, told.closed_by) == ("accepted", carrier.name)
    assert made.closing_reason == "Hors du périmètre de l’essai."


def test_what_is_not_rated_is_not_accepted(project, lead, first):
    made = user_tests.finding(first)
    with pytest.raises(TooLate):
        closing_commands.accept_finding(lead, project, made, "Tant pis.", made.version)


@pytest.mark.parametrize("role", [Role.TEAM_MEMBER, Role.COACH, Role.ETHICS_REVIEWER])
def test_who_does_not_carry_the_project_accepts_nothing(project, first, role):
    made = user_tests.finding(first, severity=3)
    other = make.actor(make.holder(role, project))
    with forbidden():
        closing_commands.accept_finding(other, project, made, "Tant pis.", made.version)


def test_a_retest_on_a_later_version_closes_it_and_a_still_later_one_reopens_it(
    project, member, person, first, second
):
    made = user_tests.finding(first, severity=3)
    answer_retest(member, project, second, made, RetestResult.DISAPPEARED, note="Les cinq l’ont vue.")
    assert state_of(member, project, made) == "retested"
    third = user_tests.round_(project, project_file.version(project))
    user_tests.session(third, person, number=10, is_rehearsal=True)
    with pytest.raises(TooLate, match="encore essayé"):
        answer_retest(member, project, third, made, RetestResult.STILL_THERE)
    user_tests.session(third, person, number=11)
    answer_retest(member, project, third, made, RetestResult.STILL_THERE)
    assert state_of(member, project, made) == "seen_again"
    assert (made.closing, made.closed_at, made.closed_by_id) == (None, None, None)
    assert [one.retest.result for one in queries.list_retests_of_finding(made)] == ["gone", "still_there"]
    assert audit_actions() == [
        "finding.tried_again",
        "finding.retested",
        "finding.tried_again",
        "finding.reopened",
    ]


def test_an_answer_that_is_changed_is_followed(project, member, first, second):
    made = user_tests.finding(first, severity=4)
    answer_retest(member, project, second, made, RetestResult.DISAPPEARED)
    answer_retest(member, project, second, made, RetestResult.NOT_REACHED, before=RetestResult.DISAPPEARED)
    assert made.closing is None
    answer_retest(member, project, second, made, RetestResult.DISAPPEARED, before=RetestResult.NOT_REACHED)
    assert made.closing is FindingClosingKind.RETESTED
    assert db.session.query(Retest).count() == 1


def test_not_reached_settles_nothing(project, member, person, first, second):
    made = user_tests.finding(first, severity=3)
    answer_retest(member, project, second, made, RetestResult.NOT_REACHED)
    assert state_of(member, project, made) == "undecided"
    settled = findings.closed(first, person, FindingClosingKind.SETTLED)
    answer_retest(member, project, second, settled, RetestResult.NOT_REACHED)
    assert settled.closing is FindingClosingKind.SETTLED


def test_what_is_not_rated_waits_for_its_severity_and_closes_with_it(project, member, first, second):
    made = user_tests.finding(first)
    answer_retest(member, project, second, made, RetestResult.DISAPPEARED)
    assert state_of(member, project, made) == "to_rate"
    commands.rate_finding(member, project, made, 4, made.version)
    assert state_of(member, project, made) == "retested"


def test_what_was_settled_is_reopened_by_a_round_that_shows_it(project, member, person, first, second):
    made = findings.closed(first, person, FindingClosingKind.SETTLED)
    answer_retest(member, project, second, made, RetestResult.STILL_THERE)
    assert state_of(member, project, made) == "seen_again"


def test_an_acceptance_holds_when_a_later_round_shows_what_was_accepted(project, member, lead, first, second):
    made = user_tests.finding(first, severity=3)
    closing_commands.accept_finding(lead, project, made, "Connu.", made.version)
    answer_retest(member, project, second, made, RetestResult.STILL_THERE)
    assert state_of(member, project, made) == "accepted"


def test_what_is_seen_in_a_session_on_a_later_version_is_still_there(project, member, person, first, second):
    """A sighting on a later version records the retest."""
    made = user_tests.finding(first, severity=3)
    answer_retest(member, project, second, made, RetestResult.DISAPPEARED)
    told = queries.read_finding(member, project, made.number)
    seen = [user_tests.session(second, person)]
    where = queries.get_round_with_version(member, project, second.number)
    sighting_commands.change_sightings(member, project, told, where, tasks=[], sessions=seen)
    assert state_of(member, project, made) == "seen_again"
    assert db.session.query(Retest).one().result is RetestResult.STILL_THERE


def test_a_round_on_the_same_or_an_earlier_version_proves_nothing(project, member, person, first, second):
    made = user_tests.finding(second, severity=3)
    again = user_tests.round_(project, queries.get_round_with_version(member, project, second.number)[1])
    for number, round_ in enumerate((first, again), start=20):
        user_tests.session(round_, person, number=number)
    for round_ in (first, second, again):
        with pytest.raises(RuleBroken):
            answer_retest(member, project, round_, made)
    foreign = user_tests.finding(_round_elsewhere(), severity=3, number=9)
    with pytest.raises(RuleBroken):
        answer_retest(member, project, second, foreign)


def _round_elsewhere():
    other = make.project()
    return user_tests.round_(other, project_file.version(other))


def test_two_who_answer_at_once_read_each_other(project, member, lead, first, second):
    made = user_tests.finding(first, severity=3)
    answer_retest(member, project, second, made, RetestResult.DISAPPEARED)
    with pytest.raises(RuleBroken) as refused:
        answer_retest(lead, project, second, made, RetestResult.STILL_THERE)
    assert refused.value.field == f"result_{made.number}"
    assert made.closing is FindingClosingKind.RETESTED


def test_what_was_closed_is_not_graver_behind_the_back_of_whoever_closed_it(project, member, lead, first):
    settled = user_tests.finding(first, severity=2)
    closing_commands.settle_finding(member, project, settled, "", settled.version)
    accepted = user_tests.finding(first, severity=3)
    closing_commands.accept_finding(lead, project, accepted, "Connu.", accepted.version)
    db.session.commit()
    for made, graver in ((settled, 3), (settled, None), (accepted, 4), (accepted, None)):
        with pytest.raises(RuleBroken) as refused:
            commands.rate_finding(member, project, made, graver, made.version)
        assert refused.value.field == "severity"
        with pytest.raises(RuleBroken):
            commands.change_finding(member, project, made, facts(severity=graver), made.version)
        db.session.rollback()
    commands.rate_finding(member, project, settled, 1, settled.version)
    closing_commands.reopen_finding(member, project, accepted)
    commands.rate_finding(member, project, accepted, 4, accepted.version)
    assert (settled.severity, accepted.severity) == (1, 4)


def test_a_closing_by_hand_after_a_retest_is_taken_back_for_good(project, member, first, second):
    made = user_tests.finding(first, severity=3)
    answer_retest(member, project, second, made, RetestResult.DISAPPEARED)
    closing_commands.reopen_finding(member, project, made)
    commands.change_finding(member, project, made, facts(severity=3, detail="Revu."), made.version)
    assert state_of(member, project, made) == "undecided"


def test_closing_twice_says_so(project, member, lead, first):
    made = user_tests.finding(first, severity=2)
    closing_commands.settle_finding(member, project, made, "", made.version)
    for deed in (closing_commands.settle_finding, closing_commands.accept_finding):
        with pytest.raises(TooLate):
            deed(lead, project, made, "Encore.", made.version)
    stale = user_tests.finding(first, severity=2)
    with pytest.raises(Conflict):
        closing_commands.settle_finding(member, project, stale, "", stale.version + 1)


def test_two_findings_that_are_one_are_told_together(project, member, lead, first, sessions):
    tasks = list_tasks(first)
    one = commands.note_finding(
        member, project, first, facts(severity=2), tasks=tasks[:1], sessions=sessions[:2]
    )
    other = commands.note_finding(
        lead, project, first, facts(severity=3, is_harm=True), tasks=tasks, sessions=sessions[1:3]
    )
    merge_commands.merge_findings(member, project, other, one)
    assert state_of(member, project, other) == "merged"
    assert (one.severity, one.is_harm) == (3, True)
    assert [one.code for one in sighting_queries.list_sightings(one)] == ["P1", "P2", "P2", "P3"]
    assert [task.number for _round, task in sighting_queries.list_tasks_of_finding(one)] == [1, 2]
    (met,) = sighting_queries.list_round_sighting_counts(one)
    assert (met.affected_sessions, met.sessions) == (3, 5)
    assert queries.read_finding(member, project, other.number).into is one
    assert [merged.number for merged, _item in queries.list_merged_findings(one)] == [other.number]
    merge_commands.split_finding(member, project, other)
    assert state_of(member, project, other) == "undecided"
    assert [one.code for one in sighting_queries.list_sightings(one)] == ["P1", "P2"]
    assert [one.code for one in sighting_queries.list_sightings(other)] == ["P2", "P3"]


def test_an_item_goes_with_the_finding_and_comes_back_with_it(project, member, first):
    one, other = (user_tests.finding(first, severity=2) for _number in range(2))
    item = commands.create_backlog_item(member, project, other)
    merge_commands.merge_findings(member, project, other, one)
    assert (one.item_id, other.item_id) == (item.id, None)
    assert state_of(member, project, one) == "planned"
    merge_commands.split_finding(member, project, other)
    assert (one.item_id, other.item_id) == (None, item.id)


def test_two_items_stay_those_of_their_findings(project, member, first):
    one, other = (user_tests.finding(first, severity=2) for _number in range(2))
    items = [commands.create_backlog_item(member, project, made) for made in (one, other)]
    merge_commands.merge_findings(member, project, other, one)
    assert (one.item_id, other.item_id) == (items[0].id, items[1].id)
    assert queries.list_merged_findings(one) == [(other, items[1].number)]


def test_a_family_stays_one_floor_high(project, member, person, first, sessions):
    oldest, middle, newest = (user_tests.finding(first, severity=2) for _number in range(3))
    user_tests.seen(oldest, sessions[0], person)
    merge_commands.merge_findings(member, project, oldest, middle)
    merge_commands.merge_findings(member, project, middle, newest)
    assert {oldest.merged_into_id, middle.merged_into_id} == {newest.id}
    assert [one.code for one in sighting_queries.list_sightings(newest)] == ["P1"]
    merge_commands.split_finding(member, project, middle)
    assert oldest.merged_into_id == newest.id


def test_nothing_is_merged_into_itself_or_into_what_is_closed(project, member, person, first):
    made = user_tests.finding(first, severity=2)
    closed = findings.closed(first, person, FindingClosingKind.SETTLED)
    merged = findings.merged(first, person, made)
    for into in (made, closed, merged):
        with pytest.raises(RuleBroken) as refused:
            merge_commands.merge_findings(
                member, project, user_tests.finding(first) if into is not made else made, into
            )
        assert refused.value.field == "into"
    with pytest.raises(TooLate):
        merge_commands.merge_findings(member, project, closed, made)
    with pytest.raises(TooLate):
        closing_commands.reopen_finding(member, project, merged)
    with pytest.raises(TooLate):
        commands.rate_finding(member, project, merged, 1, merged.version)


def test_merging_and_splitting_twice_is_doing_it_once(project, member, first):
    one, other = (user_tests.finding(first, severity=2) for _number in range(2))
    for _twice in range(2):
        merge_commands.merge_findings(member, project, other, one)
    for _twice in range(2):
        merge_commands.split_finding(member, project, other)
    assert audit_actions() == ["finding.merged", "finding.took_in", "finding.split"]
