"""Who may do what with an ethics review. No other file decides this.

A reviewer is independent: neither on the project's team nor one of its coaches.
"""

from sqlalchemy import ColumnElement, and_, false, or_, select

from portal.ethics.reviews.models import Review, ReviewCondition, ReviewState
from portal.people.programmes import policy as programmes
from portal.people.programmes.models import Programme
from portal.platform.kernel.access import Actor, Role
from portal.project.projects import policy as projects
from portal.project.projects.models import Project

REVIEWER = Role.ETHICS_REVIEWER
# Held in the project, each of these takes independence away.
INVOLVED_ROLES = (*programmes.TEAM, *programmes.COACHES)


def can_open(actor: Actor, project: Project) -> bool:
    """The team, or the programme's lead, while the project goes on."""
    return projects.is_open(project) and may_open(actor, project)


def may_open(actor: Actor, project: Project) -> bool:
    """The same in some state of the project."""
    return projects.is_on_team(actor, project) or projects.can_lead_programme(actor, project)


def can_answer(actor: Actor, project: Project, review: Review) -> bool:
    """While it is with its team."""
    return review.is_with_team and projects.can_work(actor, project)


def can_submit(actor: Actor, project: Project, review: Review) -> bool:
    """In the team's name: whoever carries the project."""
    return can_answer(actor, project, review) and may_submit(actor, project)


def may_submit(actor: Actor, project: Project) -> bool:
    """The same in some state of the review and of the project."""
    return projects.can_lead_team(actor, project)


def can_withdraw(actor: Actor, project: Project, review: Review) -> bool:
    """Take back what was submitted, until a reviewer begins to look at it."""
    return review.state is ReviewState.SUBMITTED and can_give_up(actor, project)


def can_discard(actor: Actor, project: Project, review: Review) -> bool:
    """Give up a draft that nobody outside of the project knows of."""
    return review.is_with_team and review.submitted_at is None and can_give_up(actor, project)


def can_give_up(actor: Actor, project: Project) -> bool:
    """The same in some state of the review: whoever carries a project that goes on."""
    return may_submit(actor, project) and projects.can_work(actor, project)


def can_choose(actor: Actor, project: Project, review: Review) -> bool:
    """Say who reviews it: until nothing of it waits for a reviewer."""
    is_over = (
        review.state in {ReviewState.ACCEPTED, ReviewState.REFUSED}
        or review.discarded_at is not None
    )
    return may_choose(actor, project) and not is_over


def may_choose(actor: Actor, project: Project) -> bool:
    return projects.can_lead_programme(actor, project)


def is_reviewer(actor: Actor, project: Project, review: Review) -> bool:
    """Chosen for it, still reading the project as a reviewer, and not involved in it."""
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
    """Write opinions and conditions, ask for more, decide."""
    return review.state is ReviewState.IN_REVIEW and is_reviewer(actor, project, review)


def can_prove(actor: Actor, project: Project, condition: ReviewCondition) -> bool:
    """The team shows that a condition is met, until the reviewer has confirmed it."""
    is_open = condition.decided_at is not None and condition.confirmed_at is None
    return is_open and projects.can_work(actor, project)


def can_confirm(actor: Actor, project: Project, review: Review, condition: ReviewCondition) -> bool:
    """Say that what was shown does, or that it does not."""
    waits = condition.proved_at is not None and condition.confirmed_at is None
    return waits and is_reviewer(actor, project, review)


def can_reopen(actor: Actor, project: Project, review: Review) -> bool:
    """After a decision, while the project goes on."""
    goes_on = review.state.is_decided and projects.is_open(project)
    return goes_on and may_reopen(actor, project, review)


def may_reopen(actor: Actor, project: Project, review: Review) -> bool:
    """In some state: whoever carries the project, the reviewer, the programme's lead."""
    return (
        projects.can_lead_team(actor, project)
        or is_reviewer(actor, project, review)
        or projects.can_lead_programme(actor, project)
    )


def can_read_opinions(actor: Actor, project: Project, review: Review) -> bool:
    """Those of a round that has not ended: the reviewer's own."""
    return is_reviewer(actor, project, review)


def can_read_register(actor: Actor, programme: Programme) -> bool:
    """Leads read all, reviewers their own, observers the state of what was submitted."""
    return programmes.can_read_reviews(actor, programme)


def can_open_from_register(actor: Actor, project: Project) -> bool:
    """Whether a line of the register leads to the review itself."""
    return projects.can_read(actor, project)


def reviewed_by(actor: Actor) -> ColumnElement[bool]:
    """Reviews that the actor was chosen for, in projects that they still review."""
    return and_(
        Review.reviewer_id == actor.person_id,
        Review.project_id.in_(actor.scopes_with(REVIEWER)),
    )


def led_by(actor: Actor) -> ColumnElement[bool]:
    """Reviews of the projects of programmes that the actor leads."""
    led = Project.programme_id.in_(actor.scopes_with(Role.PROGRAMME_LEAD))
    return Review.project_id.in_(select(Project.id).where(led))


def programmes_reviewed_by(actor: Actor) -> ColumnElement[bool]:
    """Programmes of whose reviewers the actor is one."""
    return Programme.id.in_(actor.scopes_with(REVIEWER))


def listed_in_register(actor: Actor, programme: Programme) -> ColumnElement[bool]:
    """Rows of the register that the actor may see, drafts for leads and their reviewer alone."""
    within = Review.project_id.in_(select(Project.id).where(Project.programme_id == programme.id))
    if actor.has_role_in(Role.PROGRAMME_LEAD, in_=programme.id):
        return within
    own = reviewed_by(actor)
    submitted_reviews = (
        Review.submitted_at.is_not(None)
        if actor.has_role_in(Role.OBSERVER, in_=programme.id)
        else false()
    )
    return and_(within, or_(own, submitted_reviews))


def can_see_reviewers(actor: Actor, programme: Programme) -> bool:
    """Whether the register names reviewers: not to those who only learn of states."""
    return actor.has_role_in(Role.PROGRAMME_LEAD, REVIEWER, in_=programme.id)
