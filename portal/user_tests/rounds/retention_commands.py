"""Retention: delete the sessions of projects that ended long ago, and keep sums. Run by the worker.

A project ends when it is finished or stopped; its programme sets for how many months test sessions
are kept from then on.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select

from portal.collaboration.files.commands import erase_files
from portal.people.programmes.models import Programme
from portal.platform.kernel import audit, clock
from portal.platform.kernel.database import db, flush_session, lock_row
from portal.platform.kernel.months import months_after
from portal.platform.kernel.wal_truncation import truncate_wal_after_commit
from portal.project.projects.models import Project
from portal.user_tests.rounds.figure_queries import read_tallied_sums
from portal.user_tests.rounds.import_commands import delete_imports_and_fingerprints_of_rounds
from portal.user_tests.rounds.live_sum_queries import read_stored_session_sums
from portal.user_tests.rounds.models import TestRound, TestTask
from portal.user_tests.rounds.session_models import ParticipantCodeRegister, TestSession
from portal.user_tests.rounds.sum_rules import RoundSums, TaskSums, pool_round_sums
from portal.user_tests.rounds.tally_models import GroupTally, RoundTally, TaskTally
from portal.user_tests.statistics.interval_rules import SampleSpread

PURGED = audit.Action("test_sessions.purged")


_over_on = func.coalesce(Project.finished_on, Project.stopped_on)
_OVER = (
    select(Project.id, _over_on, Programme.test_retention)
    .join(Programme, Programme.id == Project.programme_id)
    .where(
        _over_on.is_not(None),
        select(TestSession.id).where(TestSession.project_id == Project.id).exists(),
    )
    .order_by(Project.id)
)


def list_project_ids_due_for_purge(today: date) -> Sequence[UUID]:
    """Return the ids of projects whose retention is over and that still have sessions."""
    rows = db.session.execute(_OVER)
    return [id_ for id_, day, months in rows if months_after(_as_date(day), months) <= today]


def _as_date(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def purge_project_sessions(project_id: UUID) -> int:
    """Tally all rounds of a project and delete its sessions, in the current transaction.

    Returns the number of deleted sessions.
    """
    lock_row(Project, project_id)
    project = db.session.scalars(select(Project).where(Project.id == project_id)).one()
    rounds = db.session.scalars(
        select(TestRound).where(TestRound.project_id == project_id).order_by(TestRound.number)
    ).all()
    ids = db.session.scalars(select(TestSession.id).where(TestSession.project_id == project_id))
    session_ids = list(ids)
    for round_ in rounds:
        _store_tallies(round_)
    erase_files(TestSession.__tablename__, session_ids)
    delete_imports_and_fingerprints_of_rounds([round_.id for round_ in rounds])
    db.session.execute(
        delete(TestSession).where(TestSession.project_id == project_id),
        execution_options={"synchronize_session": False},
    )
    _mark_project_purged(project_id)
    facts = {"count": len(session_ids)}
    audit.record(None, PURGED, project, scope_id=project_id, facts=facts)
    truncate_wal_after_commit()
    return len(session_ids)


def _mark_project_purged(project_id: UUID) -> None:
    project_register = select(ParticipantCodeRegister).where(ParticipantCodeRegister.project_id == project_id)
    register = db.session.scalar(project_register)
    if register is not None:
        register.purged_at = clock.now()


def _store_tallies(round_: TestRound) -> None:
    """Store the sums of the round’s sessions, added to the tallies of an earlier purge."""
    live_sums = read_stored_session_sums(round_).sums
    if not live_sums.sessions:
        return
    sums = pool_round_sums(live_sums, read_tallied_sums([round_.id]).get(round_.id, RoundSums()))
    _delete_tallies(round_.id)
    db.session.add(_build_round_tally(round_.id, sums))
    for group_id, count in sums.groups.items():
        group_tally = GroupTally(round_id=round_.id, target_group_id=group_id, participants=count)
        db.session.add(group_tally)
    db.session.add_all(_build_task_tallies(sums.tasks.items()))
    flush_session()


def _delete_tallies(round_id: UUID) -> None:
    tasks = select(TestTask.id).where(TestTask.round_id == round_id)
    for deletion in (
        delete(TaskTally).where(TaskTally.task_id.in_(tasks)),
        delete(GroupTally).where(GroupTally.round_id == round_id),
        delete(RoundTally).where(RoundTally.round_id == round_id),
    ):
        db.session.execute(deletion, execution_options={"synchronize_session": False})
    db.session.expire_all()


def _build_round_tally(round_id: UUID, sums: RoundSums) -> RoundTally:
    return RoundTally(
        round_id=round_id,
        tallied_at=clock.now(),
        sessions=sums.sessions,
        consented=sums.consented,
        first_on=sums.first_on,
        last_on=sums.last_on,
        scale_count=_get_sample_size(sums.scale),
        scale_mean=sums.scale and sums.scale.mean,
        scale_deviation=sums.scale and sums.scale.deviation,
    )


def _build_task_tallies(tasks: Iterable[tuple[UUID, TaskSums]]) -> Iterable[TaskTally]:
    return [
        TaskTally(
            task_id=task_id,
            successes=sums.successes,
            helped=sums.helped,
            failed=sums.failed,
            not_tried=sums.not_tried,
            time_count=_get_sample_size(sums.time),
            time_log_mean=sums.time and sums.time.mean,
            time_log_deviation=sums.time and sums.time.deviation,
            time_median=sums.median,
            ease_count=_get_sample_size(sums.ease),
            ease_mean=sums.ease and sums.ease.mean,
            ease_deviation=sums.ease and sums.ease.deviation,
            errors_count=sums.errors_count,
            errors=sums.errors,
        )
        for task_id, sums in tasks
    ]


def _get_sample_size(sample: SampleSpread | None) -> int:
    return sample.n if sample else 0
