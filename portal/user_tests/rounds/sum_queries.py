"""What is known of several rounds: of their sessions, and of what retention left of others."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from portal.user_tests.rounds.figure_queries import read_tallied_sums
from portal.user_tests.rounds.live_sum_queries import (
    count_participation,
    read_live_results_of_rounds,
)
from portal.user_tests.rounds.models import Scale, TestRound
from portal.user_tests.rounds.sum_rules import (
    RoundSums,
    TaskFigures,
    TaskSums,
    pool_round_sums,
    scale_figure,
    task_figures,
)
from portal.user_tests.statistics.interval_rules import Mean
from portal.user_tests.statistics.scale_rules import Sus


@dataclass(frozen=True)
class RoundResults:
    """What is known of a round. `times` are, by task, the seconds of those who managed alone, as
    long as their sessions are there; `is_purged`: some of it is all that is left of sessions."""

    sums: RoundSums
    times: Mapping[UUID, Sequence[int]]
    is_purged: bool

    def of_task(self, task_id: UUID) -> TaskFigures:
        sums = self.sums.tasks.get(task_id, TaskSums())
        return task_figures(sums, self.times.get(task_id, ()))

    def of_scale(self, scale: Scale) -> Sus | Mean | None:
        return scale_figure(scale, self.sums.scale)


def read_round_results(
    rounds: Sequence[TestRound], tasks: Collection[UUID] | None = None
) -> Mapping[UUID, RoundResults]:
    """Of rounds that the caller may see, by round; of some of their tasks alone, if given. In a
    constant number of queries."""
    live, tallied = (
        read_live_results_of_rounds(rounds, tasks),
        read_tallied_sums([round_.id for round_ in rounds]),
    )
    return {
        round_id: RoundResults(
            pool_round_sums(now.sums, tallied[round_id]) if round_id in tallied else now.sums,
            now.times,
            round_id in tallied,
        )
        for round_id, now in live.items()
    }


def read_participation(rounds: Sequence[TestRound]) -> Mapping[UUID, RoundSums]:
    """Who came to rounds that the caller may see, by round; without their tasks and scores."""
    tallied, nobody = read_tallied_sums([round_.id for round_ in rounds]), RoundSums()
    return {
        round_id: pool_round_sums(now, tallied.get(round_id, nobody))
        for round_id, now in count_participation(rounds).items()
    }
