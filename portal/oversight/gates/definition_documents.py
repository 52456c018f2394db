"""The default gates and their library of predicates, parsed from YAML and cached."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from portal.oversight.gates.definition_rules import (
    GateAcceptor,
    GateDefinition,
    GateTermsValues,
    StalenessCause,
)

FILE = Path(__file__).parent / "definitions" / "gates.1.yaml"


@cache
def read_default_gates() -> Sequence[GateDefinition]:
    """Return the default definitions, from G0."""
    entries = yaml.safe_load(FILE.read_text(encoding="utf-8"))["gates"]
    return tuple(_parse_definition(entry) for entry in entries)


def _parse_definition(entry: dict[str, Any]) -> GateDefinition:
    return GateDefinition(
        number=entry["number"],
        key=entry["key"],
        name_fr=entry["name"]["fr"],
        name_en=entry["name"]["en"],
        predicates=tuple(entry["predicates"]),
        stale=tuple(StalenessCause(cause) for cause in entry["stale"]),
        terms=GateTermsValues(
            weight=entry["weight"],
            month=entry["month"],
            acceptor=GateAcceptor(entry["acceptor"]),
            track=entry.get("track", ""),
            thresholds=entry.get("asked", {}),
        ),
    )


@cache
def get_default_gate_definition(number: int) -> GateDefinition:
    """Return the default definition of a gate; a bare one for a number that programmes add."""
    defaults = read_default_gates()
    if number < len(defaults):
        return defaults[number]
    terms = GateTermsValues(0, 0, GateAcceptor.DIRECTION, "", {})
    return GateDefinition(number, f"added-{number}", "", "", (), (), terms)


def replace_predicates(
    definition: GateDefinition, predicates: Sequence[str], thresholds: Mapping[str, int]
) -> GateDefinition:
    """Return the definition with these predicates and `thresholds`; those not set are the default.

    An acceptance goes stale on whatever makes the default gates of these predicates stale.
    """
    homes = [gate for gate in read_default_gates() if set(gate.predicates) & set(predicates)]
    stale = tuple(dict.fromkeys(cause for gate in homes for cause in gate.stale))
    usual = {key: value for gate in homes for key, value in gate.terms.thresholds.items()}
    offered = {key: usual[key] for key in usual if key in predicates or key in stale}
    own = {key: thresholds.get(key, value) for key, value in offered.items()}
    terms = replace(definition.terms, thresholds=own)
    return replace(definition, predicates=tuple(predicates), stale=stale, terms=terms)
