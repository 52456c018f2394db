"""The ranking of a call, and how firm it is, in exact arithmetic.

Mean of a criterion = mean of the scores sent for it. Total = Σ weight × mean ÷ 5, from 0 to 100.
Equal totals share the better rank (1, 1, 3). All sums are brought to a common denominator, so that
ranks compare integers and never floats.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

SCORE_MAX = 5
WEIGHT_TOTAL = 100
DISPERSION = 3  # between the highest and the lowest score of a criterion
WEIGHT_FACTORS = (Fraction(4, 5), Fraction(6, 5))

JurorScores = Mapping[str, int]  # by key of the criterion
RankRange = tuple[int, int]  # lowest and highest number
Weights = Sequence[Fraction]


@dataclass(frozen=True)
class WeightedCriterion:
    """A criterion of a call: its weight in per cent, and the least mean that is asked, if any."""

    key: str
    weight: Fraction
    minimum: Fraction | None = None


@dataclass(frozen=True)
class ApplicationScoresToRank:
    """The scores sent for an application, by juror."""

    id: str
    scores: Mapping[str, JurorScores]


@dataclass(frozen=True)
class RankingLine:
    """The place of an application. `total` is None where a criterion has no score, and `rank`
    where fewer scores were sent than the call asks; then its ranges are None too."""

    id: str
    total: Fraction | None
    rank: int | None
    below: Sequence[str]
    dispersed: Sequence[str]
    by_jurors: RankRange | None = None
    by_weights: RankRange | None = None


@dataclass(frozen=True)
class _CriterionSums:
    """Per criterion, the sum of an application's scores and how many there are."""

    sums: tuple[int, ...]
    counts: tuple[int, ...]

    @property
    def is_complete(self) -> bool:
        return all(self.counts)

    def without_juror(self, scores: JurorScores, keys: Sequence[str]) -> "_CriterionSums":
        """The same without one juror's scores."""
        return _CriterionSums(
            tuple(total - scores.get(key, 0) for total, key in zip(self.sums, keys, strict=True)),
            tuple(count - (key in scores) for count, key in zip(self.counts, keys, strict=True)),
        )


def rank_applications(
    needed: int, criteria: Sequence[WeightedCriterion], applications: Sequence[ApplicationScoresToRank]
) -> Sequence[RankingLine]:
    """Rank the applications of a call; lines come in the order of `applications`."""
    keys = [criterion.key for criterion in criteria]
    sums = {each.id: _sum_scores(each, keys) for each in applications}
    ranked = {id_: each for id_, each in sums.items() if each.is_complete and min(each.counts) >= needed}
    weights = [criterion.weight for criterion in criteria]
    ranks = _compute_ranks(ranked, weights)
    by_jurors = _compute_rank_ranges(ranks, _rank_without_each_juror(ranked, weights, keys, applications))
    by_weights = _compute_rank_ranges(
        ranks, (_compute_ranks(ranked, other) for other in iterate_varied_weights(weights))
    )
    return [
        RankingLine(
            id=each.id,
            total=_compute_total(sums[each.id], weights),
            rank=ranks.get(each.id),
            below=_list_criteria_below_minimum(sums[each.id], criteria),
            dispersed=[key for key in keys if _is_dispersed(each, key)],
            by_jurors=by_jurors.get(each.id),
            by_weights=by_weights.get(each.id),
        )
        for each in applications
    ]


def _sum_scores(application: ApplicationScoresToRank, keys: Sequence[str]) -> _CriterionSums:
    values = [[s[key] for s in application.scores.values() if key in s] for key in keys]
    return _CriterionSums(tuple(map(sum, values)), tuple(map(len, values)))


def _compute_total(sums: _CriterionSums, weights: Weights) -> Fraction | None:
    if not sums.is_complete:
        return None
    means = zip(weights, sums.sums, sums.counts, strict=True)
    return sum((weight * total / count for weight, total, count in means), Fraction(0)) / SCORE_MAX


def compute_juror_total(scores: JurorScores, criteria: Sequence[WeightedCriterion]) -> Fraction | None:
    """The total of one juror's scores of an application; None where a criterion has no score."""
    if any(criterion.key not in scores for criterion in criteria):
        return None
    return sum((c.weight * scores[c.key] for c in criteria), Fraction(0)) / SCORE_MAX


def _list_criteria_below_minimum(
    sums: _CriterionSums, criteria: Sequence[WeightedCriterion]
) -> Sequence[str]:
    """The criteria whose mean is below their minimum."""
    means = zip(criteria, sums.sums, sums.counts, strict=True)
    return [
        criterion.key
        for criterion, total, count in means
        if criterion.minimum is not None and count and Fraction(total, count) < criterion.minimum
    ]


def _is_dispersed(application: ApplicationScoresToRank, key: str) -> bool:
    values = [scores[key] for scores in application.scores.values() if key in scores]
    return bool(values) and max(values) - min(values) >= DISPERSION


