"""The table of the timeline, where teams have different gates."""

from datetime import date
from types import SimpleNamespace
from uuid import uuid4

from portal.oversight.gates.forecast_rules import NO_STEPS
from portal.oversight.health.fact_rules import GateFacts, HealthFacts
from portal.oversight.health.state_rules import HealthSnapshot
from portal.oversight.portfolio import timeline_queries
from portal.platform.kernel import clock

START = date(2026, 1, 5)


class Team:
    """What the timeline reads of a team."""

    def __init__(self, *numbers: int) -> None:
        steps = tuple(GateFacts(number, f"g{number}", 10, START) for number in numbers)
        facts = HealthFacts(START, date(2026, 11, 5), state="stopped", steps=steps)
        self.project = SimpleNamespace(id=uuid4())
        self.state = HealthSnapshot(self.project.id, clock.now(), START, facts, ())


def test_columns_are_the_gates_of_all_teams_and_cells_are_found_by_number(app, programme):
    left_out, reordered = Team(0, 1, 3), Team(3, 0, 8)
    timeline = timeline_queries.build_timeline(programme, [left_out, reordered], NO_STEPS)
    assert timeline.numbers == [0, 1, 3, 8]
    first, second = timeline.lines
    assert [number in first.gates for number in timeline.numbers] == [True, True, True, False]
    assert [number in second.gates for number in timeline.numbers] == [True, False, True, True]
    assert second.gates[3].number == 3
