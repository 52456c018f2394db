"""Who may do what with a project's coaching sessions. No other file decides this."""

from sqlalchemy import ColumnElement, or_

from portal.coaching.recommendations import policy as recommendations
from portal.coaching.sessions.models import CoachingSession, Decision
from portal.platform.kernel.access import Actor, Role
from portal.project.projects import policy as projects
from portal.project.projects.models import Project


def can_log_sessions(actor: Actor, project: Project) -> bool:
    """Coaches of the project and leads of its programme log and edit sessions."""
    return projects.can_advise(actor, project)


def unwritten_session_condition(actor: Actor) -> ColumnElement[bool]:
    """The sessions that the actor logged for teams that they still coach, or lead the programme of."""
    return (CoachingSession.author_id == actor.person_id) & or_(
        recommendations.coached_projects_condition(actor),
        Project.programme_id.in_(actor.scopes_with(Role.PROGRAMME_LEAD)),
    )


def can_remove_session(actor: Actor, project: Project, row: CoachingSession, decisions: int) -> bool:
    """Whoever logs sessions removes one that was logged by mistake: without minutes or decisions."""
    return not row.minutes and not decisions and can_log_sessions(actor, project)


def has_follow_up(decision: Decision) -> bool:
    """Whether the decision became a recommendation or a backlog item."""
    return decision.recommendation_id is not None or decision.item_id is not None


def can_recommend_from_decision(actor: Actor, project: Project, decision: Decision) -> bool:
    return not has_follow_up(decision) and recommendations.can_recommend(actor, project)


def can_make_backlog_item_from_decision(actor: Actor, project: Project, decision: Decision) -> bool:
    """The team may, since the backlog is theirs."""
    return not has_follow_up(decision) and projects.can_write_team_work(actor, project)


def can_change_decision(actor: Actor, project: Project, decision: Decision) -> bool:
    """Reword or delete a decision that has no follow-up yet."""
    return not has_follow_up(decision) and can_log_sessions(actor, project)
