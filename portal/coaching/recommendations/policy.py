"""Who may do what with a project's recommendations. No other file decides this."""

from sqlalchemy import ColumnElement

from portal.coaching.recommendations.models import Recommendation, RecommendationStage
from portal.platform.kernel.access import Actor
from portal.project.projects import policy as projects
from portal.project.projects.models import Project
from portal.project.projects.policy import COACH

_ANSWERED_BY_COACH = frozenset({RecommendationStage.PROPOSED, RecommendationStage.ACCEPTED})


def coached_by(actor: Actor) -> ColumnElement[bool]:
    """Projects whose coach the actor is."""
    return Project.id.in_(actor.scopes_with(COACH))


def may_recommend(actor: Actor, project: Project) -> bool:
    """In some state of the project: asked before a form is looked at."""
    return projects.can_advise(actor, project)


def can_recommend(actor: Actor, project: Project) -> bool:
    """While the team can answer."""
    return projects.is_open(project) and projects.can_advise(actor, project)


def can_change(actor: Actor, project: Project, row: Recommendation) -> bool:
    """Say it better, until it is declined or done."""
    return row.stage in _ANSWERED_BY_COACH and can_recommend(actor, project)


def can_accept(actor: Actor, project: Project, row: Recommendation) -> bool:
    """The team, which may also think better of what it declined."""
    waits = row.stage in {RecommendationStage.PROPOSED, RecommendationStage.DECLINED}
    return waits and projects.can_work(actor, project)


def can_decline(actor: Actor, project: Project, row: Recommendation) -> bool:
    """With why; also what was accepted and turns out not to be for this team."""
    waits = row.stage in {RecommendationStage.PROPOSED, RecommendationStage.ACCEPTED}
    return waits and projects.can_work(actor, project)


def can_complete(actor: Actor, project: Project, row: Recommendation) -> bool:
    """Say that it is done, with its proof."""
    return row.stage is RecommendationStage.ACCEPTED and projects.can_work(actor, project)


def can_confirm(actor: Actor, project: Project, row: Recommendation) -> bool:
    """Confirm what was done, or send it back: whoever may recommend, and never the team."""
    return row.stage is RecommendationStage.COMPLETED and projects.can_advise(actor, project)
