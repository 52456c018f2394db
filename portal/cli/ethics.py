"""`flask ethics`: what answers to a questionnaire come to, outside of any page."""

import json
from collections.abc import Mapping
from typing import IO, Any

import click
from flask.cli import AppGroup

from portal.cli.questionnaire import named
from portal.questionnaires.definition import Questionnaire
from portal.questionnaires.exchange import answers_within, take_answers
from portal.questionnaires.scoring import score

group = AppGroup("ethics", help="Ethics reviews.")


class Refused(click.ClickException):
    """Answers that cannot be scored."""

    exit_code = 2


@group.command("score")
@click.option("--questionnaire", "name", required=True, help="Its name, such as aia-1.0.1.")
@click.option("--live", is_flag=True, help="Count hidden answers, as while somebody answers.")
@click.argument("answers", type=click.File("r", encoding="utf-8-sig"))
def tell_score(name: str, answers: IO[str], *, live: bool) -> None:
    """Score ANSWERS, a JSON object of question ids and values, or a list of such objects."""
    of = named(name)
    if of.score is None:
        raise Refused(f"{of.name} adds nothing up: it has no score.")
    given = _parsed(answers)
    if isinstance(given, list):
        found: Any = [
            _scored(of, one, f"answers number {n}: ", live=live) for n, one in enumerate(given, 1)
        ]
    else:
        found = _scored(of, given, "", live=live)
    click.echo(json.dumps(found))


def _parsed(answers: IO[str]) -> Any:
    try:
        return json.loads(answers.read())
    except (ValueError, RecursionError):  # UnicodeDecodeError is a ValueError
        raise Refused("what is given is no JSON.") from None


def _scored(
    of: Questionnaire, given: Any, where: str, *, live: bool
) -> Mapping[str, int | float | None]:
    if not isinstance(given, dict):
        raise Refused(f"{where}this is no JSON object of question ids and values.")
    told = answers_within(of, given)
    taken = take_answers(of, told)
    wrong = [f"{key} is no question of {of.name}." for key in taken.unknown]
    wrong += [f"{json.dumps(told[key])} is no answer to {key}." for key in taken.misfits]
    if wrong:
        raise Refused("\n".join(f"{where}{sentence}" for sentence in wrong))
    scored = score(of, taken.answers, live=live)
    if scored is None:
        raise Refused(f"{of.name} adds nothing up: it has no score.")
    return {
        "raw": _plain(scored.raw),
        "mitigation": _plain(scored.mitigation),
        "current": _plain(scored.value),
        "level": scored.level,
    }


def _plain(number: float) -> int | float:
    """A whole number without decimals, as the original prints it."""
    return int(number) if number == int(number) else number
