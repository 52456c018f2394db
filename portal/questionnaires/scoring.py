"""What answers add up to. Pure.

ML Test Score: E. Breck, S. Cai, E. Nielsen, M. Salib, D. Sculley, “The ML Test Score: A Rubric for
ML Production Readiness and Technical Debt Reduction”, IEEE Big Data 2017: half a point for a test
done by hand and written down, one for a test that runs by itself, and the score is the smallest of
the sums.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.questionnaires.answers import Answers, asked_in
from portal.questionnaires.definition import Band, Questionnaire, Rule, Section


@dataclass(frozen=True)
class Scored:
    """`value` of `most`; `sums` and `greatest` by section. What is unanswered adds nothing."""

    value: float
    most: float
    sums: Mapping[str, float]
    greatest: Mapping[str, float]
    band: Band | None

    def lowest(self, sections: Sequence[Section]) -> Sequence[Section]:
        """The sections that hold the score down, when the smallest sum makes it."""
        return [section for section in sections if self.sums[section.key] == self.value]


def score(of: Questionnaire, answers: Answers) -> Scored | None:
    """None for a questionnaire that adds nothing up."""
    if of.score is None:
        return None
    sums, greatest = {}, {}
    for section in of.sections:
        asked = asked_in(of, section, answers)
        chosen = [item.choice(answers.get(item.key)) for item in asked]
        sums[section.key] = sum(choice.weight for choice in chosen if choice)
        greatest[section.key] = sum(item.best for item in asked)
    value = settle(of.score.rule, list(sums.values()))
    most = settle(of.score.rule, list(greatest.values()))
    return Scored(value, most, sums, greatest, band_of(of.score.bands, value))


def settle(rule: Rule, sums: Sequence[float]) -> float:
    """One number from the sums of the sections, of which there is at least one."""
    return min(sums) if rule is Rule.MINIMUM else sum(sums)


def band_of(bands: Sequence[Band], value: float) -> Band | None:
    """The first band that reaches the value; None where there are none."""
    return next((band for band in bands if value <= band.up_to), None)
