"""Evidence from ethics and panels: risks, readiness sheets, reviews, panels."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from portal.ethics.questionnaires.definition_rules import Answers, Questionnaire
from portal.ethics.questionnaires.visibility_rules import list_visible_items
from portal.ethics.readiness_sheets.models import Sheet, SheetSection
from portal.ethics.readiness_sheets.queries import get_definition
from portal.ethics.rereviews.models import AWAITS_CONFIRMATION, OPEN_TRIGGERS, Trigger
from portal.ethics.reviews.models import Review, ReviewCondition, ReviewDecision, ReviewRound, ReviewState
from portal.ethics.risks.level_rules import RiskLevel, find_level
from portal.ethics.risks.models import Mitigation, MitigationState, Risk
from portal.oversight.gates import evidence_rules
from portal.oversight.gates.evidence_parameter_queries import (
    PROJECT_PARAMETER,
    EvidenceFields,
    project_parameter_values,
)
from portal.oversight.gates.models import Panel
from portal.people.programmes import policy as programmes
from portal.people.programmes.models import RoleAssignment
from portal.platform.kernel.database import db, fetch_rows
from portal.project.projects.models import Project
from portal.sprints.prototypes.models import PrototypeVersion

_RISKS = (
    select(
        Risk.id, Risk.number, Risk.likelihood, Risk.severity, Risk.residual_likelihood, Risk.residual_severity
    )
    .where(Risk.project_id == PROJECT_PARAMETER, Risk.closed_at.is_(None))
    .order_by(Risk.number)
)
_OWNED_RISKS = select(Mitigation.risk_id).where(
    Mitigation.project_id == PROJECT_PARAMETER,
    Mitigation.owner_id.is_not(None),
    Mitigation.due_on.is_not(None),
    Mitigation.progress != MitigationState.DROPPED,
)


def read_open_risk_evidence(project: Project) -> EvidenceFields:
    owned = {row[0] for row in fetch_rows(_OWNED_RISKS, project_parameter_values(project))}
    return {
        "risks": tuple(
            _build_risk_evidence(row, owned) for row in fetch_rows(_RISKS, project_parameter_values(project))
        )
    }


def _build_risk_evidence(row: Any, owned: set[UUID]) -> evidence_rules.RiskEvidence:
    initial = find_level(row.likelihood, row.severity)
    residual = row.residual_likelihood, row.residual_severity
    current = initial if None in residual else find_level(*residual)
    return evidence_rules.RiskEvidence(
        row.number, initial is RiskLevel.HIGH, current is RiskLevel.HIGH, row.id in owned
    )


_other_sheet = aliased(Sheet)
_COMPLETE_SHEETS = (
    select(Sheet, PrototypeVersion.number)
    .outerjoin(PrototypeVersion, PrototypeVersion.id == Sheet.prototype_version_id)
    .where(
        Sheet.project_id == PROJECT_PARAMETER,
        Sheet.number.in_(
            select(func.max(_other_sheet.number))
            .where(_other_sheet.project_id == PROJECT_PARAMETER, _other_sheet.completed_on.is_not(None))
            .group_by(_other_sheet.kind)
        ),
    )
    .order_by(Sheet.number)
)


def read_last_complete_sheet_evidence(project: Project) -> EvidenceFields:
    """Return the last complete sheet of each kind."""
    complete = db.session.execute(_COMPLETE_SHEETS, project_parameter_values(project)).all()
    answers: dict[UUID, EvidenceFields] = {row[0].id: {} for row in complete}
    sections = select(SheetSection).where(SheetSection.sheet_id.in_(answers))
    for section in db.session.scalars(sections) if answers else ():
        answers[section.sheet_id] |= section.answers
    return {"sheets": tuple(_build_sheet_evidence(row[0], row[1], answers[row[0].id]) for row in complete)}


def _build_sheet_evidence(
    sheet: Sheet, version: int | None, answers: Answers
) -> evidence_rules.ReadinessSheetEvidence:
    passed, failed = _split_items_by_full_weight(get_definition(sheet), answers)
    return evidence_rules.ReadinessSheetEvidence(sheet.number, sheet.kind, version, passed, failed)


def _split_items_by_full_weight(
    questionnaire: Questionnaire, answers: Answers
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Keys of the weighted items: those answered with the maximal weight, and the others."""
    passed: list[str] = []
    failed: list[str] = []
    for section in questionnaire.sections:
        for item in list_visible_items(questionnaire, section, answers):
            if item.max_weight:
                choice = item.choice(answers.get(item.key))
                (passed if choice and choice.weight >= item.max_weight else failed).append(item.key)
    return tuple(passed), tuple(failed)


