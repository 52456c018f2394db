"""Who may do what with a project's recommendations. No other file decides this."""

from sqlalchemy import ColumnElement

from portal.coaching.recommendations.models import Recommendation, RecommendationStage
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.project.projects import policy as projects
from portal.project.projects.models import Project
from portal.project.projects.policy import COACH
from portal.sprints.sprints.models import UNDO_TIME

_WAITING_FOR_TEAM = frozenset({RecommendationStage.PROPOSED, RecommendationStage.ACCEPTED})


def coached_projects_condition(actor: Actor) -> ColumnElement[bool]:
    """Projects that the actor coaches."""
    return Project.id.in_(actor.scopes_with(COACH))


def can_recommend(actor: Actor, project: Project) -> bool:
    """May recommend now: the project is open, so the team can answer."""
    return projects.is_project_active(project) and projects.can_advise(actor, project)


def can_change(actor: Actor, project: Project, row: Recommendation) -> bool:
    """Edit it, until it is declined or completed."""
    return row.stage in _WAITING_FOR_TEAM and can_recommend(actor, project)


def can_accept(actor: Actor, project: Project, row: Recommendation) -> bool:
    """The team accepts what is proposed, or what it declined before."""
    is_open = row.stage in {RecommendationStage.PROPOSED, RecommendationStage.DECLINED}
    return is_open and projects.can_write_team_work(actor, project)


def can_decline(actor: Actor, project: Project, row: Recommendation) -> bool:
    """The team declines what is proposed or accepted."""
    return row.stage in _WAITING_FOR_TEAM and projects.can_write_team_work(actor, project)


def can_complete(actor: Actor, project: Project, row: Recommendation) -> bool:
    """The team completes what it accepted."""
    return row.stage is RecommendationStage.ACCEPTED and projects.can_write_team_work(actor, project)


def can_confirm(actor: Actor, project: Project, row: Recommendation) -> bool:
    """Advisors, never the team, confirm or send back what is completed."""
    return row.stage is RecommendationStage.COMPLETED and projects.can_advise(actor, project)


def may_withdraw(actor: Actor, project: Project, row: Recommendation) -> bool:
    """Whether the actor proposed it, and still advises the team."""
    return row.author_id == actor.person_id and projects.can_advise(actor, project)


def can_withdraw(actor: Actor, project: Project, row: Recommendation) -> bool:
    """Take back what one proposed within the hour, while the team has not answered."""
    is_recent = row.stage is RecommendationStage.PROPOSED and clock.now() - row.created_at <= UNDO_TIME
    return is_recent and may_withdraw(actor, project, row) and can_recommend(actor, project)


def may_undo(actor: Actor, project: Project) -> bool:
    """Whether the actor is of a side that accepts or confirms."""
    return projects.can_write_team_work(actor, project) or projects.can_advise(actor, project)


def has_taken_last_step(actor: Actor, project: Project, row: Recommendation) -> bool:
    """Whether the actor accepted it for the team, or confirmed it as an advisor, and still may."""
    if row.stage is RecommendationStage.ACCEPTED:
        return row.answered_by_id == actor.person_id and projects.can_write_team_work(actor, project)
    is_confirmed = row.stage is RecommendationStage.CONFIRMED
    return is_confirmed and row.confirmed_by_id == actor.person_id and projects.can_advise(actor, project)


def can_undo(actor: Actor, project: Project, row: Recommendation) -> bool:
    """Undo one's acceptance or confirmation within the hour, unless a proof was sent back since."""
    at = row.confirmed_at or row.answered_at
    is_recent = at is not None and clock.now() - at <= UNDO_TIME
    return is_recent and not row.sent_back and has_taken_last_step(actor, project, row)
