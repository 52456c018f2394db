"""Where each risk stands: four steps of severity by four of likelihood. Pure."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from portal.ethics.risks.level_rules import SCALE_STEPS, RiskLevel, level_of
from portal.ethics.risks.models import Risk


@dataclass(frozen=True)
class RiskMatrixCell:
    """What stands at one likelihood and one severity."""

    likelihood: int
    level: RiskLevel
    risks: Sequence[Risk]


@dataclass(frozen=True)
class RiskMatrixRow:
    severity: int
    cells: Sequence[RiskMatrixCell]


def build_matrix(risks: Sequence[Risk], *, before: bool) -> Sequence[RiskMatrixRow]:
    """The gravest row first; as things were before any mitigation, or as they are today."""
    placed: dict[tuple[int, int], list[Risk]] = defaultdict(list)
    for risk in risks:
        placed[(risk.likelihood, risk.severity) if before else risk.position].append(risk)
    return [
        RiskMatrixRow(
            severity,
            [
                RiskMatrixCell(
                    likelihood, level_of(likelihood, severity), placed[likelihood, severity]
                )
                for likelihood in SCALE_STEPS
            ],
        )
        for severity in reversed(SCALE_STEPS)
    ]
