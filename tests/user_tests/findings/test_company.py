"""Findings under concurrent changes, with their item, and on other pages."""

import pytest
from sqlalchemy import update

from portal.platform.kernel.database import db
from portal.platform.kernel.errors import Conflict, NotFound, RuleBroken, TooLate
from portal.sprints.backlog.commands import ItemFacts, drop_item, split_item
from portal.sprints.backlog.journal_commands import ItemAtVersion
from portal.user_tests.findings import (
    closing_commands,
    commands,
    labels,
    merge_commands,
    queries,
    retest_commands,
)
from portal.user_tests.findings.models import Finding, FindingClosingKind, RetestResult
from portal.user_tests.findings.retest_commands import RetestEntry
from portal.user_tests.findings.state_queries import FindingState
from tests.support import user_tests
from tests.support.hands import at_once
from tests.user_tests.findings.helpers import facts, last_line, state_of


def test_what_somebody_raises_to_severe_meanwhile_is_not_settled(project, member, lead, first):
    """The severity is checked again under the lock."""
    made = user_tests.finding(first, severity=2)
    seen = made.version
    db.session.execute(
        update(Finding).where(Finding.id == made.id).values(severity=3, version=seen + 1),
        execution_options={"synchronize_session": False},
    )
    assert made.severity == 2
    with pytest.raises(TooLate):
        closing_commands.settle_finding(member, project, made, "Vu.", seen)
    assert (made.severity, made.closing) == (3, None)


def test_of_many_who_settle_and_raise_it_at_once_nobody_settles_what_is_severe(app, project, person, first):
    """The first request wins, and the others are refused."""
    id_ = user_tests.finding(first, severity=2).id

    def act(actor, theirs, n):
        made = db.session.get_one(Finding, id_)
        if n % 2:
            closing_commands.settle_finding(actor, theirs, made, "Vu.", made.version)
        else:
            commands.rate_finding(actor, theirs, made, 3, made.version)

    told = at_once(app, project, person, act)
    assert any(isinstance(one, (TooLate, RuleBroken, Conflict)) for one in told)
    assert not [one for one in told if isinstance(one, NotFound)]
    db.session.rollback()
    kept = db.session.get_one(Finding, id_)
    db.session.refresh(kept)
    assert (kept.severity, kept.closing) in {(3, None), (2, FindingClosingKind.SETTLED)}


def test_what_was_settled_meanwhile_is_not_raised_behind_its_back(project, member, lead, first):
    made = user_tests.finding(first, severity=2)
    closing_commands.settle_finding(lead, project, made, "Vu.", made.version)
    with pytest.raises(RuleBroken) as refused:
        commands.rate_finding(member, project, made, 3, made.version)
    assert refused.value.field == "severity"
    closing_commands.reopen_finding(member, project, made)
    commands.rate_finding(member, project, made, 3, made.version)
    assert state_of(member, project, made) == "undecided"


@pytest.mark.parametrize("text", ["Ada, ada@demo.example", "Rappeler au 06 12 34 56 78"])
def test_what_closes_it_is_asked_about_where_it_could_tell_who_somebody_is(
    project, lead, first, second, text
):
    where = queries.get_round_with_version(lead, project, second.number)

    def note(made, **more):
        said = [RetestEntry(made.number, RetestResult.DISAPPEARED, text, None)]
        retest_commands.note_retests(lead, project, *where, said, **more)

    for close in (
        lambda made, **more: closing_commands.settle_finding(lead, project, made, text, made.version, **more),
        lambda made, **more: closing_commands.accept_finding(lead, project, made, text, made.version, **more),
        note,
    ):
        made = user_tests.finding(first, severity=2)
        with pytest.raises(RuleBroken) as refused:
            close(made)
        assert (refused.value.field, made.closing) == ("knowingly", None)
        close(made, knowingly=True)
        assert made.closing is not None


def test_an_item_that_is_split_keeps_its_finding_and_its_parts_have_none(project, member, first):
    made = user_tests.finding(first, severity=3)
    item = commands.create_backlog_item(member, project, made)
    (part,) = split_item(member, project, ItemAtVersion(item, item.version), [ItemFacts(title="Moitié")], 2)
    assert [one for one, _how in queries.list_findings_of_item(member, project, item)] == [made]
    assert queries.list_findings_of_item(member, project, part) == []
    drop_item(member, project, ItemAtVersion(part, part.version))
    assert state_of(member, project, made) == "planned"
    drop_item(member, project, ItemAtVersion(item, item.version))
    assert state_of(member, project, made) == "dropped"


def test_an_item_follows_the_finding_that_it_corrects_through_a_merge_and_back(project, member, lead, first):
    """The page of an item shows the state of its finding, and the other way round."""
    made, other = (user_tests.finding(first, severity=3) for _n in range(2))
    item = commands.create_backlog_item(member, project, made)
    merge_commands.merge_findings(member, project, made, other)
    assert queries.list_findings_of_item(member, project, item) == [(other, FindingState.PLANNED)]
    closing_commands.accept_finding(lead, project, other, "Connu.", other.version)
    assert queries.list_findings_of_item(member, project, item) == [(other, FindingState.ACCEPTED)]
    told = queries.read_finding(member, project, other.number)
    assert "encore à faire" in labels.open_item_warning(told)
    closing_commands.reopen_finding(member, project, other)
    merge_commands.split_finding(member, project, made)
    assert queries.list_findings_of_item(member, project, item) == [(made, FindingState.PLANNED)]
    assert state_of(member, project, other) == "undecided"
    assert labels.open_item_warning(queries.read_finding(member, project, made.number)) == ""


def test_the_trail_says_that_a_finding_is_tagged_harmful(project, member, first):
    """The proposal of a risk reads it from the audit trail."""
    made = user_tests.finding(first, severity=2)
    commands.change_finding(
        member, project, made, facts(what=made.what, severity=2, is_harm=True), made.version
    )
    line = last_line()
    assert (line.before["is_harm"], line.after["is_harm"]) == (False, True)
    assert line.facts["path"] == f"/projects/heron/findings/{made.number}"
