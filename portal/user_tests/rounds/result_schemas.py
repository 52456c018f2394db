"""Schemas of what a session showed: results of tasks, answers to the scale, notes."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from marshmallow import fields, validate

from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.text import gettext as _
from portal.platform.web.api_fields import ApiSchema, choice, flag, integer, line
from portal.project.framing.identifier_rules import require_anonymous
from portal.project.projects.models import NUMBER_MAX
from portal.user_tests.rounds.merge_rules import SentValue, value_mark
from portal.user_tests.rounds.models import TEXT_MAX
from portal.user_tests.rounds.schemas import SessionSchema
from portal.user_tests.rounds.session_commands import SessionInput
from portal.user_tests.rounds.session_entry_commands import SESSION, VALUE
from portal.user_tests.rounds.session_labels import scale_wording
from portal.user_tests.rounds.session_models import (
    EASE_MAX,
    EASE_MIN,
    ERRORS_MAX,
    ITEMS_MAX,
    SECONDS_MAX,
    ScaleAnswer,
    TaskOutcome,
    TaskResult,
    TestSession,
)
from portal.user_tests.rounds.session_queries import SessionDetails


class TaskResultSchema(ApiSchema):
    """What a task gave; fields that are not sent stay."""

    task = integer(1, 999, "Number of the task.", required=True)
    outcome = choice(TaskOutcome, allow_none=True)
    seconds = integer(1, SECONDS_MAX, allow_none=True)
    ease = integer(EASE_MIN, EASE_MAX, "Single Ease Question.", allow_none=True)
    errors = integer(0, ERRORS_MAX, allow_none=True)
    notes = line(TEXT_MAX, "Nothing that tells who the person is.", load_default=None)


class ScaleAnswerSchema(ApiSchema):
    """An answer to an item of the scale."""

    item = integer(1, ITEMS_MAX, required=True)
    value = integer(1, 7, required=True, allow_none=True)


class SaveSessionResultsSchema(ApiSchema):
    """What a session showed. A value over another one is a conflict, unless `overwrite`."""

    results = fields.List(
        fields.Nested(TaskResultSchema), load_default=list, validate=validate.Length(max=99)
    )
    answers = fields.List(
        fields.Nested(ScaleAnswerSchema), load_default=list, validate=validate.Length(max=ITEMS_MAX)
    )
    notes = line(TEXT_MAX, load_default=None)
    target_group = integer(1, NUMBER_MAX, "Number of the group.", allow_none=True)
    overwrite = flag(load_default=False)
    knowingly = flag("The notes tell of nobody, whatever they look like.", load_default=False)


class TaskMeasureSchema(ApiSchema):
    """What a task measured in a session, without the notes."""

    task = integer(1, 999, "Number of the task.", dump_only=True)
    outcome = choice(TaskOutcome, dump_only=True, allow_none=True)
    seconds = integer(1, SECONDS_MAX, dump_only=True, allow_none=True)
    ease = integer(EASE_MIN, EASE_MAX, "Single Ease Question.", dump_only=True, allow_none=True)
    errors = integer(0, ERRORS_MAX, dump_only=True, allow_none=True)


class SessionMeasuresSchema(SessionSchema):  # type: ignore[misc,valid-type]  # made of columns
    """A session as statistics need it: a number for the participant, measures, and no note."""

    results = fields.List(fields.Nested(TaskMeasureSchema), dump_only=True)
    answers = fields.List(fields.Nested(ScaleAnswerSchema), dump_only=True)


class SessionDetailsSchema(SessionSchema):  # type: ignore[misc,valid-type]  # made of columns
    """A session with what it showed."""

    notes = fields.String(dump_only=True)
    results = fields.List(fields.Nested(TaskResultSchema), dump_only=True)
    answers = fields.List(fields.Nested(ScaleAnswerSchema), dump_only=True)


def dump_session(details: SessionDetails) -> dict[str, Any]:
    """The values of `SessionDetailsSchema`."""
    session = details.session
    rows = [(task, details.results[task.id]) for task in details.tasks if task.id in details.results]
    names = ("outcome", "seconds", "ease", "errors", "notes")
    results = [{"task": task.number} | {name: getattr(row, name) for name in names} for task, row in rows]
    answers = [{"item": item, "value": row.value} for item, row in sorted(details.answers.items())]
    columns = {name: getattr(session, name) for name in SessionSchema().fields}
    return columns | {"notes": session.notes, "results": results, "answers": answers}


def dump_measures(
    session: TestSession, results: Sequence[tuple[int, TaskResult]], answers: Sequence[ScaleAnswer]
) -> dict[str, Any]:
    """The values of `SessionMeasuresSchema`."""
    names = ("outcome", "seconds", "ease", "errors")
    columns = {
        name: getattr(session, name) for name in [*SessionSchema().fields, "project_id", "project_slug"]
    }
    measured = [{"task": number} | {name: getattr(row, name) for name in names} for number, row in results]
    return columns | {"results": measured, "answers": answers}


def build_session_input(details: SessionDetails, values: Mapping[str, Any]) -> SessionInput:
    """What `save_session` takes. Raises `RuleBroken` on the field that does not fit."""
    texts = [values["notes"], *(result["notes"] for result in values["results"])]
    require_anonymous(*(text or "" for text in texts), knowingly=values["knowingly"])
    written = _read_stored_values(details) if values["overwrite"] else {}
    parts: dict[str, dict[str, SentValue]] = {}
    for part, name, value in _iterate_sent_values(details, values):
        was = value_mark(written.get((part, name)))
        parts.setdefault(part, {})[name] = SentValue(value, was)
    return SessionInput(parts)


def _iterate_sent_values(
    details: SessionDetails, values: Mapping[str, Any]
) -> Iterator[tuple[str, str, Any]]:
    """(part, field, value) of what was sent."""
    if values["notes"] is not None:
        yield SESSION, "notes", values["notes"]
    if "target_group" in values:
        yield SESSION, "target_group_id", _find_group(details, values["target_group"])
    numbers = {task.number for task in details.tasks}
    for result in values["results"]:
        if result["task"] not in numbers:
            raise RuleBroken("results", _("Cette série n’a pas de tâche %(n)s.", n=result["task"]))
        sent = {name: value for name, value in result.items() if name not in {"task", "notes"}}
        notes = {} if result["notes"] is None else {"notes": result["notes"]}
        yield from ((f"t{result['task']}", name, value) for name, value in (sent | notes).items())
    wording = scale_wording(details.round.scale)
    for answer in values["answers"]:
        value = answer["value"]
        is_within = wording is not None and (value is None or wording.least <= value <= wording.most)
        if answer["item"] > details.items or not is_within:
            raise RuleBroken("answers", _("Cette réponse n’est pas de l’échelle de la série."))
        yield f"a{answer['item']}", VALUE, value


def _find_group(details: SessionDetails, number: int | None) -> Any:
    if number is None:
        return None
    group = next((group for group in details.groups if group.number == number), None)
    if group is None:
        raise RuleBroken("target_group", _("Cette série ne vise pas ce public."))
    return group.id


def _read_stored_values(details: SessionDetails) -> dict[tuple[str, str], Any]:
    """The stored values by part and field, which an overwriting request has read."""
    session = details.session
    stored: dict[tuple[str, str], Any] = {
        (SESSION, "notes"): session.notes,
        (SESSION, "target_group_id"): session.target_group_id,
    }
    for task in details.tasks:
        row = details.results.get(task.id)
        for name in ("outcome", "seconds", "ease", "errors", "notes"):
            stored[f"t{task.number}", name] = getattr(row, name, None)
    return stored | {(f"a{item}", VALUE): row.value for item, row in details.answers.items()}
