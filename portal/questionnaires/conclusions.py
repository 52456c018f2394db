"""What the answers of a tree come to, and what follows from them. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.questionnaires.definition import Answers, Duty, Questionnaire, Verdict
from portal.questionnaires.scoring import Scored, score
from portal.questionnaires.visibility import holds


@dataclass(frozen=True)
class Conclusion:
    """`verdict`: None while the answers do not tell. `duties` in the order of the definition."""

    scored: Scored | None
    verdict: Verdict | None
    duties: Sequence[Duty]


def conclude(of: Questionnaire, answers: Answers, *, live: bool = False) -> Conclusion:
    """The score, the verdict and the duties of answers, which may be partial."""
    scored = score(of, answers, live=live)
    verdict = next((one for one in of.verdicts if holds(of, one.when, answers)), None)
    level, key = scored and scored.level, verdict and verdict.key
    duties = [
        duty
        for duty in of.duties
        if holds(of, duty.when, answers)
        and (not duty.levels or level in duty.levels)
        and (not duty.verdicts or key in duty.verdicts)
    ]
    return Conclusion(scored, verdict, duties)
