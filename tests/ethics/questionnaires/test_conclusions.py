import pytest

from portal.ethics.questionnaires.score_rules import compute_conclusion
from tests.ethics.questionnaires.sample_definitions import small, wide


@pytest.mark.parametrize(
    ("answers", "verdict", "duties"),
    [
        ({}, None, ["always"]),
        ({"fields": ["c"]}, None, ["always"]),
        ({"fields": ["a"]}, "told", ["always"]),
        ({"fields": ["b"]}, None, ["always", "dated"]),
        # The first that holds is the verdict.
        ({"fields": ["a"], "deep-1": "no"}, "fine", ["always", "when_fine"]),
        ({"fields": ["a", "b"], "deep-1": "yes"}, "told", ["always", "much", "dated"]),
        # A hidden answer has no effect.
        ({"fields": ["c"], "deep-1": "no"}, None, ["always"]),
    ],
)
def test_the_first_verdict_that_holds_and_all_duties_that_hold(answers, verdict, duties):
    found = compute_conclusion(wide(), answers)
    assert (found.verdict and found.verdict.key) == verdict
    assert [duty.key for duty in found.duties] == duties


def test_a_duty_has_its_day_and_says_when_it_is_to_be_checked():
    dated = wide().duties[-1]
    assert (dated.since.isoformat(), dated.to_check) == ("2026-12-02", True)
    assert (wide().duties[0].since, wide().duties[0].to_check) == (None, False)


def test_a_questionnaire_without_conclusions_concludes_nothing():
    found = compute_conclusion(small(), {"tested": "once"})
    assert (found.verdict, list(found.duties)) == (None, [])
    assert found.scored is not None
