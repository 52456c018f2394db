"""The steps by which the content of a closed programme leaves; the worker takes them."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa

from portal.api.tokens.machine_models import MachineAccount
from portal.api.tokens.models import ApiToken
from portal.app.archives import commands as archives
from portal.app.archives import departure_queries as queries
from portal.app.archives.departure_models import FormerRole, ProgrammeDeparture
from portal.app.archives.models import ArchiveStage, ProgrammeArchive
from portal.app.archives.queries import lock_archive
from portal.app.archives.rows import list_scope_ids
from portal.people.accounts.models import Person
from portal.people.privacy.unused_rules import (
    FIRST_NOTICE,
    UnusedAccountNotices,
    UnusedAccountStep,
    find_due_step,
)
from portal.people.programmes.models import Programme, RoleAssignment, Scope
from portal.platform.kernel import audit, clock, outbox
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db, lock_row
from portal.platform.storage.transaction import delete_on_commit
from portal.project.projects.models import Project

TOLD_FIRST = audit.Action("programme.leaves_in_thirty_days")
TOLD_SECOND = audit.Action("programme.leaves_in_seven_days")
DUE = audit.Action("programme.departure_due")
LEFT = audit.Action("programme.content_left")
EMPTIED = audit.Action("programme.content_deleted")
DOWNLOADED = audit.Action("programme.archive_downloaded")

_NO_MARGIN = FIRST_NOTICE * 0
EMPTY_TEXT = "–"


def update_programme_departure(programme_id: UUID) -> None:
    """Note that a programme is closed, or no longer; tell its leads when its content leaves."""
    lock_row(Scope, programme_id)
    programme = queries.get_programme_for_worker(programme_id)
    closed_at, departure = queries.find_closing_moment(programme), queries.lock_departure(programme_id)
    if closed_at is None:
        if departure is not None:
            db.session.delete(departure)
        return
    if departure is None:
        departure = ProgrammeDeparture(programme_id=programme_id, closed_at=closed_at)
        db.session.add(departure)
    departure.closed_at = closed_at
    _announce_departure(programme, departure)


def _announce_departure(programme: Programme, departure: ProgrammeDeparture) -> None:
    notices = (
        UnusedAccountNotices(departure.first_at, departure.second_at, True) if departure.first_at else None
    )
    now, term = clock.now(), queries.read_departure_term_days(programme.id)
    step = find_due_step(departure.closed_at, notices, term, now, _NO_MARGIN)
    if step is UnusedAccountStep.FORGET:
        departure.first_at = departure.second_at = departure.due_at = None
    elif step is UnusedAccountStep.TELL_FIRST:
        departure.first_at = now
        _record_departure_notice(TOLD_FIRST, programme, departure)
    elif step is UnusedAccountStep.TELL_SECOND:
        departure.second_at = now
        _record_departure_notice(TOLD_SECOND, programme, departure)


def _record_departure_notice(
    action: audit.Action, programme: Programme, departure: ProgrammeDeparture
) -> None:
    departure.counts = queries.count_leaving_rows(programme.id)
    rows = sum(departure.counts.values())
    facts = {"path": f"/programmes/{programme.slug}/archive", "rows": rows}
    audit.record(None, action, programme, scope_id=programme.id, facts=facts)


def mark_departures_due(programme_ids: Sequence[UUID]) -> None:
    """Have the worker make programmes leave whose term is over."""
    for programme_id in programme_ids:
        departure = queries.lock_departure(programme_id)
        if departure is not None:
            departure.due_at = clock.now()
            programme = queries.get_programme_for_worker(programme_id)
            audit.record(None, DUE, programme, scope_id=programme_id)


def find_or_request_archive(programme_id: UUID) -> ProgrammeArchive | None:
    """The ready archive that holds the last change; else another one is asked for, and awaited."""
    lock_row(Scope, programme_id)
    last_act = queries.find_last_change_moment(programme_id)
    fresh = [
        row
        for row in queries.list_waiting_or_ready_archives(programme_id)
        if last_act is None or row.created_at > last_act
    ]
    ready = next((row for row in fresh if row.is_ready), None)
    if ready is None and not any(row.stage is ArchiveStage.WAITING for row in fresh):
        row = ProgrammeArchive(
            programme_id=programme_id, requested_by_id=queries.get_last_archive_requester_id(programme_id)
        )
        db.session.add(row)
        audit.record(None, archives.REQUESTED, row, scope_id=programme_id)
        outbox.wake_sender_after_commit()
    return ready


def discard_archive(archive_id: UUID) -> None:
    """Give up an archive that does not verify; the worker makes another one."""
    row = lock_archive(archive_id)
    if row.key is not None:
        delete_on_commit(row.key)
    row.key, row.stage = None, ArchiveStage.EXPIRED
    archives.record_archive_outcome(row, archives.EXPIRED)


def close_departed_programme(programme_id: UUID, archive_id: UUID) -> bool:
    """Close every page of a programme, and keep its archive. False when it was taken up again, or
    changed since the archive was made."""
    lock_row(Scope, programme_id)
    programme, departure = (
        queries.get_programme_for_worker(programme_id),
        queries.lock_departure(programme_id),
    )
    archive = lock_archive(archive_id)
    last_act = queries.find_last_change_moment(programme_id)
    is_whole = archive.is_ready and (last_act is None or archive.created_at > last_act)
    if departure is None or not is_whole or queries.find_closing_moment(programme) is None:
        return False
    departure.counts = queries.count_leaving_rows(programme_id)
    departure.outcomes = queries.count_projects_by_state(programme_id)
    departure.archive_id, archive.expires_at = archive_id, None
    programme.left_at = clock.now()
    _end_programme_access(programme_id)
    facts = {"fingerprint": archive.fingerprint, "rows": sum(departure.counts.values())}
    audit.record(None, LEFT, programme, scope_id=programme_id, facts=facts)
    return True


def _end_programme_access(programme_id: UUID) -> None:
    """Turn roles into former ones, which open the last page alone; end tokens and machines."""
    scopes = list_scope_ids(programme_id)
    assignments = sa.select(RoleAssignment.person_id, RoleAssignment.role).where(
        RoleAssignment.scope_id.in_(scopes)
    )
    for person_id, role in db.session.execute(assignments.distinct()):
        db.session.add(FormerRole(programme_id=programme_id, person_id=person_id, role=role))
    machines = sa.select(MachineAccount.person_id).where(MachineAccount.programme_id == programme_id)
    are_machines = Person.id.in_(machines), Person.disabled_at.is_(None)
    for statement in (
        sa.update(Person).where(*are_machines).values(disabled_at=clock.now()),
        sa.delete(ApiToken).where(ApiToken.programme_id == programme_id),
        sa.delete(RoleAssignment).where(RoleAssignment.scope_id.in_(scopes)),
    ):
        db.session.execute(statement, execution_options={"synchronize_session": False})


def finish_departure(programme_id: UUID) -> None:
    """Note that nothing is left but the programme itself, its archive, and its money: of a project
    with an agreement, its organisation, title and dates."""
    departure = queries.lock_departure(programme_id)
    if departure is None or departure.emptied_at is not None:
        return
    departure.emptied_at = clock.now()
    for project in db.session.scalars(sa.select(Project).where(Project.programme_id == programme_id)):
        project.problem = project.users_aimed_at = project.repository_url = project.demonstration_url = ""
        if project.stopped_on is not None:
            project.stop_reason = project.learnings = EMPTY_TEXT
        else:
            project.stop_reason = project.learnings = ""
    programme = queries.get_programme_for_worker(programme_id)
    audit.record(
        None, EMPTIED, programme, scope_id=programme_id, facts={"rows": _sum_leaving_row_counts(departure)}
    )


def _sum_leaving_row_counts(departure: ProgrammeDeparture) -> int:
    return sum(departure.counts.values())


def record_departed_archive_download(actor: Actor, programme: Programme) -> None:
    audit.record(actor, DOWNLOADED, programme, scope_id=programme.id)
