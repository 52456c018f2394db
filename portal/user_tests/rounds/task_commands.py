"""Commands on the tasks of a round: add, change, move, remove; until the first session."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import update

from portal.platform.kernel import audit
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import check_version, db, flush_session, lock_row
from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.framing.identifier_rules import require_anonymous
from portal.project.projects.models import Project
from portal.project.projects.path_rules import row_path
from portal.user_tests.rounds import queries
from portal.user_tests.rounds.commands import require_tasks_editable
from portal.user_tests.rounds.models import TASKS_MAX, TestRound, TestTask

ADDED = audit.Action("test_task.added", _l("a ajouté une tâche à la série de tests %(number)s"))
CHANGED = audit.Action("test_task.changed", _l("a modifié une tâche de la série %(number)s"))
MOVED = audit.Action("test_task.moved")
REMOVED = audit.Action("test_task.removed", _l("a supprimé une tâche de la série %(number)s"), ends=True)

_FETCH = {"synchronize_session": "fetch"}
_LEFT_OUT = frozenset({"id", "created_at", "round_id", "number", "position", "lineage"})


class TaskMoveDirection(StrEnum):
    """Direction of a move."""

    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, kw_only=True)
class TaskFacts:
    """Values of a task; `time_limit` in seconds, or None. `knowingly` as in `RoundPlan`."""

    title: str
    instruction: str
    success: str
    time_limit: int | None
    is_primary: bool
    knowingly: bool = False

    def values(self) -> dict[str, Any]:
        """Return the columns. Raises `RuleBroken` on `knowingly` for text that looks like personal
        data."""
        require_anonymous(self.title, self.instruction, self.success, knowingly=self.knowingly)
        return {name: value for name, value in asdict(self).items() if name != "knowingly"}


def add_task(actor: Actor, project: Project, round_: TestRound, text: TaskFacts) -> TestTask:
    """Append a task; the first of a round is its primary task. Raises `RuleBroken`, `TooLate`."""
    lock_row(TestRound, round_.id)
    require_tasks_editable(actor, project, round_)
    values, tasks = text.values(), queries.list_tasks(round_)
    if len(tasks) >= TASKS_MAX:
        raise RuleBroken(None, _("Au plus %(n)s tâches : au-delà, personne ne finit.", n=TASKS_MAX))
    is_primary = text.is_primary or not tasks
    if is_primary:
        _clear_primary_task(round_)
    task = TestTask(
        round_id=round_.id,
        number=max((existing_task.number for existing_task in tasks), default=0) + 1,
        position=max((existing_task.position for existing_task in tasks), default=0) + 1,
        **values | {"is_primary": is_primary},
    )
    db.session.add(task)
    _record_task_change(
        actor, project, ADDED, round_, task, changes=audit.changes_of(task, leave_out=_LEFT_OUT)
    )
    return task


def change_task(
    actor: Actor,
    project: Project,
    round_: TestRound,
    task: TestTask,
    text: TaskFacts,
    *,
    expected_version: int,
) -> None:
    """Change a task. The primary task stays primary until another one becomes it.

    Raises `RuleBroken`, `Conflict`, `TooLate`.
    """
    lock_row(TestRound, round_.id)
    require_tasks_editable(actor, project, round_)
    check_version(task, expected_version)
    values = text.values()
    if text.is_primary and not task.is_primary:
        _clear_primary_task(round_)
    elif task.is_primary:
        values["is_primary"] = True
    for name, value in values.items():
        setattr(task, name, value)
    changes = audit.changes_of(task, leave_out=_LEFT_OUT)
    if changes:
        _record_task_change(actor, project, CHANGED, round_, task, changes=changes)


def _clear_primary_task(round_: TestRound) -> None:
    """Unset the primary task first: a unique index allows one per round."""
    others = update(TestTask).where(TestTask.round_id == round_.id, TestTask.is_primary)
    db.session.execute(others.values(is_primary=False), execution_options=_FETCH)


def move_task(
    actor: Actor, project: Project, round_: TestRound, task: TestTask, direction: TaskMoveDirection
) -> None:
    """Swap a task with its neighbour; does nothing at the end of the list. Raises `TooLate`."""
    lock_row(TestRound, round_.id)
    require_tasks_editable(actor, project, round_)
    tasks = list(queries.list_tasks(round_))
    place = tasks.index(task)
    other = place - 1 if direction is TaskMoveDirection.UP else place + 1
    if not 0 <= other < len(tasks):
        return
    tasks[place], tasks[other] = tasks[other], tasks[place]
    for position, ordered_task in enumerate(tasks, start=1):
        if ordered_task.position != position:  # without a new version: no conflict with an edit
            task_update = update(TestTask).where(TestTask.id == ordered_task.id)
            db.session.execute(task_update.values(position=position), execution_options=_FETCH)
    _record_task_change(actor, project, MOVED, round_, task, changes={"position": (place + 1, other + 1)})


def remove_task(actor: Actor, project: Project, round_: TestRound, task: TestTask) -> None:
    """Delete a task; the first one left replaces a primary task. Raises `TooLate`."""
    lock_row(TestRound, round_.id)
    require_tasks_editable(actor, project, round_)
    _record_task_change(actor, project, REMOVED, round_, task, changes={})
    db.session.delete(task)
    flush_session()
    remaining = queries.list_tasks(round_)
    if task.is_primary and remaining:
        remaining[0].is_primary = True


def _record_task_change(
    actor: Actor,
    project: Project,
    action: audit.Action,
    round_: TestRound,
    task: TestTask,
    *,
    changes: audit.Changes,
) -> None:
    facts = {"number": round_.number, "name": task.title, "path": row_path(project, round_)}
    audit.record(actor, action, task, scope_id=project.id, facts=facts, changes=changes)
