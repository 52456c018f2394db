"""Permissions on risks and mitigations."""

from portal.ethics.risks.level_rules import RiskLevel
from portal.ethics.risks.models import Mitigation, MitigationState, Risk
from portal.platform.kernel.access import Actor
from portal.project.projects import policy as projects
from portal.project.projects.models import Project


def can_write(actor: Actor, project: Project) -> bool:
    """Write in the register: the team, while it may work."""
    return projects.can_write_team_work(actor, project)


def can_change(actor: Actor, project: Project, risk: Risk) -> bool:
    """Change an open risk, reassess it, add mitigations."""
    return risk.closed_at is None and can_write(actor, project)


def can_close(actor: Actor, project: Project, risk: Risk) -> bool:
    """Close an open risk; a high one only by the team's lead."""
    return can_change(actor, project, risk) and may_close(actor, project, risk)


def may_close(actor: Actor, project: Project, risk: Risk) -> bool:
    """The same, whatever the state of the risk and of the project."""
    return risk.level is not RiskLevel.HIGH or projects.can_lead_team(actor, project)


def can_reopen(actor: Actor, project: Project, risk: Risk) -> bool:
    return risk.closed_at is not None and can_write(actor, project)


def can_change_mitigation(actor: Actor, project: Project, risk: Risk, mitigation: Mitigation) -> bool:
    """Change, start, prove or drop an open mitigation of an open risk."""
    return mitigation.progress.is_open and can_change(actor, project, risk)


def can_begin_mitigation(actor: Actor, project: Project, risk: Risk, mitigation: Mitigation) -> bool:
    waits = mitigation.progress is MitigationState.PLANNED
    return waits and can_change_mitigation(actor, project, risk, mitigation)


def can_resume_mitigation(actor: Actor, project: Project, risk: Risk, mitigation: Mitigation) -> bool:
    """Resume a settled mitigation of an open risk."""
    return not mitigation.progress.is_open and can_change(actor, project, risk)


def can_complete_mitigation(actor: Actor, project: Project, risk: Risk, mitigation: Mitigation) -> bool:
    """Say who is in charge of a mitigation in place, and by when, where that was never said."""
    is_in_place = mitigation.progress is MitigationState.IN_PLACE
    lacks = mitigation.owner_id is None or mitigation.due_on is None
    return is_in_place and lacks and can_change(actor, project, risk)
