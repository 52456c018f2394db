"""Permissions on triggers. `may_…` ignores the state of the trigger, `can_…` includes it."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, not_, or_, select

from portal.ethics.rereviews.models import (
    AWAITS_CONFIRMATION,
    AwaitedReplyKind,
    Trigger,
    TriggeredReview,
)
from portal.ethics.reviews import policy as reviews
from portal.ethics.reviews.models import Review
from portal.platform.kernel.access import Actor, Role
from portal.project.projects import policy as projects
from portal.project.projects.models import Project


def can_answer(actor: Actor, project: Project, trigger: Trigger, concerned: Sequence[Review]) -> bool:
    """Answer a trigger that waits for it, while the project is open."""
    waits = trigger.waits is AwaitedReplyKind.ANSWER
    return waits and projects.is_project_active(project) and may_answer(actor, project, concerned)


def may_answer(actor: Actor, project: Project, concerned: Sequence[Review]) -> bool:
    """Answer: whoever may reopen all the reviews that it concerns."""
    return (
        projects.can_lead_team(actor, project)
        or projects.can_lead_programme(actor, project)
        or _is_reviewer_of_all(actor, project, concerned)
    )


def can_confirm(actor: Actor, project: Project, trigger: Trigger, concerned: Sequence[Review]) -> bool:
    """Confirm or return an answer of no impact: another person, outside the team."""
    waits = trigger.waits is AwaitedReplyKind.CONFIRMATION
    is_second = actor.person_id != trigger.answered_by_id
    return waits and is_second and may_confirm(actor, project, concerned)


def may_confirm(actor: Actor, project: Project, concerned: Sequence[Review]) -> bool:
    """Confirm: the programme's lead, or the reviewer of all the reviews.

    `_is_reviewer_of_all_condition` says the same to lists."""
    return not reviews.is_involved(actor, project) and (
        projects.can_lead_programme(actor, project) or _is_reviewer_of_all(actor, project, concerned)
    )


def can_undo_confirmation(
    actor: Actor, project: Project, trigger: Trigger, concerned: Sequence[Review]
) -> bool:
    """Undo one's own confirmation within the hour."""
    is_own = trigger.confirmed_by_id == actor.person_id
    return trigger.was_just_confirmed and is_own and may_confirm(actor, project, concerned)


def confirms_as_reviewer(actor: Actor, project: Project) -> bool:
    """Whether an answer that the actor may confirm is put to them by name: not as one of the leads."""
    return not projects.can_lead_programme(actor, project)


def awaiting_actor_condition(actor: Actor) -> ColumnElement[bool]:
    """Triggers that the actor's home shows: those to answer as a team's lead, and those to confirm
    as the reviewer, unless the answer is the actor's own."""
    carried = Trigger.project_id.in_(actor.scopes_with(Role.TEAM_LEAD))
    return or_(
        and_(Trigger.answer.is_(None), carried),
        and_(_is_open_to_second_person(actor), _is_reviewer_of_all_condition(actor)),
    )


def confirmable_by_actor_condition(actor: Actor) -> ColumnElement[bool]:
    """Answers of no impact that the actor may confirm, as a lead or as the reviewer of all the reviews;
    not their own, and not of a team to which they belong or which they coach."""
    led = select(Project.id).where(Project.programme_id.in_(actor.scopes_with(Role.PROGRAMME_LEAD)))
    return and_(
        _is_open_to_second_person(actor),
        or_(Trigger.project_id.in_(led), _is_reviewer_of_all_condition(actor)),
    )


def _is_open_to_second_person(actor: Actor) -> ColumnElement[bool]:
    return and_(
        AWAITS_CONFIRMATION,
        Trigger.answered_by_id != actor.person_id,
        Trigger.project_id.not_in(actor.scopes_with(*reviews.INVOLVED_ROLES)),
    )


def _is_reviewer_of_all_condition(actor: Actor) -> ColumnElement[bool]:
    concerned = select(TriggeredReview.trigger_id).join(Review, Review.id == TriggeredReview.review_id)
    is_reviewer = reviews.reviewed_by_actor_condition(actor)
    is_other = or_(Review.reviewer_id.is_(None), not_(is_reviewer))
    return and_(Trigger.id.in_(concerned.where(is_reviewer)), Trigger.id.not_in(concerned.where(is_other)))


def _is_reviewer_of_all(actor: Actor, project: Project, concerned: Sequence[Review]) -> bool:
    return bool(concerned) and all(reviews.is_reviewer(actor, project, review) for review in concerned)
