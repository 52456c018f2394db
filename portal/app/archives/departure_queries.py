"""When a programme is closed, when its content leaves, and who may open what remains of it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from portal.app.archives.content_keys import read_leaving_row_keys
from portal.app.archives.departure_models import FormerRole, ProgrammeDeparture
from portal.app.archives.models import ArchiveStage, ProgrammeArchive
from portal.app.archives.policy import ARCHIVE_READERS
from portal.app.archives.rows import list_scope_ids
from portal.funding.agreements.models import FundingAgreement, Instalment, InstalmentState
from portal.funding.agreements.policy import REPORT_READERS
from portal.people.privacy.retention_queries import read_term_days
from portal.people.privacy.unused_rules import FIRST_NOTICE, SECOND_NOTICE
from portal.people.programmes import policy
from portal.people.programmes.models import INSTALLATION, Programme
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor, Role
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db, get_scalar
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.retention import AnnouncedRemoval, moment_ago_parameter
from portal.project.projects.models import Project

TERM_KEY = "programmes"
TERM_DAYS = 1095
UNPAID = (InstalmentState.REQUESTED, InstalmentState.RETURNED, InstalmentState.CHECKED)


@dataclass(frozen=True)
class DepartedProgramme:
    """A programme that left, and the former roles in it of whoever looks."""

    programme: Programme
    departure: ProgrammeDeparture
    roles: frozenset[Role]

    @property
    def can_open_archive(self) -> bool:
        return bool(self.roles & frozenset(ARCHIVE_READERS))

    @property
    def can_open_report(self) -> bool:
        return bool(self.roles & frozenset(REPORT_READERS))


def find_closing_moment(programme: Programme) -> datetime | None:
    """Since when a programme is finished and archived; None while it is not.

    Finished: its months are over, every project is finished or stopped, no payment is under way.
    """
    projects = sa.select(Project.finished_on, Project.stopped_on).where(Project.programme_id == programme.id)
    ends = [stopped_on or finished_on for finished_on, stopped_on in db.session.execute(projects)]
    last_day = max((day for day in ends if day), default=programme.ends_on)
    last_day = max(last_day, programme.ends_on)
    if None in ends or last_day >= clock.today() or _has_unpaid_instalments(programme):
        return None
    first_archive = sa.select(sa.func.min(ProgrammeArchive.finished_at)).where(
        ProgrammeArchive.programme_id == programme.id,
        ProgrammeArchive.fingerprint != "",
        ProgrammeArchive.finished_at > clock.end_of_day(last_day),
    )
    return db.session.scalar(first_archive)


def _has_unpaid_instalments(programme: Programme) -> bool:
    under_way = (
        sa.select(Instalment.id)
        .join(Project, Project.id == Instalment.project_id)
        .where(Project.programme_id == programme.id, Instalment.state.in_(UNPAID))
        .limit(1)
    )
    return db.session.scalar(under_way) is not None


def find_departure(programme_id: UUID) -> ProgrammeDeparture | None:
    return db.session.get(ProgrammeDeparture, programme_id)


def lock_departure(programme_id: UUID) -> ProgrammeDeparture | None:
    return db.session.get(ProgrammeDeparture, programme_id, with_for_update=True)


def list_remaining_programme_ids() -> Sequence[UUID]:
    """Programmes that did not leave."""
    return db.session.scalars(
        sa.select(Programme.id).where(Programme.left_at.is_(None)).order_by(Programme.id)
    ).all()


def list_departing_programme_ids() -> Sequence[UUID]:
    """Programmes that the worker makes leave, or goes on emptying."""
    due = ProgrammeDeparture.due_at.is_not(None), ProgrammeDeparture.emptied_at.is_(None)
    statement = sa.select(ProgrammeDeparture.programme_id).where(*due)
    return db.session.scalars(statement.order_by(ProgrammeDeparture.programme_id)).all()


def get_programme_for_worker(programme_id: UUID) -> Programme:
    """A programme, for the worker."""
    return get_scalar(sa.select(Programme).where(Programme.id == programme_id))


def read_departure_term_days(programme_id: UUID) -> int:
    """The days for which a programme stays once it is closed."""
    terms = read_term_days()
    return terms.get((programme_id, TERM_KEY), terms.get((INSTALLATION, TERM_KEY), TERM_DAYS))


def build_departure_due_condition(before: Any) -> sa.ColumnElement[bool]:
    """Closed before a moment, and told twice in time: as `find_due_step` says, for the rule of retention."""
    return sa.and_(
        ProgrammeDeparture.due_at.is_(None),
        ProgrammeDeparture.closed_at <= before,
        ProgrammeDeparture.first_at <= moment_ago_parameter(FIRST_NOTICE),
        ProgrammeDeparture.second_at <= moment_ago_parameter(SECOND_NOTICE),
    )


def find_leaving_day(departure: ProgrammeDeparture) -> date:
    """When the content of a closed programme leaves, at the earliest."""
    day = departure.closed_at + timedelta(days=read_departure_term_days(departure.programme_id))
    if departure.second_at is not None:
        return clock.day_of(max(day, departure.second_at + SECOND_NOTICE))
    told_at = departure.first_at or clock.now()
    return clock.day_of(max(day, told_at + FIRST_NOTICE))


def count_leaving_rows(programme_id: UUID) -> dict[str, int]:
    """How many rows will leave, by table."""
    return {name: len(keys) for name, keys in read_leaving_row_keys(programme_id).items()}


def count_projects_by_state(programme_id: UUID) -> dict[str, int]:
    """How many projects of a programme ended in which state."""
    projects = db.session.scalars(sa.select(Project).where(Project.programme_id == programme_id))
    return dict(Counter(project.state.value for project in projects))


_ANNOUNCED = (
    sa.select(Programme, ProgrammeDeparture)
    .join(ProgrammeDeparture, ProgrammeDeparture.programme_id == Programme.id)
    .where(Programme.left_at.is_(None), ProgrammeDeparture.first_at.is_not(None))
    .order_by(ProgrammeDeparture.closed_at)
)


def list_announced_removals() -> Iterable[AnnouncedRemoval]:
    """Programmes whose leads were told, with the day and the number of rows that leave."""
    for programme, departure in db.session.execute(_ANNOUNCED):
        rows = sum(departure.counts.values())
        yield AnnouncedRemoval(programme.name, find_leaving_day(departure), rows)


def find_last_change_moment(programme_id: UUID) -> datetime | None:
    """When a person last changed anything in a programme, requests of archives left out."""
    acts = sa.select(sa.func.max(AuditEvent.created_at)).where(
        AuditEvent.scope_id.in_(list_scope_ids(programme_id)),
        AuditEvent.actor_id.is_not(None),
        AuditEvent.action.not_like("archive.%"),
    )
    return db.session.scalar(acts)


def list_waiting_or_ready_archives(programme_id: UUID) -> Sequence[ProgrammeArchive]:
    """The archives that wait or are ready, newest first."""
    own = ProgrammeArchive.programme_id == programme_id
    usable = ProgrammeArchive.stage.in_([ArchiveStage.WAITING, ArchiveStage.READY])
    return db.session.scalars(
        sa.select(ProgrammeArchive).where(own, usable).order_by(ProgrammeArchive.id.desc())
    ).all()


def get_last_archive_requester_id(programme_id: UUID) -> UUID:
    """Who asked for the last archive."""
    own = sa.select(ProgrammeArchive.requested_by_id).where(ProgrammeArchive.programme_id == programme_id)
    return get_scalar(own.order_by(ProgrammeArchive.id.desc()).limit(1))


def get_departed_programme(actor: Actor, slug: str) -> DepartedProgramme:
    """A programme that left, for whoever had a role in it and for administrators. Raises `NotFound`."""
    statement = (
        sa.select(Programme, ProgrammeDeparture)
        .join(ProgrammeDeparture, ProgrammeDeparture.programme_id == Programme.id)
        .where(Programme.slug == slug, Programme.left_at.is_not(None))
    )
    row = db.session.execute(statement).first()
    if row is None:
        raise NotFound
    own = FormerRole.programme_id == row[0].id, FormerRole.person_id == actor.person_id
    roles = frozenset(db.session.scalars(sa.select(FormerRole.role).where(*own)))
    if not roles and not policy.can_administer(actor):
        raise NotFound
    return DepartedProgramme(row[0], row[1], roles)


def has_agreements(programme: Programme) -> bool:
    """Whether money of a programme is kept."""
    agreements = sa.select(FundingAgreement.id).join(Project, Project.id == FundingAgreement.project_id)
    return db.session.scalar(agreements.where(Project.programme_id == programme.id).limit(1)) is not None


def list_departed_programmes(actor: Actor) -> Sequence[Programme]:
    """The programmes that left and whose last page the actor may open, the latest first."""
    own = sa.select(FormerRole.programme_id).where(FormerRole.person_id == actor.person_id)
    visible = sa.true() if policy.can_administer(actor) else Programme.id.in_(own)
    statement = sa.select(Programme).where(Programme.left_at.is_not(None), visible)
    return db.session.scalars(statement.order_by(Programme.starts_on.desc(), Programme.slug)).all()


def get_kept_archive(departed: DepartedProgramme) -> ProgrammeArchive:
    """The archive with which a programme left. Raises `NotFound` for whoever may not read it."""
    if not departed.can_open_archive:
        raise NotFound
    return get_scalar(sa.select(ProgrammeArchive).where(ProgrammeArchive.id == departed.departure.archive_id))
