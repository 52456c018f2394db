"""Basis of an acceptance, and what has changed in it since. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from portal.oversight.gates.definition_rules import GateDefinition, StalenessCause
from portal.oversight.gates.evidence_rules import Evidence, EvidencePart
from portal.oversight.gates.predicate_result_rules import GateThresholds
from portal.oversight.gates.trial_predicate_rules import find_tested_round

Basis = Mapping[str, str]  # reference (« round/2 ») → token of what it refers to
_TO_CONFIRM = ";to_confirm"  # ends the token of an open trigger whose answer waits for a second person


@dataclass(frozen=True)
class StalenessRule:
    """`read` returns the basis of an acceptance; `changed` compares the accepted basis with the
    present one and returns the references that make the acceptance stale."""

    needs: frozenset[EvidencePart]
    read: Callable[[Evidence, GateThresholds], Basis]
    changed: Callable[[Basis, Basis], tuple[str, ...]]


def _list_all_changes(accepted: Basis, present: Basis) -> tuple[str, ...]:
    names = accepted.keys() | present.keys()
    return tuple(sorted(name for name in names if accepted.get(name) != present.get(name)))


def _list_changed_values(accepted: Basis, present: Basis) -> tuple[str, ...]:
    """Ignores references that were added or removed."""
    names = accepted.keys() & present.keys()
    return tuple(sorted(name for name in names if accepted[name] != present[name]))


def _list_new_references(accepted: Basis, present: Basis) -> tuple[str, ...]:
    return tuple(sorted(present.keys() - accepted.keys()))


def _list_present_references(_accepted: Basis, present: Basis) -> tuple[str, ...]:
    return tuple(sorted(present))


def _target_group_basis(evidence: Evidence, _thresholds: GateThresholds) -> Basis:
    return {f"group/{group.number}": group.token for group in evidence.framing.groups}


def _source_basis(evidence: Evidence, _thresholds: GateThresholds) -> Basis:
    return {f"source/{source.number}": source.token for source in evidence.sources}


def _model_basis(evidence: Evidence, _thresholds: GateThresholds) -> Basis:
    latest = evidence.latest_version
    return {"model": latest.model} if latest and latest.model else {}


def _interface_basis(evidence: Evidence, _thresholds: GateThresholds) -> Basis:
    latest = evidence.latest_version
    return {"interface": latest.interface} if latest else {}


def _catastrophe_basis(evidence: Evidence, _thresholds: GateThresholds) -> Basis:
    return {f"finding/{finding.number}": "4" for finding in evidence.findings if finding.severity == 4}


def _metric_edition_basis(evidence: Evidence, _thresholds: GateThresholds) -> Basis:
    return {f"metric/{metric.number}": str(metric.edition) for metric in evidence.metrics}


def _open_trigger_basis(evidence: Evidence, _thresholds: GateThresholds) -> Basis:
    """Open triggers: their causes, and whether their answer is to confirm."""
    reviewed = evidence.reviewed
    return {
        f"trigger/{name}": f"{causes}{_TO_CONFIRM}" if name in reviewed.to_confirm else causes
        for name, causes in reviewed.triggers.items()
    }


def is_trigger_answer_to_confirm(token: str) -> bool:
    """Return whether the token of an open trigger, in the basis of an acceptance, says that its answer
    is to confirm."""
    return token.endswith(_TO_CONFIRM)


def _version_since_test_basis(evidence: Evidence, thresholds: GateThresholds) -> Basis:
    """The latest version, once too many were released since the tested one."""
    round_ = find_tested_round(evidence, thresholds["target_users"])
    latest = evidence.latest_version
    if round_ is None or latest is None:
        return {}
    later = [version for version in evidence.versions if version.number > round_.version]
    return {f"version/{latest.number}": ""} if len(later) >= thresholds["versions_later"] else {}


def _make_rule(
    read: Callable[[Evidence, GateThresholds], Basis],
    changed: Callable[[Basis, Basis], tuple[str, ...]],
    *needs: EvidencePart,
) -> StalenessRule:
    return StalenessRule(frozenset(needs), read, changed)


_TEST_PARTS = (EvidencePart.TESTS, EvidencePart.FINDINGS, EvidencePart.VERSIONS)
STALENESS_RULES: Mapping[StalenessCause, StalenessRule] = {
    StalenessCause.TARGET_GROUP_CHANGED: _make_rule(
        _target_group_basis, _list_all_changes, EvidencePart.FRAMING
    ),
    StalenessCause.DATA_SOURCE_CHANGED: _make_rule(_source_basis, _list_all_changes, EvidencePart.DATA),
    StalenessCause.MODEL_CHANGED: _make_rule(_model_basis, _list_changed_values, EvidencePart.VERSIONS),
    StalenessCause.INTERFACE_CHANGED: _make_rule(
        _interface_basis, _list_changed_values, EvidencePart.VERSIONS
    ),
    StalenessCause.NEW_SEVERITY_4: _make_rule(
        _catastrophe_basis, _list_new_references, EvidencePart.FINDINGS
    ),
    StalenessCause.METRIC_REDEFINED: _make_rule(
        _metric_edition_basis, _list_changed_values, EvidencePart.METRICS
    ),
    StalenessCause.TRIGGER_OPEN: _make_rule(
        _open_trigger_basis, _list_present_references, EvidencePart.REVIEWS
    ),
    StalenessCause.VERSIONS_LATER: _make_rule(
        _version_since_test_basis, _list_present_references, *_TEST_PARTS
    ),
    # Age is not in the basis: see `fresh_until`.
    StalenessCause.DAYS_LATER: _make_rule(lambda *_: {}, lambda *_: (), *_TEST_PARTS),
}


def fresh_until(definition: GateDefinition, evidence: Evidence) -> date | None:
    """Return the last day on which the evidence is not too old; None if it does not age."""
    if StalenessCause.DAYS_LATER not in definition.stale:
        return None
    round_ = find_tested_round(evidence, definition.thresholds["target_users"])
    if round_ is None or round_.last_on is None:
        return None
    return round_.last_on + timedelta(days=definition.thresholds["days_later"])
