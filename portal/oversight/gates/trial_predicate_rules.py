"""Predicates of G5 to G8: versions, demonstrations, user tests, readiness sheets. Pure."""

from portal.oversight.gates.evidence_rules import (
    Evidence,
    EvidencePart,
    RoundEvidence,
    SheetEvidence,
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
from portal.user_tests.statistics.comparison_rules import ChangeVerdict, completion_change
from portal.user_tests.statistics.completion_rules import completion


@predicate(EvidencePart.VERSIONS)
def version_reachable(evidence: Evidence, _thresholds: GateThresholds) -> PredicateResult:
    version = most_complete(evidence.versions, lambda candidate: candidate.is_reachable)
    if version is None:
        return unmet(UnmetCode.NO_VERSION)
    references = [f"version/{version.number}"]
    checks = (version.is_reachable, UnmetCode.VERSION_NOT_REACHABLE)
    return first_unmet(checks, references=references, number=version.number)


@predicate(EvidencePart.DEMONSTRATIONS)
def version_shown(evidence: Evidence, _thresholds: GateThresholds) -> PredicateResult:
    demonstrations = [
        demonstration
        for demonstration in evidence.demonstrations
        if demonstration.version is not None
    ]
    best = most_complete(
        demonstrations,
        lambda demonstration: demonstration.sprint_closed,
        lambda demonstration: demonstration.outside > 0,
    )
    if best is None:
        return unmet(UnmetCode.NOT_DEMONSTRATED)
    return first_unmet(
        (best.sprint_closed, UnmetCode.SPRINT_NOT_CLOSED),
        (best.outside > 0, UnmetCode.NOBODY_FROM_OUTSIDE),
        references=[f"demonstration/{best.number}", f"version/{best.version}"],
        number=best.number,
        sprint=best.sprint,
        n=best.outside,
    )


def _count_largest_group(round_: RoundEvidence) -> int:
    """How many participants came from the best represented target group."""
    return max(round_.groups.values(), default=0)


def _list_unrated(evidence: Evidence, round_: RoundEvidence) -> list[int]:
    findings = [finding for finding in evidence.findings if finding.round == round_.number]
    return [finding.number for finding in findings if finding.severity is None and finding.is_open]


def find_tested_round(evidence: Evidence, minimum: int) -> RoundEvidence | None:
    """Return the round on which all predicates about a test are checked, None without rounds. The
    round that meets most conditions, with at least `minimum` participants of one target group."""
    return most_complete(
        sorted(evidence.rounds, key=lambda round_: (round_.version, round_.number)),
        lambda round_: round_.sessions > 0,
        lambda round_: _count_largest_group(round_) >= minimum,
        lambda round_: round_.sessions > 0 and round_.consented >= round_.sessions,
        lambda round_: bool(round_.access_needs) or round_.absence_reasoned,
        lambda round_: bool(round_.primary and round_.primary[1]),
        lambda round_: not _list_unrated(evidence, round_),
    )


def _check_round(
    round_: RoundEvidence | None, *checks: tuple[bool, UnmetCode], **parameters: int | str
) -> PredicateResult:
    if round_ is None:
        return unmet(UnmetCode.NO_ROUND)
    references = [f"round/{round_.number}", f"version/{round_.version}"]
    return first_unmet(
        *checks, references=references, number=round_.number, version=round_.version, **parameters
    )


@predicate(EvidencePart.TESTS, EvidencePart.FINDINGS)
def target_users(evidence: Evidence, thresholds: GateThresholds) -> PredicateResult:
    minimum = thresholds["target_users"]
    round_ = find_tested_round(evidence, minimum)
    n = _count_largest_group(round_) if round_ else 0
    check = (n >= minimum, UnmetCode.TOO_FEW_TARGET_USERS)
    return _check_round(round_, check, n=n, wanted=minimum)


@predicate(EvidencePart.TESTS, EvidencePart.FINDINGS)
def consent_complete(evidence: Evidence, thresholds: GateThresholds) -> PredicateResult:
    round_ = find_tested_round(evidence, thresholds["target_users"])
    n, sessions = (round_.consented, round_.sessions) if round_ else (0, 0)
    check = (0 < sessions <= n, UnmetCode.CONSENT_MISSING)
    return _check_round(round_, check, n=n, wanted=sessions)


@predicate(EvidencePart.TESTS, EvidencePart.FINDINGS)
def access_considered(evidence: Evidence, thresholds: GateThresholds) -> PredicateResult:
    round_ = find_tested_round(evidence, thresholds["target_users"])
    n = (round_.access_needs or 0) if round_ else 0
    holds = n > 0 or bool(round_ and round_.absence_reasoned)
    return _check_round(round_, (holds, UnmetCode.ACCESS_NOT_CONSIDERED), n=n)


@predicate(EvidencePart.TESTS, EvidencePart.FINDINGS)
def primary_task_measured(evidence: Evidence, thresholds: GateThresholds) -> PredicateResult:
    round_ = find_tested_round(evidence, thresholds["target_users"])
    n, attempts = (round_ and round_.primary) or (0, 0)
    check = (attempts > 0, UnmetCode.NO_TASK_METRIC)
    return _check_round(round_, check, n=n, wanted=attempts)


@predicate(EvidencePart.TESTS, EvidencePart.FINDINGS)
def findings_rated(evidence: Evidence, thresholds: GateThresholds) -> PredicateResult:
    round_ = find_tested_round(evidence, thresholds["target_users"])
    unrated = _list_unrated(evidence, round_) if round_ else []
    finding = unrated[0] if unrated else 0
    check = (not unrated, UnmetCode.UNRATED_FINDING)
    return _check_round(round_, check, n=len(unrated), finding=finding)


def _attended_rounds(evidence: Evidence) -> list[RoundEvidence]:
    """Rounds with at least one session, by version."""
    rounds = [round_ for round_ in evidence.rounds if round_.sessions > 0]
    return sorted(rounds, key=lambda round_: (round_.version, round_.number))


@predicate(EvidencePart.TESTS)
def rounds_on_versions(evidence: Evidence, thresholds: GateThresholds) -> PredicateResult:
    rounds, minimum = _attended_rounds(evidence), thresholds["rounds_on_versions"]
    versions = len({round_.version for round_ in rounds})
    return first_unmet(
        (len(rounds) >= minimum, UnmetCode.TOO_FEW_ROUNDS),
        (versions >= minimum, UnmetCode.TOO_FEW_VERSIONS_TESTED),
        references=[f"round/{round_.number}" for round_ in rounds],
        n=versions if len(rounds) >= minimum else len(rounds),
        wanted=minimum,
    )


def _check_none_open(evidence: Evidence, severity: int, code: UnmetCode) -> PredicateResult:
    numbers = [
        finding.number
        for finding in evidence.findings
        if finding.severity == severity and finding.is_open
    ]
    return none_of(code, "finding", numbers)


@predicate(EvidencePart.FINDINGS)
def no_severity_4(evidence: Evidence, _thresholds: GateThresholds) -> PredicateResult:
    return _check_none_open(evidence, 4, UnmetCode.SEVERITY_4_OPEN)


@predicate(EvidencePart.FINDINGS)
def severity_3_settled(evidence: Evidence, _thresholds: GateThresholds) -> PredicateResult:
    return _check_none_open(evidence, 3, UnmetCode.SEVERITY_3_OPEN)


@predicate(EvidencePart.TESTS)
def primary_task_not_worse(evidence: Evidence, _thresholds: GateThresholds) -> PredicateResult:
    """Compares the first and the last version on which the same primary task was measured.

    Unmet if the 95 % confidence interval of the difference between the two completion rates
    (adjusted Wald, `statistics.comparison_rules.completion_change`) lies below zero.
    """
    measured = [
        round_ for round_ in _attended_rounds(evidence) if round_.primary and round_.primary[1]
    ]
    last = measured[-1] if measured else None
    same = [round_ for round_ in measured if last and round_.lineage == last.lineage]
    if last is None or last.primary is None or same[0].version == last.version:
        references = [f"round/{round_.number}" for round_ in measured[-1:]]
        return unmet(UnmetCode.PRIMARY_TASK_NOT_COMPARED, *references)
    first = same[0]
    change = completion_change(completion(*(first.primary or (0, 0))), completion(*last.primary))
    low, high = _percentage_points(change)
    return first_unmet(
        (
            change is not None and change.verdict is not ChangeVerdict.WORSE,
            UnmetCode.PRIMARY_TASK_WORSE,
        ),
        references=[f"round/{first.number}", f"round/{last.number}"],
        was="{}/{}".format(*(first.primary or (0, 0))),
        now="{}/{}".format(*last.primary),
        low=low,
        high=high,
    )


def _percentage_points(change: object) -> tuple[int, int]:
    """The bounds of a difference's confidence interval, in percentage points."""
    interval = getattr(change, "interval", None)
    return (round(100 * interval.low), round(100 * interval.high)) if interval else (-100, 100)


def find_sheet(evidence: Evidence, kind: str) -> SheetEvidence | None:
    """Return the last complete readiness sheet of a kind."""
    return next((sheet for sheet in evidence.sheets if sheet.kind == kind), None)


def _check_exercise(
    evidence: Evidence, item: str, missing: UnmetCode, failed: UnmetCode
) -> PredicateResult:
    sheet = find_sheet(evidence, "oversight")
    if sheet is None:
        return unmet(missing)
    references = [f"sheet/{sheet.number}"]
    return first_unmet((item in sheet.passed, failed), references=references, number=sheet.number)


@predicate(EvidencePart.SHEETS)
def override_exercised(evidence: Evidence, _thresholds: GateThresholds) -> PredicateResult:
    codes = UnmetCode.OVERRIDE_NOT_EXERCISED, UnmetCode.OVERRIDE_FAILED
    return _check_exercise(evidence, "override_result", *codes)


@predicate(EvidencePart.SHEETS)
def fallback_exercised(evidence: Evidence, _thresholds: GateThresholds) -> PredicateResult:
    codes = UnmetCode.FALLBACK_NOT_EXERCISED, UnmetCode.FALLBACK_FAILED
    return _check_exercise(evidence, "fallback_result", *codes)


def _check_complete(evidence: Evidence, kind: str, code: UnmetCode) -> PredicateResult:
    sheet = find_sheet(evidence, kind)
    return met(f"sheet/{sheet.number}", number=sheet.number) if sheet else unmet(code)


@predicate(EvidencePart.SHEETS)
def security_noted(evidence: Evidence, _thresholds: GateThresholds) -> PredicateResult:
    return _check_complete(evidence, "security", UnmetCode.SECURITY_NOTE_MISSING)


@predicate(EvidencePart.SHEETS)
def accessibility_checked(evidence: Evidence, _thresholds: GateThresholds) -> PredicateResult:
    return _check_complete(evidence, "accessibility", UnmetCode.ACCESSIBILITY_NOT_CHECKED)