def count_items_that_fail(questionnaire: Questionnaire, answers: Answers) -> int:
    """How many weighted items have an answer without any weight, as « Non »."""
    answer_choices = [
        item.choice(answers.get(item.key))
        for section in questionnaire.sections
        for item in list_visible_items(questionnaire, section, answers)
        if item.max_weight
    ]
    return sum(choice is not None and not choice.weight for choice in answer_choices)


_REVIEWS = (
    select(
        Review.number,
        Review.kind,
        Review.state,
        Review.reviewer_id,
        PrototypeVersion.number.label("version"),
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
    .join(ReviewRound, (ReviewRound.review_id == Review.id) & (ReviewRound.number == Review.round))
    .outerjoin(PrototypeVersion, PrototypeVersion.id == ReviewRound.prototype_version_id)
    .where(Review.project_id == PROJECT_PARAMETER, Review.discarded_at.is_(None))
    .order_by(Review.number)
)
_TRIGGERS = (
    select(Trigger.number, Trigger.causes, AWAITS_CONFIRMATION)
    .where(Trigger.project_id == PROJECT_PARAMETER, OPEN_TRIGGERS)
    .order_by(Trigger.number)
)
_ROLES = select(RoleAssignment.person_id, RoleAssignment.role).where(
    RoleAssignment.scope_id == PROJECT_PARAMETER
)


def read_review_and_trigger_evidence(project: Project) -> EvidenceFields:
    """Return reviews and open triggers. A submitted review has all its answers."""
    review_rows = fetch_rows(_REVIEWS, project_parameter_values(project))
    role_rows = fetch_rows(_ROLES, project_parameter_values(project)) if review_rows else ()
    involved = {person for person, role in role_rows if role not in programmes.REVIEWERS}
    reviewers = {person for person, role in role_rows if role in programmes.REVIEWERS} - involved
    trigger_rows = fetch_rows(_TRIGGERS, project_parameter_values(project)) if review_rows else ()
    triggers = {str(number): ",".join(causes) for number, causes, _is_answered in trigger_rows}
    to_confirm = frozenset(str(number) for number, _causes, is_answered in trigger_rows if is_answered)
    return {
        "reviewed": evidence_rules.EthicsReviewsEvidence(
            tuple(_build_review_evidence(row, reviewers) for row in review_rows), triggers, to_confirm
        )
    }


def _build_review_evidence(row: Any, reviewers: set[UUID]) -> evidence_rules.ReviewEvidence:
    is_submitted = row.state is not ReviewState.DRAFT
    is_decided = row.state.is_decided
    return evidence_rules.ReviewEvidence(
        number=row.number,
        kind=row.kind,
        answered=int(is_submitted),
        questions=1,
        has_level=row.level is not None if is_decided else is_submitted,
        reviewer_independent=row.reviewer_id in reviewers if row.reviewer_id else None,
        is_reviewer_named=bool(reviewers),
        outcome=row.state.value if is_decided else "",
        version=row.version,
        open_conditions=row.conditions,
    )


_PANELS = (
    select(Panel.number, PrototypeVersion.number, Panel.criteria, Panel.outcome)
    .outerjoin(PrototypeVersion, PrototypeVersion.id == Panel.prototype_version_id)
    .where(Panel.project_id == PROJECT_PARAMETER)
    .order_by(Panel.number)
)


def read_panel_evidence(project: Project) -> EvidenceFields:
    panel_evidence = (
        evidence_rules.PanelEvidence(
            number, version, len(criteria), sum(bool(met) for _criterion, met in criteria), outcome
        )
        for number, version, criteria, outcome in fetch_rows(_PANELS, project_parameter_values(project))
    )
    return {"panels": tuple(panel_evidence)}
