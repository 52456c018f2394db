"""What G9 to G11 ask: a second ethics review, an impact, an end. Pure."""

from portal.gates.beginnings import ACCEPTED, FRAMING, last_review
from portal.gates.evidence import Evidence, Metric, Part
from portal.gates.trials import sheet_of
from portal.gates.verdicts import Asked, Code, Result, first_lack, fullest, lacks, met, predicate

EXPOSURE = "exposure"
# Of the hand-over pack: what must be ready before somebody else can take the prototype.
HANDED_OVER = ("repository", "licence", "model_card", "data_sheet", "run_book", "cost", "owner")


@predicate(Part.REVIEWS)
def exposure_reviewed(evidence: Evidence, _asked: Asked) -> Result:
    review = last_review(evidence, EXPOSURE)
    if review is None:
        return lacks(Code.NO_EXPOSURE_REVIEW)
    return first_lack(
        (bool(review.outcome), Code.REVIEW_NOT_DECIDED),
        (review.outcome in ACCEPTED, Code.REVIEW_REFUSED),
        seen=[f"review/{review.number}"],
        number=review.number,
    )


@predicate(Part.REVIEWS, Part.VERSIONS)
def exposure_current(evidence: Evidence, _asked: Asked) -> Result:
    review, latest = last_review(evidence, EXPOSURE), evidence.latest_version
    if review is None:
        return lacks(Code.NO_EXPOSURE_REVIEW)
    version = latest.number if latest else 0
    return first_lack(
        (review.version == version, Code.REVIEW_OF_EARLIER_VERSION),
        seen=[f"review/{review.number}"],
        number=review.number,
        version=version,
    )


@predicate(Part.REVIEWS)
def conditions_closed(evidence: Evidence, _asked: Asked) -> Result:
    review = last_review(evidence, FRAMING)
    if review is None:
        return lacks(Code.NO_FRAMING_REVIEW)
    n = review.open_conditions
    seen = [f"review/{review.number}"]
    return first_lack((n == 0, Code.CONDITION_OPEN), seen=seen, n=n, number=review.number)


@predicate(Part.RISKS)
def no_high_residual_risk(evidence: Evidence, _asked: Asked) -> Result:
    high = [one.number for one in evidence.risks if one.is_high_now]
    return first_lack(
        (not high, Code.HIGH_RESIDUAL_RISK),
        seen=[f"risk/{number}" for number in high],
        n=len(high),
        number=high[0] if high else 0,
    )


@predicate(Part.METRICS)
def impact_measured(evidence: Evidence, _asked: Asked) -> Result:
    """Against a baseline, after its day, under the definition that the metric has now."""
    told = [_measured(metric) for metric in evidence.metrics if metric.baseline_on is not None]
    if not told:
        return lacks(Code.METRIC_WITHOUT_BASELINE if evidence.metrics else Code.NO_IMPACT_METRIC)
    return next((one for one in told if one.is_met), told[0])


def _measured(metric: Metric) -> Result:
    day = metric.baseline_on
    mine = [one for one in metric.measures if one.edition == metric.edition]
    best = fullest(
        mine,
        lambda one: day is not None and one.measured_on > day,
        lambda one: bool(one.sample_size),
        lambda one: one.has_method,
    )
    if best is None:
        return lacks(Code.NO_MEASUREMENT, f"metric/{metric.number}", number=metric.number)
    return first_lack(
        (day is not None and best.measured_on > day, Code.MEASUREMENT_BEFORE_BASELINE),
        (bool(best.sample_size), Code.MEASUREMENT_WITHOUT_N),
        (best.has_method, Code.MEASUREMENT_WITHOUT_METHOD),
        seen=[f"metric/{metric.number}"],
        number=metric.number,
        n=best.sample_size or 0,
    )


@predicate(Part.CHANGE)
def change_planned(evidence: Evidence, _asked: Asked) -> Result:
    lacking = evidence.plan_lacks
    if lacking is None:
        return lacks(Code.CHANGE_PLAN_MISSING)
    return first_lack((not lacking, Code.CHANGE_PLAN_INCOMPLETE), n=len(lacking))


@predicate(Part.PANELS)
def shown_to_panel(evidence: Evidence, _asked: Asked) -> Result:
    best = fullest(evidence.panels, lambda one: one.version is not None)
    if best is None:
        return lacks(Code.NO_PANEL)
    return first_lack(
        (best.version is not None, Code.NOTHING_SHOWN_LIVE),
        seen=[f"panel/{best.number}"],
        number=best.number,
    )


@predicate(Part.PANELS)
def criteria_judged(evidence: Evidence, _asked: Asked) -> Result:
    last = max(evidence.panels, key=lambda one: one.number, default=None)
    if last is None:
        return lacks(Code.NO_PANEL)
    return first_lack(
        (last.judged > 0 and bool(last.outcome), Code.NO_CRITERION_JUDGED),
        seen=[f"panel/{last.number}"],
        number=last.number,
        n=last.met,
        wanted=last.judged,
    )


@predicate(Part.SHEETS)
def handover_ready(evidence: Evidence, _asked: Asked) -> Result:
    sheet = sheet_of(evidence, "handover")
    if sheet is None:
        return lacks(Code.HANDOVER_MISSING)
    bare = [item for item in HANDED_OVER if item not in sheet.passed]
    if not bare:
        return met(f"sheet/{sheet.number}", number=sheet.number)
    seen = f"sheet/{sheet.number}"
    return lacks(Code.HANDOVER_INCOMPLETE, seen, number=sheet.number, n=len(bare))


PREDICATES = (
    exposure_reviewed,
    exposure_current,
    conditions_closed,
    no_high_residual_risk,
    impact_measured,
    change_planned,
    shown_to_panel,
    criteria_judged,
    handover_ready,
)
