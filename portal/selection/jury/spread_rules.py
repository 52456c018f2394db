"""Spreads applications over jurors: within conflicts and maximum loads, as evenly as possible.

Each application takes the least loaded jurors first. Then gaps are closed, and loads evened, by
moving applications along chains of jurors (a ← b ← c): where no chain helps any more, no other
spread has fewer gaps, or loads nearer to one another.
"""

from collections import deque
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Generic, TypeVar

Id = TypeVar("Id", bound=Hashable)


@dataclass(frozen=True)
class ApplicationToSpread(Generic[Id]):
    """An application to spread: jurors who may not judge it, and jurors who stay on it."""

    id: Id
    barred: Collection[Id] = ()
    fixed: Collection[Id] = ()


@dataclass(frozen=True)
class AssignmentSpread(Generic[Id]):
    """Who judges what, how many jurors each application lacks, and the load of each juror."""

    jurors: Mapping[Id, frozenset[Id]]
    gaps: Mapping[Id, int]
    loads: Mapping[Id, int]


@dataclass
class _AssignmentSpreadInProgress(Generic[Id]):
    """A spread in the making; `limits` is the most applications that each juror takes."""

    tasks: Mapping[Id, ApplicationToSpread[Id]]
    limits: Mapping[Id, int]
    on: dict[Id, set[Id]] = field(default_factory=dict)  # jurors by application
    of: dict[Id, set[Id]] = field(default_factory=dict)  # applications by juror

    def may_take(self, juror: Id, task: ApplicationToSpread[Id]) -> bool:
        return juror not in task.barred and juror not in self.on[task.id]

    def has_room(self, juror: Id) -> bool:
        return len(self.of[juror]) < self.limits[juror]

    def assign_application(self, juror: Id, id_: Id) -> None:
        self.on[id_].add(juror)
        self.of[juror].add(id_)

    def move_application(self, id_: Id, source: Id, target: Id) -> None:
        self.on[id_].discard(source)
        self.of[source].discard(id_)
        self.assign_application(target, id_)

    def find_movable_application(self, source: Id, target: Id) -> Id | None:
        """An application that `target` may take from `source`."""
        for id_ in self.of[source]:
            task = self.tasks[id_]
            if source not in task.fixed and self.may_take(target, task):
                return id_
        return None

    def find_chain(self, starts: Sequence[Id], goals: Collection[Id]) -> Sequence[Id]:
        """The shortest chain of jurors from a start to a goal, each able to take from the one
        before; empty when there is none."""
        previous: dict[Id, Id | None] = dict.fromkeys(starts, None)
        queue = deque(starts)
        while queue:
            juror = queue.popleft()
            if juror in goals:
                chain = [juror]
                while (before := previous[chain[-1]]) is not None:
                    chain.append(before)
                return chain[::-1]
            for other in self.of:
                if other not in previous and self.find_movable_application(juror, other) is not None:
                    previous[other] = juror
                    queue.append(other)
        return ()

    def move_along(self, chain: Sequence[Id]) -> None:
        """Move an application along each link of a chain, from its end so that none moves twice."""
        for source, target in reversed(list(pairwise(chain))):
            id_ = self.find_movable_application(source, target)
            if id_ is not None:
                self.move_application(id_, source, target)


def spread_jurors(
    tasks: Sequence[ApplicationToSpread[Id]], limits: Mapping[Id, int | None], needed: int
) -> AssignmentSpread[Id]:
    """Assign `needed` jurors to each application; None in `limits`: as many as it takes."""
    by_id = {task.id: task for task in tasks}
    board = _AssignmentSpreadInProgress(
        by_id, {juror: len(tasks) if n is None else n for juror, n in limits.items()}
    )
    board.of = {juror: set() for juror in limits}
    board.on = {task.id: set() for task in tasks}
    for task in tasks:
        for juror in task.fixed:
            if juror in limits:
                board.assign_application(juror, task.id)
    for task in sorted(tasks, key=lambda task: len(limits) - len(set(task.barred))):
        _fill_jury(board, task, needed)
    for task in tasks:
        _close_gap(board, task, needed)
    _even_loads(board)
    return AssignmentSpread(
        jurors={id_: frozenset(jurors) for id_, jurors in board.on.items()},
        gaps={id_: needed - len(jurors) for id_, jurors in board.on.items() if len(jurors) < needed},
        loads={juror: len(ids) for juror, ids in board.of.items()},
    )


def _fill_jury(board: _AssignmentSpreadInProgress[Id], task: ApplicationToSpread[Id], needed: int) -> None:
    """Give the application to the least loaded jurors who may take it."""
    free = [juror for juror in board.of if board.may_take(juror, task) and board.has_room(juror)]
    free.sort(key=lambda juror: len(board.of[juror]))
    for juror in free[: max(0, needed - len(board.on[task.id]))]:
        board.assign_application(juror, task.id)


def _close_gap(board: _AssignmentSpreadInProgress[Id], task: ApplicationToSpread[Id], needed: int) -> None:
    """Free a juror for the application by moving others', as long as that helps."""
    while len(board.on[task.id]) < needed:
        starts = [juror for juror in board.of if board.may_take(juror, task)]
        goals = {juror for juror in board.of if board.has_room(juror)}
        chain = board.find_chain(starts, goals)
        if not chain:
            return
        board.move_along(chain)
        if board.has_room(chain[0]) and board.may_take(chain[0], task):
            board.assign_application(chain[0], task.id)
        else:
            return


def _even_loads(board: _AssignmentSpreadInProgress[Id]) -> None:
    """Move applications from a loaded juror to one with at least two fewer, while there is one."""
    moved = True
    while moved:
        moved = False
        for juror in sorted(board.of, key=lambda each: -len(board.of[each])):
            load = len(board.of[juror])
            goals = {
                other for other in board.of if len(board.of[other]) <= load - 2 and board.has_room(other)
            }
            chain = board.find_chain([juror], goals) if goals else ()
            if chain:
                board.move_along(chain)
                moved = len(board.of[juror]) < load
                break
