"""Verdict and duties that follow from answers. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.ethics.questionnaires.definition_rules import (
    Answers,
    Duty,
    Questionnaire,
    QuestionnaireVerdict,
)
from portal.ethics.questionnaires.score_rules import ScoreResult, compute_score
from portal.ethics.questionnaires.visibility_rules import condition_holds


@dataclass(frozen=True)
class Conclusion:
    """`verdict` is None while none holds. `duties` are in the order of the definition."""

    scored: ScoreResult | None
    verdict: QuestionnaireVerdict | None
    duties: Sequence[Duty]


def conclude(definition: Questionnaire, answers: Answers, *, live: bool = False) -> Conclusion:
    """Return the score, the first verdict that holds and all duties that hold.

    Answers may be partial. `live`: see `compute_score`.
    """
    scored = compute_score(definition, answers, live=live)
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
