"""How far two observers agree. Pure.

Two questions, two figures:

- **They judged the same things** (how each task of a session ended, how severe each finding is):
  Cohen’s kappa, which leaves out what chance alone would make them agree on. For grades in an
  order, as severities, the weighted one: 1 and 2 are closer than 1 and 4.
- **Each made a list of their own** (the problems they saw in the same sessions): any-two
  agreement. Kappa needs the things on which both said no, and nobody knows the problems that
  nobody saw."""

import math
from collections import Counter
from collections.abc import Hashable, Sequence, Set
from dataclasses import dataclass

from portal.user_tests.statistics.completion_rules import adjusted_wald
from portal.user_tests.statistics.interval_rules import Interval
from portal.user_tests.statistics.quantile_rules import CONFIDENCE, two_sided


@dataclass(frozen=True)
class JudgementAgreement:
    """`same` of `n` things were judged alike, with the adjusted Wald interval of that share.

    `kappa` is -1 to 1: 0 is chance, 1 is full agreement. It has no value where both gave one and
    the same answer throughout: chance would have done as well.
    """

    same: int
    n: int
    interval: Interval
    kappa: float | None
    kappa_interval: Interval | None


@dataclass(frozen=True)
class ProblemListAgreement:
    """`shared` of `n` problems stand in both lists, with the adjusted Wald interval of that
    share."""

    shared: int
    n: int
    interval: Interval

    @property
    def any_two(self) -> float:
        return self.shared / self.n


def any_two_agreement(
    first: Set[Hashable], other: Set[Hashable], *, confidence: float = CONFIDENCE
) -> ProblemListAgreement | None:
    """|A and B| / |A or B| of two lists of problems, 0 to 1; None when both are empty.

    Hertzum & Jacobsen, *The evaluator effect*, International Journal of Human-Computer
    Interaction, 2001; it is Jaccard’s index.
    """
    n, shared = len(first | other), len(first & other)
    if not n:
        return None
    return ProblemListAgreement(shared, n, adjusted_wald(shared, n, confidence=confidence))


def judgement_agreement(
    pairs: Sequence[tuple[Hashable, Hashable]], *, confidence: float = CONFIDENCE
) -> JudgementAgreement | None:
    """Two observers’ answers on the same things, in no order; None for no thing.

    κ = (pₒ - pₑ) / (1 - pₑ), of the share on which they agree and the share on which chance
    would (Cohen, *A coefficient of agreement for nominal scales*, 1960), ± z √(pₒ (1 - pₒ) / n)
    / (1 - pₑ).
    """
    n = len(pairs)
    if not n:
        return None
    same = sum(first == other for first, other in pairs)
    kappa, within = None, None
    firsts, seconds = (Counter(side) for side in zip(*pairs, strict=True))
    chance = sum(firsts[answer] * seconds[answer] for answer in firsts)
    if chance < n * n:
        share, left = same / n, 1 - chance / (n * n)
        kappa = (same * n - chance) / (n * n - chance)
        half = two_sided(confidence) * math.sqrt(share * (1 - share) / n) / left
        within = Interval(kappa - half, kappa + half).clip(-1, 1)
    return JudgementAgreement(same, n, adjusted_wald(same, n, confidence=confidence), kappa, within)


def weighted_kappa(pairs: Sequence[tuple[int, int]]) -> float | None:
    """Of grades in an order, with weights that grow with their distance (linear), -1 to 1.

    1 - Σ|a - b| of the pairs / the same by chance (Cohen, *Weighted kappa*, 1968). None for no
    pair, or where both gave one and the same grade throughout.
    """
    firsts, seconds = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    by_chance = sum(
        times * count * abs(a - b) for a, times in firsts.items() for b, count in seconds.items()
    )
    if not by_chance:
        return None
    return 1 - len(pairs) * sum(abs(a - b) for a, b in pairs) / by_chance
