"""The default gates, parsed from `definitions/gates.1.yaml` and cached."""

from collections.abc import Sequence
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
def default_gates() -> Sequence[GateDefinition]:
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
