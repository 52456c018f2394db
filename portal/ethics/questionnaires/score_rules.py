"""What answers add up to. Pure.

ML Test Score: E. Breck, S. Cai, E. Nielsen, M. Salib, D. Sculley, “The ML Test Score: A Rubric for
ML Production Readiness and Technical Debt Reduction”, IEEE Big Data 2017: half a point for a test
done by hand and written down, one for a test that runs by itself, and the score is the smallest of
the sums.

Algorithmic Impact Assessment 1.0.1, Government of Canada (canada-ca/aia-eia-js, commit b900dc7):
the weights of risk add up to the raw score; when those of mitigation reach 80 % of what one phase
of the project can have, 15 % of it is taken off, rounded half up; the level is its quarter of 167.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from portal.ethics.questionnaires.definition_rules import (
    NOT_APPLICABLE,
    Answers,
    Questionnaire,
    QuestionnaireItem,
    QuestionnaireItemKind,
    QuestionnaireSection,
    Relief,
    ScoreBand,
    ScoreRule,
    ScoreSide,
)
from portal.ethics.questionnaires.visibility_rules import is_visible


@dataclass(frozen=True)
class ScoreResult:
    """`value` of `most`, the greatest there can be; what is unanswered adds nothing.

    `sums` of `greatest` by section, of what counts there now. `raw` is the value before mitigation
    took anything off, `level` the rank of the band from 1.
    """

    value: float
    most: float
    sums: Mapping[str, float]
    greatest: Mapping[str, float]
    band: ScoreBand | None
    raw: float
    mitigation: float
    level: int | None

    def lowest_sections(
        self, sections: Sequence[QuestionnaireSection]
    ) -> Sequence[QuestionnaireSection]:
        """The sections that hold the score down, when the smallest sum makes it."""
        return [section for section in sections if self.sums[section.key] == self.value]


def compute_score(of: Questionnaire, answers: Answers, *, live: bool = False) -> ScoreResult | None:
    """None for a questionnaire that adds nothing up.

    What is hidden adds nothing; with `live` it still does, as in the original of the AIA while one
    answers: there, hidden answers are dropped on completion only.
    """
    rule = of.score
    if rule is None:
        return None
    sums, greatest = {}, {}
    for section in of.sections:
        counted = [
            item
            for item in section.items
            if (live or is_visible(of, item, answers)) and not is_not_applicable(item, answers)
        ]
        sums[section.key] = sum(item_score(item, answers) for item in counted)
        greatest[section.key] = sum(item.max_weight for item in counted)
    raw, mitigation = (_combine_part_sums(of, part, rule.rule, sums) for part in ScoreSide)
    value = apply_relief(raw, mitigation, rule.relief)
    whole = {
        each_section.key: sum(item.max_weight for item in each_section.items)
        for each_section in of.sections
    }
    most = _combine_part_sums(of, ScoreSide.RISK, rule.rule, whole)
    band = find_band(rule.bands, value)
    level = rule.bands.index(band) + 1 if band else None
    return ScoreResult(value, most, sums, greatest, band, raw, mitigation, level)


def is_not_applicable(item: QuestionnaireItem, answers: Answers) -> bool:
    """Answered “not applicable”: it counts neither for nor against, as if it were not asked."""
    return item.kind is QuestionnaireItemKind.ASSESSED and answers.get(item.key) == NOT_APPLICABLE


def item_score(item: QuestionnaireItem, answers: Answers) -> float:
    """The weights of what was chosen; of all that was ticked, where several may be."""
    answer = answers.get(item.key)
    if isinstance(answer, dict):
        ticked = [value for row in answer.values() if isinstance(row, list) for value in row]
    else:
        ticked = answer if isinstance(answer, list) else [answer]
    return sum(choice.weight for value in ticked if (choice := item.choice(value)))


def apply_relief(raw: float, mitigation: float, relief: Relief | None) -> float:
    """What is left of a raw score. Half a point is rounded up, whatever floats make of it."""
    if relief is None or mitigation < relief.needed:
        return raw
    return math.floor(Fraction(raw) * (100 - relief.percent) / 100 + Fraction(1, 2))


def combine_sums(rule: ScoreRule, sums: Sequence[float]) -> float:
    """One number from the sums of the sections; nothing where there are none."""
    return min(sums, default=0) if rule is ScoreRule.MINIMUM else sum(sums)


def find_band(bands: Sequence[ScoreBand], value: float) -> ScoreBand | None:
    """The first band that reaches the value; None where there are none."""
    return next((band for band in bands if value <= band.up_to), None)


def _combine_part_sums(
    of: Questionnaire, part: ScoreSide, rule: ScoreRule, sums: Mapping[str, float]
) -> float:
    return combine_sums(
        rule, [sums[section.key] for section in of.sections if section.part is part]
    )
