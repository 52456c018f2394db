"""`flask call rank`: the published cases, and clear sentences about files that hold no call."""

import json
from pathlib import Path

import pytest

CASES = Path(__file__).parents[2] / "selection/ranking/data/ranking_vectors.json"


def rank(app, path, text):
    path.write_text(text)
    return app.test_cli_runner().invoke(args=["call", "rank", str(path)])


def test_the_published_cases_are_answered_as_a_list_and_one_by_one(app, tmp_path):
    cases = json.loads(CASES.read_text())
    answer = rank(app, tmp_path / "all.json", json.dumps([case["in"] for case in cases]))
    assert answer.exit_code == 0
    assert json.loads(answer.output) == [case["out"] for case in cases]
    answer = rank(app, tmp_path / "first.json", json.dumps(cases[0]["in"]))
    assert json.loads(answer.output) == cases[0]["out"]


A = {"id": "A", "scores": {"j": {"x": 3}}}
CALL = {"needed": 1, "criteria": [{"key": "x", "weight": 100, "minimum": None}], "applications": [A]}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", "It is not JSON."),
        ("[" * 100_000, "It is not JSON."),
        ("7", "must be an object"),
        ("{}", "needed: Missing data for required field."),
        (json.dumps(CALL | {"criteria": []}), "criteria: "),
        (json.dumps(CALL | {"criteria": CALL["criteria"] * 2}), "two criteria have the same key"),
        (json.dumps(CALL | {"applications": [A, A]}), "two applications have the same id"),
        (json.dumps(CALL | {"applications": [A | {"scores": {"j": {"x": 6}}}]}), "applications.0.scores"),
        (json.dumps(CALL | {"applications": [A | {"scores": {"j": {"x": 2.5}}}]}), "Not a valid integer"),
        (
            json.dumps(CALL | {"applications": [A | {"scores": {"j": {"z": 1}}}]}),
            "scores an unknown criterion",
        ),
        (json.dumps([CALL, CALL | {"more": 1}]), "2: more: is not known here"),
    ],
)
def test_a_file_that_holds_no_call_is_refused_with_its_reason(app, tmp_path, text, sentence):
    answer = rank(app, tmp_path / "call.json", text)
    assert answer.exit_code == 1
    assert sentence in answer.output
    assert "Traceback" not in answer.output


def test_a_file_that_is_no_text_or_not_there_is_refused(app, tmp_path):
    path = tmp_path / "call.json"
    path.write_bytes(b"\xff\xfe")
    run = app.test_cli_runner().invoke
    assert run(args=["call", "rank", str(path)]).exit_code == 1
    assert run(args=["call", "rank", str(tmp_path / "none.json")]).exit_code == 2
