"""The order of the day in which the fewest people leave the room."""

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from portal.selection.deliberation.agenda_rules import EXACT_MAX, count_leavings, order_agenda

absences = st.dictionaries(st.integers(0, 99), st.frozensets(st.sampled_from("abcd")), max_size=6)


@given(absences)
def test_no_other_order_has_fewer_leavings(absent):
    steps = order_agenda(absent)
    assert {step.item for step in steps} == absent.keys()
    leavings = sum(len(step.leaving) for step in steps)
    assert leavings == min(count_leavings(order) for order in permutations(absent.values()))


@given(st.lists(st.frozensets(st.sampled_from("abcdefgh")), min_size=EXACT_MAX + 1, max_size=20))
def test_a_long_agenda_is_no_worse_than_by_number(groups):
    absent = dict(enumerate(groups))
    steps = order_agenda(absent)
    assert sorted(step.item for step in steps) == sorted(absent)
    assert sum(len(step.leaving) for step in steps) <= count_leavings(groups)


def test_who_leaves_and_who_comes_back():
    absent = {1: frozenset("a"), 2: frozenset(), 3: frozenset("a"), 4: frozenset("ab")}
    steps = order_agenda(absent)
    assert [step.item for step in steps] == [1, 3, 4, 2]
    assert [step.leaving for step in steps] == [{"a"}, set(), {"b"}, set()]
    assert [step.returning for step in steps] == [set(), set(), set(), {"a", "b"}]
