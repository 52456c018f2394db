"""The gates that every programme begins with, read from the file beside this one when first asked
for."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from portal.gates.definition import Acceptor, Definition, Stale, Terms

FILE = Path(__file__).parent / "definitions" / "gates.1.yaml"


@cache
def defaults() -> Sequence[Definition]:
    """In their order, from G0."""
    told = yaml.safe_load(FILE.read_text(encoding="utf-8"))["gates"]
    return tuple(_definition(given) for given in told)


def _definition(given: dict[str, Any]) -> Definition:
    return Definition(
        number=given["number"],
        key=given["key"],
        name_fr=given["name"]["fr"],
        name_en=given["name"]["en"],
        predicates=tuple(given["predicates"]),
        stale=tuple(Stale(each) for each in given["stale"]),
        terms=Terms(
            weight=given["weight"],
            month=given["month"],
            acceptor=Acceptor(given["acceptor"]),
            track=given.get("track", ""),
            asked=given.get("asked", {}),
        ),
    )
