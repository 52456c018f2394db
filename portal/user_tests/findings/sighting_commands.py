"""Record where a finding was seen: tasks, sessions, and the files of sessions that show it."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, select

from portal.collaboration.files.models import Attachment
from portal.platform.kernel import audit
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db, flush_session
from portal.platform.kernel.errors import TooLate
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.models import Project
from portal.project.projects.work_commands import require_team_may_write
from portal.sprints.prototypes.models import PrototypeVersion
from portal.user_tests.findings import policy, queries, sighting_queries
from portal.user_tests.findings.closing_commands import lock_project_findings, record_finding_change
from portal.user_tests.findings.models import (
    Finding,
    FindingEvidence,
    FindingTask,
    Retest,
    RetestResult,
    Sighting,
)
from portal.user_tests.findings.retest_commands import retest_locked_finding
from portal.user_tests.rounds.models import TestRound, TestTask
from portal.user_tests.rounds.queries import list_tasks
from portal.user_tests.rounds.session_models import TestSession

SIGHTINGS_CHANGED = audit.Action("finding.seen", _l("a dit où le constat %(number)s a été vu"))


def change_sightings(
    actor: Actor,
    project: Project,
    details: queries.FindingDetails,
    versioned_round: tuple[TestRound, PrototypeVersion],
    *,
    tasks: Sequence[TestTask],
    sessions: Sequence[TestSession],
) -> None:
    """Set the tasks of a round in which a finding was seen, and the sessions in which the actor saw
    it; sightings of other observers stay. A new sighting on a later version records a retest with
    the result STILL_THERE.

    Raises `TooLate` for a merged finding.
    """
    round_, version = versioned_round
    finding = details.finding
    require_team_may_write(actor, project)
    lock_project_findings(project, finding)
    if not policy.can_change(actor, project, finding):
        raise TooLate(_("Il est réuni à un autre constat : c’est là qu’on dit où il a été vu."))
    task_change = _set_finding_tasks(finding, round_, {task.id for task in tasks})
    added, removed = _set_sightings(actor, finding, round_, {session.id for session in sessions})
    flush_session()
    if not (task_change or added or removed):
        return
    # The audit line names no session: its code would outlive it.
    record_finding_change(actor, SIGHTINGS_CHANGED, project, finding, {"round": (None, round_.number)})
    if added and version.number > details.version.number:
        _record_implied_retest(actor, project, finding, round_)


def _set_finding_tasks(finding: Finding, round_: TestRound, task_ids: set[UUID]) -> bool:
    round_task_ids = {task.id for task in list_tasks(round_)}
    own = sighting_queries.list_finding_task_ids(finding) & round_task_ids
    is_removed = FindingTask.task_id.in_(own - task_ids)
    db.session.execute(delete(FindingTask).where(FindingTask.finding_id == finding.id, is_removed))
    for task_id in (task_ids & round_task_ids) - own:
        db.session.add(FindingTask(finding_id=finding.id, task_id=task_id))
    return own != task_ids & round_task_ids


def _set_sightings(
    actor: Actor, finding: Finding, round_: TestRound, session_ids: set[UUID]
) -> tuple[int, int]:
    """Set the actor’s sightings in the round; return how many were added and removed."""
    round_session_ids = {session.id for session in queries.list_counted_sessions(round_)}
    own = {
        id_: row
        for id_, row in sighting_queries.list_own_sightings_by_session(actor, finding).items()
        if id_ in round_session_ids
    }
    added = (session_ids & round_session_ids) - own.keys()
    removed = own.keys() - session_ids
    for id_ in removed:
        db.session.delete(own[id_])
    for id_ in added:
        ids = {"finding_id": finding.id, "session_id": id_, "observer_id": actor.person_id}
        db.session.add(Sighting(**ids))
    return len(added), len(removed)


def _record_implied_retest(actor: Actor, project: Project, finding: Finding, round_: TestRound) -> None:
    """Record the retest result that a sighting on a later version implies."""
    stored_retest = db.session.scalar(
        select(Retest).where(Retest.finding_id == finding.id, Retest.round_id == round_.id)
    )
    if stored_retest is not None and stored_retest.result is RetestResult.STILL_THERE:
        return
    before = stored_retest.result if stored_retest else None
    if stored_retest is not None:
        db.session.delete(stored_retest)
        flush_session()
    retest_locked_finding(actor, project, round_, finding, result=RetestResult.STILL_THERE, before=before)


def choose_evidence(actor: Actor, project: Project, finding: Finding, files: Sequence[Attachment]) -> None:
    """Set which files of its sessions show the finding; each is deleted with its session."""
    require_team_may_write(actor, project)
    lock_project_findings(project, finding)
    available_ids = {file.id for file, _number, _is_evidence in sighting_queries.list_session_files(finding)}
    own = db.session.scalars(select(FindingEvidence).where(FindingEvidence.finding_id == finding.id)).all()
    selected_ids = {file.id for file in files} & available_ids
    for row in own:
        if row.attachment_id in available_ids - selected_ids:
            db.session.delete(row)
    for id_ in selected_ids - {row.attachment_id for row in own}:
        db.session.add(FindingEvidence(finding_id=finding.id, attachment_id=id_))
    flush_session()
