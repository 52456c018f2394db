"""What a round's sessions add up to, and the figures of it. Pure.

Sums are all that the figures ask for, so they are the same before and after retention has deleted
the sessions; only more than 25 times have a median while they are there, and a geometric mean
afterwards, since sums do not tell the interval of a median.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from statistics import median
from uuid import UUID

from portal.usability.completion import Completion, completion
from portal.usability.durations import Duration, geometric_mean_of, logarithms, time_on_task
from portal.usability.interval import Mean, Spread, spread
from portal.usability.scales import (
    SUS_ITEMS,
    UMUX_LITE_ITEMS,
    Sus,
    seq_of,
    sus_of,
    sus_score,
    umux_lite_of,
    umux_lite_score,
)
from portal.user_tests.models import Scale
from portal.user_tests.sessions import Outcome

ITEMS = {Scale.F_SUS: SUS_ITEMS, Scale.SUS: SUS_ITEMS, Scale.UMUX_LITE: UMUX_LITE_ITEMS}


@dataclass(frozen=True)
class Did:
    """What one participant did with one task; None: not noted. Times are seconds."""

    outcome: Outcome | None
    seconds: int | None
    ease: int | None
    errors: int | None


@dataclass(frozen=True)
class TaskSums:
    """All participants with one task. `time` is the spread of the natural logarithms of the
    seconds of those who managed alone, `median` their middle."""

    successes: int = 0
    helped: int = 0
    failed: int = 0
    not_tried: int = 0
    time: Spread | None = None
    median: float | None = None
    ease: Spread | None = None
    errors_count: int = 0
    errors: int = 0


@dataclass(frozen=True)
class RoundSums:
    """A round without its rehearsals: how many took part, of which group (None: of none), when;
    the scores of its scale, and the sums of each task."""

    sessions: int = 0
    consented: int = 0
    first_on: date | None = None
    last_on: date | None = None
    scale: Spread | None = None
    groups: Mapping[UUID | None, int] = field(default_factory=dict)
    tasks: Mapping[UUID, TaskSums] = field(default_factory=dict)


@dataclass(frozen=True)
class TaskFigures:
    """What is told of a task."""

    completion: Completion | None
    helped: int
    not_tried: int
    time: Duration | None
    ease: Mean | None
    errors_count: int
    errors: int


def times_of(did: Sequence[Did]) -> list[int]:
    """Of those who managed alone: how long it takes to give up is another question."""
    return [one.seconds for one in did if one.outcome is Outcome.SUCCESS and one.seconds]


def sum_task(did: Sequence[Did]) -> TaskSums:
    """Of all participants of a round; what was not noted counts nowhere."""
    counts = {outcome: sum(one.outcome is outcome for one in did) for outcome in Outcome}
    times = times_of(did)
    errors = [one.errors for one in did if one.errors is not None]
    return TaskSums(
        successes=counts[Outcome.SUCCESS],
        helped=counts[Outcome.HELPED],
        failed=counts[Outcome.FAILED],
        not_tried=counts[Outcome.NOT_TRIED],
        time=spread(logarithms(times)),
        median=float(median(times)) if times else None,
        ease=spread([one.ease for one in did if one.ease is not None]),
        errors_count=len(errors),
        errors=sum(errors),
    )


def score(scale: Scale, answers: Mapping[int, int]) -> float | None:
    """Of one participant's answers by item, from 1; None while one is missing. 0 to 100."""
    count = ITEMS.get(scale, 0)
    if not count or set(answers) != set(range(1, count + 1)):
        return None
    ordered = [answers[item] for item in range(1, count + 1)]
    return umux_lite_score(ordered) if scale is Scale.UMUX_LITE else sus_score(ordered)


def scale_figure(scale: Scale, of: Spread | None) -> Sus | Mean | None:
    return umux_lite_of(of) if scale is Scale.UMUX_LITE else sus_of(of)


def task_figures(sums: TaskSums, times: Sequence[int] = ()) -> TaskFigures:
    """`times` are those of the sums, where they are still there."""
    tried = sums.successes + sums.helped + sums.failed
    held = sums.time is not None and len(times) == sums.time.n
    return TaskFigures(
        completion=completion(sums.successes, tried),
        helped=sums.helped,
        not_tried=sums.not_tried,
        time=time_on_task(times) if held else geometric_mean_of(sums.time),
        ease=seq_of(sums.ease),
        errors_count=sums.errors_count,
        errors=sums.errors,
    )


def join(one: Spread | None, other: Spread | None) -> Spread | None:
    """The spread of both samples together (Chan, Golub & LeVeque, *Updating formulae and a
    pairwise algorithm for computing sample variances*, 1979)."""
    if one is None or other is None:
        return one or other
    n, apart = one.n + other.n, other.mean - one.mean
    mean = one.mean + apart * other.n / n
    squares = sum((each.n - 1) * (each.deviation or 0.0) ** 2 for each in (one, other))
    squares += apart * apart * one.n * other.n / n
    return Spread(n, mean, math.sqrt(squares / (n - 1)))


def join_tasks(one: TaskSums, other: TaskSums) -> TaskSums:
    """A median of both is not known from the medians of each."""
    medians = [each.median for each in (one, other) if each.median is not None]
    return TaskSums(
        successes=one.successes + other.successes,
        helped=one.helped + other.helped,
        failed=one.failed + other.failed,
        not_tried=one.not_tried + other.not_tried,
        time=join(one.time, other.time),
        median=medians[0] if len(medians) == 1 else None,
        ease=join(one.ease, other.ease),
        errors_count=one.errors_count + other.errors_count,
        errors=one.errors + other.errors,
    )


def join_rounds(one: RoundSums, other: RoundSums) -> RoundSums:
    """What was purged and what came after it."""
    nothing = TaskSums()
    days = [day for each in (one, other) for day in (each.first_on, each.last_on) if day]
    return RoundSums(
        sessions=one.sessions + other.sessions,
        consented=one.consented + other.consented,
        first_on=min(days, default=None),
        last_on=max(days, default=None),
        scale=join(one.scale, other.scale),
        groups={
            group: one.groups.get(group, 0) + other.groups.get(group, 0)
            for group in {**one.groups, **other.groups}
        },
        tasks={
            task: join_tasks(one.tasks.get(task, nothing), other.tasks.get(task, nothing))
            for task in {**one.tasks, **other.tasks}
        },
    )
