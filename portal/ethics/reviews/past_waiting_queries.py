"""Submitted reviews that waited for an independent reviewer at a past moment, from their rows and the
audit trail; the caller checked who may see them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from portal.ethics.reviews import policy
from portal.ethics.reviews.commands import SUBMITTED
from portal.ethics.reviews.models import Review, ReviewState
from portal.people.programmes.past_role_queries import list_scope_roles_at
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db
from portal.platform.kernel.history import PastValues, map_past_values_by_row

_SUBMITTED_STATES = {ReviewState.SUBMITTED.value, ReviewState.IN_REVIEW.value}


@dataclass(frozen=True)
class _PastReview:
    """A review that was submitted at a moment."""

    project_id: UUID
    reviewer_id: UUID | None
    submitted_at: datetime


def list_submission_times_without_reviewer_by_project(
    project_ids: Collection[UUID], moment: datetime
) -> Mapping[UUID, Sequence[datetime]]:
    """When each review was submitted that had no independent reviewer at a moment, by project. At
    most six statements."""
    reviews = _list_submitted_reviews(project_ids, moment)
    independent = _list_independent_reviewer_pairs(reviews, moment)
    waiting: dict[UUID, list[datetime]] = defaultdict(list)
    for review in reviews:
        if (review.project_id, review.reviewer_id) not in independent:
            waiting[review.project_id].append(review.submitted_at)
    return waiting


def _list_submitted_reviews(project_ids: Collection[UUID], moment: datetime) -> Sequence[_PastReview]:
    statement = select(
        Review.id, Review.project_id, Review.state, Review.reviewer_id, Review.submitted_at
    ).where(Review.project_id.in_(project_ids), Review.created_at <= moment)
    rows = db.session.execute(statement).all()
    past = map_past_values_by_row([row.id for row in rows], moment) if rows else {}
    rows = [row for row in rows if past[row.id].get("state", row.state.value) in _SUBMITTED_STATES]
    # A review that was withdrawn and submitted again holds the moment of the later submission.
    later = [row.id for row in rows if row.submitted_at is None or row.submitted_at > moment]
    first = _list_last_submission_times_by_review(later, moment) if later else {}
    return [
        _PastReview(
            row.project_id,
            _find_reviewer_id_then(past[row.id], row.reviewer_id),
            first.get(row.id) or row.submitted_at or moment,
        )
        for row in rows
    ]


def _find_reviewer_id_then(past: PastValues, reviewer_id: UUID | None) -> UUID | None:
    if "reviewer_id" not in past:
        return reviewer_id
    return UUID(past["reviewer_id"]) if past["reviewer_id"] else None


def _list_last_submission_times_by_review(ids: Collection[UUID], moment: datetime) -> Mapping[UUID, datetime]:
    """The last submission of each review until a moment."""
    statement = (
        select(AuditEvent.subject_id, func.max(AuditEvent.created_at))
        .where(
            AuditEvent.subject_id.in_(ids),
            AuditEvent.action == SUBMITTED.code,
            AuditEvent.created_at <= moment,
        )
        .group_by(AuditEvent.subject_id)
    )
    return {row[0]: row[1] for row in db.session.execute(statement)}


def _list_independent_reviewer_pairs(
    reviews: Iterable[_PastReview], moment: datetime
) -> Collection[tuple[UUID, UUID]]:
    """Projects with the people who could review them: reviewers who were not involved."""
    assigned = {(each.project_id, each.reviewer_id) for each in reviews if each.reviewer_id}
    if not assigned:
        return ()
    roles = (policy.REVIEWER, *policy.INVOLVED_ROLES)
    project_ids = {project_id for project_id, _person_id in assigned}
    reviewers: set[tuple[UUID, UUID]] = set()
    involved: set[tuple[UUID, UUID]] = set()
    for each in list_scope_roles_at(project_ids, moment, roles):
        people = reviewers if each.role is policy.REVIEWER else involved
        people.add((each.scope_id, each.person_id))
    return reviewers - involved