def _compute_ranks(sums: Mapping[str, _CriterionSums], weights: Weights) -> Mapping[str, int]:
    """The rank of each application; those without a score on a criterion are left out."""
    complete = {id_: each for id_, each in sums.items() if each.is_complete}
    scale = lcm(*(weight.denominator for weight in weights))
    common = lcm(*{count for each in complete.values() for count in each.counts})
    whole_weights = [int(weight * scale) for weight in weights]
    totals = {
        id_: sum(
            weight * total * (common // count)
            for weight, total, count in zip(whole_weights, each.sums, each.counts, strict=True)
        )
        for id_, each in complete.items()
    }
    ranks: dict[int, int] = {}
    for place, total in enumerate(sorted(totals.values(), reverse=True), start=1):
        ranks.setdefault(total, place)
    return {id_: ranks[total] for id_, total in totals.items()}


def _rank_without_each_juror(
    ranked: Mapping[str, _CriterionSums],
    weights: Weights,
    keys: Sequence[str],
    applications: Sequence[ApplicationScoresToRank],
) -> Iterator[Mapping[str, int]]:
    """The ranking without each juror in turn. Applications left with no score are out of it."""
    scores_by_juror: dict[str, dict[str, JurorScores]] = {}
    for each in applications:
        for juror, scores in each.scores.items():
            if each.id in ranked:
                scores_by_juror.setdefault(juror, {})[each.id] = scores
    for own_scores in scores_by_juror.values():
        changed = {id_: ranked[id_].without_juror(scores, keys) for id_, scores in own_scores.items()}
        yield _compute_ranks({**ranked, **changed}, weights)


def iterate_varied_weights(weights: Weights) -> Iterator[Weights]:
    """For each criterion, its weight × 0.8 and × 1.2 (at most 100), the others scaled to the rest.

    Nothing moves where the others sum to 0.
    """
    for n, weight in enumerate(weights):
        others = sum(weights) - weight
        if not others:
            continue
        for factor in WEIGHT_FACTORS:
            varied = min(weight * factor, Fraction(WEIGHT_TOTAL))
            share = (WEIGHT_TOTAL - varied) / others
            yield [varied if m == n else other * share for m, other in enumerate(weights)]


def _compute_rank_ranges(
    ranks: Mapping[str, int], others: Iterable[Mapping[str, int]]
) -> Mapping[str, RankRange]:
    """The lowest and the highest rank of each application in all rankings."""
    ranges = {id_: (rank, rank) for id_, rank in ranks.items()}
    for other in others:
        for id_, rank in other.items():
            lowest, highest = ranges[id_]
            ranges[id_] = min(lowest, rank), max(highest, rank)
    return ranges


def measure_severity_by_juror(
    criteria: Sequence[WeightedCriterion], applications: Sequence[ApplicationScoresToRank]
) -> Mapping[str, Fraction]:
    """How much each juror scores below (negative) or above the others, in points of the total.

    Mean over the applications that they scored of their own total minus the mean of the other jurors'
    totals, where there is one. Jurors without any such application are left out.
    """
    differences: dict[str, list[Fraction]] = {}
    for each in applications:
        totals = {juror: compute_juror_total(scores, criteria) for juror, scores in each.scores.items()}
        complete = {juror: total for juror, total in totals.items() if total is not None}
        for juror, total in complete.items():
            others = [other for name, other in complete.items() if name != juror]
            if others:
                mean = sum(others, Fraction(0)) / len(others)
                differences.setdefault(juror, []).append(total - mean)
    return {juror: sum(each, Fraction(0)) / len(each) for juror, each in differences.items()}


def round_half_up(value: Fraction, digits: int = 2) -> float:
    """A number of 0 or more rounded half up: 66.665 → 66.67."""
    scale = 10**digits
    return float(Fraction((2 * value * scale + 1) // 2, scale))


def list_ids_on_cutoff_line(lines: Sequence[RankingLine], places: int) -> Sequence[str]:
    """The ids of the applications on the line of places: some ranking gives them a place, and some
    none. Those that share the rank of the last place are on it too, where they are too many."""
    counts: dict[int, int] = {}
    for line in lines:
        if line.rank is not None:
            counts[line.rank] = counts.get(line.rank, 0) + 1
    return [line.id for line in lines if _is_on_cutoff_line(line, places, counts)]


def _is_on_cutoff_line(line: RankingLine, places: int, counts: Mapping[int, int]) -> bool:
    if line.rank is None:
        return False
    ranges = [each for each in (line.by_jurors, line.by_weights) if each is not None]
    best = min(low for low, _ in ranges)
    worst = max(high for _, high in ranges)
    last_of_rank = line.rank + counts[line.rank] - 1
    return best <= places < max(worst, last_of_rank)
