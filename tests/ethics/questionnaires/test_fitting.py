import pytest

from portal.ethics.questionnaires.answer_rules import AnswerMisfit, find_answer_misfit, find_note_misfit
from portal.ethics.questionnaires.completion_rules import (
    compute_progress,
    explain_answer_misfit,
    is_answer_complete,
    list_unanswered_required_items,
)
from portal.ethics.questionnaires.library_documents import find_built_in_by_name
from tests.ethics.questionnaires.sample_definitions import small, wide

FIT = [
    ("fields", ["a"]),
    ("fields", ["c", "a"]),
    ("table", {"r1": ["x"]}),
    ("table", {"r1": ["x", "y"], "r2": ["y"]}),
    ("words", {"r1": {"x": "Dit."}}),
    ("cared", "not_applicable"),
    ("deep-1", "no"),
    ("deeper", 3),
]
UNFIT = [
    ("fields", AnswerMisfit.NOT_SEVERAL, ["a", "d"]),
    ("fields", AnswerMisfit.NOT_SEVERAL, ["a", "a"]),
    ("fields", AnswerMisfit.NOT_SEVERAL, []),
    ("fields", AnswerMisfit.NOT_SEVERAL, "a"),
    ("fields", AnswerMisfit.NOT_SEVERAL, [["a"]]),
    ("fields", AnswerMisfit.NOT_SEVERAL, [3]),
    ("fields", AnswerMisfit.NOT_SEVERAL, ["a", ["c"]]),
    ("table", AnswerMisfit.NO_TABLE, {"r3": ["x"]}),
    ("table", AnswerMisfit.NO_TABLE, {"r1": ["z"]}),
    ("table", AnswerMisfit.NO_TABLE, {"r1": []}),
    ("table", AnswerMisfit.NO_TABLE, {"r1": {"x": "Dit."}}),
    ("table", AnswerMisfit.NO_TABLE, {"r1": ["x"], "r2": ["z"]}),
    ("words", AnswerMisfit.NO_TABLE, {"r1": {"x": "Dit."}, "r2": {"x": ""}}),
    ("table", AnswerMisfit.NO_TABLE, {}),
    ("table", AnswerMisfit.NO_TABLE, ["x"]),
    ("words", AnswerMisfit.NO_TABLE, {"r1": {"y": "Dit."}}),
    ("words", AnswerMisfit.NO_TABLE, {"r1": {"x": ""}}),
    ("words", AnswerMisfit.NO_TABLE, {"r1": {"x": "x" * 1001}}),
    ("words", AnswerMisfit.NO_TABLE, {"r1": {}}),
    ("words", AnswerMisfit.NO_TABLE, {"r1": ["x"]}),
    ("cared", AnswerMisfit.NOT_OFFERED, "perhaps"),
    ("cared", AnswerMisfit.NOT_OFFERED, ["yes"]),
    ("deeper", AnswerMisfit.NO_NUMBER, True),
    ("deeper", AnswerMisfit.NO_NUMBER, "3"),
    ("deeper", AnswerMisfit.NO_NUMBER, float("nan")),
    ("deeper", AnswerMisfit.NO_NUMBER, 10**400),
    ("deeper", AnswerMisfit.OUT_OF_BOUNDS, 1e13),
]


@pytest.mark.parametrize(("key", "answer"), FIT)
def test_what_can_be_an_answer(key, answer):
    item = wide().item(key)
    assert item is not None
    assert find_answer_misfit(item, answer) is None


@pytest.mark.parametrize(("key", "why", "answer"), UNFIT)
def test_what_cannot_and_why(key, why, answer):
    item = wide().item(key)
    assert item is not None
    assert find_answer_misfit(item, answer) is why


def test_one_cell_that_does_not_fit_spoils_its_row():
    actors = find_built_in_by_name("explanations-1").item("actors")
    told = {"acceptance": "Dit.", "gaming_interest": "Dit."}
    assert find_answer_misfit(actors, {"operator": told}) is None
    assert find_answer_misfit(actors, {"operator": told | {"acceptance": ""}}) is AnswerMisfit.NO_TABLE
    assert find_answer_misfit(actors, {"operator": told | {"gaming_interest": ""}}) is AnswerMisfit.NO_TABLE


@pytest.mark.parametrize("text", ["\0", "a\0b", "\ud800", "", " " * 4001, 3, None, ["x"]])
def test_a_text_is_what_a_database_can_keep(text):
    item = small(("kind: text", "kind: text, long: true".replace(", ", "\n        "))).item("which")
    assert item is not None
    assert find_answer_misfit(item, text) is AnswerMisfit.NO_TEXT
    assert find_answer_misfit(item, "é" * 4000) is None
    assert find_note_misfit(text if text != " " * 4001 else text[:1001]) is AnswerMisfit.NO_TEXT


def test_a_note_is_a_text_of_a_thousand_characters():
    assert find_note_misfit("x" * 1000) is None
    assert [find_note_misfit(one) for one in ("", "x" * 1001, ["x"])] == [AnswerMisfit.NO_TEXT] * 3


def test_every_misfit_has_a_sentence_of_its_own(app):
    of = {one.key: one for made in (small(), wide()) for one in made.items}
    told = {
        AnswerMisfit.NOT_OFFERED: ("cared", "?"),
        AnswerMisfit.NOT_SEVERAL: ("fields", "?"),
        AnswerMisfit.NO_TABLE: ("table", "?"),
        AnswerMisfit.NO_TEXT: ("which", ""),
        AnswerMisfit.NO_NUMBER: ("cases", "?"),
        AnswerMisfit.NOT_WHOLE: ("cases", 1.5),
        AnswerMisfit.OUT_OF_BOUNDS: ("cases", 101),
        AnswerMisfit.NO_DAY: ("day", "?"),
        AnswerMisfit.NO_LINK: ("place", "?"),
    }
    assert {*told} == {*AnswerMisfit}
    assert all(find_answer_misfit(of[key], one) is why for why, (key, one) in told.items())
    with app.test_request_context():
        sentences = {explain_answer_misfit(of[key], one) for key, one in told.values()}
    assert len(sentences) == len(AnswerMisfit)


def test_an_item_that_asks_why_is_answered_once_that_is_said():
    of, told = wide(), {"phase": "item1", "cared": "no"}
    cared = of.item("cared")
    assert cared is not None
    assert not is_answer_complete(cared, told)
    assert [item.key for _section, item in list_unanswered_required_items(of, told)] == ["cared"]
    assert compute_progress(of, told).answered == 1
    said = told | {"cared_note": "Plus tard."}
    assert is_answer_complete(cared, said)
    assert not list_unanswered_required_items(of, said)
    assert compute_progress(of, said).answered == 2
    assert not is_answer_complete(cared, {"cared_note": "Plus tard."})
