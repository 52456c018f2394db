"""All predicates by key, and the evaluation of a gate on evidence. Pure."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from typing import Any

from portal.oversight.gates.closing_predicate_rules import CLOSING_PREDICATES
from portal.oversight.gates.definition_rules import GateDefinition
from portal.oversight.gates.evidence_rules import Evidence, EvidencePart
from portal.oversight.gates.framing_predicate_rules import FRAMING_PREDICATES
from portal.oversight.gates.predicate_result_rules import Predicate, PredicateResult, UnmetCode
from portal.oversight.gates.staleness_rules import STALENESS_RULES, Basis, fresh_until
from portal.oversight.gates.trial_predicate_rules import TRIAL_PREDICATES

PREDICATES: Mapping[str, Predicate] = {
    key: replace(predicate, key=key)
    for predicates in (FRAMING_PREDICATES, TRIAL_PREDICATES, CLOSING_PREDICATES)
    for key, predicate in predicates.items()
}


@dataclass(frozen=True)
class GateResult:
    """Evaluation of one gate on the evidence of a moment. `basis` is, by cause of staleness, the
    basis of an acceptance given at that moment; an acceptance expires after `fresh_until`."""

    gate: int
    results: tuple[PredicateResult, ...] = ()
    basis: Mapping[str, Basis] = field(default_factory=dict)
    fresh_until: date | None = None

    @property
    def is_proved(self) -> bool:
        return bool(self.results) and all(result.is_met for result in self.results)

    @property
    def missing(self) -> tuple[PredicateResult, ...]:
        return tuple(result for result in self.results if not result.is_met)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the evaluation in canonical JSON: equal for equal evidence."""
        text = json.dumps(evaluation_as_plain(self), sort_keys=True, separators=(",", ":"))
        return sha256(text.encode()).hexdigest()

    def has_same_evidence_as(self, other: "GateResult | None") -> bool:
        """Whether it was made of the evidence of another. A token that either lacks is not compared:
        evaluations of earlier versions have none."""
        if other is None:
            return False
        tokens = {result.predicate: result.token for result in other.results}
        return self._without_tokens().fingerprint == other._without_tokens().fingerprint and all(
            result.token == (tokens[result.predicate] or result.token)
            for result in self.results
            if result.token
        )

    def _without_tokens(self) -> "GateResult":
        return replace(self, results=tuple(replace(result, token="") for result in self.results))


def list_needed_parts(definition: GateDefinition) -> frozenset[EvidencePart]:
    """Return the parts of the evidence that a gate depends on."""
    needs = {part for key in definition.predicates for part in PREDICATES[key].needs}
    return frozenset(needs.union(*(STALENESS_RULES[rule].needs for rule in definition.stale)))


def list_affected_gates(
    definitions: Iterable[GateDefinition], parts: frozenset[EvidencePart]
) -> list[GateDefinition]:
    """Return the gates that depend on one of `parts`."""
    return [definition for definition in definitions if list_needed_parts(definition) & parts]


def evaluate_gate(definition: GateDefinition, evidence: Evidence) -> GateResult:
    """Return the evaluation of a gate; `evidence` holds the parts of `list_needed_parts`."""
    thresholds = definition.thresholds
    results = (PREDICATES[key].judge(evidence, thresholds) for key in definition.predicates)
    return GateResult(
        gate=definition.number,
        results=tuple(results),
        basis={rule.value: STALENESS_RULES[rule].read(evidence, thresholds) for rule in definition.stale},
        fresh_until=fresh_until(definition, evidence),
    )


def evaluation_as_plain(evaluation: GateResult) -> dict[str, Any]:
    """Return an evaluation as JSON values; its keys are part of the fingerprint."""
    return {
        "gate": evaluation.gate,
        "results": [
            {
                "predicate": result.predicate,
                "code": result.code.value if result.code else None,
                "given": dict(result.parameters),
                "seen": list(result.references),
                **({"token": result.token} if result.token else {}),
            }
            for result in evaluation.results
        ],
        "basis": {rule: dict(basis) for rule, basis in evaluation.basis.items()},
        "fresh_until": evaluation.fresh_until.isoformat() if evaluation.fresh_until else None,
    }


def evaluation_from_plain(plain: Mapping[str, Any]) -> GateResult:
    """Return the evaluation that `evaluation_as_plain` wrote."""
    until = plain["fresh_until"]
    return GateResult(
        gate=plain["gate"],
        results=tuple(
            PredicateResult(
                result["predicate"],
                UnmetCode(result["code"]) if result["code"] else None,
                result["given"],
                tuple(result["seen"]),
                result.get("token", ""),
            )
            for result in plain["results"]
        ),
        basis=plain["basis"],
        fresh_until=date.fromisoformat(until) if until else None,
    )
