from uuid import uuid4

import pytest
import sqlalchemy as sa

from portal.platform.kernel.access import Role
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import Conflict, RuleBroken, TooLate
from portal.sprints.backlog import commands, order_commands
from portal.sprints.backlog.commands import ITEMS_ADDED_MAX, ItemFacts
from portal.sprints.backlog.flow_rules import ItemState
from portal.sprints.backlog.journal_commands import ItemAtVersion
from portal.sprints.backlog.models import Item, ItemEvent, ItemEventKind, ItemKind
from tests.sprints.backlog.conftest import seen
from tests.support import factories as make
from tests.support.refusals import forbidden


def events(item: Item) -> list[ItemEvent]:
    mine = sa.select(ItemEvent).where(ItemEvent.item_id == item.id)
    return list(db.session.scalars(mine.order_by(ItemEvent.number)))


def titles(project) -> list[str]:
    ordered = sa.select(Item.title).where(Item.project_id == project.id)
    return list(db.session.scalars(ordered.order_by(Item.rank)))


def test_several_items_are_added_in_order_each_with_its_number_and_event(project, add):
    first, second, third = add("Un", "Deux", "Trois")
    assert [item.number for item in (first, second, third)] == [1, 2, 3]
    assert titles(project) == ["Un", "Deux", "Trois"]
    (told,) = events(second)
    assert (told.number, told.kind, told.state, told.is_dropped) == (
        2,
        ItemEventKind.ADDED,
        ItemState.TO_DO,
        False,
    )
    trail = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.scope_id == project.id)).all()
    assert [(line.action, line.facts) for line in trail] == [("item.added_several", {"number": 3})]


def test_items_are_added_to_an_open_sprint_and_to_no_other(project, member, add):
    active, closed = make.active_sprint(project), make.closed_sprint(project, number=2)
    (item,) = add("Un", to=make.iteration_of(active))
    assert item.iteration_id == active.id
    with pytest.raises(RuleBroken) as refused:
        add("Deux", to=make.iteration_of(closed))
    assert refused.value.field == "to"


@pytest.mark.parametrize(
    ("texts", "field"),
    [
        ([], "lines"),
        ([ItemFacts(title="a")] * (ITEMS_ADDED_MAX + 1), "lines"),
        ([ItemFacts(title="x" * 201)], "lines"),
        ([ItemFacts(title="a", assignee_id=uuid4())], "assignee_id"),
    ],
)
def test_what_does_not_hold_is_refused_beside_its_field(project, member, texts, field):
    with pytest.raises(RuleBroken) as refused:
        commands.add_items(member, project, texts)
    assert refused.value.field == field


def test_an_edit_is_an_event_and_a_line_of_the_trail_with_before_and_after(project, member, person, add):
    (item,) = add("Un", points=3)
    text = ItemFacts(title="Un, mieux dit", kind=ItemKind.DATA, points=5, assignee_id=person.id)
    commands.edit_item(member, project, seen(item), text)
    last = events(item)[-1]
    assert (last.kind, last.title, last.points) == (ItemEventKind.EDITED, "Un, mieux dit", 5)
    assert last.assignee_id == person.id
    trail = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.subject_id == item.id)).all()
    assert trail[-1].before["points"] == 3
    assert trail[-1].after["points"] == 5


def test_an_edit_that_changes_nothing_is_no_event(project, member, add):
    (item,) = add("Un")
    commands.edit_item(member, project, seen(item), ItemFacts(title="Un"))
    assert len(events(item)) == 1


def test_giving_an_item_is_an_event_and_a_line_of_the_trail_once(project, member, person, add):
    (item,) = add("Un")
    for _twice in range(2):  # the second time nothing changes
        commands.assign_item(member, project, seen(item), person.id)
    assert [event.kind for event in events(item)] == [ItemEventKind.ADDED, ItemEventKind.ASSIGNED]
    assert events(item)[-1].assignee_id == person.id
    trail = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.subject_id == item.id)).all()
    assert [line.action for line in trail] == ["item.added", "item.assigned"]
    assert trail[-1].facts == {"name": "Un"}
    assert trail[-1].before == {"assignee_id": None}
    assert trail[-1].after == {"assignee_id": str(person.id)}


