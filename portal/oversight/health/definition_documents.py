"""The default signals, parsed from `definitions/signals.2.yaml` and cached."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

from portal.oversight.health.definition_rules import SignalCode, SignalDefinition, Thresholds, ThresholdUnit

FILE = Path(__file__).parent / "definitions" / "signals.2.yaml"


@cache
def read_default_signals() -> Mapping[SignalCode, SignalDefinition]:
    """Return the default definitions by code, in the order of the file."""
    entries = yaml.safe_load(FILE.read_text(encoding="utf-8"))["signals"]
    return {
        SignalCode(entry["code"]): SignalDefinition(
            SignalCode(entry["code"]),
            ThresholdUnit(entry["unit"]),
            Thresholds(entry.get("watch"), entry.get("alert")),
        )
        for entry in entries
    }
