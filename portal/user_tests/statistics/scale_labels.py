"""The words of the scales, in the language of whoever answers: read once from `data/`. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import yaml

# Written in C where the library has it: ten times as fast, and every start reads the file.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class UsabilityScale(StrEnum):
    """What a participant can be asked: after a test, or after each task (SEQ)."""

    SUS = "sus"
    UMUX_LITE = "umux_lite"
    SEQ = "seq"


@dataclass(frozen=True)
class Wording:
    """A scale in one language: its items, answered from `least` to `most`, whose ends have words.

    `source` is to be cited where it is asked. `note` says in each language (`note["fr"]`) what to
    know before the words are relied on. `skipped` counts for an item that somebody leaves out;
    None: all are to be answered.
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

    @property
    def answers(self) -> range:
        return range(self.least, self.most + 1)


def wording(scale: UsabilityScale, language: str) -> Wording:
    """The words to ask in a language, “fr” or “en”. Raises `KeyError` for another."""
    return WORDINGS[scale, language]


def _read() -> dict[tuple[UsabilityScale, str], Wording]:
    path = Path(__file__).parent / "data" / "wordings.yaml"
    text = path.read_text(encoding="utf-8")
    scales: dict[str, Any] = yaml.load(text, Loader=_Loader)  # noqa: S506  it is the safe one, in C
    return {
        (scale, language): _wording(scale, scales[scale], scales[scale][language])
        for scale in UsabilityScale
        for language in ("fr", "en")
    }


def _wording(scale: UsabilityScale, of: Mapping[str, Any], words: Mapping[str, Any]) -> Wording:
    low, high = words["ends"]
    return Wording(
        scale=scale,
        name=words["name"],
        source=words["source"],
        note=words["note"],
        items=tuple(words["items"]),
        least=of["least"],
        most=of["most"],
        ends=(low, high),
        skipped=of["skipped"],
    )


WORDINGS: Mapping[tuple[UsabilityScale, str], Wording] = _read()
