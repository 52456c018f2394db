"""Read the figures of a round, from its stored sessions and from tallies of purged ones."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.platform.kernel.database import db
from portal.user_tests.rounds.live_sum_queries import read_stored_session_sums
from portal.user_tests.rounds.models import TestRound, TestTask
from portal.user_tests.rounds.sum_rules import (
    RoundSums,
    TaskFigures,
    TaskSums,
    compute_scale_figure,
    compute_task_figures,
    pool_round_sums,
)
from portal.user_tests.rounds.tally_models import GroupTally, RoundTally, TaskTally
from portal.user_tests.statistics.interval_rules import Mean, SampleSpread
from portal.user_tests.statistics.scale_rules import SusResult


@dataclass(frozen=True)
class TaskWithFigures:
    task: TestTask
    figures: TaskFigures


@dataclass(frozen=True)
class RoundFigures:
    """Figures of a round; `tasks` in order. `is_purged`: some are of sessions that retention has
    deleted."""

    sums: RoundSums
    tasks: Sequence[TaskWithFigures]
    scale: SusResult | Mean | None
    is_purged: bool


def read_round_figures(round_: TestRound, tasks: Sequence[TestTask]) -> RoundFigures:
    """Read the figures of a round that the caller may see, in a constant number of statements."""
    live, tallied = read_stored_session_sums(round_), read_tallied_sums([round_.id]).get(round_.id)
    sums = pool_round_sums(live.sums, tallied) if tallied else live.sums
    nothing = TaskSums()
    tasks_with_figures = [
        TaskWithFigures(
            task, compute_task_figures(sums.tasks.get(task.id, nothing), live.times.get(task.id, ()))
        )
        for task in tasks
    ]
    return RoundFigures(
        sums, tasks_with_figures, compute_scale_figure(round_.scale, sums.scale), tallied is not None
    )


def read_tallied_sums(round_ids: Sequence[UUID]) -> Mapping[UUID, RoundSums]:
    """Read the tallies of rounds with purged sessions, by round id; other rounds are left out."""
    rounds = db.session.scalars(select(RoundTally).where(RoundTally.round_id.in_(round_ids))).all()
    if not rounds:
        return {}
    groups: dict[UUID, dict[UUID | None, int]] = defaultdict(dict)
    for group_tally in db.session.scalars(select(GroupTally).where(GroupTally.round_id.in_(round_ids))):
        groups[group_tally.round_id][group_tally.target_group_id] = group_tally.participants
    tasks: dict[UUID, dict[UUID, TaskSums]] = defaultdict(dict)
    task_tallies = (
        select(TestTask.round_id, TaskTally)
        .join(TaskTally, TaskTally.task_id == TestTask.id)
        .where(TestTask.round_id.in_(round_ids))
    )
    for round_id, tally in db.session.execute(task_tallies):
        tasks[round_id][tally.task_id] = _build_task_sums(tally)
    return {round_tally.round_id: _build_round_sums(round_tally, groups, tasks) for round_tally in rounds}


def _build_round_sums(round_tally: RoundTally, groups: Any, tasks: Any) -> RoundSums:
    return RoundSums(
        sessions=round_tally.sessions,
        consented=round_tally.consented,
        first_on=round_tally.first_on,
        last_on=round_tally.last_on,
        scale=_build_spread(round_tally.scale_count, round_tally.scale_mean, round_tally.scale_deviation),
        groups=groups[round_tally.round_id],
        tasks=tasks[round_tally.round_id],
    )


def _build_task_sums(tally: TaskTally) -> TaskSums:
    return TaskSums(
        successes=tally.successes,
        helped=tally.helped,
        failed=tally.failed,
        not_tried=tally.not_tried,
        time=_build_spread(tally.time_count, tally.time_log_mean, tally.time_log_deviation),
        median=tally.time_median,
        ease=_build_spread(tally.ease_count, tally.ease_mean, tally.ease_deviation),
        errors_count=tally.errors_count,
        errors=tally.errors,
    )


def _build_spread(count: int, mean: float | None, deviation: float | None) -> SampleSpread | None:
    return SampleSpread(count, mean, deviation) if count and mean is not None else None
