from portal.ethics.questionnaires.answer_documents import (
    fingerprint_answers,
    order_answers,
    parse_answers,
    unwrap_answers,
)
from portal.ethics.questionnaires.answer_rules import AnswerMisfit
from tests.ethics.questionnaires.sample_definitions import wide

TOLD = {"fields": ["b", "a"], "phase": "item1", "cared": "yes", "cared_note": "Ainsi."}


def test_answers_that_are_brought_in_are_held_to_the_questionnaire():
    given = TOLD | {
        "elsewhere": "Ce que l’original demande en plus.",
        "nowhere": "yes",
        "both": "x",  # one tick may come alone
        "deep-1": "perhaps",
        "words": None,
        "table": {},
        "deeper": "",
    }
    taken = parse_answers(wide(), given)
    assert taken.answers == TOLD | {"both": ["x"]}
    assert (taken.passed_over, taken.unknown) == (["elsewhere"], ["nowhere"])
    assert taken.misfits == {"deep-1": AnswerMisfit.NOT_OFFERED}


def test_a_note_is_held_to_its_length_and_hangs_on_an_item_that_has_one():
    taken = parse_answers(wide(), {"cared_note": "x" * 1001, "phase_note": "Dit."})
    assert not taken.answers
    assert taken.misfits == {"cared_note": AnswerMisfit.NO_TEXT}
    assert taken.unknown == ["phase_note"]


def test_what_the_original_saves_around_its_answers_is_taken_off():
    of = wide()
    assert unwrap_answers(of, {"version": "1", "data": TOLD}) == TOLD
    assert unwrap_answers(of, TOLD) == TOLD
    assert unwrap_answers(of, {"data": "x"}) == {"data": "x"}


def test_answers_go_out_in_the_order_of_the_questions_and_come_back_the_same():
    given = order_answers(wide(), TOLD)
    assert list(given) == ["phase", "fields", "cared", "cared_note"]
    assert parse_answers(wide(), given).answers == TOLD


def test_a_fingerprint_covers_the_questions_and_the_answers_and_no_order():
    of = wide()
    mine = fingerprint_answers(of, "a" * 64, TOLD)
    assert mine == fingerprint_answers(of, "a" * 64, dict(reversed(TOLD.items())))
    others = [
        fingerprint_answers(of, "b" * 64, TOLD),
        fingerprint_answers(wide(("edition: 2", "edition: 3")), "a" * 64, TOLD),
        fingerprint_answers(wide(("key: wide", "key: wider")), "a" * 64, TOLD),
        fingerprint_answers(of, "a" * 64, TOLD | {"cared": "no"}),
        fingerprint_answers(of, "a" * 64, TOLD | {"cared_note": "Autrement."}),
    ]
    assert len({mine, *others}) == 6
    assert len(mine) == 64


def test_a_fingerprint_is_the_same_in_years():
    told = TOLD | {"cared_note": "Déjà.", "deeper": 3.5}
    was = "219ea7fa47dbd3f688ca2c53a1113c7412960b93b8c217367eb8e1cd864cd7b9"
    assert fingerprint_answers(wide(), "a" * 64, told) == was
