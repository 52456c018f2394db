"""The signals that every programme begins with, read from the file beside this one when first
asked for."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

from portal.health.definition import Code, Definition, Thresholds, Unit

FILE = Path(__file__).parent / "definitions" / "signals.1.yaml"


@cache
def defaults() -> Mapping[Code, Definition]:
    """In their order."""
    told = yaml.safe_load(FILE.read_text(encoding="utf-8"))["signals"]
    return {
        Code(one["code"]): Definition(
            Code(one["code"]),
            Unit(one["unit"]),
            Thresholds(one.get("watch"), one.get("alert")),
        )
        for one in told
    }
