import pytest
import sqlalchemy as sa

from portal.platform.kernel.database import db
from portal.platform.kernel.errors import Conflict, RuleBroken, TooLate
from portal.sprints.backlog import commands, move_commands, state_commands
from portal.sprints.backlog.flow_rules import ItemState
from portal.sprints.backlog.models import Item, ItemEvent, ItemEventKind
from portal.sprints.backlog.order_commands import ItemPosition
from tests.sprints.backlog.conftest import seen
from tests.support import factories as make


@pytest.fixture
def sprint(project):
    return make.iteration_of(make.active_sprint(project))


def titles(project) -> list[str]:
    ordered = sa.select(Item.title).where(Item.project_id == project.id)
    return list(db.session.scalars(ordered.order_by(Item.rank)))


def deeds(item) -> list[ItemEventKind]:
    mine = sa.select(ItemEvent.kind).where(ItemEvent.item_id == item.id)
    return list(db.session.scalars(mine.order_by(ItemEvent.number)))


def test_items_go_into_a_sprint_together_and_come_back_first(project, member, add, sprint):
    one, two, three = add("Un", "Deux", "Trois")
    move_commands.move_items(member, project, [seen(two), seen(three)], sprint)
    assert {one.iteration_id, two.iteration_id, three.iteration_id} == {None, sprint.id}
    move_commands.move_items(member, project, [seen(three), seen(two)], None)
    assert titles(project) == ["Deux", "Trois", "Un"]  # in their own order
    assert deeds(two) == [ItemEventKind.ADDED, ItemEventKind.PLANNED, ItemEventKind.RETURNED]


def test_all_or_none_are_moved(project, member, add, sprint):
    one, two = add("Un", "Deux")
    stale = seen(two)
    commands.edit_item(member, project, seen(two), commands.ItemFacts(title="Deux bis"))
    with pytest.raises(Conflict):
        move_commands.move_items(member, project, [seen(one), stale], sprint)
    db.session.rollback()


def test_what_was_begun_is_to_do_again_in_the_backlog(project, member, add, sprint):
    one, two = add("Un", "Deux", to=sprint)
    state_commands.set_item_state(member, project, seen(one), ItemState.DOING)
    state_commands.set_item_state(member, project, seen(two), ItemState.BLOCKED, "Sans accès")
    move_commands.move_items(member, project, [seen(one), seen(two)], None)
    assert (one.state, two.state) == (ItemState.TO_DO, ItemState.BLOCKED)


def test_what_is_done_moves_no_more(project, member, add, sprint):
    (item,) = add("Un", to=sprint)
    state_commands.set_item_state(member, project, seen(item), ItemState.DONE)
    with pytest.raises(TooLate):
        move_commands.move_items(member, project, [seen(item)], None)


def test_nothing_goes_into_a_closed_sprint(project, member, add):
    closed = make.iteration_of(make.closed_sprint(project))
    (item,) = add("Un")
    with pytest.raises(RuleBroken) as refused:
        move_commands.move_items(member, project, [seen(item)], closed)
    assert refused.value.field == "to"


@pytest.mark.parametrize(
    ("place", "other", "expected"),
    [
        (ItemPosition.TOP, None, ["Trois", "Un", "Deux"]),
        (ItemPosition.BOTTOM, None, ["Un", "Deux", "Trois"]),
        (ItemPosition.BEFORE, "Deux", ["Un", "Trois", "Deux"]),
        (ItemPosition.AFTER, "Un", ["Un", "Trois", "Deux"]),
        (ItemPosition.AFTER, "Trois", ["Un", "Deux", "Trois"]),
    ],
)
def test_an_item_is_put_where_it_should_be(project, member, add, *, place, other, expected):
    items = {item.title: item for item in add("Un", "Deux", "Trois")}
    move_commands.place_item(member, project, seen(items["Trois"]), place, items.get(other))
    assert titles(project) == expected
    assert deeds(items["Trois"]) == [ItemEventKind.ADDED, ItemEventKind.ORDERED]


def test_a_neighbour_that_somebody_took_away_is_told(project, member, add, sprint):
    one, two = add("Un", "Deux")
    move_commands.move_items(member, project, [seen(two)], sprint)
    with pytest.raises(Conflict):
        move_commands.place_item(member, project, seen(one), ItemPosition.BEFORE, two)


def test_an_item_goes_through_its_states(project, member, add, sprint):
    (item,) = add("Un", to=sprint)
    for state, reason in (
        (ItemState.DOING, ""),
        (ItemState.BLOCKED, "Sans accès"),
        (ItemState.BLOCKED, "Toujours sans accès"),
        (ItemState.DOING, ""),
        (ItemState.TO_DO, ""),
        (ItemState.DONE, ""),
        (ItemState.DOING, ""),
        (ItemState.DONE, ""),
    ):
        state_commands.set_item_state(member, project, seen(item), state, reason)
        assert (item.state, item.block_reason) == (state, reason)
        assert (item.done_at is not None) == (state is ItemState.DONE)
    assert deeds(item)[1:] == [
        ItemEventKind.STARTED,
        ItemEventKind.BLOCKED,
        ItemEventKind.BLOCKED,
        ItemEventKind.UNBLOCKED,
        ItemEventKind.PUT_BACK,
        ItemEventKind.FINISHED,
        ItemEventKind.REOPENED,
        ItemEventKind.FINISHED,
    ]


def test_a_block_has_a_reason(project, member, add):
    (item,) = add("Un")
    with pytest.raises(RuleBroken) as refused:
        state_commands.set_item_state(member, project, seen(item), ItemState.BLOCKED)
    assert refused.value.field == "reason"


@pytest.mark.parametrize("state", [ItemState.DOING, ItemState.DONE])
def test_work_happens_in_the_active_sprint(project, member, add, state):
    planned = make.iteration_of(make.sprint(project))
    for to in (None, planned):
        (item,) = add("Un", to=to)
        with pytest.raises(RuleBroken) as refused:
            state_commands.set_item_state(member, project, seen(item), state)
        assert refused.value.field == "state"


def test_the_same_state_again_is_no_event(project, member, add, sprint):
    (item,) = add("Un", to=sprint)
    state_commands.set_item_state(member, project, seen(item), ItemState.TO_DO)
    assert deeds(item) == [ItemEventKind.ADDED]
