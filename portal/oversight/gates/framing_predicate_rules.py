"""Predicates of G0 to G3: team, problem, data, ethics review of the framing. Pure."""

from collections.abc import Callable

from portal.oversight.gates.evidence_rules import (
    DataSourceEvidence,
    Evidence,
    EvidencePart,
    KeyRole,
    ReviewEvidence,
)
from portal.oversight.gates.predicate_result_rules import (
    GateThresholds,
    PredicateResult,
    UnmetCode,
    first_unmet,
    met,
    most_complete,
    none_of,
    predicate,
    unmet,
)

ACCEPTED = ("accepted", "accepted_with_conditions")
FRAMING = "framing"


@predicate(EvidencePart.ENGAGEMENT)
def agreement_signed(evidence: Evidence, _thresholds: GateThresholds) -> PredicateResult:
    day = evidence.engagement.agreed_on
    return met(day=day.isoformat()) if day else unmet(UnmetCode.AGREEMENT_MISSING)


@predicate(EvidencePart.ENGAGEMENT)
def team_size(evidence: Evidence, thresholds: GateThresholds) -> PredicateResult:
    n, minimum = evidence.engagement.members, thresholds["team_size"]
    return first_unmet((n >= minimum, UnmetCode.TOO_FEW_MEMBERS), n=n, wanted=minimum)


@predicate(EvidencePart.ENGAGEMENT)
def sponsor(evidence: Evidence, _thresholds: GateThresholds) -> PredicateResult:
    codes = UnmetCode.SPONSOR_MISSING, UnmetCode.SPONSOR_NOT_ON_TEAM
    return _check_key_role(evidence.engagement.sponsor, *codes)


@predicate(EvidencePart.ENGAGEMENT)
def business_owner(evidence: Evidence, _thresholds: GateThresholds) -> PredicateResult:
    codes = UnmetCode.BUSINESS_OWNER_MISSING, UnmetCode.BUSINESS_OWNER_NOT_ON_TEAM
    return _check_key_role(evidence.engagement.business_owner, *codes)


def _check_key_role(role: KeyRole | None, missing: UnmetCode, away: UnmetCode) -> PredicateResult:
    if role is None:
        return unmet(missing)
    return first_unmet(
        (role.is_on_team, away), (role.has_share, UnmetCode.SHARE_OF_TIME_MISSING), n=1
    )


@predicate(EvidencePart.ENGAGEMENT)
def shares_of_time(evidence: Evidence, _thresholds: GateThresholds) -> PredicateResult:
    engagement = evidence.engagement
    n = engagement.members - engagement.members_with_share
    holds = n == 0 and engagement.members > 0
    return first_unmet((holds, UnmetCode.SHARE_OF_TIME_MISSING), n=n)


@predicate(EvidencePart.ENGAGEMENT)
def coach_on_every_track(evidence: Evidence, _thresholds: GateThresholds) -> PredicateResult:
    tracks = evidence.engagement.tracks
    uncoached = [key for key, coached in tracks.items() if not coached]
    holds = bool(tracks) and not uncoached
    references = [f"track/{key}" for key in uncoached]
    return first_unmet((holds, UnmetCode.COACH_MISSING), references=references, n=len(uncoached))


@predicate(EvidencePart.COACHING)
def coaching_begun(evidence: Evidence, _thresholds: GateThresholds) -> PredicateResult:
    day = evidence.coached_on
    return met(day=day.isoformat()) if day else unmet(UnmetCode.NO_COACHING_SESSION)


@predicate(EvidencePart.FRAMING)
def problem_stated(evidence: Evidence, _thresholds: GateThresholds) -> PredicateResult:
    return first_unmet((evidence.framing.problem, UnmetCode.PROBLEM_MISSING))


@predicate(EvidencePart.FRAMING)
def target_group_sized(evidence: Evidence, _thresholds: GateThresholds) -> PredicateResult:
    groups = evidence.framing.groups
    sized = [group for group in groups if group.size]
    return first_unmet(
        (bool(groups), UnmetCode.NO_TARGET_GROUP),
        (bool(sized), UnmetCode.TARGET_GROUP_WITHOUT_SIZE),
        references=[f"group/{group.number}" for group in sized or groups],
    )


@predicate(EvidencePart.METRICS)
def metric_aimed(evidence: Evidence, _thresholds: GateThresholds) -> PredicateResult:
    best = most_complete(
        evidence.metrics,
        lambda metric: metric.baseline_on is not None,
        lambda metric: metric.has_target,
    )
    if best is None:
        return unmet(UnmetCode.NO_IMPACT_METRIC)
    return first_unmet(
        (best.baseline_on is not None, UnmetCode.METRIC_WITHOUT_BASELINE),
        (best.has_target, UnmetCode.METRIC_WITHOUT_TARGET),
        references=[f"metric/{best.number}"],
        number=best.number,
    )


@predicate(EvidencePart.FRAMING)
def assumptions_ranked(evidence: Evidence, thresholds: GateThresholds) -> PredicateResult:
    n, minimum = evidence.framing.assumptions, thresholds["assumptions_ranked"]
    return first_unmet((n >= minimum, UnmetCode.TOO_FEW_ASSUMPTIONS), n=n, wanted=minimum)


