"""What is known of several rounds: of their sessions, and of what retention left of others."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from portal.usability.interval import Mean
from portal.usability.scales import Sus
from portal.user_tests.live_sums import count_who_came, read_results_of
from portal.user_tests.models import Scale, TestRound
from portal.user_tests.results_queries import read_tallied
from portal.user_tests.sums import (
    RoundSums,
    TaskFigures,
    TaskSums,
    join_rounds,
    scale_figure,
    task_figures,
)


@dataclass(frozen=True)
class Known:
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


def read_known(
    rounds: Sequence[TestRound], tasks: Collection[UUID] | None = None
) -> Mapping[UUID, Known]:
    """Of rounds that the caller may see, by round; of some of their tasks alone, if given. In a
    constant number of queries."""
    live, kept = read_results_of(rounds, tasks), read_tallied([one.id for one in rounds])
    return {
        one: Known(
            join_rounds(now.sums, kept[one]) if one in kept else now.sums, now.times, one in kept
        )
        for one, now in live.items()
    }


def read_came(rounds: Sequence[TestRound]) -> Mapping[UUID, RoundSums]:
    """Who came to rounds that the caller may see, by round; without their tasks and scores."""
    kept, nobody = read_tallied([one.id for one in rounds]), RoundSums()
    return {
        one: join_rounds(now, kept.get(one, nobody)) for one, now in count_who_came(rounds).items()
    }
