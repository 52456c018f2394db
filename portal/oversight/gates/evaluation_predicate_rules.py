"""Predicates on the evaluation of the AI: protocol, runs, subgroups (G4 and G8). Pure."""

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


def _most_complete_run(evidence: Evidence) -> RunEvidence | None:
    """The run on which all predicates about a protocol are checked."""
    return most_complete(
        evidence.evaluated.runs,
        lambda run: run.protocol_dated_on < run.ran_on,
        lambda run: run.has_held_out,
        lambda run: run.has_baseline,
        lambda run: run.is_enough or run.pivoted,
        lambda run: run.has_code and run.has_data_hash,
    )


def _check_run(evidence: Evidence, *checks: tuple[bool, UnmetCode]) -> PredicateResult:
    run = _most_complete_run(evidence)
    if run is None:
        return unmet(UnmetCode.NO_RUN if evidence.evaluated.protocols else UnmetCode.NO_PROTOCOL)
    references = [f"protocol/{run.protocol}", f"run/{run.number}"]
    return first_unmet(*checks, references=references, number=run.number, protocol=run.protocol)


@predicate(EvidencePart.EVALUATION)
def protocol_first(evidence: Evidence, _thresholds: GateThresholds) -> PredicateResult:
    run = _most_complete_run(evidence)
    holds = run is not None and run.protocol_dated_on < run.ran_on
    return _check_run(evidence, (holds, UnmetCode.PROTOCOL_AFTER_RUN))


@predicate(EvidencePart.EVALUATION)
def held_out_set(evidence: Evidence, _thresholds: GateThresholds) -> PredicateResult:
    run = _most_complete_run(evidence)
    return _check_run(evidence, (bool(run and run.has_held_out), UnmetCode.NO_HELD_OUT_SET))


@predicate(EvidencePart.EVALUATION)
def baseline_known(evidence: Evidence, _thresholds: GateThresholds) -> PredicateResult:
    run = _most_complete_run(evidence)
    return _check_run(evidence, (bool(run and run.has_baseline), UnmetCode.NO_BASELINE_RESULT))


@predicate(EvidencePart.EVALUATION)
def threshold_met(evidence: Evidence, _thresholds: GateThresholds) -> PredicateResult:
    run = _most_complete_run(evidence)
    holds = run is not None and (run.is_enough or run.pivoted)
    return _check_run(evidence, (holds, UnmetCode.BELOW_THRESHOLD))


@predicate(EvidencePart.EVALUATION)
def run_traceable(evidence: Evidence, _thresholds: GateThresholds) -> PredicateResult:
    run = _most_complete_run(evidence)
    return _check_run(
        evidence,
        (bool(run and run.has_code), UnmetCode.CODE_REFERENCE_MISSING),
        (bool(run and run.has_data_hash), UnmetCode.DATA_HASH_MISSING),
    )


@predicate(EvidencePart.EVALUATION)
def errors_by_subgroup(evidence: Evidence, _thresholds: GateThresholds) -> PredicateResult:
    run = most_complete(evidence.evaluated.runs, lambda candidate: candidate.subgroups > 1)
    if run is None:
        return unmet(UnmetCode.NO_RUN)
    check = (run.subgroups > 1, UnmetCode.NO_SUBGROUP_ANALYSIS)
    return first_unmet(check, references=[f"run/{run.number}"], number=run.number, n=run.subgroups)


PREDICATES = (
    protocol_first,
    held_out_set,
    baseline_known,
    threshold_met,
    run_traceable,
    errors_by_subgroup,
)