@predicate(EvidencePart.FRAMING)
def interviews_logged(evidence: Evidence, thresholds: GateThresholds) -> PredicateResult:
    n, minimum = evidence.framing.interviews, thresholds["interviews_logged"]
    return first_unmet((n >= minimum, UnmetCode.TOO_FEW_INTERVIEWS), n=n, wanted=minimum)


def _most_complete_source(evidence: Evidence) -> DataSourceEvidence | None:
    """The source on which all predicates about data are checked."""
    return most_complete(
        evidence.sources,
        lambda source: source.has_holder,
        lambda source: source.has_legal_basis,
        lambda source: source.is_screened,
        lambda source: source.is_received,
        lambda source: bool(source.sample_rows),
        lambda source: source.has_hash,
        lambda source: source.has_quality_note,
    )


def _check_data_source(evidence: Evidence, *checks: tuple[str, UnmetCode]) -> PredicateResult:
    best = _most_complete_source(evidence)
    if best is None:
        return unmet(UnmetCode.NO_DATA_SOURCE)
    return first_unmet(
        *((bool(getattr(best, name)), code) for name, code in checks),
        references=[f"source/{best.number}"],
        number=best.number,
    )


@predicate(EvidencePart.DATA)
def data_lawful(evidence: Evidence, _thresholds: GateThresholds) -> PredicateResult:
    return _check_data_source(
        evidence,
        ("has_holder", UnmetCode.HOLDER_MISSING),
        ("has_legal_basis", UnmetCode.LEGAL_BASIS_MISSING),
        ("is_screened", UnmetCode.DPIA_NOT_SCREENED),
    )


@predicate(EvidencePart.DATA)
def data_received(evidence: Evidence, _thresholds: GateThresholds) -> PredicateResult:
    return _check_data_source(evidence, ("is_received", UnmetCode.DATA_NOT_RECEIVED))


@predicate(EvidencePart.DATA)
def data_sampled(evidence: Evidence, _thresholds: GateThresholds) -> PredicateResult:
    return _check_data_source(
        evidence,
        ("sample_rows", UnmetCode.SAMPLE_MISSING),
        ("has_hash", UnmetCode.SAMPLE_HASH_MISSING),
    )


@predicate(EvidencePart.DATA)
def data_quality_noted(evidence: Evidence, _thresholds: GateThresholds) -> PredicateResult:
    return _check_data_source(evidence, ("has_quality_note", UnmetCode.QUALITY_NOTE_MISSING))


@predicate(EvidencePart.DATA)
def purposes_written(evidence: Evidence, _thresholds: GateThresholds) -> PredicateResult:
    if not evidence.sources:
        return unmet(UnmetCode.NO_DATA_SOURCE)
    purposeless = [source.number for source in evidence.sources if not source.has_purpose]
    return none_of(UnmetCode.PURPOSE_MISSING, "source", purposeless)


def find_last_review(evidence: Evidence, kind: str) -> ReviewEvidence | None:
    """Return the latest review of a kind of questionnaire."""
    reviews = [review for review in evidence.reviewed.reviews if review.kind == kind]
    return max(reviews, key=lambda review: review.number, default=None)


ReviewCheck = tuple[Callable[[ReviewEvidence], object], UnmetCode]


def _check_framing_review(evidence: Evidence, *checks: ReviewCheck) -> PredicateResult:
    review = find_last_review(evidence, FRAMING)
    if review is None:
        return unmet(UnmetCode.NO_FRAMING_REVIEW)
    return first_unmet(
        *((bool(holds(review)), code) for holds, code in checks),
        references=[f"review/{review.number}"],
        number=review.number,
        n=review.answered,
        wanted=review.questions,
    )


@predicate(EvidencePart.REVIEWS)
def framing_answered(evidence: Evidence, _thresholds: GateThresholds) -> PredicateResult:
    check = (lambda review: 0 < review.questions <= review.answered, UnmetCode.REVIEW_INCOMPLETE)
    return _check_framing_review(evidence, check)


@predicate(EvidencePart.REVIEWS)
def framing_level(evidence: Evidence, _thresholds: GateThresholds) -> PredicateResult:
    check = (lambda review: review.has_level, UnmetCode.LEVEL_NOT_COMPUTED)
    return _check_framing_review(evidence, check)


@predicate(EvidencePart.REVIEWS)
def framing_reviewer(evidence: Evidence, _thresholds: GateThresholds) -> PredicateResult:
    return _check_framing_review(
        evidence,
        (lambda review: review.reviewer_independent is not None, UnmetCode.NO_REVIEWER),
        (lambda review: review.reviewer_independent, UnmetCode.REVIEWER_NOT_INDEPENDENT),
    )


@predicate(EvidencePart.RISKS)
def high_risks_owned(evidence: Evidence, _thresholds: GateThresholds) -> PredicateResult:
    unowned = [risk.number for risk in evidence.risks if risk.is_high_before and not risk.is_owned]
    return none_of(UnmetCode.HIGH_RISK_WITHOUT_MITIGATION, "risk", unowned)


@predicate(EvidencePart.REVIEWS)
def framing_decided(evidence: Evidence, _thresholds: GateThresholds) -> PredicateResult:
    return _check_framing_review(
        evidence,
        (lambda review: review.outcome, UnmetCode.REVIEW_NOT_DECIDED),
        (lambda review: review.outcome in ACCEPTED, UnmetCode.REVIEW_REFUSED),
    )
