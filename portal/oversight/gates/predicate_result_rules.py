"""Result of a predicate: met or the reason why not, with references to the evidence. Pure. Codes
are stable: evaluations store them and exports contain them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TypeVar

from portal.oversight.gates.evidence_rules import Evidence, EvidencePart

Candidate = TypeVar("Candidate")
GateThresholds = Mapping[str, int]  # the numbers of a gate's definition


class UnmetCode(StrEnum):
    """Why a predicate is not met."""

    AGREEMENT_MISSING = "AGREEMENT_MISSING"
    TOO_FEW_MEMBERS = "TOO_FEW_MEMBERS"
    SPONSOR_MISSING = "SPONSOR_MISSING"
    SPONSOR_NOT_ON_TEAM = "SPONSOR_NOT_ON_TEAM"
    BUSINESS_OWNER_MISSING = "BUSINESS_OWNER_MISSING"
    BUSINESS_OWNER_NOT_ON_TEAM = "BUSINESS_OWNER_NOT_ON_TEAM"
    SHARE_OF_TIME_MISSING = "SHARE_OF_TIME_MISSING"
    COACH_MISSING = "COACH_MISSING"
    NO_COACHING_SESSION = "NO_COACHING_SESSION"
    PROBLEM_MISSING = "PROBLEM_MISSING"
    NO_TARGET_GROUP = "NO_TARGET_GROUP"
    TARGET_GROUP_WITHOUT_SIZE = "TARGET_GROUP_WITHOUT_SIZE"
    NO_IMPACT_METRIC = "NO_IMPACT_METRIC"
    METRIC_WITHOUT_BASELINE = "METRIC_WITHOUT_BASELINE"
    METRIC_WITHOUT_TARGET = "METRIC_WITHOUT_TARGET"
    TOO_FEW_ASSUMPTIONS = "TOO_FEW_ASSUMPTIONS"
    TOO_FEW_INTERVIEWS = "TOO_FEW_INTERVIEWS"
    NO_DATA_SOURCE = "NO_DATA_SOURCE"
    HOLDER_MISSING = "HOLDER_MISSING"
    LEGAL_BASIS_MISSING = "LEGAL_BASIS_MISSING"
    DPIA_NOT_SCREENED = "DPIA_NOT_SCREENED"
    DATA_NOT_RECEIVED = "DATA_NOT_RECEIVED"
    SAMPLE_MISSING = "SAMPLE_MISSING"
    SAMPLE_HASH_MISSING = "SAMPLE_HASH_MISSING"
    QUALITY_NOTE_MISSING = "QUALITY_NOTE_MISSING"
    PURPOSE_MISSING = "PURPOSE_MISSING"
    NO_FRAMING_REVIEW = "NO_FRAMING_REVIEW"
    REVIEW_INCOMPLETE = "REVIEW_INCOMPLETE"
    LEVEL_NOT_COMPUTED = "LEVEL_NOT_COMPUTED"
    NO_REVIEWER = "NO_REVIEWER"
    REVIEWER_NOT_INDEPENDENT = "REVIEWER_NOT_INDEPENDENT"
    HIGH_RISK_WITHOUT_MITIGATION = "HIGH_RISK_WITHOUT_MITIGATION"
    REVIEW_NOT_DECIDED = "REVIEW_NOT_DECIDED"
    REVIEW_REFUSED = "REVIEW_REFUSED"
    NO_PROTOCOL = "NO_PROTOCOL"
    NO_RUN = "NO_RUN"
    PROTOCOL_AFTER_RUN = "PROTOCOL_AFTER_RUN"
    NO_HELD_OUT_SET = "NO_HELD_OUT_SET"
    NO_BASELINE_RESULT = "NO_BASELINE_RESULT"
    BELOW_THRESHOLD = "BELOW_THRESHOLD"
    CODE_REFERENCE_MISSING = "CODE_REFERENCE_MISSING"
    DATA_HASH_MISSING = "DATA_HASH_MISSING"
    NO_VERSION = "NO_VERSION"
    VERSION_NOT_REACHABLE = "VERSION_NOT_REACHABLE"
    NOT_DEMONSTRATED = "NOT_DEMONSTRATED"
    SPRINT_NOT_CLOSED = "SPRINT_NOT_CLOSED"
    NOBODY_FROM_OUTSIDE = "NOBODY_FROM_OUTSIDE"
    NO_ROUND = "NO_ROUND"
    TOO_FEW_TARGET_USERS = "TOO_FEW_TARGET_USERS"
    CONSENT_MISSING = "CONSENT_MISSING"
    ACCESS_NOT_CONSIDERED = "ACCESS_NOT_CONSIDERED"
    NO_TASK_METRIC = "NO_TASK_METRIC"
    UNRATED_FINDING = "UNRATED_FINDING"
    TOO_FEW_ROUNDS = "TOO_FEW_ROUNDS"
    TOO_FEW_VERSIONS_TESTED = "TOO_FEW_VERSIONS_TESTED"
    SEVERITY_4_OPEN = "SEVERITY_4_OPEN"
    SEVERITY_3_OPEN = "SEVERITY_3_OPEN"
    PRIMARY_TASK_NOT_COMPARED = "PRIMARY_TASK_NOT_COMPARED"
    PRIMARY_TASK_WORSE = "PRIMARY_TASK_WORSE"
    NO_SUBGROUP_ANALYSIS = "NO_SUBGROUP_ANALYSIS"
    OVERRIDE_NOT_EXERCISED = "OVERRIDE_NOT_EXERCISED"
    OVERRIDE_FAILED = "OVERRIDE_FAILED"
    FALLBACK_NOT_EXERCISED = "FALLBACK_NOT_EXERCISED"
    FALLBACK_FAILED = "FALLBACK_FAILED"
    SECURITY_NOTE_MISSING = "SECURITY_NOTE_MISSING"
    ACCESSIBILITY_NOT_CHECKED = "ACCESSIBILITY_NOT_CHECKED"
    NO_EXPOSURE_REVIEW = "NO_EXPOSURE_REVIEW"
    REVIEW_OF_EARLIER_VERSION = "REVIEW_OF_EARLIER_VERSION"
    CONDITION_OPEN = "CONDITION_OPEN"
    HIGH_RESIDUAL_RISK = "HIGH_RESIDUAL_RISK"
    NO_MEASUREMENT = "NO_MEASUREMENT"
    MEASUREMENT_BEFORE_BASELINE = "MEASUREMENT_BEFORE_BASELINE"
    MEASUREMENT_WITHOUT_N = "MEASUREMENT_WITHOUT_N"
    MEASUREMENT_WITHOUT_METHOD = "MEASUREMENT_WITHOUT_METHOD"
    CHANGE_PLAN_MISSING = "CHANGE_PLAN_MISSING"
    CHANGE_PLAN_INCOMPLETE = "CHANGE_PLAN_INCOMPLETE"
    NO_PANEL = "NO_PANEL"
    NOTHING_SHOWN_LIVE = "NOTHING_SHOWN_LIVE"
    NO_CRITERION_JUDGED = "NO_CRITERION_JUDGED"
    HANDOVER_MISSING = "HANDOVER_MISSING"
    HANDOVER_INCOMPLETE = "HANDOVER_INCOMPLETE"


@dataclass(frozen=True)
class PredicateResult:
    """`code` None: the predicate is met. `parameters` fill the sentence of the code; `references`
    name the evidence, as in "round/2"."""

    predicate: str
    code: UnmetCode | None = None
    parameters: Mapping[str, int | str] = field(default_factory=dict)
    references: tuple[str, ...] = ()

    @property
    def is_met(self) -> bool:
        return self.code is None


Judge = Callable[[Evidence, GateThresholds], PredicateResult]


@dataclass(frozen=True)
class Predicate:
    """A condition of a gate, and the parts of the evidence that its `judge` reads."""

    key: str
    needs: frozenset[EvidencePart]
    judge: Judge


def predicate(*needs: EvidencePart) -> Callable[[Judge], Predicate]:
    """Decorator: make a `Predicate` of a function, whose name becomes the key."""

    def make(judge: Judge) -> Predicate:
        key = judge.__name__

        def named(evidence: Evidence, thresholds: GateThresholds) -> PredicateResult:
            return replace(judge(evidence, thresholds), predicate=key)

        return Predicate(key, frozenset(needs), named)

    return make


def met(*references: str, **parameters: int | str) -> PredicateResult:
    """Return a result without a reason; `predicate` fills the key."""
    return PredicateResult("", None, parameters, references)


def unmet(code: UnmetCode, *references: str, **parameters: int | str) -> PredicateResult:
    """Return a result with its reason; `predicate` fills the key."""
    return PredicateResult("", code, parameters, references)


def first_unmet(
    *checks: tuple[bool, UnmetCode], references: Iterable[str] = (), **parameters: int | str
) -> PredicateResult:
    """Return the result of the first (holds, code) that does not hold; met when all hold."""
    for holds, code in checks:
        if not holds:
            return unmet(code, *references, **parameters)
    return met(*references, **parameters)


def none_of(code: UnmetCode, kind: str, numbers: Sequence[int]) -> PredicateResult:
    """Return met if `numbers` is empty; else unmet, with references to the rows of that kind."""
    references = [f"{kind}/{number}" for number in numbers]
    number = numbers[0] if numbers else 0
    return first_unmet((not numbers, code), references=references, n=len(numbers), number=number)


def most_complete(
    candidates: Iterable[Candidate], *conditions: Callable[[Candidate], bool]
) -> Candidate | None:
    """Return the candidate that meets most conditions, the last on a tie; None without any."""
    best, most = None, -1
    for candidate in candidates:
        holds = sum(bool(condition(candidate)) for condition in conditions)
        if holds >= most:
            best, most = candidate, holds
    return best
