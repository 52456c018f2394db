"""What the answers of a tree come to, and what follows from them. Pure."""

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
    """`verdict`: None while the answers do not tell. `duties` in the order of the definition."""

    scored: ScoreResult | None
    verdict: QuestionnaireVerdict | None
    duties: Sequence[Duty]


def conclude(of: Questionnaire, answers: Answers, *, live: bool = False) -> Conclusion:
    """The score, the verdict and the duties of answers, which may be partial."""
    scored = compute_score(of, answers, live=live)
    verdict = next(
        (candidate for candidate in of.verdicts if condition_holds(of, candidate.when, answers)),
        None,
    )
    level, key = scored and scored.level, verdict and verdict.key
    duties = [
        duty
        for duty in of.duties
        if condition_holds(of, duty.when, answers)
        and (not duty.levels or level in duty.levels)
        and (not duty.verdicts or key in duty.verdicts)
    ]
    return Conclusion(scored, verdict, duties)
