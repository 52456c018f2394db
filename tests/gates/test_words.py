"""What is told of gates is told in both languages."""

import pytest

from portal.gates import words
from portal.gates.definition import StalenessCause
from portal.gates.predicates import PREDICATES
from portal.gates.verdicts import PredicateResult, UnmetCode
from tests.support.evidence import ASKED


@pytest.mark.parametrize("locale", ["fr", "en"])
def test_every_predicate_and_code_has_a_sentence_in_both_languages(app, locale):
    with words.using_language(locale):
        told = [words.demand(key, ASKED) for key in PREDICATES]
        told += [
            words.why(PredicateResult("x", code, {"n": 2, "wanted": 5, "number": 3}))
            for code in UnmetCode
        ]
        told += [words.CAUSES[cause] for cause in StalenessCause]
    assert all(str(one).strip() and "%(" not in str(one) for one in told)
