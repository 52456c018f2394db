"""`flask questionnaire` and `flask ethics score`."""

import json
from pathlib import Path

import pytest

from portal.app.command_line.ethics import group as ethics
from portal.app.command_line.questionnaires import group as questionnaire
from portal.ethics.questionnaires.library_documents import DEFINITIONS_FOLDER
from portal.ethics.questionnaires.queries import find_edition
from portal.platform.kernel.database import db
from tests.ethics.questionnaires.sample_definitions import SMALL, written

AIA = DEFINITIONS_FOLDER / "aia.1.yaml"
VECTORS = json.loads((Path(__file__).parents[2] / "ethics/questionnaires/aia_vectors.json").read_text())


@pytest.fixture
def run(app):
    runner = app.test_cli_runner()

    def call(*words: str, typed: str | None = None) -> tuple[int, str, str]:
        db.session.commit()
        group = ethics if words[0] == "score" else questionnaire
        done = runner.invoke(group, [*words], input=typed)
        db.session.rollback()  # what a command did not commit ends with it
        return done.exit_code, done.stdout.strip(), done.stderr.strip()

    return call


@pytest.fixture
def file(tmp_path):
    def write(text: str, name: str = "small.1.yaml") -> str:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


def given(vector: dict) -> dict:
    told = zip(VECTORS["ids"], vector["answers"], strict=True)
    return {key: answer for key, answer in told if answer is not None}


def test_a_list_of_answers_gives_a_list_of_scores_live_or_completed(run):
    chosen = [one for one in VECTORS["vectors"] if one["live"] != one["completed"]][:5]
    typed = json.dumps([given(one) for one in chosen])
    for option, which in ((["--live"], "live"), ([], "completed")):
        words = ["score", "--questionnaire", "aia-1.0.1", *option, "-"]
        code, out, err = run(*words, typed=typed)
        assert (code, err) == (0, "")
        assert [list(one.values()) for one in json.loads(out)] == [one[which] for one in chosen]


def test_one_object_gives_one_score_in_whole_numbers(run, file):
    told = json.dumps({"businessDrivers5": "item1-2", "riskProfile3": "item1-1", "impact3": None})
    code, out, _err = run("score", "--questionnaire", "aia", file(told, "answers.json"))
    assert (code, out) == (0, '{"raw": 3, "mitigation": 0, "current": 3, "level": 1}')


def test_answers_are_taken_as_the_original_saves_them(run):
    typed = "\ufeff" + json.dumps({"version": "x", "data": {"riskProfile1": "item1-3"}})
    code, out, _err = run("score", "--questionnaire", "aia-1.0.1", "-", typed=typed)
    assert (code, json.loads(out)["raw"]) == (0, 3)


def test_half_points_stay_halves_and_a_score_without_bands_has_no_level(run):
    typed = json.dumps({"severity": "grave", "exposure": "citizens"})
    code, out, _err = run("score", "--questionnaire", "framing-1", "-", typed=typed)
    assert (code, out) == (0, '{"raw": 7, "mitigation": 0, "current": 7, "level": 2}')


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("{", "what is given is no JSON."),
        ("[" * 100_000, "what is given is no JSON."),
        ("3", "this is no JSON object of question ids and values."),
        ('[{}, "a"]', "answers number 2: this is no JSON object of question ids and values."),
        ('{"riskProfile": "item1-3"}', "riskProfile is no question of aia-1.0.1."),
        ('{"riskProfile1": "item9-9"}', '"item9-9" is no answer to riskProfile1.'),
        ('{"riskProfile1": ["item1-3"]}', '["item1-3"] is no answer to riskProfile1.'),
        ('{"riskProfile1": NaN}', "NaN is no answer to riskProfile1."),
        (
            '[{}, {"businessDrivers1": ["item1", "item1"]}]',
            'answers number 2: ["item1", "item1"] is no answer to businessDrivers1.',
        ),
    ],
)
def test_answers_that_cannot_be_scored_are_refused_with_a_sentence(run, typed, said):
    code, out, err = run("score", "--questionnaire", "aia-1.0.1", "-", typed=typed)
    assert (code, out) == (2, "")
    assert said in err


def test_what_has_no_score_or_no_name_is_refused(run):
    code, out, err = run("score", "--questionnaire", "crpa-1", "-", typed="{}")
    assert (code, out, err) == (2, "", "Error: crpa-1 adds nothing up: it has no score.")
    code, out, err = run("score", "--questionnaire", "aia-2", "-", typed="{}")
    assert (code, out) == (2, "")
    assert "no questionnaire is called aia-2; with the portal come ai_act-1, ai_act-2, aia-" in err
    code, _out, err = run("score", "--questionnaire", "aia-1.0.1", "/nowhere.json")
    assert code == 2
    assert "/nowhere.json" in err


def test_a_file_is_checked_and_every_fault_told_with_its_place(run, file):
    assert run("check", str(AIA))[:2] == (0, "aia-1.0.1 is well formed: 17 sections, 161 items.")
    sheet = DEFINITIONS_FOLDER.parents[1] / "readiness_sheets/definitions/oversight.1.yaml"
    assert run("check", str(sheet))[0] == 0  # the traits of sheets are known too
    wrong = file(written(("edition: 1", "edition: 0"), ("kind: text", "kind: poem")))
    code, out, err = run("check", wrong)
    assert (code, out) == (1, "")
    assert err.startswith(f"Error: {wrong}:\n")
    assert "edition: goes from 1 to 999 (line 3)" in err
    assert "sections.0.items.2.kind: is one of: choice, " in err
    Path(wrong).write_bytes(b"\xff\xfe")
    assert "is no text in UTF-8" in run("check", wrong)[2]


def test_a_file_is_loaded_once_and_other_words_need_another_edition(run, file):
    mine = file(SMALL)
    assert run("load", mine)[:2] == (0, "small 1 is offered.")
    assert run("load", mine)[:2] == (0, "small 1 is offered.")
    row = find_edition("small", 1)
    assert row is not None
    assert row.text == SMALL
    code, _out, err = run("load", file(SMALL.replace("Petit", "Autre")))
    assert code == 1
    assert "Edition 1 of “small” exists already, with a different wording. Give it the next edition." in err
    assert run("load", file(SMALL.replace("Petit", "Autre").replace("edition: 1", "edition: 2")))[:2] == (
        0,
        "small 2 is offered.",
    )
    code, _out, err = run("load", file("key: small"))
    assert code == 1
    assert "edition: is missing (line 1)" in err


def test_two_are_compared_by_file_or_by_name(run, file):
    run("load", file(SMALL))
    other = file(
        written(
            ("edition: 1", "edition: 2"),
            ("{fr: Jour, en: Day}", "{fr: Le jour, en: The day}"),
            ("key: place", "key: address"),
            ("up_to: 1,", "up_to: 2,"),
        ),
        "small.2.yaml",
    )
    code, out, _err = run("diff", "small-1", other)
    assert (code, out.splitlines()) == (
        0,
        ["+ address: Address", "- place: Address", "~ day: words", "~ how weights make a score"],
    )
    assert run("diff", "small", "small-1")[1] == "small-1 and small-1 ask the same."
    duty = file(AIA.read_text().replace("levels: [1, 2]", "levels: [1]", 1), "aia.2.yaml")
    assert "~ what follows from the answers" in run("diff", "aia-1.0.1", duty)[1]
    code, _out, err = run("diff", "small-1", "nothing")
    assert code == 2
    assert "no questionnaire is called nothing" in err
