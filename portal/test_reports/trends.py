"""The same task and the same scale over rounds, and two rounds side by side. Pure.

Tasks are compared when they are copies of one another (their lineage), scores when they are those
of the same scale in the same language.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from portal.test_reports.queries import Tried
from portal.usability.comparison import (
    Change,
    completion_change,
    score_change_of,
    time_change_of,
)
from portal.usability.interval import Mean
from portal.usability.scales import SEQ_LEAST, SEQ_MOST, Sus
from portal.user_tests.models import Scale, TestTask
from portal.user_tests.round_sums import Known
from portal.user_tests.sums import TaskFigures, TaskSums

ROUNDS = 8  # side by side, the latest
Tasks = Mapping[UUID, Sequence[TestTask]]  # by round, in the order of their turns


@dataclass(frozen=True)
class Lineage:
    """A task through the rounds that ask it: as it is called in the latest, and where."""

    task: TestTask
    round: int  # the number of the latest round
    steps: Sequence[tuple[Tried, TestTask]]  # from the first version to the last

    @property
    def key(self) -> str:
        """As an address names it: the latest round and its task."""
        return f"{self.round}.{self.task.number}"


@dataclass(frozen=True)
class TaskTrend:
    """A task over its latest rounds; changes are those between the last two that measured it."""

    lineage: Lineage
    figures: Sequence[tuple[Tried, TaskFigures]]
    completion: Change | None
    time: Change | None


@dataclass(frozen=True)
class ScaleTrend:
    """A scale over the latest rounds that asked it."""

    scale: Scale
    figures: Sequence[tuple[Tried, Sus | Mean | None]]
    change: Change | None


@dataclass(frozen=True)
class TaskPair:
    """A task in two rounds, and what changed."""

    before: TestTask
    after: TestTask
    was: TaskFigures
    now: TaskFigures
    completion: Change | None
    time: Change | None
    ease: Change | None


@dataclass(frozen=True)
class Pair:
    """Two rounds side by side. `alone` are tasks that only one of them asks, by its number;
    `groups_differ`: their participants were not of the same target groups."""

    before: Tried
    after: Tried
    was: Known
    now: Known
    tasks: Sequence[TaskPair]
    alone: Sequence[tuple[int, TestTask]]
    scale: Change | None
    groups_differ: bool

    @property
    def same_scale(self) -> bool:
        scales = {self.before.round.scale, self.after.round.scale}
        return len(scales) == 1 and Scale.NONE not in scales


def lineages(tried: Sequence[Tried], tasks: Tasks) -> Sequence[Lineage]:
    """Those of the latest round first, in its order; its primary task before the others."""
    steps: dict[UUID, list[tuple[Tried, TestTask]]] = {}
    for one in tried:
        for task in tasks.get(one.round.id, ()):
            steps.setdefault(task.lineage, []).append((one, task))
    found = [Lineage(each[-1][1], each[-1][0].round.number, each) for each in steps.values()]
    place = {one.round.number: n for n, one in enumerate(tried)}
    return sorted(
        found,
        key=lambda of: (-place[of.round], not of.task.is_primary, of.task.position),
    )


def task_trend(of: Lineage, known: Mapping[UUID, Known]) -> TaskTrend:
    """`known` holds its latest rounds at least."""
    steps = of.steps[-ROUNDS:]
    figures = [(tried, known[tried.round.id].of_task(task.id)) for tried, task in steps]
    sums = [known[tried.round.id].sums.tasks.get(task.id, TaskSums()) for tried, task in steps]
    completions = [one.completion for _tried, one in figures if one.completion]
    times = [one.time for one in sums if one.time]
    return TaskTrend(
        lineage=of,
        figures=figures,
        completion=completion_change(*completions[-2:]) if len(completions) > 1 else None,
        time=time_change_of(*times[-2:]) if len(times) > 1 else None,
    )


def asked(tried: Sequence[Tried]) -> Mapping[Scale, Sequence[Tried]]:
    """The latest rounds of each scale."""
    found = {
        scale: [one for one in tried if one.round.scale is scale]
        for scale in Scale
        if scale is not Scale.NONE
    }
    return {scale: rounds[-ROUNDS:] for scale, rounds in found.items() if rounds}


def scale_trend(scale: Scale, rounds: Sequence[Tried], known: Mapping[UUID, Known]) -> ScaleTrend:
    figures = [(one, known[one.round.id].of_scale(scale)) for one in rounds]
    spreads = [known[one.round.id].sums.scale for one in rounds]
    measured = [one for one in spreads if one]
    change = score_change_of(*measured[-2:]) if len(measured) > 1 else None
    return ScaleTrend(scale, figures, change)


def compare(before: Tried, after: Tried, tasks: Tasks, known: Mapping[UUID, Known]) -> Pair:
    was, now = known[before.round.id], known[after.round.id]
    earlier = {task.lineage: task for task in tasks.get(before.round.id, ())}
    later = {task.lineage: task for task in tasks.get(after.round.id, ())}
    shared = [lineage for lineage in later if lineage in earlier]
    pair = Pair(
        before=before,
        after=after,
        was=was,
        now=now,
        tasks=[_compare_task(earlier[one], later[one], was, now) for one in shared],
        alone=[
            (tried.round.number, task)
            for tried, asked_of in ((before, earlier), (after, later))
            for lineage, task in asked_of.items()
            if lineage not in shared
        ],
        scale=None,
        groups_differ=_groups(was) != _groups(now),
    )
    if not pair.same_scale:
        return pair
    return replace(pair, scale=score_change_of(was.sums.scale, now.sums.scale))


def _groups(known: Known) -> set[UUID | None]:
    return {group for group, count in known.sums.groups.items() if count}


def _compare_task(before: TestTask, after: TestTask, was: Known, now: Known) -> TaskPair:
    figures = was.of_task(before.id), now.of_task(after.id)
    nothing = TaskSums()
    sums = was.sums.tasks.get(before.id, nothing), now.sums.tasks.get(after.id, nothing)
    return TaskPair(
        before,
        after,
        *figures,
        completion=completion_change(figures[0].completion, figures[1].completion),
        time=time_change_of(sums[0].time, sums[1].time),
        ease=score_change_of(sums[0].ease, sums[1].ease, width=SEQ_MOST - SEQ_LEAST),
    )
