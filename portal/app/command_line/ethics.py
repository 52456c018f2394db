"""`flask ethics`: scores of answers to a questionnaire."""

import json
from collections.abc import Mapping
from typing import IO, Any

import click
from flask.cli import AppGroup

from portal.app.command_line.questionnaires import get_questionnaire_by_name
from portal.ethics.questionnaires.answer_documents import parse_answers, unwrap_answers
from portal.ethics.questionnaires.definition_rules import Questionnaire
from portal.ethics.questionnaires.score_rules import compute_score

group = AppGroup("ethics", help="Ethics reviews.")


class ScoringRefused(click.ClickException):
    """Answers that cannot be scored."""

    exit_code = 2


@group.command("score")
@click.option("--questionnaire", "name", required=True, help="Its name, such as aia-1.0.1.")
@click.option("--live", is_flag=True, help="Count hidden answers, as while somebody answers.")
@click.argument("answers", type=click.File("r", encoding="utf-8-sig"))
def score_answers(name: str, answers: IO[str], *, live: bool) -> None:
    """Score ANSWERS, a JSON object of question ids and values, or a list of such objects."""
    questionnaire = get_questionnaire_by_name(name)
    if questionnaire.score is None:
        raise ScoringRefused(f"{questionnaire.name} adds nothing up: it has no score.")
    parsed_answers = _parse_answers(answers)
    if isinstance(parsed_answers, list):
        results: Any = [
            _score_answer_set(questionnaire, answer_set, f"answers number {n}: ", live=live)
            for n, answer_set in enumerate(parsed_answers, 1)
        ]
    else:
        results = _score_answer_set(questionnaire, parsed_answers, "", live=live)
    click.echo(json.dumps(results))


def _parse_answers(answers: IO[str]) -> Any:
    try:
        return json.loads(answers.read())
    except (ValueError, RecursionError):  # UnicodeDecodeError is a ValueError
        raise ScoringRefused("what is given is no JSON.") from None


def _score_answer_set(
    questionnaire: Questionnaire, answer_set: Any, where: str, *, live: bool
) -> Mapping[str, int | float | None]:
    """Score one set of answers; `where` begins each error. Raises `ScoringRefused`."""
    if not isinstance(answer_set, dict):
        raise ScoringRefused(f"{where}this is no JSON object of question ids and values.")
    item_answers = unwrap_answers(questionnaire, answer_set)
    checked_answers = parse_answers(questionnaire, item_answers)
    errors = [f"{key} is no question of {questionnaire.name}." for key in checked_answers.unknown]
    errors += [f"{json.dumps(item_answers[key])} is no answer to {key}." for key in checked_answers.misfits]
    if errors:
        raise ScoringRefused("\n".join(f"{where}{sentence}" for sentence in errors))
    scored = compute_score(questionnaire, checked_answers.answers, live=live)
    if scored is None:
        raise ScoringRefused(f"{questionnaire.name} adds nothing up: it has no score.")
    return {
        "raw": _to_integer_if_whole(scored.raw),
        "mitigation": _to_integer_if_whole(scored.mitigation),
        "current": _to_integer_if_whole(scored.value),
        "level": scored.level,
    }


def _to_integer_if_whole(number: float) -> int | float:
    """An integer for a whole number, as Canada's tool prints it."""
    return int(number) if number == int(number) else number
