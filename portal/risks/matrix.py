"""Where each risk stands: four steps of severity by four of likelihood. Pure."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from portal.risks.levels import STEPS, Level, level_of
from portal.risks.models import Risk


@dataclass(frozen=True)
class Cell:
    """What stands at one likelihood and one severity."""

    likelihood: int
    level: Level
    risks: Sequence[Risk]


@dataclass(frozen=True)
class Row:
    severity: int
    cells: Sequence[Cell]


def matrix(risks: Sequence[Risk], *, before: bool) -> Sequence[Row]:
    """The gravest row first; as things were before any mitigation, or as they are today."""
    placed: dict[tuple[int, int], list[Risk]] = defaultdict(list)
    for risk in risks:
        placed[(risk.likelihood, risk.severity) if before else risk.place].append(risk)
    return [
        Row(
            severity,
            [Cell(one, level_of(one, severity), placed[one, severity]) for one in STEPS],
        )
        for severity in reversed(STEPS)
    ]
