"""Who answers a trigger, and who confirms that it has no impact. No other file decides this."""

from collections.abc import Sequence

from portal.kernel.access import Actor
from portal.projects import policy as projects
from portal.projects.models import Project
from portal.rereviews.models import Trigger, Waits
from portal.reviews import policy as reviews
from portal.reviews.models import Review


def can_answer(
    actor: Actor, project: Project, trigger: Trigger, concerned: Sequence[Review]
) -> bool:
    waits = trigger.waits is Waits.ANSWER
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
    waits = trigger.waits is Waits.CONFIRMATION
    is_second = actor.person_id != trigger.answered_by_id
    return waits and is_second and may_confirm(actor, project, concerned)


def may_confirm(actor: Actor, project: Project, concerned: Sequence[Review]) -> bool:
    """The same in some state of the trigger."""
    return not reviews.is_involved(actor, project) and (
        projects.can_lead_programme(actor, project) or _reviews_all(actor, project, concerned)
    )


def _reviews_all(actor: Actor, project: Project, concerned: Sequence[Review]) -> bool:
    return bool(concerned) and all(reviews.is_reviewer(actor, project, one) for one in concerned)
