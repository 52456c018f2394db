"""The figures of rounds: from their sessions while there are any, from what was tallied since."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.kernel.db import db
from portal.usability.interval import Mean, Spread
from portal.usability.scales import Sus
from portal.user_tests.live_sums import read_results
from portal.user_tests.models import TestRound, TestTask
from portal.user_tests.sums import (
    RoundSums,
    TaskFigures,
    TaskSums,
    join_rounds,
    scale_figure,
    task_figures,
)
from portal.user_tests.tallies import GroupTally, RoundTally, TaskTally


@dataclass(frozen=True)
class OfTask:
    task: TestTask
    figures: TaskFigures


@dataclass(frozen=True)
class Figures:
    """Of a round: who came (`sums`), its tasks in their order, its scale. `is_purged` says that
    some of it is all that is kept of sessions which are gone."""

    sums: RoundSums
    tasks: Sequence[OfTask]
    scale: Sus | Mean | None
    is_purged: bool


def read_figures(round_: TestRound, tasks: Sequence[TestTask]) -> Figures:
    """Of a round that the caller may see, in a constant number of queries."""
    now, kept = read_results(round_), read_tallied([round_.id]).get(round_.id)
    sums = join_rounds(now.sums, kept) if kept else now.sums
    nothing = TaskSums()
    told = [
        OfTask(one, task_figures(sums.tasks.get(one.id, nothing), now.times.get(one.id, ())))
        for one in tasks
    ]
    return Figures(sums, told, scale_figure(round_.scale, sums.scale), kept is not None)


def read_tallied(round_ids: Sequence[UUID]) -> Mapping[UUID, RoundSums]:
    """What was kept of rounds whose sessions were purged, by round; others are left out."""
    rounds = db.session.scalars(select(RoundTally).where(RoundTally.round_id.in_(round_ids))).all()
    if not rounds:
        return {}
    groups: dict[UUID, dict[UUID | None, int]] = defaultdict(dict)
    for one in db.session.scalars(select(GroupTally).where(GroupTally.round_id.in_(round_ids))):
        groups[one.round_id][one.target_group_id] = one.participants
    tasks: dict[UUID, dict[UUID, TaskSums]] = defaultdict(dict)
    chosen = (
        select(TestTask.round_id, TaskTally)
        .join(TaskTally, TaskTally.task_id == TestTask.id)
        .where(TestTask.round_id.in_(round_ids))
    )
    for round_id, tally in db.session.execute(chosen):
        tasks[round_id][tally.task_id] = _task_of(tally)
    return {one.round_id: _round_of(one, groups, tasks) for one in rounds}


def _round_of(one: RoundTally, groups: Any, tasks: Any) -> RoundSums:
    return RoundSums(
        sessions=one.sessions,
        consented=one.consented,
        first_on=one.first_on,
        last_on=one.last_on,
        scale=_spread(one.scale_count, one.scale_mean, one.scale_deviation),
        groups=groups[one.round_id],
        tasks=tasks[one.round_id],
    )


def _task_of(tally: TaskTally) -> TaskSums:
    return TaskSums(
        successes=tally.successes,
        helped=tally.helped,
        failed=tally.failed,
        not_tried=tally.not_tried,
        time=_spread(tally.time_count, tally.time_log_mean, tally.time_log_deviation),
        median=tally.time_median,
        ease=_spread(tally.ease_count, tally.ease_mean, tally.ease_deviation),
        errors_count=tally.errors_count,
        errors=tally.errors,
    )


def _spread(count: int, mean: float | None, deviation: float | None) -> Spread | None:
    return Spread(count, mean, deviation) if count and mean is not None else None
