"""Permissions on ethics reviews.

A reviewer is independent: neither on the project's team nor one of its coaches. `may_…` ignores
the state of the review, `can_…` includes it.
"""

from sqlalchemy import ColumnElement, and_, false, or_, select

from portal.ethics.reviews.models import Review, ReviewCondition, ReviewState
from portal.people.programmes import policy as programmes
from portal.people.programmes.models import Programme
from portal.platform.kernel.access import Actor, Role
from portal.project.projects import policy as projects
from portal.project.projects.models import Project

REVIEWER = Role.ETHICS_REVIEWER
# Roles in the project that end a reviewer's independence.
INVOLVED_ROLES = (*programmes.TEAM, *programmes.COACHES)


def can_open(actor: Actor, project: Project) -> bool:
    """Open a review: the team or the programme's lead, while the project is open."""
    return projects.is_project_active(project) and may_open(actor, project)


def may_open(actor: Actor, project: Project) -> bool:
    """The same, whatever the state of the project."""
    return projects.is_on_team(actor, project) or projects.can_lead_programme(actor, project)


def can_answer(actor: Actor, project: Project, review: Review) -> bool:
    """Answer: whoever works on the project, while the team has the review."""
    return review.is_with_team and projects.can_write_team_work(actor, project)


def can_submit(actor: Actor, project: Project, review: Review) -> bool:
    """Submit: the team's lead."""
    return can_answer(actor, project, review) and may_submit(actor, project)


def may_submit(actor: Actor, project: Project) -> bool:
    """The same, whatever the state of the review and of the project."""
    return projects.can_lead_team(actor, project)


def can_withdraw(actor: Actor, project: Project, review: Review) -> bool:
    """Withdraw a submission before the reviewer takes it."""
    return review.state is ReviewState.SUBMITTED and can_withdraw_or_discard(actor, project)


def can_discard(actor: Actor, project: Project, review: Review) -> bool:
    """Discard a draft that was never submitted."""
    return review.is_with_team and review.submitted_at is None and can_withdraw_or_discard(actor, project)


def can_withdraw_or_discard(actor: Actor, project: Project) -> bool:
    """Withdraw or discard, whatever the state of the review: the lead of a project under way."""
    return may_submit(actor, project) and projects.can_write_team_work(actor, project)


def can_choose_reviewer(actor: Actor, project: Project, review: Review) -> bool:
    """Choose the reviewer: the programme's lead, until nothing is left to review."""
    is_over = review.state in {ReviewState.ACCEPTED, ReviewState.REFUSED} or review.discarded_at is not None
    return may_choose_reviewer(actor, project) and not is_over


def may_choose_reviewer(actor: Actor, project: Project) -> bool:
    return projects.can_lead_programme(actor, project)


def is_reviewer(actor: Actor, project: Project, review: Review) -> bool:
    """Whether the actor was chosen, still has the role in the project, and is not involved."""
    return (
        review.reviewer_id == actor.person_id
        and actor.has_role_in(REVIEWER, in_=project.id)
        and not is_involved(actor, project)
    )


def is_involved(actor: Actor, project: Project) -> bool:
    return actor.has_role_in(*INVOLVED_ROLES, in_=project.id)


def can_take(actor: Actor, project: Project, review: Review) -> bool:
    return review.state is ReviewState.SUBMITTED and is_reviewer(actor, project, review)


def can_review(actor: Actor, project: Project, review: Review) -> bool:
    """Write opinions and conditions, request more, decide."""
    return review.state is ReviewState.IN_REVIEW and is_reviewer(actor, project, review)


def can_prove_condition(actor: Actor, project: Project, condition: ReviewCondition) -> bool:
    """Prove a signed condition: the team, until the reviewer confirmed it."""
    is_open = condition.decided_at is not None and condition.confirmed_at is None
    return is_open and projects.can_write_team_work(actor, project)


def can_confirm_condition(actor: Actor, project: Project, review: Review, condition: ReviewCondition) -> bool:
    """Confirm or return a proof."""
    waits = condition.proved_at is not None and condition.confirmed_at is None
    return waits and is_reviewer(actor, project, review)


def can_reopen(actor: Actor, project: Project, review: Review) -> bool:
    """Reopen a decided review while the project is open."""
    goes_on = review.state.is_decided and projects.is_project_active(project)
    return goes_on and may_reopen(actor, project, review)


def may_reopen(actor: Actor, project: Project, review: Review) -> bool:
    """The same, whatever the state: the team's lead, the reviewer, the programme's lead."""
    return (
        projects.can_lead_team(actor, project)
        or is_reviewer(actor, project, review)
        or projects.can_lead_programme(actor, project)
    )


def can_read_opinions(actor: Actor, project: Project, review: Review) -> bool:
    """Read opinions and drafts of a round under way: its reviewer."""
    return is_reviewer(actor, project, review)


def can_read_register(actor: Actor, programme: Programme) -> bool:
    """Read a programme's register; `listed_in_register_condition` says which rows."""
    return programmes.can_read_reviews(actor, programme)


def can_follow_register_link(actor: Actor, project: Project) -> bool:
    """Whether a row of the register links to the review."""
    return projects.can_read(actor, project)


def reviewed_by_actor_condition(actor: Actor) -> ColumnElement[bool]:
    """Reviews of which the actor is the reviewer, with the role in the project."""
    return and_(Review.reviewer_id == actor.person_id, Review.project_id.in_(actor.scopes_with(REVIEWER)))


def led_by_actor_condition(actor: Actor) -> ColumnElement[bool]:
    """Reviews of the projects of programmes that the actor leads."""
    led = Project.programme_id.in_(actor.scopes_with(Role.PROGRAMME_LEAD))
    return Review.project_id.in_(select(Project.id).where(led))


def programme_reviewed_by_actor_condition(actor: Actor) -> ColumnElement[bool]:
    """Programmes in which the actor is a reviewer."""
    return Programme.id.in_(actor.scopes_with(REVIEWER))


def listed_in_register_condition(actor: Actor, programme: Programme) -> ColumnElement[bool]:
    """Rows of the register: all for the lead, own reviews, and submitted ones for observers."""
    within = Review.project_id.in_(select(Project.id).where(Project.programme_id == programme.id))
    if actor.has_role_in(Role.PROGRAMME_LEAD, in_=programme.id):
        return within
    own = reviewed_by_actor_condition(actor)
    submitted_reviews = (
        Review.submitted_at.is_not(None) if actor.has_role_in(Role.OBSERVER, in_=programme.id) else false()
    )
    return and_(within, or_(own, submitted_reviews))


def can_see_reviewers(actor: Actor, programme: Programme) -> bool:
    """Whether the register names reviewers: to leads and reviewers, not to observers."""
    return actor.has_role_in(Role.PROGRAMME_LEAD, REVIEWER, in_=programme.id)
