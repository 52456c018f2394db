"""Sentences of gates exist in both languages."""

import pytest

from portal.oversight.gates import labels
from portal.oversight.gates.definition_rules import StalenessCause
from portal.oversight.gates.predicate_result_rules import PredicateResult, UnmetCode
from portal.oversight.gates.predicate_rules import PREDICATES
from tests.support.evidence import ASKED


@pytest.mark.parametrize("locale", ["fr", "en"])
def test_every_predicate_and_code_has_a_sentence_in_both_languages(app, locale):
    with labels.using_language(locale):
        sentences = [labels.predicate_demand(key, ASKED) for key in PREDICATES]
        sentences += [
            labels.why_unmet(PredicateResult("x", code, {"n": 2, "wanted": 5, "number": 3}))
            for code in UnmetCode
        ]
        sentences += [labels.CAUSES[cause] for cause in StalenessCause]
    assert all(str(sentence).strip() and "%(" not in str(sentence) for sentence in sentences)


def test_shares_of_time_that_nobody_could_give_are_not_counted(app):
    with labels.using_language("fr"):
        result = PredicateResult("shares_of_time", UnmetCode.SHARE_OF_TIME_MISSING, {"n": 0})
        assert labels.why_unmet(result) == "Personne n’est encore dans l’équipe."
