"""What the sessions of rounds add up to while they are there, in the same number of queries
however many rounds they are."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from portal.kernel.db import db
from portal.usability.interval import Spread, spread
from portal.user_tests.models import Scale, TestRound
from portal.user_tests.sessions import ScaleAnswer, TaskResult, TestSession
from portal.user_tests.sums import Did, RoundSums, score, sum_task, times_of


@dataclass(frozen=True)
class Results:
    """What the sessions of a round that are still there add up to; `times` by task, in seconds, of
    those who managed alone."""

    sums: RoundSums
    times: Mapping[UUID, Sequence[int]]


def read_results(round_: TestRound) -> Results:
    """Of a round that the caller may see, in three queries."""
    return read_results_of([round_])[round_.id]


def read_results_of(
    rounds: Sequence[TestRound], tasks: Collection[UUID] | None = None
) -> Mapping[UUID, Results]:
    """Of rounds that the caller may see, by round; of some of their tasks alone, if given."""
    ids = [one.id for one in rounds]
    came, did, scores = _came(ids), _did(ids, tasks), _scores(rounds)
    return {
        one: Results(
            RoundSums(
                **came.get(one, {}),
                scale=scores.get(one),
                tasks={task: sum_task(of) for task, of in did[one].items()},
            ),
            {task: times_of(of) for task, of in did[one].items()},
        )
        for one in ids
    }


def count_who_came(rounds: Sequence[TestRound]) -> Mapping[UUID, RoundSums]:
    """Who came to rounds that the caller may see, by round; without their tasks and scores."""
    ids = [one.id for one in rounds]
    came = _came(ids)
    return {one: RoundSums(**came.get(one, {})) for one in ids}


def _counting(ids: Sequence[UUID]) -> tuple[Any, ...]:
    """Sessions that count: rehearsals do not, nor does what never began."""
    return (
        TestSession.round_id.in_(ids),
        TestSession.started_at.is_not(None),
        TestSession.is_rehearsal.is_(False),
    )


def _came(ids: Sequence[UUID]) -> Mapping[UUID, Mapping[str, Any]]:
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
        .where(*_counting(ids))
        .group_by(TestSession.round_id, TestSession.target_group_id)
    )
    by_round: dict[UUID, list[Any]] = defaultdict(list)
    for round_id, *rest in db.session.execute(counted):
        by_round[round_id].append(rest)
    return {
        one: {
            "sessions": sum(row[1] for row in rows),
            "consented": sum(row[2] for row in rows),
            "first_on": min((row[3] for row in rows if row[3]), default=None),
            "last_on": max((row[4] for row in rows if row[4]), default=None),
            "groups": {row[0]: row[1] for row in rows},
        }
        for one, rows in by_round.items()
    }


def _did(
    ids: Sequence[UUID], tasks: Collection[UUID] | None
) -> Mapping[UUID, Mapping[UUID, list[Did]]]:
    chosen = (
        select(
            TestSession.round_id,
            TaskResult.task_id,
            TaskResult.outcome,
            TaskResult.seconds,
            TaskResult.ease,
            TaskResult.errors,
        )
        .join(TestSession, TestSession.id == TaskResult.session_id)
        .where(*_counting(ids))
    )
    if tasks is not None:
        chosen = chosen.where(TaskResult.task_id.in_(tasks))
    did: dict[UUID, dict[UUID, list[Did]]] = defaultdict(lambda: defaultdict(list))
    for row in db.session.execute(chosen):
        of = Did(row.outcome, row.seconds, row.ease, row.errors)
        did[row.round_id][row.task_id].append(of)
    return did


def _scores(rounds: Sequence[TestRound]) -> Mapping[UUID, Spread | None]:
    scales = {one.id: one.scale for one in rounds if one.scale is not Scale.NONE}
    chosen = (
        select(TestSession.round_id, ScaleAnswer.session_id, ScaleAnswer.item, ScaleAnswer.value)
        .join(TestSession, TestSession.id == ScaleAnswer.session_id)
        .where(*_counting(list(scales)))
    )
    answers: dict[tuple[UUID, UUID], dict[int, int]] = defaultdict(dict)
    for round_id, session_id, item, value in db.session.execute(chosen):
        answers[round_id, session_id][item] = value
    scores: dict[UUID, list[float]] = defaultdict(list)
    for (round_id, _session), each in answers.items():
        made = score(scales[round_id], each)
        if made is not None:
            scores[round_id].append(made)
    return {one: spread(of) for one, of in scores.items()}
