"""Sums over a round's sessions, and the figures computed from them. Pure.

Figures need the sums only, so they stay the same after retention has deleted the sessions. One
exception: more than 25 times give a median while they are stored, and a geometric mean afterwards,
because sums do not give the interval of a median.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from statistics import median
from uuid import UUID

from portal.user_tests.rounds.models import RoundScale
from portal.user_tests.rounds.session_models import TaskOutcome
from portal.user_tests.statistics.completion_rules import Completion, compute_completion
from portal.user_tests.statistics.duration_rules import (
    Duration,
    compute_logarithms,
    compute_time_on_task,
    geometric_mean_duration_from_spread,
)
from portal.user_tests.statistics.interval_rules import Mean, SampleSpread, compute_spread
from portal.user_tests.statistics.scale_rules import (
    SUS_ITEMS,
    UMUX_LITE_ITEMS,
    SusResult,
    seq_from_spread,
    sus_from_spread,
    sus_score,
    umux_lite_from_spread,
    umux_lite_score,
)

ITEM_COUNTS = {RoundScale.F_SUS: SUS_ITEMS, RoundScale.SUS: SUS_ITEMS, RoundScale.UMUX_LITE: UMUX_LITE_ITEMS}


@dataclass(frozen=True)
class TaskAttempt:
    """Result of one participant with one task; None: not noted. `seconds` is the time on task."""

    outcome: TaskOutcome | None
    seconds: int | None
    ease: int | None
    errors: int | None


@dataclass(frozen=True)
class TaskSums:
    """Sums over all participants with one task. `time` is the spread of ln(seconds) of those who
    managed alone, `median` the median of their seconds."""

    successes: int = 0
    helped: int = 0
    failed: int = 0
    not_tried: int = 0
    time: SampleSpread | None = None
    median: float | None = None
    ease: SampleSpread | None = None
    errors_count: int = 0
    errors: int = 0


@dataclass(frozen=True)
class RoundSums:
    """Sums over a round without its rehearsals. `groups`: participants by target group id (None: no
    group); `scale`: spread of the scores; `tasks` by task id."""

    sessions: int = 0
    consented: int = 0
    first_on: date | None = None
    last_on: date | None = None
    scale: SampleSpread | None = None
    groups: Mapping[UUID | None, int] = field(default_factory=dict)
    tasks: Mapping[UUID, TaskSums] = field(default_factory=dict)


@dataclass(frozen=True)
class TaskFigures:
    """Figures of a task in a round."""

    completion: Completion | None
    helped: int
    not_tried: int
    time: Duration | None
    ease: Mean | None
    errors_count: int
    errors: int


@dataclass(frozen=True)
class RoundResults:
    """Results of a round. `times`: by task id, the seconds of those who managed alone, of sessions
    still stored; `is_purged`: some sums are of sessions that retention has deleted."""

    sums: RoundSums
    times: Mapping[UUID, Sequence[int]]
    is_purged: bool

    def of_task(self, task_id: UUID) -> TaskFigures:
        sums = self.sums.tasks.get(task_id, TaskSums())
        return compute_task_figures(sums, self.times.get(task_id, ()))

    def of_scale(self, scale: RoundScale) -> SusResult | Mean | None:
        return compute_scale_figure(scale, self.sums.scale)


def list_successful_seconds(attempts: Sequence[TaskAttempt]) -> list[int]:
    """Return the times of the attempts that succeeded without help."""
    return [
        attempt.seconds for attempt in attempts if attempt.outcome is TaskOutcome.SUCCESS and attempt.seconds
    ]


def sum_attempts(attempts: Sequence[TaskAttempt]) -> TaskSums:
    """Sum the attempts of a round; values that were not noted are not counted."""
    counts = {outcome: sum(attempt.outcome is outcome for attempt in attempts) for outcome in TaskOutcome}
    times = list_successful_seconds(attempts)
    errors = [attempt.errors for attempt in attempts if attempt.errors is not None]
    return TaskSums(
        successes=counts[TaskOutcome.SUCCESS],
        helped=counts[TaskOutcome.HELPED],
        failed=counts[TaskOutcome.FAILED],
        not_tried=counts[TaskOutcome.NOT_TRIED],
        time=compute_spread(compute_logarithms(times)),
        median=float(median(times)) if times else None,
        ease=compute_spread([attempt.ease for attempt in attempts if attempt.ease is not None]),
        errors_count=len(errors),
        errors=sum(errors),
    )


def compute_scale_score(scale: RoundScale, answers: Mapping[int, int]) -> float | None:
    """Return the score, 0 to 100, of one participant's answers by item (from 1); None while an
    answer is missing."""
    count = ITEM_COUNTS.get(scale, 0)
    if not count or set(answers) != set(range(1, count + 1)):
        return None
    ordered = [answers[item] for item in range(1, count + 1)]
    return umux_lite_score(ordered) if scale is RoundScale.UMUX_LITE else sus_score(ordered)


def compute_scale_figure(scale: RoundScale, scores: SampleSpread | None) -> SusResult | Mean | None:
    return umux_lite_from_spread(scores) if scale is RoundScale.UMUX_LITE else sus_from_spread(scores)


def compute_task_figures(sums: TaskSums, times: Sequence[int] = ()) -> TaskFigures:
    """Return the figures of a task; `times` are those of the sums, while they are stored."""
    attempt_count = sums.successes + sums.helped + sums.failed
    has_all_times = sums.time is not None and len(times) == sums.time.n
    return TaskFigures(
        completion=compute_completion(sums.successes, attempt_count),
        helped=sums.helped,
        not_tried=sums.not_tried,
        time=compute_time_on_task(times) if has_all_times else geometric_mean_duration_from_spread(sums.time),
        ease=seq_from_spread(sums.ease),
        errors_count=sums.errors_count,
        errors=sums.errors,
    )


def pool_spreads(first: SampleSpread | None, other: SampleSpread | None) -> SampleSpread | None:
    """Return the spread of the union of two samples (Chan, Golub & LeVeque, *Updating formulae and
    a pairwise algorithm for computing sample variances*, 1979)."""
    if first is None or other is None:
        return first or other
    n, apart = first.n + other.n, other.mean - first.mean
    mean = first.mean + apart * other.n / n
    squares = sum((sample.n - 1) * (sample.deviation or 0.0) ** 2 for sample in (first, other))
    squares += apart * apart * first.n * other.n / n
    return SampleSpread(n, mean, math.sqrt(squares / (n - 1)))


def pool_task_sums(first: TaskSums, other: TaskSums) -> TaskSums:
    """Pool two sums of a task; the median is lost unless only one of them has one."""
    medians = [sums.median for sums in (first, other) if sums.median is not None]
    return TaskSums(
        successes=first.successes + other.successes,
        helped=first.helped + other.helped,
        failed=first.failed + other.failed,
        not_tried=first.not_tried + other.not_tried,
        time=pool_spreads(first.time, other.time),
        median=medians[0] if len(medians) == 1 else None,
        ease=pool_spreads(first.ease, other.ease),
        errors_count=first.errors_count + other.errors_count,
        errors=first.errors + other.errors,
    )


def pool_round_sums(first: RoundSums, other: RoundSums) -> RoundSums:
    """Pool two sums of a round: of purged sessions, and of those since."""
    nothing = TaskSums()
    days = [day for sums in (first, other) for day in (sums.first_on, sums.last_on) if day]
    return RoundSums(
        sessions=first.sessions + other.sessions,
        consented=first.consented + other.consented,
        first_on=min(days, default=None),
        last_on=max(days, default=None),
        scale=pool_spreads(first.scale, other.scale),
        groups={
            group: first.groups.get(group, 0) + other.groups.get(group, 0)
            for group in {**first.groups, **other.groups}
        },
        tasks={
            task: pool_task_sums(first.tasks.get(task, nothing), other.tasks.get(task, nothing))
            for task in {**first.tasks, **other.tasks}
        },
    )
