"""Instalments that wait for an operator though their team is paused."""

from collections.abc import Collection
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from portal.funding.agreements.models import Instalment
from portal.funding.change_requests.models import ChangeDecision, FundingChange, FundingChangeKind
from portal.funding.instalments.models import InstalmentStep, InstalmentVerb
from portal.funding.instalments.rules import EXPENSES
from portal.platform.kernel.database import db
from portal.project.projects.models import Project

Value = TypeVar("Value")


def select_last_step(
    column: InstrumentedAttribute[Value], skipped: Collection[InstalmentVerb], moment: datetime
) -> ScalarSelect[Value]:
    """A column of the last step of an instalment until a moment, but for steps of the `skipped` verbs."""
    return (
        select(column)
        .where(
            InstalmentStep.instalment_id == Instalment.id,
            InstalmentStep.verb.not_in(skipped),
            InstalmentStep.created_at <= moment,
        )
        .order_by(InstalmentStep.id.desc())
        .limit(1)
        .correlate(Instalment)
        .scalar_subquery()
    )


def outlasts_pause_condition(moment: datetime) -> ColumnElement[bool]:
    """Whether an instalment is settled during a pause too, at a moment: its payment has come back, or an
    abandonment is granted, which is applied once nothing is asked or checked."""
    last_verb = select_last_step(InstalmentStep.verb, {*EXPENSES, InstalmentVerb.DEFERRED}, moment)
    is_abandoned = (
        exists()
        .where(
            FundingChange.project_id == Instalment.project_id,
            FundingChange.kind == FundingChangeKind.ABANDONMENT,
            or_(FundingChange.closed_at.is_(None), FundingChange.closed_at > moment),
            ChangeDecision.change_id == FundingChange.id,
            ChangeDecision.is_granted,
            ChangeDecision.created_at <= moment,
        )
        .correlate(Instalment)
    )
    return or_(last_verb == InstalmentVerb.FAILED, is_abandoned)


def read_places_outlasting_pause(programme_id: UUID, moment: datetime) -> Collection[tuple[str, int]]:
    """Slug of the project and number of such instalments of a programme, at a moment."""
    statement = (
        select(Project.slug, Instalment.number)
        .join(Project, Project.id == Instalment.project_id)
        .where(Project.programme_id == programme_id, outlasts_pause_condition(moment))
    )
    return {(slug, number) for slug, number in db.session.execute(statement)}
