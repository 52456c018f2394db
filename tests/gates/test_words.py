"""What is told of gates is told in both languages."""

import pytest

from portal.gates import words
from portal.gates.definition import Stale
from portal.gates.predicates import PREDICATES
from portal.gates.verdicts import Code, Result
from tests.support.evidence import ASKED


@pytest.mark.parametrize("locale", ["fr", "en"])
def test_every_predicate_and_code_has_a_sentence_in_both_languages(app, locale):
    with words.in_language(locale):
        told = [words.demand(key, ASKED) for key in PREDICATES]
        told += [words.why(Result("x", code, {"n": 2, "wanted": 5, "number": 3})) for code in Code]
        told += [words.CAUSES[cause] for cause in Stale]
    assert all(str(one).strip() and "%(" not in str(one) for one in told)
