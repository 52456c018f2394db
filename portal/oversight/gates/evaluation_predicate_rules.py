"""Predicates on the evaluation of the AI: protocol, runs, subgroups (G4 and G8). Pure."""

from collections.abc import Callable

from portal.oversight.gates.evidence_rules import Evidence, EvidencePart, RunEvidence
from portal.oversight.gates.predicate_result_rules import (
    GateThresholds,
    PredicateResult,
    UnmetCode,
    first_unmet,
    most_complete,
    predicate,
    unmet,
)

RunCheck = tuple[Callable[[RunEvidence], bool], UnmetCode]


def _check_run(evidence: Evidence, *checks: RunCheck) -> PredicateResult:
    """Check the most complete run: all predicates about a protocol look at the same one."""
    run = most_complete(
        evidence.evaluated.runs,
        lambda run: run.protocol_dated_on < run.ran_on,
        lambda run: run.has_held_out,
        lambda run: run.has_baseline,
        lambda run: run.is_enough or run.pivoted,
        lambda run: run.has_code and run.has_data_hash,
    )
    if run is None:
        return unmet(UnmetCode.NO_RUN if evidence.evaluated.protocols else UnmetCode.NO_PROTOCOL)
    return first_unmet(
        *((holds(run), code) for holds, code in checks),
        references=[f"protocol/{run.protocol}", f"run/{run.number}"],
        number=run.number,
        protocol=run.protocol,
    )


@predicate(EvidencePart.EVALUATION)
def protocol_first(evidence: Evidence, _thresholds: GateThresholds) -> PredicateResult:
    check = (lambda run: run.protocol_dated_on < run.ran_on, UnmetCode.PROTOCOL_AFTER_RUN)
    return _check_run(evidence, check)


@predicate(EvidencePart.EVALUATION)
def held_out_set(evidence: Evidence, _thresholds: GateThresholds) -> PredicateResult:
    return _check_run(evidence, (lambda run: run.has_held_out, UnmetCode.NO_HELD_OUT_SET))


@predicate(EvidencePart.EVALUATION)
def baseline_known(evidence: Evidence, _thresholds: GateThresholds) -> PredicateResult:
    return _check_run(evidence, (lambda run: run.has_baseline, UnmetCode.NO_BASELINE_RESULT))


@predicate(EvidencePart.EVALUATION)
def threshold_met(evidence: Evidence, _thresholds: GateThresholds) -> PredicateResult:
    check = (lambda run: run.is_enough or run.pivoted, UnmetCode.BELOW_THRESHOLD)
    return _check_run(evidence, check)


@predicate(EvidencePart.EVALUATION)
def run_traceable(evidence: Evidence, _thresholds: GateThresholds) -> PredicateResult:
    return _check_run(
        evidence,
        (lambda run: run.has_code, UnmetCode.CODE_REFERENCE_MISSING),
        (lambda run: run.has_data_hash, UnmetCode.DATA_HASH_MISSING),
    )


@predicate(EvidencePart.EVALUATION)
def errors_by_subgroup(evidence: Evidence, _thresholds: GateThresholds) -> PredicateResult:
    run = most_complete(evidence.evaluated.runs, lambda candidate: candidate.subgroups > 1)
    if run is None:
        return unmet(UnmetCode.NO_RUN)
    check = (run.subgroups > 1, UnmetCode.NO_SUBGROUP_ANALYSIS)
    return first_unmet(check, references=[f"run/{run.number}"], number=run.number, n=run.subgroups)
