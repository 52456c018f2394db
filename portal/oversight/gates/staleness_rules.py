"""What an acceptance rests on, and what has become of it since. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from portal.oversight.gates.definition_rules import GateDefinition, StalenessCause
from portal.oversight.gates.evidence_rules import Evidence, EvidencePart
from portal.oversight.gates.predicate_result_rules import GateThresholds
from portal.oversight.gates.trial_predicate_rules import find_tested_round

Basis = Mapping[str, str]  # what it rests on: a name as in `Result.seen` → its token


@dataclass(frozen=True)
class StalenessRule:
    """`read` gives what an acceptance would rest on; `changed` names what, of that, is no longer
    so, from the basis of the acceptance and the present one."""

    needs: frozenset[EvidencePart]
    read: Callable[[Evidence, GateThresholds], Basis]
    changed: Callable[[Basis, Basis], tuple[str, ...]]


def _any_change(then: Basis, now: Basis) -> tuple[str, ...]:
    names = then.keys() | now.keys()
    return tuple(sorted(name for name in names if then.get(name) != now.get(name)))


def _changed_values(then: Basis, now: Basis) -> tuple[str, ...]:
    """What is new or gone does not count."""
    return tuple(sorted(name for name in then.keys() & now.keys() if then[name] != now[name]))


def _new_references(then: Basis, now: Basis) -> tuple[str, ...]:
    return tuple(sorted(now.keys() - then.keys()))


def _present_references(_then: Basis, now: Basis) -> tuple[str, ...]:
    return tuple(sorted(now))


def _groups(evidence: Evidence, _thresholds: GateThresholds) -> Basis:
    return {f"group/{group.number}": group.token for group in evidence.framing.groups}


def _sources(evidence: Evidence, _thresholds: GateThresholds) -> Basis:
    return {f"source/{source.number}": source.token for source in evidence.sources}


def _model(evidence: Evidence, _thresholds: GateThresholds) -> Basis:
    latest = evidence.latest_version
    return {"model": latest.model} if latest and latest.model else {}


def _interface(evidence: Evidence, _thresholds: GateThresholds) -> Basis:
    latest = evidence.latest_version
    return {"interface": latest.interface} if latest else {}


def _catastrophes(evidence: Evidence, _thresholds: GateThresholds) -> Basis:
    return {
        f"finding/{finding.number}": "4" for finding in evidence.findings if finding.severity == 4
    }


def _editions(evidence: Evidence, _thresholds: GateThresholds) -> Basis:
    return {f"metric/{metric.number}": str(metric.edition) for metric in evidence.metrics}


def _triggers(evidence: Evidence, _thresholds: GateThresholds) -> Basis:
    return {f"trigger/{name}": causes for name, causes in evidence.reviewed.triggers.items()}


def _versions_since_test(evidence: Evidence, thresholds: GateThresholds) -> Basis:
    """The version that has come since the tested one, once it is too far from it."""
    round_, latest = (
        find_tested_round(evidence, thresholds["target_users"]),
        evidence.latest_version,
    )
    if round_ is None or latest is None:
        return {}
    since = [version for version in evidence.versions if version.number > round_.version]
    return {f"version/{latest.number}": ""} if len(since) >= thresholds["versions_later"] else {}


def _empty_basis(_evidence: Evidence, _thresholds: GateThresholds) -> Basis:
    return {}


def _no_change(_then: Basis, _now: Basis) -> tuple[str, ...]:
    return ()


def _rule(
    read: Callable[[Evidence, GateThresholds], Basis],
    changed: Callable[[Basis, Basis], tuple[str, ...]],
    *needs: EvidencePart,
) -> StalenessRule:
    return StalenessRule(frozenset(needs), read, changed)


_TEST_PARTS = (EvidencePart.TESTS, EvidencePart.FINDINGS, EvidencePart.VERSIONS)
STALENESS_RULES: Mapping[StalenessCause, StalenessRule] = {
    StalenessCause.TARGET_GROUP_CHANGED: _rule(_groups, _any_change, EvidencePart.FRAMING),
    StalenessCause.DATA_SOURCE_CHANGED: _rule(_sources, _any_change, EvidencePart.DATA),
    StalenessCause.MODEL_CHANGED: _rule(_model, _changed_values, EvidencePart.VERSIONS),
    StalenessCause.INTERFACE_CHANGED: _rule(_interface, _changed_values, EvidencePart.VERSIONS),
    StalenessCause.NEW_SEVERITY_4: _rule(_catastrophes, _new_references, EvidencePart.FINDINGS),
    StalenessCause.METRIC_REDEFINED: _rule(_editions, _changed_values, EvidencePart.METRICS),
    StalenessCause.TRIGGER_OPEN: _rule(_triggers, _present_references, EvidencePart.REVIEWS),
    StalenessCause.VERSIONS_LATER: _rule(_versions_since_test, _present_references, *_TEST_PARTS),
    StalenessCause.DAYS_LATER: _rule(
        _empty_basis, _no_change, *_TEST_PARTS
    ),  # `fresh_until` says it
}


def fresh_until(definition: GateDefinition, evidence: Evidence) -> date | None:
    """The last day on which the evidence is not too old; None when it does not age."""
    if StalenessCause.DAYS_LATER not in definition.stale:
        return None
    round_ = find_tested_round(evidence, definition.thresholds["target_users"])
    if round_ is None or round_.last_on is None:
        return None
    return round_.last_on + timedelta(days=definition.thresholds["days_later"])
