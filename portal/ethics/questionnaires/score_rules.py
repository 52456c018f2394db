"""Scores of answers, and the verdict and duties that follow. Pure.

ML Test Score: E. Breck, S. Cai, E. Nielsen, M. Salib, D. Sculley, “The ML Test Score: A Rubric for
ML Production Readiness and Technical Debt Reduction”, IEEE Big Data 2017: half a point for a
documented manual test, one for an automated test; the score is the smallest sum of a section.

Algorithmic Impact Assessment 1.0.1, Government of Canada (canada-ca/aia-eia-js, commit b900dc7):
the raw score is the sum of the weights of risk; when mitigation reaches 80 % of its maximum in one
phase of the project, the score is 15 % lower, rounded half up; the level is its quarter of 167.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from portal.ethics.questionnaires.definition_rules import (
    NOT_APPLICABLE,
    Answers,
    Duty,
    MitigationRelief,
    Questionnaire,
    QuestionnaireItem,
    QuestionnaireItemKind,
    QuestionnaireSection,
    RiskOrMitigation,
    ScoreBand,
    ScoreRule,
    VerdictDefinition,
)
from portal.ethics.questionnaires.visibility_rules import condition_holds, is_item_visible


@dataclass(frozen=True)
class ScoreResult:
    """`value` of at most `most` points; unanswered items add nothing.

    `sums` and `greatest` are the points and the maximum by section, of items that count now. `raw`
    is the score before mitigation, `level` the rank of the band, from 1; `needed` are the points of
    mitigation from which it lowers the score, None where it never does.
    """

    value: float
    most: float
    sums: Mapping[str, float]
    greatest: Mapping[str, float]
    band: ScoreBand | None
    raw: float
    mitigation: float
    level: int | None
    needed: float | None = None

    def lowest_sections(self, sections: Sequence[QuestionnaireSection]) -> Sequence[QuestionnaireSection]:
        """The sections whose sum is the score, with the rule `minimum`."""
        return [section for section in sections if self.sums[section.key] == self.value]


def compute_score(definition: Questionnaire, answers: Answers, *, live: bool = False) -> ScoreResult | None:
    """Return the score of answers; None for a questionnaire without one.

    Hidden items add nothing, unless `live`: the original AIA tool counts them until completion.
    """
    rule = definition.score
    if rule is None:
        return None
    sums, greatest = {}, {}
    for section in definition.sections:
        counted = [
            item
            for item in section.items
            if (live or is_item_visible(definition, item, answers)) and not is_not_applicable(item, answers)
        ]
        sums[section.key] = sum(compute_item_score(item, answers) for item in counted)
        greatest[section.key] = sum(item.max_weight for item in counted)
    raw, mitigation = (_combine_part_sums(definition, part, rule.rule, sums) for part in RiskOrMitigation)
    value = apply_relief(raw, mitigation, rule.relief)
    maxima = {section.key: sum(item.max_weight for item in section.items) for section in definition.sections}
    most = _combine_part_sums(definition, RiskOrMitigation.RISK, rule.rule, maxima)
    band = find_band(rule.bands, value)
    level = rule.bands.index(band) + 1 if band else None
    needed = rule.relief.needed if rule.relief else None
    return ScoreResult(value, most, sums, greatest, band, raw, mitigation, level, needed)


def is_not_applicable(item: QuestionnaireItem, answers: Answers) -> bool:
    """Whether it was answered “not applicable”: then it does not count at all."""
    return item.kind is QuestionnaireItemKind.ASSESSED and answers.get(item.key) == NOT_APPLICABLE


def compute_item_score(item: QuestionnaireItem, answers: Answers) -> float:
    """The sum of the weights of the chosen or ticked values."""
    answer = answers.get(item.key)
    if isinstance(answer, dict):
        ticked = [value for row in answer.values() if isinstance(row, list) for value in row]
    else:
        ticked = answer if isinstance(answer, list) else [answer]
    return sum(choice.weight for value in ticked if (choice := item.choice(value)))


def apply_relief(raw: float, mitigation: float, relief: MitigationRelief | None) -> float:
    """The score after mitigation, rounded half up; computed in fractions, exactly."""
    if relief is None or mitigation < relief.needed:
        return raw
    return math.floor(Fraction(raw) * (100 - relief.percent) / 100 + Fraction(1, 2))


def combine_section_sums(rule: ScoreRule, sums: Sequence[float]) -> float:
    """Combine the sums of sections by the rule; 0 without sections."""
    return min(sums, default=0) if rule is ScoreRule.MINIMUM else sum(sums)


def find_band(bands: Sequence[ScoreBand], value: float) -> ScoreBand | None:
    """The first band that reaches the value; None without bands."""
    return next((band for band in bands if value <= band.up_to), None)


def _combine_part_sums(
    definition: Questionnaire, part: RiskOrMitigation, rule: ScoreRule, sums: Mapping[str, float]
) -> float:
    return combine_section_sums(
        rule, [sums[section.key] for section in definition.sections if section.part is part]
    )


@dataclass(frozen=True)
class Conclusion:
    """`verdict` is None while none holds. `duties` are in the order of the definition."""

    scored: ScoreResult | None
    verdict: VerdictDefinition | None
    duties: Sequence[Duty]


def compute_conclusion(definition: Questionnaire, answers: Answers) -> Conclusion:
    """Return the score, the first verdict that holds and all duties that hold. Answers may be partial."""
    scored = compute_score(definition, answers)
    verdict = next(
        (
            candidate
            for candidate in definition.verdicts
            if condition_holds(definition, candidate.when, answers)
        ),
        None,
    )
    level, key = scored and scored.level, verdict and verdict.key
    duties = [
        duty
        for duty in definition.duties
        if condition_holds(definition, duty.when, answers)
        and (not duty.levels or level in duty.levels)
        and (not duty.verdicts or key in duty.verdicts)
    ]
    return Conclusion(scored, verdict, duties)
