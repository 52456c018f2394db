"""How far two observers agree on the problems that they saw. Pure.

Each observer makes a list of problems of their own, so the figure is the any-two agreement. Cohen's
kappa does not apply: it counts the problems that neither observer saw, and nobody knows these.
"""

from collections.abc import Hashable, Set
from dataclasses import dataclass

from portal.user_tests.statistics.completion_rules import adjusted_wald
from portal.user_tests.statistics.interval_rules import Interval
from portal.user_tests.statistics.quantile_rules import CONFIDENCE


@dataclass(frozen=True)
class ProblemListAgreement:
    """`shared` of `n` problems stand in both lists, with the adjusted Wald interval of that
    share."""

    shared: int
    n: int
    interval: Interval


def compute_problem_list_agreement(
    first: Set[Hashable], other: Set[Hashable], *, confidence: float = CONFIDENCE
) -> ProblemListAgreement | None:
    """Return |A and B| / |A or B| of two lists of problems; None when both are empty.

    Hertzum & Jacobsen, *The evaluator effect*, International Journal of Human-Computer
    Interaction, 2001; it is Jaccard’s index.
    """
    n, shared = len(first | other), len(first & other)
    if not n:
        return None
    return ProblemListAgreement(shared, n, adjusted_wald(shared, n, confidence=confidence))
