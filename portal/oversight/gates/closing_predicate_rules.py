"""Predicates of G9 to G11: exposure review, impact, change plan, panel, handover. Pure."""

from collections.abc import Mapping

from portal.oversight.gates.evidence_rules import Evidence, EvidencePart, MetricEvidence
from portal.oversight.gates.framing_predicate_rules import ACCEPTED, FRAMING, find_last_review, is_submitted
from portal.oversight.gates.predicate_result_rules import (
    GateThresholds,
    Predicate,
    PredicateResult,
    PredicateSubject,
    UnmetCode,
    first_unmet,
    met,
    met_when_none,
    most_complete,
    predicate,
    unmet,
)
from portal.oversight.gates.trial_predicate_rules import find_readiness_sheet

EXPOSURE = "exposure"
# Items of the handover sheet that must be ready before another service takes the prototype over.
HANDOVER_ITEMS = ("repository", "licence", "model_card", "data_sheet", "run_book", "cost", "owner")


@predicate(EvidencePart.REVIEWS, EvidencePart.VERSIONS)
def _exposure_current(evidence: Evidence, _thresholds: GateThresholds) -> PredicateResult:
    review, latest = find_last_review(evidence, EXPOSURE), evidence.latest_version
    if review is None:
        return unmet(UnmetCode.NO_EXPOSURE_REVIEW)
    version = latest.number if latest else 0
    return first_unmet(
        (review.version == version, UnmetCode.REVIEW_OF_EARLIER_VERSION),
        references=[f"review/{review.number}"],
        number=review.number,
        version=version,
    )


@predicate(EvidencePart.METRICS)
def _impact_measured(evidence: Evidence, _thresholds: GateThresholds) -> PredicateResult:
    """Met by a measure taken after the baseline, under the metric's present definition."""
    results = [_judge_metric_measure(metric) for metric in evidence.metrics if metric.baseline_on is not None]
    if not results:
        return unmet(UnmetCode.METRIC_WITHOUT_BASELINE if evidence.metrics else UnmetCode.NO_IMPACT_METRIC)
    return next((result for result in results if result.is_met), results[0])


def _judge_metric_measure(metric: MetricEvidence) -> PredicateResult:
    day = metric.baseline_on
    measures = [measure for measure in metric.measures if measure.edition == metric.edition]
    best = most_complete(
        measures,
        lambda measure: day is not None and measure.measured_on > day,
        lambda measure: bool(measure.sample_size),
        lambda measure: measure.has_method,
    )
    if best is None:
        return unmet(UnmetCode.NO_MEASUREMENT, f"metric/{metric.number}", number=metric.number)
    return first_unmet(
        (day is not None and best.measured_on > day, UnmetCode.MEASUREMENT_BEFORE_BASELINE),
        (bool(best.sample_size), UnmetCode.MEASUREMENT_WITHOUT_N),
        (best.has_method, UnmetCode.MEASUREMENT_WITHOUT_METHOD),
        references=[f"metric/{metric.number}"],
        number=metric.number,
        n=best.sample_size or 0,
    )


@predicate(EvidencePart.CHANGE)
def _change_planned(evidence: Evidence, _thresholds: GateThresholds) -> PredicateResult:
    empty_texts = evidence.plan_lacks
    if empty_texts is None:
        return unmet(UnmetCode.CHANGE_PLAN_MISSING)
    return first_unmet((not empty_texts, UnmetCode.CHANGE_PLAN_INCOMPLETE), n=len(empty_texts))


@predicate(EvidencePart.SHEETS)
def _handover_ready(evidence: Evidence, _thresholds: GateThresholds) -> PredicateResult:
    sheet = find_readiness_sheet(evidence, "handover")
    if sheet is None:
        return unmet(UnmetCode.HANDOVER_MISSING)
    reference = f"sheet/{sheet.number}"
    missing_items = [item for item in HANDOVER_ITEMS if item not in sheet.passed]
    if not missing_items:
        return met(reference, number=sheet.number)
    n = len(missing_items)
    return unmet(UnmetCode.HANDOVER_INCOMPLETE, reference, number=sheet.number, n=n)


CLOSING_PREDICATES: Mapping[str, Predicate] = {
    "exposure_reviewed": PredicateSubject(
        part=EvidencePart.REVIEWS,
        kind="review",
        find=lambda evidence: find_last_review(evidence, EXPOSURE),
        checks={
            UnmetCode.REVIEW_INCOMPLETE: is_submitted,
            UnmetCode.REVIEW_NOT_DECIDED: lambda review: review.outcome,
            UnmetCode.REVIEW_REFUSED: lambda review: review.outcome in ACCEPTED,
        },
        missing=UnmetCode.NO_EXPOSURE_REVIEW,
    ).make_predicate(),
    "exposure_current": _exposure_current,
    "conditions_closed": PredicateSubject(
        part=EvidencePart.REVIEWS,
        kind="review",
        find=lambda evidence: find_last_review(evidence, FRAMING),
        checks={UnmetCode.CONDITION_OPEN: lambda review: review.open_conditions == 0},
        missing=UnmetCode.NO_FRAMING_REVIEW,
        parameters=lambda review: {"n": review.open_conditions},
    ).make_predicate(),
    "no_high_residual_risk": predicate(EvidencePart.RISKS)(
        lambda evidence, _: met_when_none(
            UnmetCode.HIGH_RESIDUAL_RISK, "risk", [risk.number for risk in evidence.risks if risk.is_high_now]
        )
    ),
    "impact_measured": _impact_measured,
    "change_planned": _change_planned,
    "shown_to_panel": PredicateSubject(
        part=EvidencePart.PANELS,
        kind="panel",
        rows=lambda evidence: evidence.panels,
        checks={UnmetCode.NOTHING_SHOWN_LIVE: lambda panel: panel.version is not None},
        missing=UnmetCode.NO_PANEL,
    ).make_predicate(),
    "criteria_judged": PredicateSubject(
        part=EvidencePart.PANELS,
        kind="panel",
        find=lambda evidence: max(evidence.panels, key=lambda panel: panel.number, default=None),
        checks={UnmetCode.NO_CRITERION_JUDGED: lambda panel: panel.judged > 0 and panel.outcome},
        missing=UnmetCode.NO_PANEL,
        parameters=lambda panel: {"n": panel.met, "wanted": panel.judged},
    ).make_predicate(),
    "handover_ready": _handover_ready,
}
