"""Applications spread over jurors: nobody in conflict, even loads, gaps only where nobody is left."""

from itertools import combinations, product

from hypothesis import given
from hypothesis import strategies as st

from portal.selection.jury.spread_rules import ApplicationToSpread, spread_jurors

JURORS = "abcde"
tasks_of = st.lists(
    st.tuples(st.frozensets(st.sampled_from(JURORS)), st.frozensets(st.sampled_from(JURORS), max_size=2)),
    max_size=6,
).map(
    lambda pairs: [
        ApplicationToSpread(n, barred, sorted(fixed - barred)) for n, (barred, fixed) in enumerate(pairs)
    ]
)
limits_of = st.fixed_dictionaries({juror: st.none() | st.integers(0, 4) for juror in JURORS})


@given(tasks_of, limits_of, st.integers(1, 3))
def test_conflicts_loads_and_needs_are_held(tasks, limits, needed):
    spread = spread_jurors(tasks, limits, needed)
    for task in tasks:
        jurors = spread.jurors[task.id]
        assert not jurors & set(task.barred)
        assert jurors >= set(task.fixed)
        assert len(jurors) <= max(needed, len(task.fixed))
        assert spread.gaps.get(task.id, 0) == max(0, needed - len(jurors))
    for juror, limit in limits.items():
        fixed = sum(juror in task.fixed for task in tasks)
        assert limit is None or spread.loads[juror] <= max(limit, fixed)
        assert spread.loads[juror] == sum(juror in jurors for jurors in spread.jurors.values())


small_tasks = st.lists(st.frozensets(st.sampled_from("abc")), min_size=1, max_size=4)


@given(small_tasks, st.fixed_dictionaries(dict.fromkeys("abc", st.integers(0, 3))))
def test_no_other_spread_has_fewer_gaps_or_evener_loads(barred, limits):
    tasks = [ApplicationToSpread(n, each) for n, each in enumerate(barred)]
    spread = spread_jurors(tasks, limits, 2)
    filled, squares = best(barred, limits)
    assert sum(spread.loads.values()) == filled
    assert sum(load**2 for load in spread.loads.values()) == squares


def best(barred, limits):
    """The most assignments, and the least sum of squared loads with so many, of all spreads."""
    choices = []
    for each in barred:
        free = [juror for juror in "abc" if juror not in each]
        choices.append([pair for size in range(3) for pair in combinations(free, size)])
    outcomes = []
    for spread in product(*choices):
        loads = [sum(juror in jurors for jurors in spread) for juror in "abc"]
        if all(load <= limits[juror] for load, juror in zip(loads, "abc", strict=True)):
            outcomes.append((-sum(loads), sum(load**2 for load in loads)))
    filled, squares = min(outcomes)
    return -filled, squares


def test_loads_differ_by_one_at_most_without_conflicts():
    spread = spread_jurors([ApplicationToSpread(n) for n in range(52)], dict.fromkeys(range(5)), 3)
    assert spread.gaps == {}
    assert sorted(spread.loads.values()) == [31, 31, 31, 31, 32]


def test_a_chain_of_moves_closes_a_gap():
    tasks = [ApplicationToSpread(1), ApplicationToSpread(2, barred="b")]
    spread = spread_jurors(tasks, {"a": 1, "b": 1}, 1)
    assert spread.jurors == {1: {"b"}, 2: {"a"}}
