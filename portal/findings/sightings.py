"""Where a finding was seen: tasks, sessions, and the files of sessions that show it."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, select

from portal.files.models import Attachment
from portal.findings import policy, queries
from portal.findings.closings import hold, record
from portal.findings.models import Finding, FindingEvidence, FindingTask, Retest, Retested, Sighting
from portal.findings.retests import keep
from portal.kernel import audit
from portal.kernel.access import Actor
from portal.kernel.db import db, save
from portal.kernel.errors import TooLate
from portal.kernel.text import gettext as _
from portal.kernel.text import lazy_gettext as _l
from portal.projects.models import Project
from portal.projects.teamwork import require_work
from portal.prototypes.models import PrototypeVersion
from portal.user_tests.models import TestRound, TestTask
from portal.user_tests.sessions import TestSession

SEEN = audit.Action("finding.seen", _l("a dit où le constat %(number)s a été vu"))


def say_where_seen(
    actor: Actor,
    project: Project,
    told: queries.Told,
    where: tuple[TestRound, PrototypeVersion],
    *,
    tasks: Sequence[TestTask],
    sessions: Sequence[TestSession],
) -> None:
    """The tasks of a round in which it was seen, and those of its sessions in which the actor saw
    it: what other observers saw stays theirs. Seen on a later version, it is still there.

    Raises `TooLate` for what was merged.
    """
    round_, version = where
    finding = told.finding
    require_work(actor, project)
    hold(project, finding)
    if not policy.can_change(actor, project, finding):
        raise TooLate(_("Il est réuni à un autre constat : c’est là qu’on dit où il a été vu."))
    task_change = _set_tasks(finding, round_, {task.id for task in tasks})
    more, fewer = _set_sightings(actor, finding, round_, {one.id for one in sessions})
    save()
    if not (task_change or more or fewer):
        return
    # How many, and never which: a code would outlive its session here.
    record(actor, SEEN, project, finding, {"round": (None, round_.number)})
    if more and version.number > told.version.number:
        _tell_still_there(actor, project, finding, round_)


def _set_tasks(finding: Finding, round_: TestRound, chosen: set[UUID]) -> bool:
    of_round = {task.id for task in queries.list_tasks(round_)}
    own = queries.list_own_tasks(finding) & of_round
    gone = FindingTask.task_id.in_(own - chosen)
    db.session.execute(delete(FindingTask).where(FindingTask.finding_id == finding.id, gone))
    for task_id in (chosen & of_round) - own:
        db.session.add(FindingTask(finding_id=finding.id, task_id=task_id))
    return own != chosen & of_round


def _set_sightings(
    actor: Actor, finding: Finding, round_: TestRound, chosen: set[UUID]
) -> tuple[int, int]:
    """How many more sessions of the round the actor saw it in, and how many fewer."""
    of_round = {one.id for one in queries.list_sessions(round_)}
    own = {
        id_: row
        for id_, row in queries.list_own_sightings(actor, finding).items()
        if id_ in of_round
    }
    more = (chosen & of_round) - own.keys()
    fewer = own.keys() - chosen
    for id_ in fewer:
        db.session.delete(own[id_])
    for id_ in more:
        ids = {"finding_id": finding.id, "session_id": id_, "observer_id": actor.person_id}
        db.session.add(Sighting(**ids))
    return len(more), len(fewer)


def _tell_still_there(actor: Actor, project: Project, finding: Finding, round_: TestRound) -> None:
    """Whoever saw it need not say twice that it is not gone."""
    kept = db.session.scalar(
        select(Retest).where(Retest.finding_id == finding.id, Retest.round_id == round_.id)
    )
    if kept is not None and kept.result is Retested.STILL_THERE:
        return
    before = kept.result if kept else None
    if kept is not None:
        db.session.delete(kept)
        save()
    keep(actor, project, round_, finding, result=Retested.STILL_THERE, before=before)


def choose_evidence(
    actor: Actor, project: Project, finding: Finding, files: Sequence[Attachment]
) -> None:
    """Files of sessions in which it was seen that show it; they stay with their session."""
    require_work(actor, project)
    hold(project, finding)
    known = {file.id for file, _number, _chosen in queries.list_session_files(finding)}
    own = db.session.scalars(
        select(FindingEvidence).where(FindingEvidence.finding_id == finding.id)
    ).all()
    chosen = {file.id for file in files} & known
    for row in own:
        if row.attachment_id in known - chosen:
            db.session.delete(row)
    for id_ in chosen - {row.attachment_id for row in own}:
        db.session.add(FindingEvidence(finding_id=finding.id, attachment_id=id_))
    save()
