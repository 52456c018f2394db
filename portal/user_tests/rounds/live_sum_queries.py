"""Sum up the stored sessions of rounds, in a constant number of statements."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from portal.platform.kernel.database import db
from portal.user_tests.rounds.models import RoundScale, TestRound
from portal.user_tests.rounds.session_models import ScaleAnswer, TaskResult, TestSession
from portal.user_tests.rounds.sum_rules import (
    RoundSums,
    TaskAttempt,
    compute_scale_score,
    list_successful_seconds,
    sum_attempts,
)
from portal.user_tests.statistics.interval_rules import SampleSpread, compute_spread


@dataclass(frozen=True)
class StoredSessionSums:
    """Sums of a round's stored sessions; `times`: by task id, the seconds of those who managed
    alone."""

    sums: RoundSums
    times: Mapping[UUID, Sequence[int]]


def read_stored_session_sums(round_: TestRound) -> StoredSessionSums:
    """Read the results of a round that the caller may see."""
    return read_stored_session_sums_by_round([round_])[round_.id]


def read_stored_session_sums_by_round(
    rounds: Sequence[TestRound], tasks: Collection[UUID] | None = None
) -> Mapping[UUID, StoredSessionSums]:
    """Read the results of rounds that the caller may see, by round id; of these `tasks` only, if
    given."""
    ids = [round_.id for round_ in rounds]
    participation = _read_participation_values_by_round(ids)
    attempts_by_round = _list_attempts_by_round(ids, tasks)
    scores = _read_scale_spreads_by_round(rounds)
    return {
        round_id: StoredSessionSums(
            RoundSums(
                **participation.get(round_id, {}),
                scale=scores.get(round_id),
                tasks={
                    task: sum_attempts(attempts) for task, attempts in attempts_by_round[round_id].items()
                },
            ),
            {
                task: list_successful_seconds(attempts)
                for task, attempts in attempts_by_round[round_id].items()
            },
        )
        for round_id in ids
    }


def read_stored_participation_by_round(rounds: Sequence[TestRound]) -> Mapping[UUID, RoundSums]:
    """Count who took part in rounds that the caller may see, by round id."""
    ids = [round_.id for round_ in rounds]
    participation = _read_participation_values_by_round(ids)
    return {round_id: RoundSums(**participation.get(round_id, {})) for round_id in ids}


def _list_counted_session_conditions(ids: Sequence[UUID]) -> tuple[Any, ...]:
    """Return the conditions for counted sessions: started, and no rehearsals."""
    return (
        TestSession.round_id.in_(ids),
        TestSession.started_at.is_not(None),
        TestSession.is_rehearsal.is_(False),
    )


def _read_participation_values_by_round(ids: Sequence[UUID]) -> Mapping[UUID, Mapping[str, Any]]:
    """Count participants in SQL; return arguments of `RoundSums` by round id."""
    counted = (
        select(
            TestSession.round_id,
            TestSession.target_group_id,
            func.count(),
            func.count(TestSession.consent_on),
            func.min(TestSession.consent_on),
            func.max(TestSession.consent_on),
        )
        .where(*_list_counted_session_conditions(ids))
        .group_by(TestSession.round_id, TestSession.target_group_id)
    )
    by_round: dict[UUID, list[Any]] = defaultdict(list)
    for round_id, *counts in db.session.execute(counted):
        by_round[round_id].append(counts)
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


def _list_attempts_by_round(
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
        .where(*_list_counted_session_conditions(ids))
    )
    if tasks is not None:
        task_results = task_results.where(TaskResult.task_id.in_(tasks))
    attempts: dict[UUID, dict[UUID, list[TaskAttempt]]] = defaultdict(lambda: defaultdict(list))
    for row in db.session.execute(task_results):
        attempt = TaskAttempt(row.outcome, row.seconds, row.ease, row.errors)
        attempts[row.round_id][row.task_id].append(attempt)
    return attempts


def _read_scale_spreads_by_round(rounds: Sequence[TestRound]) -> Mapping[UUID, SampleSpread | None]:
    scales = {round_.id: round_.scale for round_ in rounds if round_.scale is not RoundScale.NONE}
    scale_answers = (
        select(TestSession.round_id, ScaleAnswer.session_id, ScaleAnswer.item, ScaleAnswer.value)
        .join(TestSession, TestSession.id == ScaleAnswer.session_id)
        .where(*_list_counted_session_conditions(list(scales)))
    )
    answers: dict[tuple[UUID, UUID], dict[int, int]] = defaultdict(dict)
    for round_id, session_id, item, value in db.session.execute(scale_answers):
        answers[round_id, session_id][item] = value
    scores: dict[UUID, list[float]] = defaultdict(list)
    for (round_id, _session), session_answers in answers.items():
        session_score = compute_scale_score(scales[round_id], session_answers)
        if session_score is not None:
            scores[round_id].append(session_score)
    return {round_id: compute_spread(values) for round_id, values in scores.items()}
