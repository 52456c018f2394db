import pytest

from portal.ethics.questionnaires.definition_rules import (
    Condition,
    ConditionGroup,
    Questionnaire,
    iterate_single_conditions,
)
from portal.ethics.questionnaires.visibility_rules import (
    condition_holds,
    is_item_visible,
    leave_out_hidden_answers,
    list_visible_items,
    list_visible_sections,
)
from tests.ethics.questionnaires.sample_definitions import small, wide


def asked(of: Questionnaire, answers: dict) -> list[str]:
    return [item.key for section in of.sections for item in list_visible_items(of, section, answers)]


ALWAYS = ["phase", "fields", "table", "words"]


@pytest.mark.parametrize(
    ("answers", "also"),
    [
        ({}, []),
        ({"phase": "item1"}, ["cared", "both"]),
        ({"phase": "item2"}, ["deep-1"]),  # one of the two is enough
        ({"fields": ["c"]}, []),
        ({"fields": ["c", "b"]}, ["deep-1"]),  # one of the ticked is enough
        ({"fields": ["b"], "deep-1": "yes"}, ["deep-1"]),  # both must hold
        ({"fields": ["b"], "deep-1": "yes", "phase": "item1"}, ["deep-1", "deeper", "cared", "both"]),
        ({"fields": ["b"], "deep-1": "no", "phase": "item1"}, ["deep-1", "cared", "both"]),
        ({"deep-1": "yes", "phase": "item1"}, ["cared", "both"]),  # hidden answers have no effect
    ],
)
def test_an_item_is_asked_while_its_conditions_hold(answers, also):
    of = wide()
    assert sorted(asked(of, answers)) == sorted(ALWAYS + also)


def test_a_section_is_asked_while_its_condition_holds():
    of = wide()
    assert [one.key for one in list_visible_sections(of, {"phase": "item2"})] == ["risk"]
    assert [one.key for one in list_visible_sections(of, {"phase": "item1"})] == ["risk", "care"]


def test_a_sub_question_is_asked_with_what_it_stands_under():
    of = wide(
        ("      - key: fields\n", "      - key: fields\n        when: {item: phase, is: [item1]}\n"),
        ("{item: fields, is: [a, b]}, {item: phase, is: [item2]}", "{item: phase, is: [item2]}"),
    )
    deep = of.item("deep-1")
    assert deep is not None
    assert deep.under == "fields"
    assert not is_item_visible(of, deep, {"phase": "item2"})  # its own condition holds, its parent's not


def test_no_condition_holds_and_an_answer_not_given_fulfils_none():
    of = small()
    assert condition_holds(of, None, {})
    assert not condition_holds(of, Condition("tested", ("once",)), {})
    assert not condition_holds(of, Condition("nowhere", ("once",)), {"nowhere": "once"})
    both = ConditionGroup((Condition("tested", ("once",)), Condition("people", ("yes",))))
    assert not condition_holds(of, both, {"tested": "once"})
    assert [one.item for one in iterate_single_conditions(both)] == ["tested", "people"]


def test_answers_that_are_hidden_are_left_out_with_their_notes():
    told = {
        "phase": "item2",
        "cared": "yes",
        "cared_note": "Ainsi.",
        "deep-1": "yes",
        "fields": ["c"],
        "deeper": 3,
    }
    assert leave_out_hidden_answers(wide(), told) == {"phase": "item2", "deep-1": "yes", "fields": ["c"]}
    seen = told | {"phase": "item1"}
    assert leave_out_hidden_answers(wide(), seen) == {
        "phase": "item1",
        "fields": ["c"],
        "cared": "yes",
        "cared_note": "Ainsi.",
    }
