"""Figures of samples: what the portal computes from their mean and deviation."""

from collections.abc import Sequence

from portal.user_tests.statistics import comparison_rules, scale_rules
from portal.user_tests.statistics.comparison_rules import MeasuredChange
from portal.user_tests.statistics.duration_rules import compute_logarithms
from portal.user_tests.statistics.interval_rules import Mean, compute_spread
from portal.user_tests.statistics.scale_rules import SusResult


def sus(scores: Sequence[float]) -> SusResult | None:
    return scale_rules.sus_from_spread(compute_spread(scores))


def umux_lite(scores: Sequence[float]) -> Mean | None:
    return scale_rules.umux_lite_from_spread(compute_spread(scores))


def seq(answers: Sequence[int]) -> Mean | None:
    return scale_rules.seq_from_spread(compute_spread(answers))


def score_change(before: Sequence[float], after: Sequence[float]) -> MeasuredChange | None:
    return comparison_rules.score_change_from_spreads(compute_spread(before), compute_spread(after))


def time_change(before: Sequence[float], after: Sequence[float]) -> MeasuredChange | None:
    spreads = (compute_spread(compute_logarithms(seconds)) for seconds in (before, after))
    return comparison_rules.time_change_from_spreads(*spreads)
