"""The effect of starting, closing and deleting a sprint on its items."""

from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.sprints.backlog import commands as items
from portal.sprints.backlog import move_commands, state_commands
from portal.sprints.backlog.commands import ItemFacts
from portal.sprints.backlog.flow_rules import ItemState
from portal.sprints.backlog.journal_commands import ItemAtVersion
from portal.sprints.backlog.models import (
    Item,
    ItemEvent,
    ItemEventKind,
    SnapshotItem,
    SnapshotMoment,
    SpillTarget,
)
from portal.sprints.sprints import commands
from portal.sprints.sprints.models import SprintOutcome
from tests.sprints.backlog.event_figures import snapshot_of
from tests.sprints.sprints.test_commands import LOG, PLAN
from tests.support import factories as make

LATER = replace(PLAN, starts_on=date(2026, 3, 16), ends_on=date(2026, 3, 27))


@pytest.fixture
def project(app):
    return make.project()


@pytest.fixture
def member(project):
    return make.actor(make.role(project.id, Role.TEAM_MEMBER))


@pytest.fixture
def sprint(project, member):
    """A planned sprint with items of 3, 5 and no points; a fourth item is in the backlog."""
    planned = commands.plan_sprint(member, project, PLAN)
    texts = [ItemFacts(title=f"{n}", points=points) for n, points in ((1, 3), (2, 5), (3, None))]
    items.add_items(member, project, texts, make.iteration_of(planned))
    items.add_items(member, project, [ItemFacts(title="4", points=8)])
    return planned


def item(project, number: int) -> Item:
    mine = sa.select(Item).where(Item.project_id == project.id, Item.number == number)
    return db.session.scalars(mine).one()


def finish(member, project, number: int) -> None:
    one = item(project, number)
    state_commands.set_item_state(member, project, ItemAtVersion(one, one.version), ItemState.DONE)


def close(member, project, sprint, **spills: SpillTarget) -> None:
    given = {int(name.removeprefix("n")): spill for name, spill in spills.items()}
    commands.close_sprint(
        member, project, sprint, replace(LOG, outcome=SprintOutcome.MET), sprint.version, spills=given
    )


def spilt(sprint) -> dict[str, SpillTarget | None]:
    lines = sa.select(SnapshotItem).where(
        SnapshotItem.snapshot_id == snapshot_of(sprint, SnapshotMoment.CLOSE).id
    )
    return {line.title: line.spill for line in db.session.scalars(lines)}


def test_the_start_freezes_the_scope(project, member, sprint):
    commands.start_sprint(member, project, sprint)
    kept = snapshot_of(sprint, SnapshotMoment.START)
    assert (kept.items, kept.points, kept.done_items, kept.event_number) == (3, 8, 0, 4)
    assert (kept.to_do, kept.doing, kept.blocked, kept.done) == (4, 0, 0, 0)


def test_the_close_freezes_what_was_finished_and_what_spills_over(project, member, sprint):
    following = commands.plan_sprint(member, project, LATER)
    commands.start_sprint(member, project, sprint)
    finish(member, project, 2)
    close(member, project, sprint, n3=SpillTarget.DROPPED)
    kept = snapshot_of(sprint, SnapshotMoment.CLOSE)
    assert (kept.items, kept.done_items, kept.finished_items, kept.finished_points) == (3, 1, 1, 5)
    assert spilt(sprint) == {"1": SpillTarget.MOVED_ON, "2": None, "3": SpillTarget.DROPPED}
    assert item(project, 1).iteration_id == following.id  # an item without choice moves on
    assert item(project, 2).iteration_id == sprint.id
    assert item(project, 3).gone_at is not None


def test_what_is_kept_comes_first_in_the_backlog(project, member, sprint):
    commands.plan_sprint(member, project, LATER)
    commands.start_sprint(member, project, sprint)
    close(
        member,
        project,
        sprint,
        n1=SpillTarget.TO_BACKLOG,
        n2=SpillTarget.TO_BACKLOG,
        n3=SpillTarget.TO_BACKLOG,
    )
    order = sa.select(Item.number).where(Item.iteration_id.is_(None)).order_by(Item.rank)
    assert db.session.scalars(order).all() == [1, 2, 3, 4]


def test_without_a_next_sprint_what_moves_on_waits_for_it_first_in_the_backlog(project, member, sprint):
    commands.start_sprint(member, project, sprint)
    close(member, project, sprint, n2=SpillTarget.TO_BACKLOG)
    assert [item(project, n).spill for n in (1, 2, 3, 4)] == [
        SpillTarget.MOVED_ON,
        None,
        SpillTarget.MOVED_ON,
        None,
    ]
    assert item(project, 1).iteration_id is None


def test_an_item_that_somebody_finished_meanwhile_spills_nowhere(project, member, sprint):
    commands.start_sprint(member, project, sprint)
    finish(member, project, 1)
    close(member, project, sprint, n1=SpillTarget.DROPPED)
    assert item(project, 1).gone_at is None
    assert spilt(sprint)["1"] is None


def test_a_draft_keeps_what_it_says_of_each_item_and_makes_no_save_stale(project, member, sprint):
    commands.start_sprint(member, project, sprint)
    before = item(project, 1).version
    commands.save_log_draft(member, project, sprint, LOG, sprint.version, spills={1: SpillTarget.TO_BACKLOG})
    db.session.expire_all()
    assert (item(project, 1).spill, item(project, 1).version) == (SpillTarget.TO_BACKLOG, before)


def test_a_sprint_that_is_dropped_gives_its_items_back(project, member, sprint):
    commands.drop_sprint(member, project, sprint)
    assert item(project, 1).iteration_id is None
    last = sa.select(ItemEvent.kind).where(ItemEvent.item_id == item(project, 1).id)
    assert db.session.scalars(last).all() == [ItemEventKind.ADDED, ItemEventKind.RETURNED]
    again = commands.plan_sprint(member, project, PLAN)  # the number is reused
    move_commands.move_items(
        member, project, [ItemAtVersion(item(project, 1), item(project, 1).version)], make.iteration_of(again)
    )
    assert item(project, 1).iteration_id == again.id


def test_the_snapshots_cannot_be_changed_even_by_the_database(project, member, sprint):
    commands.start_sprint(member, project, sprint)
    for deed in ("UPDATE snapshot SET items = 9", "DELETE FROM snapshot_item"):
        with pytest.raises(sa.exc.DBAPIError, match="append-only"), db.session.begin_nested():
            db.session.execute(sa.text(deed))
