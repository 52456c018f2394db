from portal.questionnaires.changes import What, carry, compare
from tests.questionnaires.told import small

TOLD = {
    "tested": "once",
    "tested_note": "À refaire.",
    "people": "yes",
    "which": "Agents",
    "cases": 60,
    "watched": "always",
}


def test_the_same_questions_do_not_differ_and_all_answers_come_along():
    assert not compare(small(), small(("edition: 1", "edition: 2")))
    carried = carry(small(), small(), TOLD)
    assert (carried.answers, carried.left) == (TOLD, [])


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
    changes = compare(small(), other)
    assert [item.key for _section, item in changes.added] == ["seen", "address"]
    assert [(section.key, item.key) for section, item in changes.removed] == [("second", "place")]
    assert {change.after.key: change.what for change in changes.changed} == {
        "people": (What.REQUIRED,),
        "which": (What.CONDITION,),
        "cases": (What.ANSWERS,),
        "day": (What.WORDS,),
    }


def test_an_item_is_the_same_in_another_section():
    asked = "kind: number, whole: true, least: 0, most: 100, label: {fr: Cas, en: Cases}"
    line = f"      - {{key: cases, {asked}}}\n"
    other = small((line, ""), ("  - key: second", line + "  - key: second"))
    (change,) = compare(small(), other).changed
    assert (change.after.key, change.what) == ("cases", (What.PLACE,))
    assert carry(small(), other, TOLD).answers == TOLD


def test_an_answer_without_a_place_is_left_behind_and_named():
    other = small(
        ("{value: once,", "{value: twice,"),  # its answer is not offered any more
        ("most: 100", "most: 50"),  # out of bounds
        ("key: which", "key: whom"),  # another question
    )
    carried = carry(small(), other, TOLD)
    assert carried.answers == {"people": "yes", "watched": "always", "tested_note": "À refaire."}
    assert [item.key for item in carried.left] == ["tested", "which", "cases"]


def test_a_question_of_another_kind_is_another_question():
    other = small(("key: which\n        kind: text", "key: which\n        kind: link"))
    assert [item.key for item in carry(small(), other, TOLD).left] == ["which"]
