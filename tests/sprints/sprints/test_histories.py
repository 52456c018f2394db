"""Random histories through the commands: snapshots agree with the figures of the events."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import PortalError
from portal.sprints.backlog import commands as items
from portal.sprints.backlog import flow_rules, move_commands, state_commands
from portal.sprints.backlog.commands import ItemFacts
from portal.sprints.backlog.flow_rules import ItemState
from portal.sprints.backlog.journal_commands import ItemAtVersion
from portal.sprints.backlog.models import Item, Snapshot, SnapshotMoment, SpillTarget
from portal.sprints.backlog.order_commands import ItemPosition
from portal.sprints.sprints import commands, queries
from portal.sprints.sprints.models import SprintOutcome
from tests.sprints.backlog.event_figures import count_finished, cycle_times, events_of, frame_of, snapshot_of
from tests.sprints.sprints.test_commands import LOG, PLAN
from tests.support import factories as make

BEGAN = clock.now() - timedelta(days=400)
ACTION_LABELS = ("add", "edit", "move", "place", "state", "split", "drop", "take_back", "start", "close")
steps = st.lists(
    st.tuples(st.sampled_from(ACTION_LABELS), st.integers(0, 99), st.integers(0, 99), st.integers(1, 3000)),
    min_size=12,
    max_size=40,
)


class Team:
    """Calls a command chosen by three numbers, and rolls back when it is refused."""

    def __init__(self) -> None:
        self.project = make.project()
        self.member = make.actor(make.role(self.project.id, Role.TEAM_MEMBER))
        self.at = BEGAN
        for n in range(3):
            first = date(2026, 3, 2) + timedelta(days=14 * n)
            plan = replace(PLAN, starts_on=first, ends_on=first + timedelta(days=11))
            commands.plan_sprint(self.member, self.project, plan)

    def do(self, deed: str, one: int, two: int, minutes: int) -> None:
        self.at += timedelta(minutes=minutes)
        with clock.frozen_at(self.at):
            try:
                getattr(self, f"_{deed}")(one, two)
            except PortalError:  # as `submit` does
                db.session.rollback()
            else:
                db.session.commit()

    def _seen(self, n: int) -> ItemAtVersion:
        mine = sa.select(Item).where(Item.project_id == self.project.id).order_by(Item.number)
        all_ = db.session.scalars(mine).all()
        if not all_:
            raise PortalError
        item = all_[n % len(all_)]
        return ItemAtVersion(item, item.version)

    def _target(self, n: int) -> object:
        sprints = queries.get_sprint_overview(self.member, self.project)
        open_ = [sprint for sprint in (sprints.active, *sprints.planned) if sprint]
        return make.iteration_of(open_[n % len(open_)]) if open_ and n % 5 else None

    def _add(self, one: int, two: int) -> None:
        texts = [ItemFacts(title="t", points=one % 9 or None)] * (two % 3 + 1)
        items.add_items(self.member, self.project, texts, self._target(two))

    def _edit(self, one: int, two: int) -> None:
        text = ItemFacts(title=f"t{two}", points=two % 14)
        items.edit_item(self.member, self.project, self._seen(one), text)

    def _move(self, one: int, two: int) -> None:
        move_commands.move_items(self.member, self.project, [self._seen(one)], self._target(two))

    def _place(self, one: int, two: int) -> None:
        place = list(ItemPosition)[two % 4]
        other = self._seen(two).item
        move_commands.place_item(self.member, self.project, self._seen(one), place, other)

    def _state(self, one: int, two: int) -> None:
        state = list(ItemState)[two % 4]
        state_commands.set_item_state(self.member, self.project, self._seen(one), state, "r")

    def _split(self, one: int, two: int) -> None:
        texts = [ItemFacts(title="p", points=two % 5)]
        items.split_item(self.member, self.project, self._seen(one), texts, two % 3)

    def _drop(self, one: int, _two: int) -> None:
        items.drop_item(self.member, self.project, self._seen(one))

    def _take_back(self, one: int, _two: int) -> None:
        items.take_back_item(self.member, self.project, self._seen(one))

    def _start(self, one: int, _two: int) -> None:
        planned = queries.find_next_planned_sprint(self.project)
        if planned and one % 3:
            commands.start_sprint(self.member, self.project, planned)

    def _close(self, one: int, two: int) -> None:
        active = queries.find_active_sprint(self.project)
        if active and one % 3:
            spills = {n: list(SpillTarget)[(n + two) % 3] for n in range(50)}
            log = replace(LOG, outcome=SprintOutcome.MET)
            commands.close_sprint(self.member, self.project, active, log, active.version, spills=spills)


def closed(team: Team) -> list[object]:
    return list(queries.get_sprint_overview(team.member, team.project).closed)


def figures_of(sprint) -> tuple[object, ...]:
    kept = snapshot_of(sprint, SnapshotMoment.CLOSE)
    return tuple(getattr(kept, column.key) for column in sa.inspect(Snapshot).column_attrs)


@pytest.mark.parametrize("house", ["sqlite", "postgresql"], indirect=True)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=steps)
def test_the_figures_hold_whatever_happens(app, told):
    team = Team()
    frozen: dict[object, tuple[object, ...]] = {}
    for step in told:
        team.do(*step)
        for sprint in closed(team):  # later events never change a closed sprint's figures
            assert frozen.setdefault(sprint.number, figures_of(sprint)) == figures_of(sprint)
    events = events_of(team.project)
    assert [event.number for event in events] == list(range(1, len(events) + 1))
    _items_stand_as_their_last_event(team, events)
    for sprint in closed(team):
        _kept_figures_are_those_of_the_events(sprint, events)
    db.session.remove()


def _items_stand_as_their_last_event(team: Team, events: list[flow_rules.ItemFlowEvent]) -> None:
    last = flow_rules.map_latest_events_by_item(events)
    mine = sa.select(Item).where(Item.project_id == team.project.id)
    for item in db.session.scalars(mine):
        stood = last[item.id]
        assert (item.iteration_id, item.state, item.points, item.gone_at is not None) == (
            stood.sprint,
            stood.state,
            stood.points,
            stood.is_dropped,
        )
    done = cycle_times(events)
    for item in db.session.scalars(mine.where(Item.gone_at.is_(None), Item.done_at.is_not(None))):
        assert item.done_at - item.started_at == done[item.id]


def _kept_figures_are_those_of_the_events(sprint, events: list[flow_rules.ItemFlowEvent]) -> None:
    frame = frame_of(sprint)
    kept = snapshot_of(sprint, SnapshotMoment.CLOSE)
    for measure, total, done, finished in (
        (flow_rules.measure_as_one_item, kept.items, kept.done_items, kept.finished_items),
        (flow_rules.measure_points, kept.points, kept.done_points, kept.finished_points),
    ):
        scope = flow_rules.list_scope_events(events, sprint.id, frame.close_number)
        assert total == sum(map(measure, scope))
        assert done == sum(measure(e) for e in scope if e.state is ItemState.DONE)
        assert finished == count_finished(events, frame, measure)
        days = [sprint.started_at + timedelta(hours=7 * n) for n in range(12)]
        points = flow_rules.compute_burndown(events, frame, [*days, sprint.closed_at], measure)
        assert all(point.remaining == point.scope - point.completed for point in points)
        assert (points[-1].scope, points[-1].completed) == (total, done)
