from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from portal.platform.kernel.access import Actor, Role
from portal.project.projects.models import Project
from portal.user_tests.findings import policy
from portal.user_tests.findings.models import Finding, FindingClosingKind

PROJECT = Project(id=uuid4(), programme_id=uuid4())
STOPPED = Project(id=PROJECT.id, programme_id=PROJECT.programme_id, stopped_on=date(2026, 3, 2))
OPEN = Finding(severity=2)
CLOSED = Finding(severity=2, closing=FindingClosingKind.SETTLED, closed_at=datetime(2026, 3, 2, tzinfo=UTC))
MERGED = Finding(
    closing=FindingClosingKind.MERGED, closed_at=datetime(2026, 3, 2, tzinfo=UTC), merged_into_id=uuid4()
)
TEAM = {Role.TEAM_MEMBER, Role.TEAM_LEAD}
WRITING = {
    "write": policy.can_write,
    "change": lambda a, p: policy.can_change(a, p, OPEN),
    "make an item": lambda a, p: policy.can_make_item(a, p, OPEN),
    "settle": lambda a, p: policy.can_settle(a, p, OPEN),
    "open again": lambda a, p: policy.can_reopen(a, p, CLOSED),
}
PLACES = (PROJECT.id, PROJECT.programme_id, uuid4())


def holding(role: Role, where) -> Actor:
    return Actor(uuid4(), {where: frozenset({role})})


MEMBER = holding(Role.TEAM_MEMBER, PROJECT.id)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("deed", WRITING)
def test_findings_are_the_teams(deed, role):
    for where in PLACES:
        expected = role in TEAM and where == PROJECT.id
        assert WRITING[deed](holding(role, where), PROJECT) is expected


@pytest.mark.parametrize("deed", WRITING)
def test_nobody_writes_once_the_project_rests(deed):
    assert not WRITING[deed](MEMBER, STOPPED)


@pytest.mark.parametrize("severity", [3, 4, None])
def test_what_is_severe_or_not_rated_is_never_merely_settled(severity):
    assert not policy.can_settle(MEMBER, PROJECT, Finding(severity=severity))


@pytest.mark.parametrize("role", Role)
def test_who_carries_the_project_accepts_by_name(role):
    for where in PLACES:
        team = role is Role.TEAM_LEAD and where == PROJECT.id
        programme = role is Role.PROGRAMME_LEAD and where == PROJECT.programme_id
        someone = holding(role, where)
        assert policy.can_accept(someone, PROJECT, OPEN) is (team or programme)
        assert policy.can_accept(someone, STOPPED, OPEN) is programme
        assert not policy.can_accept(someone, PROJECT, CLOSED)


def test_what_is_closed_becomes_no_item_and_is_not_settled_again():
    assert not policy.can_make_item(MEMBER, PROJECT, CLOSED)
    assert not policy.can_make_item(MEMBER, PROJECT, Finding(item_id=uuid4()))
    assert not policy.can_settle(MEMBER, PROJECT, CLOSED)
    assert not policy.can_reopen(MEMBER, PROJECT, OPEN)


def test_what_was_merged_lives_on_in_the_other_one():
    assert not policy.can_change(MEMBER, PROJECT, MERGED)
    assert not policy.can_reopen(MEMBER, PROJECT, MERGED)


def test_only_the_team_splits_and_only_a_merged_finding():
    lead = holding(Role.PROGRAMME_LEAD, PROJECT.programme_id)
    assert policy.can_split(MEMBER, PROJECT, MERGED)
    assert not policy.can_split(MEMBER, PROJECT, OPEN)
    assert not policy.can_split(MEMBER, PROJECT, CLOSED)
    assert not policy.can_split(lead, PROJECT, MERGED)
    assert not policy.can_split(MEMBER, STOPPED, MERGED)
