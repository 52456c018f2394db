"""The matrix of risks: four steps of severity by four of likelihood. Pure."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from portal.ethics.risks.level_rules import SCALE_STEPS, RiskLevel, find_level
from portal.ethics.risks.models import Risk


@dataclass(frozen=True)
class RiskMatrixCell:
    """The risks with one likelihood and one severity."""

    likelihood: int
    level: RiskLevel
    risks: Sequence[Risk]


@dataclass(frozen=True)
class RiskMatrixRow:
    """The cells of one severity, by ascending likelihood."""

    severity: int
    cells: Sequence[RiskMatrixCell]


def build_matrix(risks: Sequence[Risk], *, is_initial: bool) -> Sequence[RiskMatrixRow]:
    """Rows by descending severity; of initial risks with `is_initial`, else of residual ones."""
    risks_by_position: dict[tuple[int, int], list[Risk]] = defaultdict(list)
    for risk in risks:
        position = (risk.likelihood, risk.severity) if is_initial else risk.position
        risks_by_position[position].append(risk)
    return [
        RiskMatrixRow(
            severity,
            [
                RiskMatrixCell(
                    likelihood, find_level(likelihood, severity), risks_by_position[likelihood, severity]
                )
                for likelihood in SCALE_STEPS
            ],
        )
        for severity in reversed(SCALE_STEPS)
    ]
