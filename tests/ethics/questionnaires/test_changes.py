from portal.ethics.questionnaires.edition_change_rules import (
    ItemDifference,
    carry_answers,
    compare_editions,
    compute_upgrade,
)
from tests.ethics.questionnaires.sample_definitions import small, wide

TOLD = {
    "tested": "once",
    "tested_note": "À refaire.",
    "people": "yes",
    "which": "Agents",
    "cases": 60,
    "watched": "always",
}


def test_the_same_questions_do_not_differ_and_all_answers_come_along():
    assert not compare_editions(small(), small(("edition: 1", "edition: 2")))
    carried = carry_answers(small(), small(), TOLD)
    assert (carried.answers, carried.dropped) == (TOLD, [])


def test_what_came_what_went_and_in_what_the_others_differ():
    other = small(
        ("{fr: Jour, en: Day}", "{fr: Le jour, en: The day}"),
        ("key: place", "key: address"),
        ("most: 100", "most: 50"),
        ("kind: yes_no, required: true", "kind: yes_no"),
        ('is: ["yes"]', 'is: ["yes", "no"]'),
        (
            "      - {key: watched",
            "      - {key: seen, kind: date, label: {fr: Vu, en: Seen}}\n      - {key: watched",
        ),
    )
    changes = compare_editions(small(), other)
    assert [item.key for _section, item in changes.added] == ["seen", "address"]
    assert [(section.key, item.key) for section, item in changes.removed] == [("second", "place")]
    assert {change.after.key: change.differences for change in changes.changed} == {
        "people": (ItemDifference.REQUIRED,),
        "which": (ItemDifference.CONDITION,),
        "cases": (ItemDifference.ANSWERS,),
        "day": (ItemDifference.WORDS,),
    }


def test_an_item_is_the_same_in_another_section():
    asked = "kind: number, whole: true, least: 0, most: 100, label: {fr: Cas, en: Cases}"
    line = f"      - {{key: cases, {asked}}}\n"
    other = small((line, ""), ("  - key: second", line + "  - key: second"))
    (change,) = compare_editions(small(), other).changed
    assert (change.after.key, change.differences) == ("cases", (ItemDifference.PLACE,))
    assert carry_answers(small(), other, TOLD).answers == TOLD


def test_an_answer_without_a_place_is_left_behind_and_named():
    other = small(
        ("{value: once,", "{value: twice,"),  # the answer is no longer offered
        ("most: 100", "most: 50"),  # out of bounds
        ("key: which", "key: whom"),  # another question
    )
    carried = carry_answers(small(), other, TOLD)
    assert carried.answers == {"people": "yes", "watched": "always", "tested_note": "À refaire."}
    assert [item.key for item in carried.dropped] == ["tested", "which", "cases"]


def test_a_question_of_another_kind_is_another_question():
    other = small(("key: which\n        kind: text", "key: which\n        kind: link"))
    assert [item.key for item in carry_answers(small(), other, TOLD).dropped] == ["which"]


ANSWERED = {"phase": "item1", "fields": ["a", "b"], "deep-1": "yes", "table": {"r1": ["x"]}}


def test_an_upgrade_tells_what_is_kept_what_to_read_again_what_goes_and_what_is_open():
    other = wide(
        ("edition: 2", "edition: 3"),
        ("{fr: Profond, en: Deep}", "{fr: Plus profond, en: Deeper}"),  # another wording
        ("{value: b, weight: 3,", "{value: d, weight: 3,"),  # the answer is no longer offered
        ("is: [a, b]", "is: [a, d]"),
        ("when: {item: fields, is: [b]}", "when: {item: fields, is: [d]}"),
        ("{key: both,", "{key: added,"),
    )
    found = compute_upgrade(wide(), other, ANSWERED)
    assert found.answers == {"phase": "item1", "deep-1": "yes", "table": {"r1": ["x"]}}
    assert [item.key for item in found.unchanged] == ["phase", "table"]
    assert [change.after.key for change in found.to_recheck] == ["deep-1"]
    assert [item.key for item in found.dropped] == ["fields"]
    assert [item.key for item in found.unanswered] == ["fields", "words", "cared", "added"]


def test_an_upgrade_to_the_same_keeps_all_and_asks_to_read_nothing_again():
    found = compute_upgrade(wide(), wide(), ANSWERED)
    assert found.answers == ANSWERED
    assert [item.key for item in found.unchanged] == list(ANSWERED)
    assert (found.to_recheck, found.dropped) == ([], [])


def test_an_item_moved_or_asked_in_other_cases_is_kept_without_a_second_reading():
    other = wide(("when: {item: phase, is: [item1]}", "when: {item: phase, is: [item1, item2]}"))
    told = ANSWERED | {"cared": "yes", "cared_note": "Ainsi."}
    (first, second) = compare_editions(wide(), other).changed
    assert (first.after.key, first.differences) == ("cared", (ItemDifference.CONDITION,))  # its section's
    assert second.after.key == "both"
    found = compute_upgrade(wide(), other, told)
    assert (found.answers, found.to_recheck) == (told, [])


def test_rows_cells_and_reasons_are_part_of_what_may_be_answered():
    for before, after in (
        ("{value: r2,", "{value: r3,"),
        ("cells: text, ", ""),
        ("says_why: true, ", ""),
        ("{value: x, weight: 1,", "{value: x, weight: 5,"),
    ):
        whole = ("up_to: 14", "up_to: 40")
        changes = compare_editions(wide(whole), wide(whole, (before, after))).changed
        assert ItemDifference.ANSWERS in {what for change in changes for what in change.differences}, before


def test_a_sub_question_that_stands_elsewhere_is_asked_in_other_cases():
    other = wide(
        (
            "        sub:\n",
            "      - key: above\n        kind: text\n        label: {fr: P, en: P}\n        sub:\n",
        )
    )
    told = {change.after.key: change.differences for change in compare_editions(wide(), other).changed}
    assert told == {"deep-1": (ItemDifference.CONDITION,), "deeper": (ItemDifference.CONDITION,)}
