"""The templates of programmes, parsed from YAML and cached."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import yaml

from portal.oversight.gates.template_rules import GateTemplate, TemplateTrack

FILE = Path(__file__).parent / "definitions" / "templates.1.yaml"


@cache
def list_templates() -> Sequence[GateTemplate]:
    """Return the templates, the usual one first."""
    entries = yaml.safe_load(FILE.read_text(encoding="utf-8"))["templates"]
    return tuple(
        GateTemplate(
            key=entry["key"],
            name_fr=entry["name"]["fr"],
            name_en=entry["name"]["en"],
            months=entry["months"],
            tracks=tuple(TemplateTrack(track["key"], track["fr"], track["en"]) for track in entry["tracks"]),
            has_gates=entry["gates"] == "all",
        )
        for entry in entries
    )
