"""Read the results of several rounds: of stored sessions, and of tallies of purged ones."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from portal.user_tests.rounds.figure_queries import read_tallied_sums
from portal.user_tests.rounds.live_sum_queries import (
    read_stored_participation_by_round,
    read_stored_session_sums_by_round,
)
from portal.user_tests.rounds.models import TestRound
from portal.user_tests.rounds.sum_rules import RoundResults, RoundSums, pool_round_sums


def read_results_by_round(
    rounds: Sequence[TestRound], tasks: Collection[UUID] | None = None
) -> Mapping[UUID, RoundResults]:
    """Read the results of rounds that the caller may see, by round id; of these `tasks` only, if
    given. In a constant number of statements."""
    live = read_stored_session_sums_by_round(rounds, tasks)
    tallied = read_tallied_sums([round_.id for round_ in rounds])
    return {
        round_id: RoundResults(
            pool_round_sums(current.sums, tallied[round_id]) if round_id in tallied else current.sums,
            current.times,
            round_id in tallied,
        )
        for round_id, current in live.items()
    }


def read_participation_by_round(rounds: Sequence[TestRound]) -> Mapping[UUID, RoundSums]:
    """Read who took part in rounds that the caller may see, by round id, without tasks and
    scores."""
    tallied, no_sums = read_tallied_sums([round_.id for round_ in rounds]), RoundSums()
    return {
        round_id: pool_round_sums(current, tallied.get(round_id, no_sums))
        for round_id, current in read_stored_participation_by_round(rounds).items()
    }
