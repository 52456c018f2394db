"""Who answers a trigger, and who confirms that it has no impact. No other file decides this."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, or_, select

from portal.ethics.rereviews.models import (
    AWAITS_CONFIRMATION,
    AwaitedReply,
    Trigger,
    TriggeredReview,
)
from portal.ethics.reviews import policy as reviews
from portal.ethics.reviews.models import Review
from portal.platform.kernel.access import Actor, Role
from portal.project.projects import policy as projects
from portal.project.projects.models import Project


def can_answer(
    actor: Actor, project: Project, trigger: Trigger, concerned: Sequence[Review]
) -> bool:
    waits = trigger.waits is AwaitedReply.ANSWER
    return waits and projects.is_open(project) and may_answer(actor, project, concerned)


def may_answer(actor: Actor, project: Project, concerned: Sequence[Review]) -> bool:
    """The same in some state: whoever may reopen all that it concerns."""
    return (
        projects.can_lead_team(actor, project)
        or projects.can_lead_programme(actor, project)
        or _reviews_all(actor, project, concerned)
    )


def can_confirm(
    actor: Actor, project: Project, trigger: Trigger, concerned: Sequence[Review]
) -> bool:
    """Agree, or not, that it has no impact: a second person, who is not of the team."""
    waits = trigger.waits is AwaitedReply.CONFIRMATION
    is_second = actor.person_id != trigger.answered_by_id
    return waits and is_second and may_confirm(actor, project, concerned)


def may_confirm(actor: Actor, project: Project, concerned: Sequence[Review]) -> bool:
    """The same in some state of the trigger."""
    return not reviews.is_involved(actor, project) and (
        projects.can_lead_programme(actor, project) or _reviews_all(actor, project, concerned)
    )


def awaits_actor(actor: Actor) -> ColumnElement[bool]:
    """Triggers that a person's home shows: to answer for whom they carry the project, to confirm
    as the reviewer, unless they are its author."""
    carried = Trigger.project_id.in_(actor.scopes_with(Role.TEAM_LEAD))
    reviewed_triggers = select(TriggeredReview.trigger_id).join(
        Review, Review.id == TriggeredReview.review_id
    )
    reviewed_triggers = reviewed_triggers.where(
        Review.reviewer_id == actor.person_id,
        Review.project_id.in_(actor.scopes_with(reviews.REVIEWER)),
    )
    second = Trigger.answered_by_id != actor.person_id
    return or_(
        and_(Trigger.answer.is_(None), carried),
        and_(AWAITS_CONFIRMATION, second, Trigger.id.in_(reviewed_triggers)),
    )


def _reviews_all(actor: Actor, project: Project, concerned: Sequence[Review]) -> bool:
    return bool(concerned) and all(
        reviews.is_reviewer(actor, project, review) for review in concerned
    )
