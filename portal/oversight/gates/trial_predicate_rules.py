"""Predicates of G4 to G8: evaluation of the AI, versions, user tests, readiness sheets. Pure."""

from collections.abc import Callable, Mapping

from portal.oversight.gates.evidence_rules import (
    Evidence,
    EvidencePart,
    ReadinessSheetEvidence,
    RoundEvidence,
    RunEvidence,
)
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
    with_proof_token_when_met,
)
from portal.user_tests.statistics.comparison_rules import ChangeVerdict, compute_completion_change
from portal.user_tests.statistics.completion_rules import compute_completion

_RUN_CHECKS: Mapping[UnmetCode, Callable[[RunEvidence], object]] = {
    UnmetCode.PROTOCOL_AFTER_RUN: lambda run: run.protocol_dated_on < run.ran_on,
    UnmetCode.NO_HELD_OUT_SET: lambda run: run.has_held_out,
    UnmetCode.NO_BASELINE_RESULT: lambda run: run.has_baseline,
    UnmetCode.BELOW_THRESHOLD: lambda run: run.is_enough or run.pivoted,
    UnmetCode.CODE_REFERENCE_MISSING: lambda run: run.has_code,
    UnmetCode.DATA_HASH_MISSING: lambda run: run.has_data_hash,
}


def _make_run_predicate(*codes: UnmetCode) -> Predicate:
    """Checks of the most complete run, in which code and data count as one: all predicates about a
    protocol look at the same."""

    def check(evidence: Evidence, _thresholds: GateThresholds) -> PredicateResult:
        *conditions, has_code, has_data_hash = _RUN_CHECKS.values()
        run = most_complete(
            evidence.evaluated.runs,
            *conditions,
            lambda candidate: has_code(candidate) and has_data_hash(candidate),
        )
        if run is None:
            has_protocol = bool(evidence.evaluated.protocols)
            return unmet(UnmetCode.NO_RUN if has_protocol else UnmetCode.NO_PROTOCOL)
        result = first_unmet(
            *((bool(_RUN_CHECKS[code](run)), code) for code in codes),
            references=[f"protocol/{run.protocol}", f"run/{run.number}"],
            number=run.number,
            protocol=run.protocol,
        )
        return with_proof_token_when_met(result, run.value_token)

    return predicate(EvidencePart.EVALUATION)(check)


def _count_largest_group(round_: RoundEvidence) -> int:
    """How many participants came from the best represented target group."""
    return max(round_.groups.values(), default=0)


def _list_unrated_findings(evidence: Evidence, round_: RoundEvidence) -> list[int]:
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
        lambda round_: not _list_unrated_findings(evidence, round_),
    )


Measure = tuple[bool, dict[str, int]]  # whether a predicate holds, and its parameters


def _check_findings_rated(round_: RoundEvidence, evidence: Evidence, _minimum: int) -> Measure:
    unrated = _list_unrated_findings(evidence, round_)
    return not unrated, {"n": len(unrated), "finding": unrated[0] if unrated else 0}


def _check_primary_task_attempted(round_: RoundEvidence, _evidence: Evidence, _minimum: int) -> Measure:
    n, attempts = round_.primary or (0, 0)
    return attempts > 0, {"n": n, "wanted": attempts}


def _make_round_predicate(
    code: UnmetCode, measure: Callable[[RoundEvidence, Evidence, int], Measure]
) -> Predicate:
    def check(evidence: Evidence, thresholds: GateThresholds) -> PredicateResult:
        minimum = thresholds["target_users"]
        round_ = find_tested_round(evidence, minimum)
        if round_ is None:
            return unmet(UnmetCode.NO_ROUND)
        holds, parameters = measure(round_, evidence, minimum)
        references = [f"round/{round_.number}", f"version/{round_.version}"]
        place = {"number": round_.number, "version": round_.version}
        return first_unmet((holds, code), references=references, **place, **parameters)

    return predicate(EvidencePart.TESTS, EvidencePart.FINDINGS)(check)


