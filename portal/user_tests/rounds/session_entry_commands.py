"""Write the changed fields of one observer into a session."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import NotFound, TooLate
from portal.platform.kernel.text import gettext as _
from portal.user_tests.rounds.merge_rules import SentValue, merge_values
from portal.user_tests.rounds.models import TestTask
from portal.user_tests.rounds.session_models import ERRORS_MAX, SECONDS_MAX, ScaleAnswer, TaskResult
from portal.user_tests.rounds.session_queries import SessionDetails

SESSION_FIELDS = ("target_group_id", "notes")
RESULT_FIELDS = ("outcome", "seconds", "ease", "errors", "notes")
SESSION, VALUE = "s", "value"


class TaskAction(StrEnum):
    """Actions of the buttons of a task."""

    START = "start"
    STOP = "stop"
    ERROR = "error"  # one more


class SessionWriter:
    """Writes submitted values into a session and collects conflicts."""

    def __init__(self, actor: Actor, details: SessionDetails) -> None:
        self._actor, self._details = actor, details
        self._tasks = {task.number: task for task in details.tasks}
        self._results = dict(details.results)
        self.changed = False
        self.clashes: dict[str, Mapping[str, Any]] = {}

    def write_part(self, part: str, typed: Mapping[str, SentValue]) -> None:
        """Merge submitted values into a part. Raises `NotFound` for an unknown part."""
        if part == SESSION:
            self._merge_into_row(part, self._details.session, SESSION_FIELDS, typed)
        elif part.startswith("t"):
            task = self._get_task(int(part[1:]))
            self._merge_into_row(part, self._results.get(task.id), RESULT_FIELDS, typed, task)
        else:
            self._save_scale_answer(part, int(part[1:]), typed)

    def _get_task(self, number: int) -> TestTask:
        if number not in self._tasks:
            raise NotFound
        return self._tasks[number]

    def _merge_into_row(
        self,
        part: str,
        row: Any,
        names: tuple[str, ...],
        typed: Mapping[str, SentValue],
        task: TestTask | None = None,
    ) -> None:
        stored = {name: getattr(row, name, None) for name in names}
        if getattr(row, "running_since", None) is not None:
            typed = {name: sent_value for name, sent_value in typed.items() if name != "seconds"}
        merged = merge_values(stored, typed)
        if merged.clashes:
            self.clashes[part] = merged.clashes
        if not merged.changes:
            return
        row = row or self._add_result(task)
        for name, value in merged.changes.items():
            setattr(row, name, value)
        self.changed = True

    def _add_result(self, task: TestTask | None) -> TaskResult:
        assert task is not None  # noqa: S101  the session row always exists
        result = TaskResult(session_id=self._details.session.id, task_id=task.id, notes="")
        db.session.add(result)
        self._results[task.id] = result
        return result

    def _save_scale_answer(self, part: str, item: int, typed: Mapping[str, SentValue]) -> None:
        if item not in range(1, self._details.items + 1):
            raise NotFound
        row = self._details.answers.get(item)
        merged = merge_values({VALUE: row and row.value}, typed)
        if merged.clashes:
            self.clashes[part] = merged.clashes
        if not merged.changes:
            return
        self._require_no_participant_answers_or_link()
        value = merged.changes[VALUE]
        if row is None:
            row = ScaleAnswer(session_id=self._details.session.id, item=item, value=value)
            db.session.add(row)
        row.value, row.typed_by_id = value, self._actor.person_id
        self.changed = True

    def _require_no_participant_answers_or_link(self) -> None:
        if self._details.is_answered_by_participant:
            raise TooLate(_("La personne a répondu elle-même : personne ne change ses réponses."))
        if self._details.link is not None:
            raise TooLate(_("La personne répond sur son téléphone. Reprenez le lien pour répondre ici."))

    def apply_action(self, action: TaskAction, number: int) -> None:
        """Start or stop the stopwatch of a task, or count an error. Starting and stopping are
        idempotent."""
        task = self._get_task(number)
        row = self._results.get(task.id) or self._add_result(task)
        before = row.running_since, row.errors
        if action is TaskAction.START and row.running_since is None:
            row.running_since = clock.now()
        elif action is TaskAction.STOP:
            stop_stopwatch(row)
        elif action is TaskAction.ERROR:
            row.errors = min((row.errors or 0) + 1, ERRORS_MAX)
        self.changed = self.changed or before != (row.running_since, row.errors)


def compute_elapsed_seconds(result: TaskResult) -> int:
    """Return the seconds on the stopwatch, at most a day."""
    seconds = result.seconds or 0
    if result.running_since is not None:
        seconds += max(0, int((clock.now() - result.running_since).total_seconds()))
    return min(seconds, SECONDS_MAX)


def stop_stopwatch(result: TaskResult) -> None:
    if result.running_since is not None:
        result.seconds = max(1, compute_elapsed_seconds(result))
        result.running_since = None
