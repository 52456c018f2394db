"""Hypothesis strategies for results of tests."""

from hypothesis import strategies as st

of_some = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
confidences = st.floats(0.5, 0.999)
scores = st.lists(st.integers(0, 40).map(lambda n: n * 2.5), min_size=1, max_size=60)
ease = st.lists(st.integers(1, 7), min_size=1, max_size=60)
times = st.lists(st.floats(0.1, 36_000), min_size=1, max_size=60)
matrices = st.tuples(st.integers(1, 8), st.integers(1, 8)).flatmap(
    lambda size: st.lists(
        st.lists(st.booleans(), min_size=size[0], max_size=size[0]).filter(any), min_size=1, max_size=size[1]
    )
)