def test_only_somebody_of_the_team_is_given_an_item(project, member, person, add):
    (item,) = add("Un")
    coach = make.role(project.id, Role.COACH)
    with pytest.raises(RuleBroken) as refused:
        commands.assign_item(member, project, seen(item), coach.id)
    assert refused.value.field == "assignee_id"
    commands.assign_item(member, project, seen(item), person.id)
    assert events(item)[-1].kind is ItemEventKind.ASSIGNED


def test_whoever_comes_second_is_told_and_changes_nothing(project, member, add):
    (item,) = add("Un")
    before = seen(item)
    commands.edit_item(member, project, before, ItemFacts(title="La première"))
    db.session.commit()
    for late in (
        lambda: commands.edit_item(member, project, before, ItemFacts(title="La seconde")),
        lambda: commands.drop_item(member, project, before),
        lambda: commands.split_item(member, project, before, [ItemFacts(title="b")], 1),
        lambda: commands.assign_item(member, project, before, None),
    ):
        with pytest.raises(Conflict):
            late()
    assert item.title == "La première"
    assert [event.kind for event in events(item)] == [ItemEventKind.ADDED, ItemEventKind.EDITED]


def test_parts_of_an_item_follow_it_at_once(project, member, add):
    one, _two = add("Un", "Deux", points=8)
    parts = [ItemFacts(title="Un bis", points=3), ItemFacts(title="Un ter")]
    made = commands.split_item(member, project, seen(one), parts, 5)
    assert {part.origin for part in made} == {f"/projects/{project.slug}/backlog/{one.number}"}
    assert titles(project) == ["Un", "Un bis", "Un ter", "Deux"]
    assert one.points == 5
    assert events(one)[-1].kind is ItemEventKind.SPLIT


def test_a_part_stays_in_the_sprint_of_the_whole(project, member, add):
    sprint = make.active_sprint(project)
    (item,) = add("Un", to=make.iteration_of(sprint))
    (part,) = commands.split_item(member, project, seen(item), [ItemFacts(title="b")], None)
    assert part.iteration_id == sprint.id


def test_what_is_dropped_stays_readable_and_may_be_taken_back_first(project, member, add):
    one, two = add("Un", "Deux")
    commands.drop_item(member, project, seen(two))
    assert events(two)[-1].is_dropped
    with pytest.raises(TooLate):
        commands.edit_item(member, project, seen(two), ItemFacts(title="x"))
    commands.take_back_item(member, project, seen(two))
    assert titles(project) == ["Deux", "Un"]
    assert not events(two)[-1].is_dropped
    with pytest.raises(TooLate):
        commands.take_back_item(member, project, seen(one))


@pytest.mark.parametrize("role", [Role.COACH, Role.ETHICS_REVIEWER, Role.PROGRAMME_LEAD])
def test_readers_change_nothing(project, add, role):
    (item,) = add("Un")
    reader = make.actor(make.holder(role, project))
    for deed in (
        lambda: commands.add_items(reader, project, [ItemFacts(title="a")]),
        lambda: commands.edit_item(reader, project, seen(item), ItemFacts(title="a")),
        lambda: commands.drop_item(reader, project, seen(item)),
    ):
        with forbidden():
            deed()


def test_a_place_is_found_where_neighbours_leave_no_room(project, member, add):
    one, two, three = add("Un", "Deux", "Trois")
    one.rank, two.rank, three.rank = 0, 1, 2
    db.session.flush()
    before = two.version
    order_commands.rank_item_beside(three, order_commands.ItemPosition.BEFORE, two)
    db.session.flush()
    assert titles(project) == ["Un", "Trois", "Deux"]
    assert two.version == before  # its rank was shifted, without a new version
    order_commands.rank_item_beside(two, order_commands.ItemPosition.AFTER, one)
    db.session.flush()
    assert titles(project) == ["Un", "Deux", "Trois"]


def test_the_events_cannot_be_changed_even_by_the_database(project, add):
    add("Un")
    for deed in ("UPDATE item_event SET title = 'x'", "DELETE FROM item_event"):
        with pytest.raises(sa.exc.DBAPIError, match="append-only"), db.session.begin_nested():
            db.session.execute(sa.text(deed))


def test_a_stale_copy_is_refused_by_its_version_alone(project, member, add):
    (item,) = add("Un")
    with pytest.raises(Conflict):
        commands.drop_item(member, project, ItemAtVersion(item, item.version + 1))
