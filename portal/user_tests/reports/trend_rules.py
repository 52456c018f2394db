"""Trends of a task and of a scale over rounds, and the comparison of two rounds. Pure.

Tasks are compared when one is a copy of the other (same lineage), scores when their scale has the
same items in the same language.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from portal.user_tests.reports.round_rules import VersionedRound
from portal.user_tests.rounds.models import RoundScale, TestTask
from portal.user_tests.rounds.sum_rules import RoundResults, TaskFigures, TaskSums
from portal.user_tests.statistics.comparison_rules import (
    MeasuredChange,
    compute_completion_change,
    score_change_from_spreads,
    time_change_from_spreads,
)
from portal.user_tests.statistics.interval_rules import Mean
from portal.user_tests.statistics.scale_rules import SEQ_LEAST, SEQ_MOST, SusResult

ROUNDS_MAX = 8  # of a trend: the latest
TasksByRound = Mapping[UUID, Sequence[TestTask]]  # by round id, in order of position


@dataclass(frozen=True)
class TaskLineage:
    """A task and its copies; `task` is the one of the latest round."""

    task: TestTask
    round: int  # the number of the latest round
    steps: Sequence[tuple[VersionedRound, TestTask]]  # from the first version to the last

    @property
    def key(self) -> str:
        """Return the id used in query strings: round and task number."""
        return f"{self.round}.{self.task.number}"


@dataclass(frozen=True)
class TaskTrend:
    """A task over its latest rounds; the changes are between the last two that measured it."""

    lineage: TaskLineage
    figures: Sequence[tuple[VersionedRound, TaskFigures]]
    completion: MeasuredChange | None
    time: MeasuredChange | None


@dataclass(frozen=True)
class ScaleTrend:
    """A scale over its latest rounds."""

    scale: RoundScale
    figures: Sequence[tuple[VersionedRound, SusResult | Mean | None]]
    change: MeasuredChange | None


@dataclass(frozen=True)
class TaskPair:
    """A task in two rounds, and the changes of its figures."""

    before: TestTask
    after: TestTask
    was: TaskFigures
    now: TaskFigures
    completion: MeasuredChange | None
    time: MeasuredChange | None
    ease: MeasuredChange | None


@dataclass(frozen=True)
class RoundPair:
    """Two rounds side by side. `unshared_tasks`: tasks of only one of them, with its number;
    `groups_differ`: their participants were not of the same target groups."""

    before: VersionedRound
    after: VersionedRound
    was: RoundResults
    now: RoundResults
    tasks: Sequence[TaskPair]
    unshared_tasks: Sequence[tuple[int, TestTask]]
    scale: MeasuredChange | None
    groups_differ: bool

    @property
    def same_scale(self) -> bool:
        scales = {self.before.round.scale, self.after.round.scale}
        return len(scales) == 1 and RoundScale.NONE not in scales


def list_task_lineages(
    versioned_rounds: Sequence[VersionedRound], tasks: TasksByRound
) -> Sequence[TaskLineage]:
    """Return all lineages, those of the latest round first, its primary task on top."""
    steps: dict[UUID, list[tuple[VersionedRound, TestTask]]] = {}
    for round_ in versioned_rounds:
        for task in tasks.get(round_.round.id, ()):
            steps.setdefault(task.lineage, []).append((round_, task))
    unsorted = [TaskLineage(path[-1][1], path[-1][0].round.number, path) for path in steps.values()]
    rank = {round_.round.number: n for n, round_ in enumerate(versioned_rounds)}
    return sorted(
        unsorted,
        key=lambda lineage: (-rank[lineage.round], not lineage.task.is_primary, lineage.task.position),
    )


def find_longest_lineage(lineages: Sequence[TaskLineage]) -> TaskLineage | None:
    """Return the task that was asked in most rounds, the first of them; None without any."""
    return max(lineages, key=lambda lineage: len(lineage.steps), default=None)


def build_task_trend(lineage: TaskLineage, results: Mapping[UUID, RoundResults]) -> TaskTrend:
    """Return the trend of a task; `results` has at least its latest rounds."""
    steps = lineage.steps[-ROUNDS_MAX:]
    figures = [(round_, results[round_.round.id].of_task(task.id)) for round_, task in steps]
    sums = [results[round_.round.id].sums.tasks.get(task.id, TaskSums()) for round_, task in steps]
    completions = [figure.completion for _round, figure in figures if figure.completion]
    times = [task_sums.time for task_sums in sums if task_sums.time]
    return TaskTrend(
        lineage=lineage,
        figures=figures,
        completion=compute_completion_change(*completions[-2:]) if len(completions) > 1 else None,
        time=time_change_from_spreads(*times[-2:]) if len(times) > 1 else None,
    )


def group_rounds_by_scale(
    versioned_rounds: Sequence[VersionedRound],
) -> Mapping[RoundScale, Sequence[VersionedRound]]:
    """Return the latest rounds of each scale."""
    scale_rounds = {
        scale: [round_ for round_ in versioned_rounds if round_.round.scale is scale]
        for scale in RoundScale
        if scale is not RoundScale.NONE
    }
    return {scale: rounds[-ROUNDS_MAX:] for scale, rounds in scale_rounds.items() if rounds}


def build_scale_trend(
    scale: RoundScale, rounds: Sequence[VersionedRound], results: Mapping[UUID, RoundResults]
) -> ScaleTrend:
    figures = [(round_, results[round_.round.id].of_scale(scale)) for round_ in rounds]
    spreads = [results[round_.round.id].sums.scale for round_ in rounds]
    measured = [spread for spread in spreads if spread]
    change = score_change_from_spreads(*measured[-2:]) if len(measured) > 1 else None
    return ScaleTrend(scale, figures, change)


def compare_rounds(
    before: VersionedRound, after: VersionedRound, tasks: TasksByRound, results: Mapping[UUID, RoundResults]
) -> RoundPair:
    was, now = results[before.round.id], results[after.round.id]
    earlier = {task.lineage: task for task in tasks.get(before.round.id, ())}
    later = {task.lineage: task for task in tasks.get(after.round.id, ())}
    shared = [lineage for lineage in later if lineage in earlier]
    pair = RoundPair(
        before=before,
        after=after,
        was=was,
        now=now,
        tasks=[
            _compare_task(earlier[shared_lineage], later[shared_lineage], was, now)
            for shared_lineage in shared
        ],
        unshared_tasks=[
            (round_.round.number, task)
            for round_, tasks_by_lineage in ((before, earlier), (after, later))
            for lineage, task in tasks_by_lineage.items()
            if lineage not in shared
        ],
        scale=None,
        groups_differ=_list_tested_group_ids(was) != _list_tested_group_ids(now),
    )
    if not pair.same_scale:
        return pair
    return replace(pair, scale=score_change_from_spreads(was.sums.scale, now.sums.scale))


def _list_tested_group_ids(results: RoundResults) -> set[UUID | None]:
    return {group for group, count in results.sums.groups.items() if count}


def _compare_task(before: TestTask, after: TestTask, was: RoundResults, now: RoundResults) -> TaskPair:
    figures = was.of_task(before.id), now.of_task(after.id)
    nothing = TaskSums()
    sums = was.sums.tasks.get(before.id, nothing), now.sums.tasks.get(after.id, nothing)
    return TaskPair(
        before,
        after,
        *figures,
        completion=compute_completion_change(figures[0].completion, figures[1].completion),
        time=time_change_from_spreads(sums[0].time, sums[1].time),
        ease=score_change_from_spreads(sums[0].ease, sums[1].ease, width=SEQ_MOST - SEQ_LEAST),
    )
