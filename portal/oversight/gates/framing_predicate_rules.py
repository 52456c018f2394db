"""Predicates of G0 to G3: team, problem, data, ethics review of the framing. Pure."""

from collections.abc import Callable, Mapping

from portal.oversight.gates.evidence_rules import (
    Evidence,
    EvidencePart,
    KeyRoleHolder,
    ReviewEvidence,
    TeamAndCoachesEvidence,
)
from portal.oversight.gates.predicate_result_rules import (
    GateThresholds,
    Predicate,
    PredicateResult,
    PredicateSubject,
    UnmetCode,
    first_unmet,
    make_dated_predicate,
    make_threshold_predicate,
    met_when_none,
    predicate,
    unmet,
)

ACCEPTED = ("accepted", "accepted_with_conditions")
FRAMING = "framing"
PURPOSES_WRITTEN = "purposes_written"


def is_submitted(review: ReviewEvidence) -> bool:
    """Whether the team has submitted the review; until then it is not the reviewer's turn."""
    return 0 < review.questions <= review.answered


def _make_key_role_predicate(
    read: Callable[[TeamAndCoachesEvidence], KeyRoleHolder | None], missing: UnmetCode, away: UnmetCode
) -> Predicate:
    def check(evidence: Evidence, _thresholds: GateThresholds) -> PredicateResult:
        role = read(evidence.engagement)
        if role is None:
            return unmet(missing)
        return first_unmet((role.is_on_team, away), (role.has_share, UnmetCode.SHARE_OF_TIME_MISSING), n=1)

    return predicate(EvidencePart.ENGAGEMENT)(check)


@predicate(EvidencePart.ENGAGEMENT)
def _shares_of_time_declared(evidence: Evidence, _thresholds: GateThresholds) -> PredicateResult:
    engagement = evidence.engagement
    n = engagement.members - engagement.members_with_share
    holds = n == 0 and engagement.members > 0
    return first_unmet((holds, UnmetCode.SHARE_OF_TIME_MISSING), n=n)


@predicate(EvidencePart.ENGAGEMENT)
def _coach_on_every_track(evidence: Evidence, _thresholds: GateThresholds) -> PredicateResult:
    tracks = evidence.engagement.tracks
    uncoached = [key for key, coached in tracks.items() if not coached]
    holds = bool(tracks) and not uncoached
    references = [f"track/{key}" for key in uncoached]
    return first_unmet((holds, UnmetCode.COACH_MISSING), references=references, n=len(uncoached))


@predicate(EvidencePart.FRAMING)
def _target_group_sized(evidence: Evidence, _thresholds: GateThresholds) -> PredicateResult:
    groups = evidence.framing.groups
    sized = [group for group in groups if group.size]
    return first_unmet(
        (bool(groups), UnmetCode.NO_TARGET_GROUP),
        (bool(sized), UnmetCode.TARGET_GROUP_WITHOUT_SIZE),
        references=[f"group/{group.number}" for group in sized or groups],
    )


@predicate(EvidencePart.DATA)
def _purposes_written(evidence: Evidence, _thresholds: GateThresholds) -> PredicateResult:
    if not evidence.sources:
        return unmet(UnmetCode.NO_DATA_SOURCE)
    purposeless = [source.number for source in evidence.sources if not source.has_purpose]
    return met_when_none(UnmetCode.PURPOSE_MISSING, "source", purposeless)


def find_last_review(evidence: Evidence, kind: str) -> ReviewEvidence | None:
    """Return the latest review of a kind of questionnaire."""
    reviews = [review for review in evidence.reviewed.reviews if review.kind == kind]
    return max(reviews, key=lambda review: review.number, default=None)


_METRIC = PredicateSubject(
    part=EvidencePart.METRICS,
    kind="metric",
    rows=lambda evidence: evidence.metrics,
    checks={
        UnmetCode.METRIC_WITHOUT_BASELINE: lambda metric: metric.baseline_on is not None,
        UnmetCode.METRIC_WITHOUT_TARGET: lambda metric: metric.has_target,
    },
    missing=UnmetCode.NO_IMPACT_METRIC,
    token=lambda metric: str(metric.edition),
)
_SOURCE = PredicateSubject(
    part=EvidencePart.DATA,
    kind="source",
    rows=lambda evidence: evidence.sources,
    checks={
        UnmetCode.HOLDER_MISSING: lambda source: source.has_holder,
        UnmetCode.LEGAL_BASIS_MISSING: lambda source: source.has_legal_basis,
        UnmetCode.DPIA_NOT_SCREENED: lambda source: source.is_screened,
        UnmetCode.DATA_NOT_RECEIVED: lambda source: source.is_received,
        UnmetCode.SAMPLE_MISSING: lambda source: source.sample_rows,
        UnmetCode.SAMPLE_HASH_MISSING: lambda source: source.has_hash,
        UnmetCode.QUALITY_NOTE_MISSING: lambda source: source.has_quality_note,
    },
    missing=UnmetCode.NO_DATA_SOURCE,
    token=lambda source: source.value_token,
)
_REVIEW = PredicateSubject(
    part=EvidencePart.REVIEWS,
    kind="review",
    find=lambda evidence: find_last_review(evidence, FRAMING),
    checks={
        UnmetCode.REVIEW_INCOMPLETE: is_submitted,
        UnmetCode.LEVEL_NOT_COMPUTED: lambda review: review.has_level,
        UnmetCode.NO_REVIEWER: lambda review: review.is_reviewer_named or review.is_taken,
        UnmetCode.REVIEW_NOT_TAKEN: lambda review: review.is_taken,
        UnmetCode.REVIEWER_NOT_INDEPENDENT: lambda review: review.reviewer_independent,
        UnmetCode.REVIEW_NOT_DECIDED: lambda review: review.outcome,
        UnmetCode.REVIEW_REFUSED: lambda review: review.outcome in ACCEPTED,
    },
    missing=UnmetCode.NO_FRAMING_REVIEW,
    parameters=lambda review: {"n": review.answered, "wanted": review.questions},
)

