"""Ranks: where an item goes, and that a move beside a gap changes no other item."""

import pytest

from portal.platform.kernel.database import db
from portal.sprints.backlog import forecast_rules, move_commands, rank_rules
from portal.sprints.backlog.order_commands import ItemPosition
from portal.sprints.backlog.rank_rules import GAP
from tests.sprints.backlog.conftest import seen


@pytest.mark.parametrize(
    ("place", "expected"), [(ItemPosition.BEFORE, GAP // 2), (ItemPosition.AFTER, 3 * GAP // 2)]
)
def test_a_move_beside_a_gap_changes_one_rank(project, member, add, place, expected):
    first, second, third, fourth = add("Un", "Deux", "Trois", "Quatre")
    ranks = [0, GAP, 2 * GAP]
    first.rank, second.rank, third.rank = ranks
    fourth.rank = 3 * GAP
    db.session.flush()
    move_commands.place_item(member, project, seen(fourth), place, second)
    db.session.refresh(fourth)
    assert fourth.rank == expected
    assert [item.rank for item in (first, second, third)] == ranks


@pytest.mark.parametrize(
    ("lower", "upper", "expected"),
    [(None, None, 0), (None, 5, 5 - GAP), (5, None, 5 + GAP), (0, 2, 1), (0, 1, None), (1, 1, None)],
)
def test_a_rank_lies_between_its_neighbours(lower, upper, expected):
    assert rank_rules.rank_between(lower, upper) == expected


def test_the_last_reachable_item_has_a_forecast_and_the_next_has_none():
    most = 2 * forecast_rules.HORIZON
    assert forecast_rules.forecast_sprint_count([2, 2, 2], most, 0.5) == forecast_rules.HORIZON
    with pytest.raises(forecast_rules.ForecastBeyondHorizon):
        forecast_rules.forecast_sprint_count([2, 2, 2], most + 1, 0.5)
