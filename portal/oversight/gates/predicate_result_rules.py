"""Predicates and their results: met or the reason why not, with references to the evidence. Pure.

Codes are stable: evaluations store them and exports contain them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any, Generic, TypeVar

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
    REVIEW_NOT_TAKEN = "REVIEW_NOT_TAKEN"
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


# Their references are the pieces that lack something, and none once all are settled.
LISTS_OF_LACKING_PIECES = frozenset(
    {
        UnmetCode.COACH_MISSING,
        UnmetCode.PURPOSE_MISSING,
        UnmetCode.HIGH_RISK_WITHOUT_MITIGATION,
        UnmetCode.SEVERITY_4_OPEN,
        UnmetCode.SEVERITY_3_OPEN,
        UnmetCode.HIGH_RESIDUAL_RISK,
    }
)


@dataclass(frozen=True)
class PredicateResult:
    """`code` None: the predicate is met. `parameters` fill the sentence of the code; `references`
    name the evidence, as in "round/2". `token` stands for what pages print of it where it is met: equal
    for equal values, "" where they print nothing but parameters."""

    predicate: str
    code: UnmetCode | None = None
    parameters: Mapping[str, int | str] = field(default_factory=dict)
    references: tuple[str, ...] = ()
    token: str = ""

    @property
    def is_met(self) -> bool:
        return self.code is None


Check = Callable[[Evidence, GateThresholds], PredicateResult]


@dataclass(frozen=True)
class Predicate:
    """A condition of a gate, and the parts of the evidence that its `check` reads."""

    needs: frozenset[EvidencePart]
    check: Check
    key: str = ""  # set by `predicate_rules.PREDICATES`

    def judge(self, evidence: Evidence, thresholds: GateThresholds) -> PredicateResult:
        """Return the result under the predicate's own key."""
        return replace(self.check(evidence, thresholds), predicate=self.key)


def predicate(*needs: EvidencePart) -> Callable[[Check], Predicate]:
    """Decorator: make a `Predicate` of a function."""
    return lambda check: Predicate(frozenset(needs), check)


def met(*references: str, **parameters: int | str) -> PredicateResult:
    """Return a result without a reason; `Predicate.judge` fills the key."""
    return PredicateResult("", None, parameters, references)


def unmet(code: UnmetCode, *references: str, **parameters: int | str) -> PredicateResult:
    """Return a result with its reason; `Predicate.judge` fills the key."""
    return PredicateResult("", code, parameters, references)


def first_unmet(
    *checks: tuple[bool, UnmetCode], references: Iterable[str] = (), **parameters: int | str
) -> PredicateResult:
    """Return the result of the first (holds, code) that does not hold; met when all hold."""
    for holds, code in checks:
        if not holds:
            return unmet(code, *references, **parameters)
    return met(*references, **parameters)


def with_proof_token_when_met(result: PredicateResult, token: str) -> PredicateResult:
    """Return the result with the token of the values that proved it; none where it is not met."""
    return replace(result, token=token) if result.is_met else result


def met_when_none(code: UnmetCode, kind: str, numbers: Sequence[int]) -> PredicateResult:
    """Return met if `numbers` is empty; else unmet, with references to the rows of that kind."""
    references = [f"{kind}/{number}" for number in numbers]
    number = numbers[0] if numbers else 0
    return first_unmet((not numbers, code), references=references, n=len(numbers), number=number)


def most_complete(
    candidates: Iterable[Candidate], *conditions: Callable[[Candidate], object]
) -> Candidate | None:
    """Return the candidate that meets most conditions, the last on a tie; None without any."""
    best, most = None, -1
    for candidate in candidates:
        holds = sum(bool(condition(candidate)) for condition in conditions)
        if holds >= most:
            best, most = candidate, holds
    return best


@dataclass(frozen=True, kw_only=True)
class PredicateSubject(Generic[Candidate]):
    """What predicates are checked on, all on the same row of the evidence: the one of `find`, by
    default the most complete of `rows` by all `checks`. Without a row, `missing` says why not.

    `kind` is that of its reference; `parameters` come beside its `number`; `token` is that of its values.
    """

    part: EvidencePart
    kind: str
    checks: Mapping[UnmetCode, Callable[[Candidate], object]]
    missing: UnmetCode
    rows: Callable[[Evidence], Iterable[Candidate]] = lambda _evidence: ()
    find: Callable[[Evidence], Candidate | None] | None = None
    parameters: Callable[[Candidate], Mapping[str, int | str]] = lambda _row: {}
    more_references: Callable[[Candidate], Sequence[str]] = lambda _row: ()
    token: Callable[[Candidate], str] = lambda _row: ""

    def make_predicate(self, *codes: UnmetCode) -> Predicate:
        """Return the predicate that the checks of these codes hold, all of them by default."""

        def check(evidence: Evidence, _thresholds: GateThresholds) -> PredicateResult:
            row: Any = (self.find or self._find_most_complete)(evidence)
            if row is None:
                return unmet(self.missing)
            result = first_unmet(
                *((bool(self.checks[code](row)), code) for code in codes or self.checks),
                references=[f"{self.kind}/{row.number}", *self.more_references(row)],
                **{"number": row.number, **self.parameters(row)},
            )
            return with_proof_token_when_met(result, self.token(row))

        return predicate(self.part)(check)

    def _find_most_complete(self, evidence: Evidence) -> Candidate | None:
        return most_complete(self.rows(evidence), *self.checks.values())


def make_dated_predicate(
    part: EvidencePart, code: UnmetCode, read: Callable[[Evidence], date | None]
) -> Predicate:
    """Return the predicate that something has a day."""

    def check(evidence: Evidence, _thresholds: GateThresholds) -> PredicateResult:
        day = read(evidence)
        return met(day=day.isoformat()) if day else unmet(code)

    return predicate(part)(check)


def make_threshold_predicate(
    threshold: str, part: EvidencePart, code: UnmetCode, count: Callable[[Evidence], int]
) -> Predicate:
    """Return the predicate that there are as many as a threshold of the gate says."""

    def check(evidence: Evidence, thresholds: GateThresholds) -> PredicateResult:
        n, minimum = count(evidence), thresholds[threshold]
        return first_unmet((n >= minimum, code), n=n, wanted=minimum)

    return predicate(part)(check)
