"""Flow metrics of random event histories, and of one written by hand."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.sprints.backlog import flow_rules
from portal.sprints.backlog.flow_rules import ItemFlowEvent, ItemState, SprintEventRange
from tests.sprints.backlog.event_figures import count_finished, cycle_times

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
SPRINTS = [UUID(int=100 + n) for n in range(3)]
ITEMS = [UUID(int=n) for n in range(1, 9)]
MEASURES = [flow_rules.measure_points, flow_rules.measure_as_one_item]

happenings = st.lists(
    st.tuples(
        st.sampled_from(ITEMS),
        st.sampled_from([None, *SPRINTS]),
        st.sampled_from(ItemState),
        st.one_of(st.none(), st.integers(0, 13)),
        st.booleans(),
        st.integers(0, 3000),
    ),
    max_size=60,
)


def told(happened) -> list[ItemFlowEvent]:
    """Events in order, minutes apart."""
    at, events = MONDAY, []
    for number, (item, sprint, state, points, gone, minutes) in enumerate(happened, 1):
        at += timedelta(minutes=minutes)
        events.append(ItemFlowEvent(number, at, item, sprint, state, points, gone))
    return events


def moments(events: list[ItemFlowEvent]) -> list[datetime]:
    """Moments from before the first event to after the last one."""
    last = events[-1].at if events else MONDAY
    step = (last - MONDAY + timedelta(hours=2)) / 7
    return [MONDAY - timedelta(hours=1) + step * n for n in range(9)]


frames = st.tuples(st.sampled_from(SPRINTS), st.integers(0, 60), st.integers(0, 60))


@given(happenings, frames, st.sampled_from(MEASURES))
def test_remaining_is_scope_less_done_at_every_moment(happened, drawn, measure):
    events = told(happened)
    frame = SprintEventRange(drawn[0], min(drawn[1:]), max(drawn[1:]))
    points = flow_rules.compute_burndown(events, frame, moments(events), measure)
    for point in points:
        assert point.remaining == point.scope - point.completed
        assert 0 <= point.completed <= point.scope
        assert point.scope == points[0].scope + point.added - point.removed
    # At the end, the sums over events and over items agree.
    scope = flow_rules.list_scope_events(events, frame.sprint, frame.close_number)
    assert points[-1].scope == sum(map(measure, scope))
    assert points[-1].completed == sum(measure(e) for e in scope if e.state is ItemState.DONE)


@given(happenings, happenings, frames, st.sampled_from(MEASURES))
def test_what_happens_later_never_changes_a_closed_sprint(happened, later, drawn, measure):
    events = told([*happened, *later])
    frame = SprintEventRange(drawn[0], min(*drawn[1:], len(happened)), len(happened))
    at = moments(events)
    then = events[: len(happened)]
    assert flow_rules.compute_burndown(events, frame, at, measure) == flow_rules.compute_burndown(
        then, frame, at, measure
    )
    assert count_finished(events, frame, measure) == count_finished(then, frame, measure)


@given(happenings)
def test_no_cycle_time_is_negative_and_only_what_is_done_has_one(happened):
    events = told(happened)
    times = cycle_times(events)
    assert all(time >= timedelta(0) for time in times.values())
    done = {
        e.item
        for e in flow_rules.map_latest_events_by_item(events).values()
        if e.state is ItemState.DONE and not e.is_dropped
    }
    assert times.keys() == done


def one_sprint() -> tuple[list[ItemFlowEvent], SprintEventRange]:
    """Two items committed, one added, one re-estimated, one dropped; closed on Friday."""
    sprint = SPRINTS[0]
    day = timedelta(days=1)
    a, b, c = ITEMS[:3]
    events = [
        ItemFlowEvent(1, MONDAY, a, sprint, ItemState.TO_DO, 5),
        ItemFlowEvent(2, MONDAY, b, sprint, ItemState.TO_DO, 3),
        ItemFlowEvent(3, MONDAY + day, a, sprint, ItemState.DOING, 5),
        ItemFlowEvent(4, MONDAY + 2 * day, c, sprint, ItemState.TO_DO, 2),
        ItemFlowEvent(5, MONDAY + 2 * day, a, sprint, ItemState.DONE, 8),
        ItemFlowEvent(6, MONDAY + 3 * day, b, sprint, ItemState.TO_DO, 3, is_dropped=True),
        ItemFlowEvent(7, MONDAY + 9 * day, c, None, ItemState.TO_DO, 13),
    ]
    return events, SprintEventRange(sprint, start_number=2, close_number=6)


def test_a_burndown_told_by_hand():
    events, frame = one_sprint()
    days = [MONDAY + timedelta(days=n, hours=9) for n in range(5)]
    points = flow_rules.compute_burndown(events, frame, days, flow_rules.measure_points)
    assert [(p.scope, p.completed, p.remaining, p.added, p.removed) for p in points] == [
        (8, 0, 8, 0, 0),  # the start
        (8, 0, 8, 0, 0),
        (8, 0, 8, 0, 0),
        (13, 8, 5, 5, 0),  # two points added, three by a new estimate, eight done
        (10, 8, 2, 5, 3),  # three removed
        (10, 8, 2, 5, 3),
    ]
    assert count_finished(events, frame, flow_rules.measure_as_one_item) == 1
    assert cycle_times(events) == {ITEMS[0]: timedelta(days=1)}


def test_velocity_is_the_mean_and_range_of_the_last_five():
    assert flow_rules.compute_velocity([100, 4, 8, 6, 2, 5]) == flow_rules.Velocity(
        n=5, mean=5, least=2, most=8
    )
    assert flow_rules.compute_velocity([4, 8, 6]) == flow_rules.Velocity(n=3, mean=6, least=4, most=8)
    assert flow_rules.compute_velocity([4, 8]) is None


def test_median_days():
    assert flow_rules.compute_median_days([timedelta(days=1), timedelta(hours=36)]) == pytest.approx(1.25)
    assert flow_rules.compute_median_days([]) is None