def _list_attended_rounds(evidence: Evidence) -> list[RoundEvidence]:
    """Rounds with at least one session, by version."""
    rounds = [round_ for round_ in evidence.rounds if round_.sessions > 0]
    return sorted(rounds, key=lambda round_: (round_.version, round_.number))


@predicate(EvidencePart.TESTS)
def _enough_rounds_on_enough_versions(evidence: Evidence, thresholds: GateThresholds) -> PredicateResult:
    rounds, minimum = _list_attended_rounds(evidence), thresholds["rounds_on_versions"]
    versions = len({round_.version for round_ in rounds})
    return first_unmet(
        (len(rounds) >= minimum, UnmetCode.TOO_FEW_ROUNDS),
        (versions >= minimum, UnmetCode.TOO_FEW_VERSIONS_TESTED),
        references=[f"round/{round_.number}" for round_ in rounds],
        n=versions if len(rounds) >= minimum else len(rounds),
        wanted=minimum,
    )


def _check_no_open_findings(evidence: Evidence, severity: int, code: UnmetCode) -> PredicateResult:
    numbers = [
        finding.number for finding in evidence.findings if finding.severity == severity and finding.is_open
    ]
    return met_when_none(code, "finding", numbers)


@predicate(EvidencePart.TESTS)
def _primary_task_not_worse(evidence: Evidence, _thresholds: GateThresholds) -> PredicateResult:
    """Compares the first and the last version on which the same primary task was measured.

    Unmet if the 95 % confidence interval of the difference between the two completion rates
    (adjusted Wald, `statistics.comparison_rules.compute_completion_change`) lies below zero.
    """
    measured = [round_ for round_ in _list_attended_rounds(evidence) if round_.primary and round_.primary[1]]
    last = measured[-1] if measured else None
    same = [round_ for round_ in measured if last and round_.lineage == last.lineage]
    if last is None or last.primary is None or same[0].version == last.version:
        references = [f"round/{round_.number}" for round_ in measured[-1:]]
        return unmet(UnmetCode.PRIMARY_TASK_NOT_COMPARED, *references)
    first = same[0]
    change = compute_completion_change(
        compute_completion(*(first.primary or (0, 0))), compute_completion(*last.primary)
    )
    low, high = _confidence_bounds_in_points(change)
    return first_unmet(
        (change is not None and change.verdict is not ChangeVerdict.WORSE, UnmetCode.PRIMARY_TASK_WORSE),
        references=[f"round/{first.number}", f"round/{last.number}"],
        was="{}/{}".format(*(first.primary or (0, 0))),
        now="{}/{}".format(*last.primary),
        low=low,
        high=high,
    )


def _confidence_bounds_in_points(change: object) -> tuple[int, int]:
    """The bounds of a difference's confidence interval, in percentage points."""
    interval = getattr(change, "interval", None)
    return (round(100 * interval.low), round(100 * interval.high)) if interval else (-100, 100)


def find_readiness_sheet(evidence: Evidence, kind: str) -> ReadinessSheetEvidence | None:
    """Return the last complete readiness sheet of a kind."""
    return next((sheet for sheet in evidence.sheets if sheet.kind == kind), None)


def _make_oversight_exercise_predicate(item: str, missing: UnmetCode, failed: UnmetCode) -> Predicate:
    return PredicateSubject(
        part=EvidencePart.SHEETS,
        kind="sheet",
        find=lambda evidence: find_readiness_sheet(evidence, "oversight"),
        checks={failed: lambda sheet: item in sheet.passed},
        missing=missing,
    ).make_predicate()


def _make_sheet_predicate(kind: str, code: UnmetCode) -> Predicate:
    def check(evidence: Evidence, _thresholds: GateThresholds) -> PredicateResult:
        sheet = find_readiness_sheet(evidence, kind)
        return met(f"sheet/{sheet.number}", number=sheet.number) if sheet else unmet(code)

    return predicate(EvidencePart.SHEETS)(check)


