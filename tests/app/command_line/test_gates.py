"""`flask gates judge`: gates of projects that are not over, health of all, and nothing twice.
`flask gates forecast`: the published cases, and clear sentences about files that hold no plan."""

import json
from pathlib import Path

import pytest

from portal.oversight.gates.models import GateEvaluation
from portal.platform.kernel import clock
from portal.platform.kernel.database import db
from tests.support import factories as make


def test_every_project_that_goes_on_is_judged_once(app):
    make.project()
    make.project(stopped_on=clock.today(), stop_reason="r", learnings="l")
    for _twice in range(2):
        told = app.test_cli_runner().invoke(args=["gates", "judge"])
        assert "2 projects judged" in told.output  # of one that is over, its health alone
    assert db.session.query(GateEvaluation).count() == 12


CASES = Path(__file__).parents[2] / "oversight/gates/data/gate_forecast_vectors.json"


def forecast(app, path, text):
    path.write_text(text)
    return app.test_cli_runner().invoke(args=["gates", "forecast", str(path)])


def test_the_published_cases_are_answered_as_a_list_and_one_by_one(app, tmp_path):
    cases = json.loads(CASES.read_text())
    answer = forecast(app, tmp_path / "all.json", json.dumps([case["in"] for case in cases]))
    assert answer.exit_code == 0
    assert json.loads(answer.output) == [case["out"] for case in cases]
    answer = forecast(app, tmp_path / "first.json", json.dumps(cases[0]["in"]))
    assert json.loads(answer.output) == cases[0]["out"]


GATE = {"number": 1, "due": "2027-01-31", "passed": None, "waived": False}
PLAN = {"today": "2027-02-01", "gates": [GATE], "steps": []}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", "It is not JSON."),
        ("[" * 100_000, "It is not JSON."),
        ("7", "must be an object"),
        ("{}", "today: Missing data for required field."),
        (json.dumps(PLAN | {"today": "soon"}), "today: Not a valid date."),
        (json.dumps(PLAN | {"steps": [1.5]}), "steps.0: Not a valid integer."),
        (json.dumps(PLAN | {"steps": [10**9]}), "steps.0: Must be greater than or equal to"),
        (json.dumps(PLAN | {"gates": [GATE, GATE]}), "two gates have the same number"),
        (json.dumps([PLAN, PLAN | {"gates": [{"number": 1}]}]), "2: gates.0.due: Missing data"),
        (json.dumps(PLAN | {"more": 1}), "more: is not known here"),
        (
            json.dumps(
                PLAN | {"today": "9999-12-31", "gates": [GATE, GATE | {"number": 2, "due": "9999-12-30"}]}
            ),
            "beyond any calendar",
        ),
    ],
)
def test_a_file_that_holds_no_plan_is_refused_with_its_reason(app, tmp_path, text, sentence):
    answer = forecast(app, tmp_path / "plan.json", text)
    assert answer.exit_code == 1
    assert sentence in answer.output
    assert "Traceback" not in answer.output


def test_a_file_that_is_no_text_or_not_there_is_refused(app, tmp_path):
    path = tmp_path / "plan.json"
    path.write_bytes(b"\xff\xfe")
    run = app.test_cli_runner().invoke
    assert run(args=["gates", "forecast", str(path)]).exit_code == 1
    assert run(args=["gates", "forecast", str(tmp_path / "none.json")]).exit_code == 2
