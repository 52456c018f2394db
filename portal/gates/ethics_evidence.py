"""What protects people: risks, readiness sheets, reviews; and what a panel decided."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from portal.gates import evidence as told
from portal.gates.models import Panel
from portal.gates.parts import PROJECT, Found, of
from portal.kernel.db import db, rows
from portal.programmes import policy as programmes
from portal.programmes.models import RoleAssignment
from portal.projects.models import Project
from portal.prototypes.models import PrototypeVersion
from portal.questionnaires.answers import asked_in
from portal.questionnaires.definition import Answers, Questionnaire
from portal.rereviews.models import OPEN, Trigger
from portal.reviews.models import Review, ReviewCondition, ReviewDecision, ReviewRound, State
from portal.risks.levels import Level, level_of
from portal.risks.models import Mitigation, Progress, Risk
from portal.sheets.models import Sheet, SheetSection

_RISKS = (
    select(
        Risk.id,
        Risk.number,
        Risk.likelihood,
        Risk.severity,
        Risk.residual_likelihood,
        Risk.residual_severity,
    )
    .where(Risk.project_id == PROJECT, Risk.closed_at.is_(None))
    .order_by(Risk.number)
)
_OWNED = select(Mitigation.risk_id).where(
    Mitigation.project_id == PROJECT,
    Mitigation.owner_id.is_not(None),
    Mitigation.due_on.is_not(None),
    Mitigation.progress != Progress.DROPPED,
)


def risks(project: Project) -> Found:
    owned = {row[0] for row in rows(_OWNED, of(project))}
    return {"risks": tuple(_risk(row, owned) for row in rows(_RISKS, of(project)))}


def _risk(row: Any, owned: set[UUID]) -> told.Risk:
    before = level_of(row.likelihood, row.severity)
    left = row.residual_likelihood, row.residual_severity
    now = before if None in left else level_of(*left)
    return told.Risk(row.number, before is Level.HIGH, now is Level.HIGH, row.id in owned)


_other = aliased(Sheet)
_COMPLETE = (
    select(Sheet, PrototypeVersion.number)
    .outerjoin(PrototypeVersion, PrototypeVersion.id == Sheet.prototype_version_id)
    .where(
        Sheet.project_id == PROJECT,
        Sheet.number.in_(
            select(func.max(_other.number))
            .where(_other.project_id == PROJECT, _other.completed_on.is_not(None))
            .group_by(_other.kind)
        ),
    )
    .order_by(Sheet.number)
)


def sheets(project: Project) -> Found:
    """The last complete one of each kind."""
    complete = db.session.execute(_COMPLETE, of(project)).all()
    answers: dict[UUID, Found] = {row[0].id: {} for row in complete}
    sections = select(SheetSection).where(SheetSection.sheet_id.in_(answers))
    for section in db.session.scalars(sections) if answers else ():
        answers[section.sheet_id] |= section.answers
    return {"sheets": tuple(_sheet(row[0], row[1], answers[row[0].id]) for row in complete)}


def _sheet(sheet: Sheet, version: int | None, answers: Answers) -> told.Sheet:
    passed, fell = _weighed(sheet.definition, answers)
    return told.Sheet(sheet.number, sheet.kind, version, passed, fell)


def _weighed(of: Questionnaire, answers: Answers) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Items whose answer weighs as much as any could, and those whose does not."""
    passed: list[str] = []
    fell: list[str] = []
    for section in of.sections:
        for item in asked_in(of, section, answers):
            if item.best:
                choice = item.choice(answers.get(item.key))
                (passed if choice and choice.weight >= item.best else fell).append(item.key)
    return tuple(passed), tuple(fell)


_REVIEWS = (
    select(
        Review.number,
        Review.kind,
        Review.state,
        Review.reviewer_id,
        PrototypeVersion.number.label("tried"),
        select(ReviewDecision.level)
        .where(ReviewDecision.round_id == ReviewRound.id)
        .correlate(ReviewRound)
        .scalar_subquery()
        .label("level"),
        select(func.count())
        .where(
            ReviewCondition.review_id == Review.id,
            ReviewCondition.decided_at.is_not(None),
            ReviewCondition.confirmed_at.is_(None),
        )
        .correlate(Review)
        .scalar_subquery()
        .label("conditions"),
    )
    .join(
        ReviewRound,
        (ReviewRound.review_id == Review.id) & (ReviewRound.number == Review.round),
    )
    .outerjoin(PrototypeVersion, PrototypeVersion.id == ReviewRound.prototype_version_id)
    .where(Review.project_id == PROJECT, Review.discarded_at.is_(None))
    .order_by(Review.number)
)
_TRIGGERS = (
    select(Trigger.number, Trigger.causes)
    .where(Trigger.project_id == PROJECT, OPEN)
    .order_by(Trigger.number)
)
_ROLES = select(RoleAssignment.person_id, RoleAssignment.role).where(
    RoleAssignment.scope_id == PROJECT
)


def reviews(project: Project) -> Found:
    """How each stands. What a team gave away is whole, or it would not have been taken."""
    found = rows(_REVIEWS, of(project))
    held = rows(_ROLES, of(project)) if found else ()
    involved = {person for person, role in held if role not in programmes.REVIEWERS}
    reviewers = {person for person, role in held if role in programmes.REVIEWERS} - involved
    raised = rows(_TRIGGERS, of(project)) if found else ()
    triggers = {str(number): ",".join(causes) for number, causes in raised}
    return {"reviewed": told.Reviewed(tuple(_review(row, reviewers) for row in found), triggers)}


def _review(row: Any, reviewers: set[UUID]) -> told.Review:
    is_given = row.state is not State.DRAFT
    is_decided = row.state.is_decided
    return told.Review(
        number=row.number,
        kind=row.kind,
        answered=int(is_given),
        asked=1,
        has_level=row.level is not None if is_decided else is_given,
        reviewer_independent=row.reviewer_id in reviewers if row.reviewer_id else None,
        outcome=row.state.value if is_decided else "",
        version=row.tried,
        open_conditions=row.conditions,
    )


_PANELS = (
    select(Panel.number, PrototypeVersion.number, Panel.criteria, Panel.outcome)
    .outerjoin(PrototypeVersion, PrototypeVersion.id == Panel.prototype_version_id)
    .where(Panel.project_id == PROJECT)
    .order_by(Panel.number)
)


def panels(project: Project) -> Found:
    found = (
        told.Panel(
            number, version, len(criteria), sum(bool(met) for _what, met in criteria), outcome
        )
        for number, version, criteria, outcome in rows(_PANELS, of(project))
    )
    return {"panels": tuple(found)}
