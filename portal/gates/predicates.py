"""Every predicate by its key, and what a gate's predicates say of evidence. Pure."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any

from portal.gates import beginnings, endings, trials
from portal.gates.definition import Definition
from portal.gates.evidence import Evidence, Part
from portal.gates.staleness import BASES, Basis, fresh_until
from portal.gates.verdicts import Code, Predicate, Result

PREDICATES: Mapping[str, Predicate] = {
    one.key: one for one in beginnings.PREDICATES + trials.PREDICATES + endings.PREDICATES
}


@dataclass(frozen=True)
class Evaluation:
    """What the evidence of a moment says of one gate.

    `basis` is, by what may make it stale, what an acceptance of that moment rests on; from the day
    after `fresh_until` it is stale by its age alone.
    """

    gate: int
    results: tuple[Result, ...] = ()
    basis: Mapping[str, Basis] = field(default_factory=dict)
    fresh_until: date | None = None

    @property
    def is_proved(self) -> bool:
        return bool(self.results) and all(one.is_met for one in self.results)

    @property
    def missing(self) -> tuple[Result, ...]:
        return tuple(one for one in self.results if not one.is_met)

    @property
    def fingerprint(self) -> str:
        """The same for the same evidence, whenever and wherever it is judged."""
        text = json.dumps(as_plain(self), sort_keys=True, separators=(",", ":"))
        return sha256(text.encode()).hexdigest()


def needs_of(definition: Definition) -> frozenset[Part]:
    """The parts of the evidence that a gate looks at."""
    needs = {part for key in definition.predicates for part in PREDICATES[key].needs}
    return frozenset(needs.union(*(BASES[rule].needs for rule in definition.stale)))


def touched_by(definitions: Iterable[Definition], parts: frozenset[Part]) -> list[Definition]:
    """The gates of which something may be otherwise once these parts are."""
    return [one for one in definitions if needs_of(one) & parts]


def evaluate(definition: Definition, evidence: Evidence) -> Evaluation:
    """The parts that the gate needs are gathered."""
    asked = definition.asked
    judged = (PREDICATES[key].judge(evidence, asked) for key in definition.predicates)
    return Evaluation(
        gate=definition.number,
        results=tuple(judged),
        basis={rule.value: BASES[rule].read(evidence, asked) for rule in definition.stale},
        fresh_until=fresh_until(definition, evidence),
    )


def as_plain(evaluation: Evaluation) -> dict[str, Any]:
    """As JSON can hold it."""
    return {
        "gate": evaluation.gate,
        "results": [
            {
                "predicate": one.predicate,
                "code": one.code.value if one.code else None,
                "given": dict(one.given),
                "seen": list(one.seen),
            }
            for one in evaluation.results
        ],
        "basis": {rule: dict(basis) for rule, basis in evaluation.basis.items()},
        "fresh_until": evaluation.fresh_until.isoformat() if evaluation.fresh_until else None,
    }


def from_plain(plain: Mapping[str, Any]) -> Evaluation:
    until = plain["fresh_until"]
    return Evaluation(
        gate=plain["gate"],
        results=tuple(
            Result(
                one["predicate"],
                Code(one["code"]) if one["code"] else None,
                one["given"],
                tuple(one["seen"]),
            )
            for one in plain["results"]
        ),
        basis=plain["basis"],
        fresh_until=date.fromisoformat(until) if until else None,
    )
