"""The simulation against exact probabilities, by convolution of the history's distribution."""

import json
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.sprints.backlog import forecast_rules

VECTORS = json.loads((Path(__file__).parent / "data" / "forecast_vectors.json").read_text())
TOLERANCE = 0.015  # of a probability, at ten thousand runs


def exactly(history: Sequence[int], sprints: int) -> dict[int, float]:
    """The probability of each total after so many sprints."""
    chances = {0: 1.0}
    for _ in range(sprints):
        after: dict[int, float] = defaultdict(float)
        for total, chance in chances.items():
            for done in history:
                after[total + done] += chance / len(history)
        chances = after
    return chances


def reaches(history: Sequence[int], items: int, sprints: int) -> float:
    return sum(p for total, p in exactly(history, sprints).items() if total >= items)


def forecast_items(history: Sequence[int], sprints: int, confidence: float) -> int:
    """How many items the simulation has done after so many sprints, with that confidence."""
    if not sprints:
        return 0
    segment, place = divmod(sprints - 1, forecast_rules.SEGMENT_SPRINTS)
    simulated = forecast_rules._simulate_segment(tuple(history), segment)
    return simulated.items_reached(confidence)[place]


def named(vector: dict) -> str:
    size = f"{vector['periods']}-sprints" if "periods" in vector else f"{vector['items']}-items"
    return "".join(map(str, vector["history"])) + "-" + size


@pytest.mark.parametrize("vector", [v for v in VECTORS["vectors"] if "how_many" in v], ids=named)
@pytest.mark.parametrize("confidence", ["50", "70", "85", "95"])
def test_how_many_items(vector, confidence):
    history, sprints, wanted = vector["history"], vector["periods"], int(confidence) / 100
    found = forecast_items(history, sprints, wanted)
    if found != vector["how_many"][confidence]:  # only when the probability is within the tolerance
        assert (
            abs(reaches(history, max(found, vector["how_many"][confidence]), sprints) - wanted) <= TOLERANCE
        )


@pytest.mark.parametrize("vector", [v for v in VECTORS["vectors"] if "when_periods" in v], ids=named)
@pytest.mark.parametrize("confidence", ["50", "70", "85", "95"])
def test_how_many_sprints(vector, confidence):
    history, items, wanted = vector["history"], vector["items"], int(confidence) / 100
    found = forecast_rules.forecast_sprint_count(history, items, wanted)
    if found != vector["when_periods"][confidence]:
        assert (
            abs(reaches(history, items, min(found, vector["when_periods"][confidence])) - wanted) <= TOLERANCE
        )


@pytest.mark.parametrize("vector", [v for v in VECTORS["vectors"] if "p_done_by" in v], ids=named)
def test_the_runs_agree_with_every_probability(vector):
    for sprints, chance in vector["p_done_by"].items():
        reached = sum(
            forecast_items(vector["history"], int(sprints), part / 100) >= vector["items"]
            for part in range(1, 101)
        )
        seen = 0 if reached == 0 else 1 if reached == 100 else (reached + 0.5) / 100
        assert seen == pytest.approx(chance, abs=TOLERANCE)


def walked(history: Sequence[int]) -> list[int]:
    return [forecast_items(history, sprints, part / 100) for sprints in (1, 8, 9, 40) for part in range(101)]


def test_the_same_history_gives_the_same_answer():
    forecast_rules._simulate_segment.cache_clear()
    first = walked([3, 5, 2])
    forecast_rules._simulate_segment.cache_clear()
    assert forecast_items([3, 5, 2], 40, 0.5) == first[3 * 101 + 50]  # in any order
    assert walked([3, 5, 2]) == first


@settings(deadline=None, max_examples=30)
@given(st.lists(st.integers(0, 9), min_size=3, max_size=6), st.integers(1, 60), st.sampled_from([0.5, 0.85]))
def test_both_questions_have_one_answer(history, items, confidence):
    """`forecast_sprint_count` is the first sprint after which `forecast_items` reaches so many."""
    try:
        needed = forecast_rules.forecast_sprint_count(history, items, confidence)
    except forecast_rules.ForecastBeyondHorizon:
        assert forecast_items(history, forecast_rules.HORIZON, confidence) < items
        return
    assert forecast_items(history, needed, confidence) >= items
    assert forecast_items(history, needed - 1, confidence) < items


def test_an_item_more_draws_nothing_more(monkeypatch):
    history = [40, 60, 55, 70, 65]
    forecast_rules.forecast_sprint_count(history, 4000, 0.85)
    monkeypatch.setattr(forecast_rules, "Random", None)  # a draw would fail
    assert forecast_rules.forecast_sprint_count(history, 4001, 0.5) <= forecast_rules.forecast_sprint_count(
        history, 4001, 0.85
    )
    assert forecast_rules.forecast_sprint_count(history, 3900, 0.85) < forecast_rules.HORIZON


def test_what_no_run_may_reach_is_told_without_a_run(monkeypatch):
    monkeypatch.setattr(forecast_rules, "Random", None)
    with pytest.raises(forecast_rules.ForecastBeyondHorizon):
        forecast_rules.forecast_sprint_count([7, 11, 13], 10_000, 0.5)


def test_nothing_left_needs_no_sprint():
    assert forecast_rules.forecast_sprint_count([1, 2, 3], 0, 0.85) == 0


def test_two_sprints_are_no_history():
    with pytest.raises(forecast_rules.TooShortHistory):
        forecast_rules.forecast_sprint_count([4, 5], 3, 0.5)


def test_a_team_that_finishes_nothing_has_no_end_in_sight():
    with pytest.raises(forecast_rules.ForecastBeyondHorizon):
        forecast_rules.forecast_sprint_count([0, 0, 0], 1, 0.5)
    with pytest.raises(forecast_rules.ForecastBeyondHorizon):
        forecast_rules.forecast_sprint_count([0, 0, 1], 5000, 0.5)