FRAMING_PREDICATES: Mapping[str, Predicate] = {
    "agreement_signed": make_dated_predicate(
        EvidencePart.ENGAGEMENT, UnmetCode.AGREEMENT_MISSING, lambda evidence: evidence.engagement.agreed_on
    ),
    "team_size": make_threshold_predicate(
        "team_size",
        EvidencePart.ENGAGEMENT,
        UnmetCode.TOO_FEW_MEMBERS,
        lambda evidence: evidence.engagement.members,
    ),
    "sponsor": _make_key_role_predicate(
        lambda team: team.sponsor, UnmetCode.SPONSOR_MISSING, UnmetCode.SPONSOR_NOT_ON_TEAM
    ),
    "business_owner": _make_key_role_predicate(
        lambda team: team.business_owner,
        UnmetCode.BUSINESS_OWNER_MISSING,
        UnmetCode.BUSINESS_OWNER_NOT_ON_TEAM,
    ),
    "shares_of_time": _shares_of_time_declared,
    "coach_on_every_track": _coach_on_every_track,
    "coaching_begun": make_dated_predicate(
        EvidencePart.COACHING, UnmetCode.NO_COACHING_SESSION, lambda evidence: evidence.coached_on
    ),
    "problem_stated": predicate(EvidencePart.FRAMING)(
        lambda evidence, _: first_unmet((evidence.framing.problem, UnmetCode.PROBLEM_MISSING))
    ),
    "target_group_sized": _target_group_sized,
    "metric_aimed": _METRIC.make_predicate(),
    "assumptions_ranked": make_threshold_predicate(
        "assumptions_ranked",
        EvidencePart.FRAMING,
        UnmetCode.TOO_FEW_ASSUMPTIONS,
        lambda evidence: evidence.framing.assumptions,
    ),
    "interviews_logged": make_threshold_predicate(
        "interviews_logged",
        EvidencePart.FRAMING,
        UnmetCode.TOO_FEW_INTERVIEWS,
        lambda evidence: evidence.framing.interviews,
    ),
    "data_lawful": _SOURCE.make_predicate(
        UnmetCode.HOLDER_MISSING, UnmetCode.LEGAL_BASIS_MISSING, UnmetCode.DPIA_NOT_SCREENED
    ),
    "data_received": _SOURCE.make_predicate(UnmetCode.DATA_NOT_RECEIVED),
    "data_sampled": _SOURCE.make_predicate(UnmetCode.SAMPLE_MISSING, UnmetCode.SAMPLE_HASH_MISSING),
    "data_quality_noted": _SOURCE.make_predicate(UnmetCode.QUALITY_NOTE_MISSING),
    PURPOSES_WRITTEN: _purposes_written,
    "framing_answered": _REVIEW.make_predicate(UnmetCode.REVIEW_INCOMPLETE),
    "framing_level": _REVIEW.make_predicate(UnmetCode.LEVEL_NOT_COMPUTED),
    "framing_reviewer": _REVIEW.make_predicate(
        UnmetCode.NO_REVIEWER, UnmetCode.REVIEW_NOT_TAKEN, UnmetCode.REVIEWER_NOT_INDEPENDENT
    ),
    "high_risks_owned": predicate(EvidencePart.RISKS)(
        lambda evidence, _: met_when_none(
            UnmetCode.HIGH_RISK_WITHOUT_MITIGATION,
            "risk",
            [risk.number for risk in evidence.risks if risk.is_high_before and not risk.is_owned],
        )
    ),
    "framing_decided": _REVIEW.make_predicate(
        UnmetCode.REVIEW_INCOMPLETE, UnmetCode.REVIEW_NOT_DECIDED, UnmetCode.REVIEW_REFUSED
    ),
}
