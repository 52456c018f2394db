"""What the sessions of rounds add up to while they are there, in the same number of queries
however many rounds they are."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from portal.platform.kernel.database import db
from portal.user_tests.rounds.models import Scale, TestRound
from portal.user_tests.rounds.session_models import ScaleAnswer, TaskResult, TestSession
from portal.user_tests.rounds.sum_rules import (
    RoundSums,
    TaskAttempt,
    scale_score,
    successful_seconds,
    sum_task,
)
from portal.user_tests.statistics.interval_rules import SampleSpread, spread


@dataclass(frozen=True)
class LiveResults:
    """What the sessions of a round that are still there add up to; `times` by task, in seconds, of
    those who managed alone."""

    sums: RoundSums
    times: Mapping[UUID, Sequence[int]]


def read_live_results(round_: TestRound) -> LiveResults:
    """Of a round that the caller may see, in three queries."""
    return read_live_results_of_rounds([round_])[round_.id]


def read_live_results_of_rounds(
    rounds: Sequence[TestRound], tasks: Collection[UUID] | None = None
) -> Mapping[UUID, LiveResults]:
    """Of rounds that the caller may see, by round; of some of their tasks alone, if given."""
    ids = [round_.id for round_ in rounds]
    participation, did, scores = (
        _count_participation(ids),
        _list_attempts(ids, tasks),
        _scores(rounds),
    )
    return {
        round_id: LiveResults(
            RoundSums(
                **participation.get(round_id, {}),
                scale=scores.get(round_id),
                tasks={task: sum_task(of) for task, of in did[round_id].items()},
            ),
            {task: successful_seconds(of) for task, of in did[round_id].items()},
        )
        for round_id in ids
    }


def count_participation(rounds: Sequence[TestRound]) -> Mapping[UUID, RoundSums]:
    """Who came to rounds that the caller may see, by round; without their tasks and scores."""
    ids = [round_.id for round_ in rounds]
    participation = _count_participation(ids)
    return {round_id: RoundSums(**participation.get(round_id, {})) for round_id in ids}


def _counted_sessions(ids: Sequence[UUID]) -> tuple[Any, ...]:
    """Sessions that count: rehearsals do not, nor does what never began."""
    return (
        TestSession.round_id.in_(ids),
        TestSession.started_at.is_not(None),
        TestSession.is_rehearsal.is_(False),
    )


def _count_participation(ids: Sequence[UUID]) -> Mapping[UUID, Mapping[str, Any]]:
    """Who took part, counted by the database."""
    counted = (
        select(
            TestSession.round_id,
            TestSession.target_group_id,
            func.count(),
            func.count(TestSession.consent_on),
            func.min(TestSession.consent_on),
            func.max(TestSession.consent_on),
        )
        .where(*_counted_sessions(ids))
        .group_by(TestSession.round_id, TestSession.target_group_id)
    )
    by_round: dict[UUID, list[Any]] = defaultdict(list)
    for round_id, *rest in db.session.execute(counted):
        by_round[round_id].append(rest)
    return {
        id_: {
            "sessions": sum(row[1] for row in rows),
            "consented": sum(row[2] for row in rows),
            "first_on": min((row[3] for row in rows if row[3]), default=None),
            "last_on": max((row[4] for row in rows if row[4]), default=None),
            "groups": {row[0]: row[1] for row in rows},
        }
        for id_, rows in by_round.items()
    }


def _list_attempts(
    ids: Sequence[UUID], tasks: Collection[UUID] | None
) -> Mapping[UUID, Mapping[UUID, list[TaskAttempt]]]:
    task_results = (
        select(
            TestSession.round_id,
            TaskResult.task_id,
            TaskResult.outcome,
            TaskResult.seconds,
            TaskResult.ease,
            TaskResult.errors,
        )
        .join(TestSession, TestSession.id == TaskResult.session_id)
        .where(*_counted_sessions(ids))
    )
    if tasks is not None:
        task_results = task_results.where(TaskResult.task_id.in_(tasks))
    did: dict[UUID, dict[UUID, list[TaskAttempt]]] = defaultdict(lambda: defaultdict(list))
    for row in db.session.execute(task_results):
        of = TaskAttempt(row.outcome, row.seconds, row.ease, row.errors)
        did[row.round_id][row.task_id].append(of)
    return did


def _scores(rounds: Sequence[TestRound]) -> Mapping[UUID, SampleSpread | None]:
    scales = {round_.id: round_.scale for round_ in rounds if round_.scale is not Scale.NONE}
    scale_answers = (
        select(TestSession.round_id, ScaleAnswer.session_id, ScaleAnswer.item, ScaleAnswer.value)
        .join(TestSession, TestSession.id == ScaleAnswer.session_id)
        .where(*_counted_sessions(list(scales)))
    )
    answers: dict[tuple[UUID, UUID], dict[int, int]] = defaultdict(dict)
    for round_id, session_id, item, value in db.session.execute(scale_answers):
        answers[round_id, session_id][item] = value
    scores: dict[UUID, list[float]] = defaultdict(list)
    for (round_id, _session), each in answers.items():
        session_score = scale_score(scales[round_id], each)
        if session_score is not None:
            scores[round_id].append(session_score)
    return {id_: spread(of) for id_, of in scores.items()}