TRIAL_PREDICATES: Mapping[str, Predicate] = {
    "protocol_first": _make_run_predicate(UnmetCode.PROTOCOL_AFTER_RUN),
    "held_out_set": _make_run_predicate(UnmetCode.NO_HELD_OUT_SET),
    "baseline_known": _make_run_predicate(UnmetCode.NO_BASELINE_RESULT),
    "threshold_met": _make_run_predicate(UnmetCode.BELOW_THRESHOLD),
    "run_traceable": _make_run_predicate(UnmetCode.CODE_REFERENCE_MISSING, UnmetCode.DATA_HASH_MISSING),
    "errors_by_subgroup": PredicateSubject(
        part=EvidencePart.EVALUATION,
        kind="run",
        rows=lambda evidence: evidence.evaluated.runs,
        checks={UnmetCode.NO_SUBGROUP_ANALYSIS: lambda run: run.subgroups > 1},
        missing=UnmetCode.NO_RUN,
        parameters=lambda run: {"n": run.subgroups},
    ).make_predicate(),
    "version_reachable": PredicateSubject(
        part=EvidencePart.VERSIONS,
        kind="version",
        rows=lambda evidence: evidence.versions,
        checks={UnmetCode.VERSION_NOT_REACHABLE: lambda version: version.is_reachable},
        missing=UnmetCode.NO_VERSION,
    ).make_predicate(),
    "version_shown": PredicateSubject(
        part=EvidencePart.DEMONSTRATIONS,
        kind="demonstration",
        rows=lambda evidence: [row for row in evidence.demonstrations if row.version is not None],
        checks={
            UnmetCode.SPRINT_NOT_CLOSED: lambda row: row.sprint_closed,
            UnmetCode.NOBODY_FROM_OUTSIDE: lambda row: row.outside > 0,
        },
        missing=UnmetCode.NOT_DEMONSTRATED,
        parameters=lambda row: {"sprint": row.sprint, "n": row.outside},
        more_references=lambda row: [f"version/{row.version}"],
    ).make_predicate(),
    "target_users": _make_round_predicate(
        UnmetCode.TOO_FEW_TARGET_USERS,
        lambda round_, _evidence, minimum: (
            (n := _count_largest_group(round_)) >= minimum,
            {"n": n, "wanted": minimum},
        ),
    ),
    "consent_complete": _make_round_predicate(
        UnmetCode.CONSENT_MISSING,
        lambda round_, *_: (
            0 < round_.sessions <= round_.consented,
            {"n": round_.consented, "wanted": round_.sessions},
        ),
    ),
    "access_considered": _make_round_predicate(
        UnmetCode.ACCESS_NOT_CONSIDERED,
        lambda round_, *_: ((n := round_.access_needs or 0) > 0 or round_.absence_reasoned, {"n": n}),
    ),
    "primary_task_measured": _make_round_predicate(UnmetCode.NO_TASK_METRIC, _check_primary_task_attempted),
    "findings_rated": _make_round_predicate(UnmetCode.UNRATED_FINDING, _check_findings_rated),
    "rounds_on_versions": _enough_rounds_on_enough_versions,
    "no_severity_4": predicate(EvidencePart.FINDINGS)(
        lambda evidence, _: _check_no_open_findings(evidence, 4, UnmetCode.SEVERITY_4_OPEN)
    ),
    "severity_3_settled": predicate(EvidencePart.FINDINGS)(
        lambda evidence, _: _check_no_open_findings(evidence, 3, UnmetCode.SEVERITY_3_OPEN)
    ),
    "primary_task_not_worse": _primary_task_not_worse,
    "override_exercised": _make_oversight_exercise_predicate(
        "override_result", UnmetCode.OVERRIDE_NOT_EXERCISED, UnmetCode.OVERRIDE_FAILED
    ),
    "fallback_exercised": _make_oversight_exercise_predicate(
        "fallback_result", UnmetCode.FALLBACK_NOT_EXERCISED, UnmetCode.FALLBACK_FAILED
    ),
    "security_noted": _make_sheet_predicate("security", UnmetCode.SECURITY_NOTE_MISSING),
    "accessibility_checked": _make_sheet_predicate("accessibility", UnmetCode.ACCESSIBILITY_NOT_CHECKED),
}
