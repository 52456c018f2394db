"""The duties of an administration about its public algorithms (CRPA)."""

import pytest

from portal.ethics.questionnaires.definition_rules import Questionnaire
from portal.ethics.questionnaires.library_documents import find_built_in_by_name
from portal.ethics.questionnaires.score_rules import compute_conclusion


@pytest.fixture(scope="module")
def crpa() -> Questionnaire:
    found = find_built_in_by_name("crpa-1")
    assert found is not None
    return found


def concluded(of: Questionnaire, answers: dict) -> tuple[str | None, set[str]]:
    found = compute_conclusion(of, answers)
    return found.verdict and found.verdict.key, {duty.key for duty in found.duties}


def conditions(told: str) -> dict:
    """Answers to the four conditions from a string such as `yyny`."""
    answers = {}
    for n, one in enumerate(told, 1):
        answers[f"C{n}"] = {"y": "yes", "n": "no"}[one]
    return answers


MENTION = {"mention", "individual_information"}

# The quiz of Etalab's guide to public algorithms: does the duty of mention apply?
CASES = [
    ("postings of teachers", "yyyy", "applies"),
    ("allowance for dependent old people, a department", "yyyy", "applies"),
    ("recommending companies to job seekers", "yyny", "does_not_apply"),
    ("general grant to local authorities, a legal person", "yyyy", "applies"),
    ("allotting social housing", "yyyy", "applies"),
    ("targeting tax fraud", "yyyn", "secret"),
    ("doctors on call", "yyyy", "applies"),
    ("places in a prefecture's nursery", "yyyy", "applies"),
]


@pytest.mark.parametrize(("case", "told", "verdict"), CASES)
def test_the_eight_cases_of_the_guide_have_their_known_duties(crpa, case, told, verdict):
    found, duties = concluded(crpa, conditions(told))
    assert found == verdict
    assert duties == (MENTION if verdict == "applies" else set())


@pytest.mark.parametrize("told", ["n", "yn", "yyn", "nyyy", "ynyy"])
def test_one_of_the_first_three_conditions_is_enough_to_owe_nothing(crpa, told):
    assert concluded(crpa, conditions(told)) == ("does_not_apply", set())


@pytest.mark.parametrize("told", ["", "y", "yy", "yyy"])
def test_while_a_condition_is_open_nothing_is_concluded(crpa, told):
    assert concluded(crpa, conditions(told)) == (None, set())


@pytest.mark.parametrize(
    ("more", "also"),
    [
        ({"staff": "no"}, set()),
        ({"staff": "yes"}, set()),  # not answered yet
        ({"staff": "yes", "authority": "no"}, {"general_information"}),
        ({"staff": "yes", "authority": "yes"}, set()),
        ({"staff": "yes", "authority": "yes", "inhabitants": "no"}, set()),
        ({"staff": "yes", "authority": "yes", "inhabitants": "yes"}, {"general_information"}),
        ({"staff": "no", "authority": "no"}, set()),  # hidden
        ({"automated": "yes"}, {"nullity"}),
        ({"automated": "no", "learning": "yes", "explainable": "no"}, set()),
        ({"automated": "yes", "learning": "yes", "explainable": "yes"}, {"nullity"}),
        ({"automated": "yes", "learning": "yes", "explainable": "no"}, {"nullity", "mastery"}),
    ],
)
def test_size_and_automation_add_duties_where_the_mention_is_due(crpa, more, also):
    assert concluded(crpa, conditions("yyyy") | more) == ("applies", MENTION | also)
    assert concluded(crpa, conditions("yyyn") | more) == ("secret", set())


def test_a_fully_automated_decision_without_mention_is_void_since_july_2020(crpa):
    nullity = next(duty for duty in crpa.duties if duty.key == "nullity")
    assert (nullity.since.isoformat(), nullity.to_check) == ("2020-07-01", False)
