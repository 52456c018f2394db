"""Geometry of the ranking: for each line, its rank and its ranges, in per cent of the width."""

from dataclasses import dataclass

from portal.selection.ranking.queries import RankedApplication, RankingPage


@dataclass(frozen=True)
class RankRangeBar:
    """Where a line of the ranking stands: its rank, and from where to where it goes."""

    at: float
    by_jurors: tuple[float, float]
    by_weights: tuple[float, float]


def compute_rank_bar(line: RankedApplication, ranked: int) -> RankRangeBar | None:
    """The bar of a ranked application among so many; None for one that is not ranked."""
    if line.rank is None or line.by_jurors is None or line.by_weights is None:
        return None
    first, last = line.by_jurors, line.by_weights
    return RankRangeBar(
        _middle_of_rank(line.rank, ranked),
        (_middle_of_rank(first[0], ranked), _middle_of_rank(first[1], ranked)),
        (_middle_of_rank(last[0], ranked), _middle_of_rank(last[1], ranked)),
    )


def _middle_of_rank(rank: int, ranked: int) -> float:
    return round(100 * (rank - 0.5) / max(1, ranked), 2)


def compute_cutoff_line_position(places: int, page: RankingPage) -> float | None:
    """Where the line of places stands; None where every ranked application has one."""
    return None if places >= page.ranked else round(100 * places / page.ranked, 2)
