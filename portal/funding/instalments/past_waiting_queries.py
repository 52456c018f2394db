"""Instalments that waited for an operator at a past moment, from their steps."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import or_, select

from portal.funding.agreements import policy
from portal.funding.agreements.models import FundingAgreement, Instalment
from portal.funding.instalments.models import InstalmentStep, InstalmentVerb, PaymentRecovery
from portal.funding.instalments.pause_queries import outlasts_pause_condition
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.platform.kernel.history import map_past_values_by_row
from portal.project.projects.models import Project, ProjectState
from portal.project.projects.past_state_queries import read_past_project_states

_TO_CHECK = {InstalmentVerb.REQUESTED, InstalmentVerb.REOPENED}
_TO_PAY = {InstalmentVerb.CHECKED, InstalmentVerb.FAILED}
_OVER = {InstalmentVerb.RETURNED, InstalmentVerb.PAID, InstalmentVerb.REFUSED}


def list_wait_starts_by_project(
    actor: Actor, project_ids: Collection[UUID], moment: datetime, zone: str
) -> Mapping[UUID, Sequence[date]]:
    """Since which days instalments waited for a check, a payment or a recovery at a moment, by
    project; of the programmes of which the actor is an operator. At most eight statements."""
    if not policy.is_operator(actor):
        return {}
    operated = select(Project.id).where(Project.id.in_(project_ids), policy.operated_by_condition(actor))
    project_ids = db.session.scalars(operated).all()
    unpaused_ids = _list_unpaused_projects(project_ids, moment)
    waiting: dict[UUID, list[date]] = defaultdict(list)
    for project_id, since in (
        *_list_instalment_wait_starts(project_ids, unpaused_ids, moment, zone),
        *_list_recovery_wait_starts(project_ids, moment, zone),
    ):
        waiting[project_id].append(since)
    return waiting


def _list_unpaused_projects(project_ids: Collection[UUID], moment: datetime) -> Sequence[UUID]:
    """Those whose team was not paused at a moment."""
    projects = db.session.scalars(select(Project).where(Project.id.in_(project_ids))).all()
    states = read_past_project_states(projects, moment)
    return [id_ for id_, state in states.items() if state is not ProjectState.PAUSED]


def _list_instalment_wait_starts(
    project_ids: Collection[UUID], unpaused_ids: Collection[UUID], moment: datetime, zone: str
) -> Sequence[tuple[UUID, date]]:
    """Those that were asked, or checked and due under an agreement that had begun; of a paused team those
    that outlast the pause."""
    statement = (
        select(
            Instalment.id,
            Instalment.project_id,
            Instalment.due_on,
            FundingAgreement.starts_on,
            InstalmentStep.verb,
            InstalmentStep.created_at,
        )
        .join(InstalmentStep, InstalmentStep.instalment_id == Instalment.id)
        .join(FundingAgreement, FundingAgreement.project_id == Instalment.project_id)
        .where(
            Instalment.project_id.in_(project_ids),
            InstalmentStep.verb.in_(_TO_CHECK | _TO_PAY | _OVER),
            InstalmentStep.created_at <= moment,
            or_(Instalment.project_id.in_(unpaused_ids), outlasts_pause_condition(moment)),
        )
        .order_by(InstalmentStep.id)
    )
    last = {row.id: row for row in db.session.execute(statement)}
    checked = [id_ for id_, row in last.items() if row.verb in _TO_PAY]
    past = map_past_values_by_row(checked, moment) if checked else {}
    day = clock.day_of(moment, zone)
    lines = []
    for id_, row in last.items():
        if row.verb in _TO_PAY:
            days = past[id_].get("due_on", row.due_on), row.starts_on
            is_waiting = all(each is None or str(each) <= day.isoformat() for each in days)
        else:
            is_waiting = row.verb in _TO_CHECK
        if is_waiting:
            lines.append((row.project_id, clock.day_of(row.created_at, zone)))
    return lines


def _list_recovery_wait_starts(
    project_ids: Collection[UUID], moment: datetime, zone: str
) -> Sequence[tuple[UUID, date]]:
    """Those that could be noted: the team had answered, or its days were over."""
    statement = (
        select(Instalment.project_id, PaymentRecovery.answer_until, PaymentRecovery.observed_at)
        .join(Instalment, Instalment.id == PaymentRecovery.instalment_id)
        .where(
            Instalment.project_id.in_(project_ids),
            PaymentRecovery.created_at <= moment,
            or_(PaymentRecovery.booked_at.is_(None), PaymentRecovery.booked_at > moment),
            or_(PaymentRecovery.dropped_at.is_(None), PaymentRecovery.dropped_at > moment),
        )
    )
    day = clock.day_of(moment, zone)
    lines = []
    for project_id, answer_until, observed_at in db.session.execute(statement):
        if observed_at is not None and observed_at <= moment:
            lines.append((project_id, clock.day_of(observed_at, zone)))
        elif answer_until <= day:
            lines.append((project_id, answer_until))
    return lines
