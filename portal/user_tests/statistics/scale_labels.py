"""Wordings of the questionnaires in French and English, read once from `data/`. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import yaml

# The C loader, where available: ten times as fast, and every start reads the file.
_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class UsabilityScale(StrEnum):
    """Questionnaires: after a session, or after each task (SEQ)."""

    SUS = "sus"
    UMUX_LITE = "umux_lite"
    SEQ = "seq"


@dataclass(frozen=True)
class ScaleWording:
    """A scale in one language: its items, answered from `least` to `most`; `ends` label these two.

    `source` is cited where the scale is asked. `note` says by language (`note["fr"]`) whether this
    wording was validated. `skipped` is the value of a skipped item; None: every item is required.
    """

    scale: UsabilityScale
    name: str
    source: str
    note: Mapping[str, str]
    items: tuple[str, ...]
    least: int
    most: int
    ends: tuple[str, str]
    skipped: int | None


def get_scale_wording(scale: UsabilityScale, language: str) -> ScaleWording:
    """Return the wording in “fr” or “en”. Raises `KeyError` for another language."""
    return WORDINGS[scale, language]


def _read_wordings() -> dict[tuple[UsabilityScale, str], ScaleWording]:
    path = Path(__file__).parent / "data" / "wordings.yaml"
    text = path.read_text(encoding="utf-8")
    scales: dict[str, Any] = yaml.load(text, Loader=_SafeLoader)  # noqa: S506  the safe loader, in C
    return {
        (scale, language): _build_wording(scale, scales[scale], scales[scale][language])
        for scale in UsabilityScale
        for language in ("fr", "en")
    }


def _build_wording(scale: UsabilityScale, common: Mapping[str, Any], text: Mapping[str, Any]) -> ScaleWording:
    low, high = text["ends"]
    return ScaleWording(
        scale=scale,
        name=text["name"],
        source=text["source"],
        note=text["note"],
        items=tuple(text["items"]),
        least=common["least"],
        most=common["most"],
        ends=(low, high),
        skipped=common["skipped"],
    )


WORDINGS: Mapping[tuple[UsabilityScale, str], ScaleWording] = _read_wordings()
